"""A list as a file: what is in it, who may have it at which moment, and when it goes."""

import csv
from contextlib import nullcontext
from datetime import timedelta
from io import BytesIO, TextIOWrapper

import pytest
from django.core.files.storage import storages
from django.utils import timezone
from openpyxl import load_workbook

from tests.cases.hall.making import LICENCE, NOW, REPORT, submitted
from tests.conftest import actor
from tests.template import PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    options = {"location": tmp_path, "file_permissions_mode": 0o600}
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = {**settings.STORAGES, "cases": {"BACKEND": backend, "OPTIONS": options}}


def clerk():
    return actor("east_window", ["window"])


def ask(queue="new", format="csv", **filters):
    from cases.hall.queries.narrowing import Filters
    from cases.hall.services import exports

    return exports.ask(queue, Filters(**filters), format, "待受理", by=clerk(), now=NOW)


def make(now=NOW):
    from cases.hall.services import exports
    from cases.hall.tasks import parse

    return exports.make(nullcontext, parse, stopped=lambda: False, now=lambda: now)


def made(**given):
    export = ask(**given)
    make()
    export.refresh_from_db()
    return export


def rows_of(export):
    with storages["cases"].open(export.path) as stream:
        if export.format == "csv":
            return list(csv.reader(TextIOWrapper(stream, encoding="utf-8-sig", newline="")))
        return [list(row) for row in load_workbook(BytesIO(stream.read())).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_file_has_the_rows_of_the_filter_and_no_whole_number(format):
    food, _report = submitted(LICENCE), submitted(REPORT)
    export = made(format=format, item=LICENCE)
    rows = rows_of(export)

    assert (export.state, export.rows) == ("ready", 1)
    assert rows[0][0] == "编号"
    assert [row[0] for row in rows[1:]] == [food.number]
    assert food.applicant["id_number"] not in str(rows)
    assert "林*" in str(rows)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_looks_like_a_formula_is_text(format):
    case = submitted()
    case.company_name = "=HYPERLINK(1)"
    case.save(update_fields=["company_name"])
    export = made(format=format)
    if format == "csv":
        assert "'=HYPERLINK(1)" in rows_of(export)[1]
        return
    with storages["cases"].open(export.path) as stream:
        cells = [cell for row in load_workbook(BytesIO(stream.read())).active.iter_rows() for cell in row]
    cell = next(cell for cell in cells if cell.value == "=HYPERLINK(1)")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_the_file_lies_in_the_halls_own_folder(east):
    assert made().path.startswith(f"{east.role}/exports/")


def test_the_worker_looks_at_the_rights_anew():
    from tenants.hall.models import Post

    export = ask()
    Post.objects.filter(person=PERSON_ID["east_window"]).update(is_active=False)
    make()
    export.refresh_from_db()
    assert (export.state, export.path) == ("failed", "")


def test_too_many_rows_are_told_and_nothing_is_made(monkeypatch):
    from cases.hall.services import exports

    submitted(), submitted()
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    export = made()
    assert export.state == "failed"
    assert "请先筛选" in export.problem


def test_a_worker_that_died_while_writing_is_followed_by_one_that_makes_the_same_file(monkeypatch):
    from django.db import transaction

    from cases.hall.services import exports

    submitted()
    export = ask()

    class Killed(BaseException):
        pass

    def killed(*_args, **_given):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(exports.Export, "save", killed)
        with pytest.raises(Killed), transaction.atomic():
            make()
    export.refresh_from_db()
    assert export.state == "waiting"
    make()
    export.refresh_from_db()
    assert len(rows_of(export)) == 2
    folder = export.path.rpartition("/")[0]
    assert storages["cases"].listdir(folder)[1] == [export.path.rpartition("/")[2]]


def test_fetching_is_noted_with_who_and_when(fresh_audit):
    from cases.hall.services import exports

    export = made()
    exports.fetch(export, by=clerk(), now=NOW + DAY).close()
    exports.fetch(export, by=actor("east_admin", ["hall_admin"]), now=NOW + 2 * DAY).close()

    assert list(export.takings.order_by("at").values_list("name", flat=True)) == ["东窗口", "东管理"]
    assert fresh_audit().count("export.take") == 2


def test_who_has_lost_the_post_or_never_asked_gets_nothing():
    from cases.hall.services import exports
    from cases.hall.services.refusals import NotAllowed

    export = made()
    for who in (
        actor("east_window"),
        actor("east_approver", ["approver"]),
        actor("east_staff", ["branch_staff"]),
    ):
        with pytest.raises(NotAllowed):
            exports.fetch(export, by=who, now=NOW)
    assert export.takings.count() == 0


def test_after_a_week_the_file_goes_and_the_row_stays(django_capture_on_commit_callbacks):
    from cases.hall.services import exports

    export = made()
    path = export.path
    with django_capture_on_commit_callbacks(execute=True):
        assert exports.expire(now=NOW + 7 * DAY - timedelta(seconds=1)) == 0
    assert storages["cases"].exists(path)
    with pytest.raises(FileNotFoundError):
        exports.fetch(export, by=clerk(), now=NOW + 7 * DAY)
    with django_capture_on_commit_callbacks(execute=True):
        assert exports.expire(now=NOW + 7 * DAY) == 1
    export.refresh_from_db()
    assert (export.state, export.path, export.told) == ("gone", "", "待受理")
    assert not storages["cases"].exists(path)


def test_one_asks_for_three_at_a_time():
    from cases.hall.services.refusals import NotAllowed

    for _ in range(3):
        ask()
    with pytest.raises(NotAllowed):
        ask()


def test_todays_list_is_made_with_the_filters_of_the_address():
    from cases.hall.tasks import parse

    export = ask(queue="all", clock="left", since=timezone.localdate(NOW))
    queue, filters = parse(export.query)
    assert (queue, filters.clock, filters.since) == ("all", "left", timezone.localdate(NOW))
