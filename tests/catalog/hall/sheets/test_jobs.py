"""A file on its way by the pages: handed in, read by the worker, looked through, written once, published by a second."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.catalog.hall.sheets.making import edit, exported, workbook
from tests.template import LICENCE, NOW

IMPORT = "/staff/items/import/"
NEW_LOCAL = "99202300000100"


@pytest.fixture(autouse=True)
def _own_files(tmp_path, settings):
    place = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files")},
    }
    settings.STORAGES = {**settings.STORAGES, "cases": place}


@pytest.fixture(autouse=True)
def _no_beat(monkeypatch):
    """The beat's connection would not see the job of this test's transaction."""
    from catalog.shared.sheets import working

    monkeypatch.setattr(working._Beat, "_run", lambda self: None)


def never():
    return False


def upload(client, path, to=IMPORT):
    response = client.post(to, {"upload": SimpleUploadedFile(path.name, path.read_bytes())})
    return response["Location"] if response.status_code == 302 else response


def run(hall):
    from catalog.hall import tasks

    tasks.answer_sheet_bells(never)


def jobs(hall):
    from catalog.hall.models import SheetJob
    from tenants.shared import scope

    with scope.hall(hall):
        return list(SheetJob.objects.order_by("created_at"))


def overrides_of(hall):
    from catalog.hall.models import Override
    from tenants.shared import scope

    with scope.hall(hall):
        return {(row.code, row.field): row.value for row in Override.objects.order_by("id")}


def changed_file(folder, hall, value="0500-7"):
    return edit(exported(folder, hall), (LICENCE, "咨询电话", value), (LICENCE, "改动原因", "试"))


def test_a_file_is_read_looked_through_and_written(tmp_path, east, west, hall_client):
    client = hall_client(east, "east_staff")
    page = upload(client, changed_file(tmp_path, east))
    waiting = client.get(page).content.decode()
    assert '<meta http-equiv="refresh"' in waiting
    assert "<progress" in waiting
    assert "可以离开，会接着做" in waiting
    run(east)
    shown = client.get(page).content.decode()
    assert "没有错，可以导入" in shown
    assert "咨询电话" in shown
    assert overrides_of(east) == {}
    assert client.post(f"{page}write/")["Location"] == page
    run(east)
    assert overrides_of(east) == {(LICENCE, "phone"): "0500-7"}
    assert "都写进去了，已经生效" in client.get(page).content.decode()
    # the file and the page are nothing in the other hall
    other = hall_client(west, "west_staff")
    assert other.get(page).status_code == 404
    assert other.post(f"{page}write/").status_code == 404
    assert jobs(west) == []
    (path,) = [job.path for job in jobs(east)]
    assert path.startswith(f"{east.role}/sheets/")


def test_a_bad_file_shows_each_error_and_writes_nothing(tmp_path, east, hall_client):
    client = hall_client(east, "east_staff")
    page = upload(client, edit(exported(tmp_path, east), (LICENCE, "名称", "别的")))
    run(east)
    shown = client.get(page).content.decode()
    assert "有 1 处有错，什么也没有写" in shown
    assert "“名称”由市里统一，本厅不能改" in shown
    assert client.post(f"{page}write/").status_code == 409


def test_another_halls_export_is_refused_on_its_page(tmp_path, east, west, hall_client):
    client = hall_client(east, "east_staff")
    page = upload(client, exported(tmp_path, west))
    run(east)
    assert "这份是西县网上办事大厅的表" in client.get(page).content.decode()


def test_a_conflict_waits_for_a_choice(tmp_path, east, staff, hall_client):
    from catalog.hall.services import overrides
    from tenants.shared import scope

    path = changed_file(tmp_path, east)
    with scope.hall(east):
        overrides.set_value(LICENCE, "phone", "0500-9", by=staff, reason="又换", now=NOW)
    client = hall_client(east, "east_staff")
    page = upload(client, path)
    run(east)
    shown = client.get(page).content.decode()
    assert "有 1 处导出以后改过，请先选用哪个值" in shown
    assert ("0500-9" in shown, "0500-7" in shown) == (True, True)
    assert client.post(f"{page}write/").status_code == 409
    assert client.post(f"{page}decide/", {"choice-1": "file"}).status_code == 302
    client.post(f"{page}write/")
    run(east)
    assert overrides_of(east) == {(LICENCE, "phone"): "0500-7"}


def test_what_changes_after_the_look_leads_back_to_it(tmp_path, east, staff, hall_client):
    from catalog.hall.services import overrides
    from tenants.shared import scope

    client = hall_client(east, "east_staff")
    page = upload(client, changed_file(tmp_path, east))
    run(east)
    with scope.hall(east):
        overrides.set_value(LICENCE, "phone", "0500-9", by=staff, reason="又换", now=NOW)
    client.post(f"{page}write/")
    run(east)
    assert overrides_of(east) == {(LICENCE, "phone"): "0500-9"}
    assert "请先选用哪个值" in client.get(page).content.decode()


def test_local_drafts_of_a_file_are_published_together_by_a_second_person(tmp_path, east, hall_client):
    from catalog.hall.models import LocalItem
    from tenants.shared import scope

    client = hall_client(east, "east_staff")
    rows = [
        ["编码", "名称", "部门", "谁能办", "办件类型"],
        [NEW_LOCAL, "本地补贴", "卫健委", "个人", "当场办好"],
    ]
    page = upload(client, workbook(tmp_path / "l.xlsx", 事项=rows))
    run(east)
    client.post(f"{page}write/")
    run(east)
    assert "谁导入的谁不能发布" in client.get(page).content.decode()
    assert client.post(f"{page}publish/").status_code == 409
    second = hall_client(east, "east_admin")
    assert "全部发布" in second.get(page).content.decode()
    second.post(f"{page}publish/")
    run(east)
    assert "发布了 1 项" in second.get(page).content.decode()
    with scope.hall(east):
        assert LocalItem.objects.get().name == "本地补贴"


def test_the_citys_file_by_its_pages(tmp_path, portal_client):
    from catalog.shared import tasks
    from catalog.shared.models import SharedDraft
    from tenants.shared import scope

    client = portal_client("city_admin")
    path = edit(exported(tmp_path), (LICENCE, "咨询电话", "0500-7"))
    page = upload(client, path, "/city/items/import/")
    tasks.sheet_jobs_of_the_city(never)
    assert "没有错，可以导入" in client.get(page).content.decode()
    client.post(f"{page}write/")
    tasks.sheet_jobs_of_the_city(never)
    with scope.city():
        assert SharedDraft.objects.get().fields["phone"] == "0500-7"
    assert portal_client("inspector").get(page).status_code == 403


def test_a_dead_workers_job_is_taken_up_again_and_done_once(tmp_path, east, hall_client, monkeypatch):
    """Killed while it writes: nothing is half written, the job is found when its beat has stopped, and done once."""
    from django.utils import timezone

    from catalog.hall.models import Override
    from catalog.hall.services import overrides
    from catalog.hall.tasks import sheet_jobs_of
    from catalog.shared.enums import SheetState
    from catalog.shared.sheets import working
    from tenants.shared import scope

    client = hall_client(east, "east_staff")
    page = upload(client, changed_file(tmp_path, east))
    run(east)
    client.post(f"{page}write/")

    class Killed(BaseException):
        pass

    def killed(*_args, **_facts):
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(overrides, "set_many", killed)
        sheet_jobs_of(east, never)
    assert [job.state for job in jobs(east)] == [SheetState.WRITING]
    sheet_jobs_of(east, never)
    assert overrides_of(east) == {}
    with scope.hall(east):
        from catalog.hall.models import SheetJob

        SheetJob.objects.update(beat_at=timezone.now() - 2 * working.LEASE)
    sheet_jobs_of(east, never)
    sheet_jobs_of(east, never)
    assert overrides_of(east) == {(LICENCE, "phone"): "0500-7"}
    assert [job.state for job in jobs(east)] == [SheetState.DONE]
    with scope.hall(east):
        assert Override.objects.count() == 1


def test_a_worker_whose_claim_was_taken_over_writes_nothing(tmp_path, east, hall_client, monkeypatch):
    from uuid import uuid4

    from catalog.hall.models import SheetJob
    from catalog.hall.services import overrides
    from catalog.hall.tasks import sheet_jobs_of

    client = hall_client(east, "east_staff")
    page = upload(client, changed_file(tmp_path, east))
    run(east)
    client.post(f"{page}write/")
    write = overrides.set_many

    def slow(*args, **facts):
        write(*args, **facts)
        SheetJob.objects.update(claim=uuid4())

    monkeypatch.setattr(overrides, "set_many", slow)
    sheet_jobs_of(east, never)
    assert overrides_of(east) == {}


def test_files_go_after_a_week(tmp_path, east, hall_client):
    from django.utils import timezone

    from catalog.hall.services import sheet_jobs
    from catalog.shared.services.sheet_jobs import KEPT, remove_old
    from tenants.shared import scope

    client = hall_client(east, "east_staff")
    page = upload(client, changed_file(tmp_path, east))
    run(east)
    (job,) = jobs(east)
    assert storages["cases"].exists(job.path)
    with scope.hall(east):
        assert remove_old(sheet_jobs.here(), now=timezone.now() + KEPT - timedelta(hours=1)) == 0
        assert remove_old(sheet_jobs.here(), now=timezone.now() + KEPT + timedelta(hours=1)) == 1
    assert "请重新上传" in client.get(page).content.decode()


def test_an_upload_of_more_than_forty_megabytes_is_refused(east, staff):
    from types import SimpleNamespace

    from catalog.hall.services import sheet_jobs
    from catalog.shared.services.sheet_jobs import MAX_SIZE, FileRefused, take
    from tenants.shared import scope

    with scope.hall(east), pytest.raises(FileRefused, match="太大（41 MB），最多 40 MB"):
        take(sheet_jobs.here(), SimpleNamespace(size=MAX_SIZE + 1, name="x"), by=staff, now=NOW)
    assert jobs(east) == []


def test_no_file_is_told_at_the_field(east, hall_client):
    response = hall_client(east, "east_staff").post(IMPORT, {})
    assert response.status_code == 422
    assert "请选要导入的表格文件" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("as=xlsx", b"PK"),
        ("sheet=materials", "\ufeff编码".encode()),
        ("sheet=overrides", "\ufeff编码".encode()),
    ],
)
def test_items_are_taken_out(east, hall_client, query, kind):
    response = hall_client(east, "east_staff").get(f"/staff/items/export/?{query}")
    assert b"".join(response.streaming_content).startswith(kind)
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-store")
