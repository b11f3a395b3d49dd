"""Who is told by the timed sweep: owners of drafts that end, staff of opinions that are late; each once."""

from datetime import timedelta

import pytest

from tests.cases.hall.making import NOW, act, actor, at, draft

pytestmark = pytest.mark.usefixtures("in_east")


def texts():
    from cases.hall.models import Outbox

    return [row.text for row in Outbox.objects.filter(event=None).order_by("created_at", "id")]


@pytest.mark.parametrize(("days", "is_told"), [(82, False), (84, True), (89, True), (91, False)])
def test_the_owner_of_a_draft_is_told_in_its_last_days(days, is_told):
    from cases.hall.services import drafts

    draft(now=NOW)

    assert drafts.tell_of_end(now=NOW + timedelta(days=days)) == int(is_told)
    # 90 days after 2 March
    assert texts() == (["小餐馆许可还没提交，5月31日将删除草稿。"] if is_told else [])


def test_it_is_told_once_and_again_when_the_draft_was_worked_on():
    from cases.hall.services import drafts

    case, later = draft(now=NOW), NOW + timedelta(days=85)
    assert [drafts.tell_of_end(now=later + timedelta(minutes=number)) for number in range(3)] == [1, 0, 0]

    drafts.save_answers(case, {"spouse": "王五"}, actor=actor("lin"), now=later + timedelta(days=1))
    assert drafts.tell_of_end(now=later + timedelta(days=2)) == 0
    assert drafts.tell_of_end(now=later + timedelta(days=86)) == 1
    assert [text[-11:] for text in texts()] == ["5月31日将删除草稿。", "8月25日将删除草稿。"]


def test_a_draft_that_was_told_of_is_still_deleted_on_its_day():
    from cases.hall.services import drafts

    draft(now=NOW)
    drafts.tell_of_end(now=NOW + timedelta(days=85))

    assert drafts.expire(now=NOW + timedelta(days=91)) == 1


def late_opinion():
    return act(at("review"), "ask_opinion", data={"department": "住建局", "days": 3, "question": "能不能开"})


def test_staff_are_told_once_of_a_department_that_is_late_and_the_applicant_is_not():
    from cases.hall.models import Outbox
    from cases.hall.paperwork import StaffNotice
    from cases.hall.services import opinions

    case, before = late_opinion(), Outbox.objects.count()
    # asked on Monday the 2nd with three working days
    assert opinions.tell_of_late(now=NOW + timedelta(days=3)) == 0
    assert [opinions.tell_of_late(now=NOW + timedelta(days=4)) for _ in range(2)] == [1, 0]

    notice = StaffNotice.objects.get()
    assert (notice.kind, notice.case, notice.data) == (
        "opinion",
        case,
        {"department": "住建局", "due_on": "2026-03-05"},
    )
    assert Outbox.objects.count() == before


def test_an_answer_ends_the_notice_and_a_case_that_ended_is_not_told_of():
    from cases.hall.paperwork import StaffNotice
    from cases.hall.services import opinions, transition

    case, later = late_opinion(), NOW + timedelta(days=4)
    opinions.tell_of_late(now=later)
    act(case, "record_opinion", later, data={"department": "住建局", "opinion": "可以"})
    assert StaffNotice.objects.get().done_at == later

    other = late_opinion()
    transition.apply(other, "withdraw", by=actor("lin"), now=NOW)
    assert opinions.tell_of_late(now=later) == 0


def test_the_sweep_of_the_worker_does_both(east):
    from cases.hall import tasks
    from cases.hall.paperwork import StaffNotice

    late_opinion()
    draft(now=NOW)

    tasks.people_are_told(east, NOW + timedelta(days=85))

    assert len(texts()) == 1
    assert StaffNotice.objects.count() == 1
