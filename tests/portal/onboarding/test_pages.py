"""The nine questions, one after the other, and all of it once more."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from portal.onboarding.questions import QUESTIONS
from tenants.shared import scope
from tenants.shared.models import HallJob, OnboardingDraft
from tests.portal.onboarding.answers import ANSWERS
from tests.template import PORTAL


@pytest.fixture
def admin(portal_client):
    return portal_client("city_admin")


def begin(admin):
    where = admin.post("/city/onboard/")["Location"]
    return where.rsplit("/", 2)[0]


def answer(admin, url, slug, **changes):
    kind = next(kind for kind in QUESTIONS if kind.slug == slug)
    given = {name: value for name, value in ANSWERS.items() if name in kind.base_fields}
    return admin.post(f"{url}/{slug}/", {**given, **changes})


def answered(admin):
    """A draft with every answer; its address."""
    url = begin(admin)
    for kind in QUESTIONS:
        assert answer(admin, url, kind.slug).status_code == 302, kind.slug
    return url


def draft():
    with scope.city():
        return OnboardingDraft.objects.get()


def test_nine_questions_lead_to_a_job_with_all_that_was_said(admin):
    url = begin(admin)
    for number, kind in enumerate(QUESTIONS, start=1):
        page = admin.get(f"{url}/{kind.slug}/").content.decode()
        assert f"第 {number} 步，共 9 步：{kind.title}" in page
        assert answer(admin, url, kind.slug).status_code == 302
    page = admin.get(f"{url}/check/").content.decode()
    for said in (
        "北县网上办事大厅",
        f"north.{PORTAL}",
        "4 项，3 个部门",
        "9:00–12:00",
        "139****0077",
        "石青",
    ):
        assert said in page, said
    assert "13900000077" not in page
    leads = admin.post(f"{url}/check/")
    with scope.city():
        job = HallJob.objects.get()
    assert leads["Location"] == f"/city/jobs/{job.pk}/"
    assert (job.kind, job.key, len(job.params["items"])) == ("onboard", "north", 4)
    assert admin.get(f"{url}/check/").status_code == 404, "what was asked for is changed no more"


def test_the_phone_stands_sealed_in_draft_and_job(admin):
    url = answered(admin)
    admin.post(f"{url}/check/")
    with scope.city():
        stored = f"{OnboardingDraft.objects.get().answers} {HallJob.objects.get().params}"
    assert "13900000077" not in stored


def test_proposals_stand_in_the_fields(admin):
    url = begin(admin)
    answer(admin, url, "name", short_name="谯城")
    page = admin.get(f"{url}/host/").content.decode()
    assert 'value="qiaocheng"' in page
    assert f'value="qiaocheng.{PORTAL}"' in page


def test_a_name_in_chinese_gets_its_pinyin(admin):
    url = begin(admin)
    answer(admin, url, "name")
    refused = answer(admin, url, "host", key="谯城", host="")
    assert refused.status_code == 422
    assert "可以写 qiaocheng" in refused.content.decode()


def test_while_it_is_typed_key_and_host_are_told_like_the_form_tells_them(admin):
    said = admin.get(f"/city/onboard/live/?key=east&host=west.{PORTAL}").json()
    assert [said[name]["is_good"] for name in ("key", "host")] == [False, True]
    said = admin.get(f"/city/onboard/live/?key=north&host=west.{PORTAL}").json()
    assert said["key"] == {"is_good": True, "text": "north 可以用"}
    assert said["host"]["text"] == f"west.{PORTAL} 是西县网上办事大厅的网址，请换一个"


def test_back_from_the_check_page_leads_back_to_it(admin):
    url = answered(admin)
    page = admin.get(f"{url}/name/?back=check").content.decode()
    assert "保存，回去看一遍" in page
    leads = admin.post(
        f"{url}/name/?back=check", {"name": "北边大厅", "short_name": "北边", "level": "county"}
    )
    assert leads["Location"].endswith("/check/")
    assert "北边大厅" in admin.get(f"{url}/check/").content.decode()


def test_a_draft_waits_with_its_answers_and_is_removed(admin, portal_client):
    url = begin(admin)
    answer(admin, url, "name")
    listed = admin.get("/city/onboard/").content.decode()
    assert "北县网上办事大厅" in listed
    assert "1 / 9" in listed
    assert admin.get(f"{url}/")["Location"].endswith("/host/")
    admin.post(f"{url}/remove/")
    with scope.city():
        assert not OnboardingDraft.objects.exists()


def test_two_drafts_of_one_key_the_second_is_told(admin):
    first, second = answered(admin), answered(admin)
    assert admin.post(f"{first}/check/").status_code == 302
    refused = admin.post(f"{second}/check/")
    assert refused.status_code == 409
    assert "刚有人用这个代号开厅" in refused.content.decode()
    with scope.city():
        assert HallJob.objects.count() == 1


def test_an_answer_that_is_no_good_any_more_is_told_before_anything_is_asked(admin):
    url = answered(admin)
    with scope.city():
        found = OnboardingDraft.objects.get()
        found.answers = {**found.answers, "key": "east"}
        found.save()
    page = admin.post(f"{url}/check/").content.decode()
    assert "代号和网址：east 已经有大厅在用，请换一个" in page
    assert "开通</button>" not in page
    with scope.city():
        assert not HallJob.objects.exists()


def book(admin, url, change):
    """The template filled in otherwise."""
    made = load_workbook(BytesIO(admin.get(f"{url}/departments.xlsx").content))
    change(made)
    kept = BytesIO()
    made.save(kept)
    return SimpleUploadedFile("departments.xlsx", kept.getvalue())


def test_the_template_has_the_departments_of_the_items_and_comes_back(admin):
    url = answered(admin)
    sent = answer(admin, url, "departments", departments="sheet", upload=book(admin, url, lambda made: None))
    assert sent.status_code == 302
    kept = draft().answers["sheet"]
    assert [row["name"] for row in kept["departments"]] == ["北县卫健委", "北县市场监管局", "北县生态环境局"]
    assert [(row["name"], row["count"]) for row in kept["windows"]] == [("综合受理窗口", 2)]
    assert "表格里 3 个部门、1 种窗口" in admin.get(f"{url}/check/").content.decode()


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        (("部门", "B3"), None, "没有填，请填上"),
        (("部门", "A4"), "卫健委", "和第 2 行写重了"),
        (("部门", "C2"), "123", "信用代码不对"),
        (("部门", "B2"), "长" * 81, "最多 80 个字"),
        (("窗口", "B2"), 0, "至少要 1"),
        (("窗口", "C2"), "很久", "要填 0 到 120 的整数"),
        (("窗口", "E2"), "教育局", "“部门”表里没有教育局"),
        (("窗口", "F2"), "123", "123 不是 14 位的编码"),
        (("窗口", "B2"), "=1+1", "这一格是公式"),
    ],
)
def test_one_bad_cell_is_told_with_its_place_and_nothing_is_kept(admin, cell, value, reason):
    url = answered(admin)
    (sheet, place) = cell

    def change(made):
        made[sheet][place] = value

    refused = answer(admin, url, "departments", departments="sheet", upload=book(admin, url, change))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert reason in page
    assert f'data-l="表">{sheet}<' in page
    assert f'data-l="行">{place[1:]}<' in page
    assert draft().answers["departments"] == "like"
    assert "sheet" not in draft().answers


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_told_so(admin, content):
    url = answered(admin)
    upload = SimpleUploadedFile("departments.xlsx", content)
    refused = answer(admin, url, "departments", departments="sheet", upload=upload)
    assert refused.status_code == 422
    assert "错误：" in refused.content.decode()


def test_sixty_characters_are_a_name_and_more_are_not(admin):
    url = begin(admin)
    assert answer(admin, url, "name", name="长" * 61).status_code == 422
    assert answer(admin, url, "name", name="长" * 60).status_code == 302
