"""The city's pages of the calendar: entered by one, seen before it holds, approved by another."""

import pytest

from tests.cases.hall.making import submitted
from tests.cases.shared.notices import NOTICE, ROWS, as_text
from tests.template import PERSON_ID


@pytest.fixture
def first(portal_client):
    return portal_client("city_admin")


@pytest.fixture
def second(portal_client):
    """Another administrator: the inspector, made one."""
    from accounts.models import Person

    Person.objects.filter(pk=PERSON_ID["inspector"]).update(city_role="city_admin")
    return portal_client("inspector")


def enter(client, text=None, year=2027, **given):
    return client.post(
        "/city/calendar/new/", {"year": year, "notice": NOTICE, "text": text or as_text(), **given}
    )


def page(client, url="/city/calendar/2027/"):
    return client.get(url).content.decode()


def published(year=2027):
    from cases.shared.models import CalendarYear
    from tenants.shared import scope

    with scope.city():
        return CalendarYear.objects.filter(year=year, is_published=True).exists()


def test_two_administrators_publish_a_year(first, second):
    assert enter(first)["Location"] == "/city/calendar/2027/"
    own = page(first)
    assert "这是您录入的，要由别人核对" in own
    assert "/approve/" not in own
    refused = first.post("/city/calendar/2027/approve/")
    assert (refused.status_code, published()) == (409, False)
    assert "这是您录入的，要由别人核对" in refused.content.decode()

    assert second.post("/city/calendar/2027/approve/")["Location"] == "/city/calendar/?done=approve"

    assert published()
    assert "已公布" in page(second, "/city/calendar/")
    # who presses again, or late, sees what holds
    assert second.post("/city/calendar/2027/approve/")["Location"] == "/city/calendar/"


def test_the_preview_says_what_differs_from_what_was_expected(first):
    enter(first)
    shown = first.get("/city/calendar/2027/").context["preview"]

    changed = {str(change.day): change.is_workday for change in shown.changes}
    # the fixed holidays were expected; the week around them and the make-up day were not
    assert "2027-10-01" not in changed
    assert (changed["2027-10-04"], changed["2027-02-13"]) == (False, True)
    assert shown.is_correction is False


def test_the_preview_counts_whose_last_day_would_move(first, east):
    from cases.shared.models import Pointer
    from tenants.shared import scope

    with scope.hall(east):
        moving, staying, over = (submitted() for _ in range(3))
        Pointer.objects.filter(case=moving.pk).update(due_on="2027-10-12", is_due_expected=True)
        Pointer.objects.filter(case=staying.pk).update(due_on="2026-12-01")
        Pointer.objects.filter(case=over.pk).update(due_on="2027-10-12", turn="nobody")
    enter(first)

    shown = first.get("/city/calendar/2027/")

    assert [(each["hall"], each["cases"]) for each in shown.context["moving"]] == [("东县", 1)]
    assert "约 1 件在办的到期日会变" in shown.content.decode()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (as_text([*ROWS, {"date": "2027-03-02", "is_workday": "1", "name": "调休"}]), "第 26 行：2027-03-02本来就上班，不是调休"),
        (as_text([*ROWS, {"date": "2026-12-31", "is_workday": "0", "name": "元旦"}]), "第 26 行：2026-12-31不在 2027 年"),
        (as_text([*ROWS, ROWS[0]]), "第 26 行：2027-01-01写了两次"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_with_its_reason_and_nothing_is_kept(first, text, problem):
    from cases.shared.models import CalendarDraft
    from tenants.shared import scope

    answer = enter(first, text)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert problem in said
    assert text.splitlines()[0] in said
    with scope.city():
        assert not CalendarDraft.objects.exists()


def test_a_run_that_leaves_out_the_day_of_the_law_is_named_by_its_row(first):
    rows = [row for row in ROWS if row["date"] != "2027-10-01"]
    # the row of 2 October, the nearest of its run
    assert "第 18 行：2027-10-01是法定节假日" in enter(first, as_text(rows)).content.decode()


def test_an_expected_lunar_holiday_may_not_be_left_out(first):
    from cases.shared.models import CalendarDay
    from tenants.shared import scope

    with scope.city():
        CalendarDay.objects.create(day="2027-06-09", is_workday=False, name="端午节")
    rows = [row for row in ROWS if row["date"] != "2027-06-09"]
    assert "2027-06-09是法定节假日端午节，通知里没有放假" in enter(first, as_text(rows)).content.decode()


def test_a_published_year_is_corrected_by_two_persons_too(first, second):
    enter(first)
    second.post("/city/calendar/2027/approve/")
    rows = [row for row in ROWS if row["date"] != "2027-05-05"]

    enter(second, as_text(rows))

    shown = first.get("/city/calendar/2027/").context["preview"]
    assert (shown.is_correction, [(str(c.day), c.was_workday, c.is_workday) for c in shown.changes]) == (
        True, [("2027-05-05", False, True)],
    )  # fmt: skip
    assert second.post("/city/calendar/2027/approve/").status_code == 409
    assert first.post("/city/calendar/2027/approve/").status_code == 302
    assert "5月5日" not in page(first)


def test_a_file_with_a_header_is_read_and_one_of_another_code_is_refused(first):
    from django.core.files.uploadedfile import SimpleUploadedFile

    good = SimpleUploadedFile("2027.csv", ("date,is_workday,name\n" + as_text()).encode("utf-8-sig"))
    assert enter(first, " ", upload=good).status_code == 302
    bad = SimpleUploadedFile("2027.csv", as_text().encode("gb18030"))
    assert "不是 UTF-8" in enter(first, " ", upload=bad).content.decode()
    assert "请写放假和调休的日子" in enter(first, " ").content.decode()


def test_what_was_entered_is_audited_and_can_be_thrown_away(first, second):
    from audit.models import Record
    from tenants.shared import scope

    enter(first)
    assert second.post("/city/calendar/2027/discard/")["Location"] == "/city/calendar/?done=discard"
    with scope.city():
        assert list(Record.objects.order_by("at").values_list("action", flat=True)) == [
            "calendar.propose",
            "calendar.discard",
        ]
    assert page(first, "/city/audit/?kind=calendar").count("放假安排") >= 2
