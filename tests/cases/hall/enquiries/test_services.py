"""Asking, complaining, handling, answering, publishing: each by its service."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404

from cases.hall.services.enquiries import answering, asking, handling, publishing, refusals, sweeping
from tests.cases.hall import making as cases
from tests.cases.hall.enquiries.making import (
    actions,
    answered,
    ask,
    complain,
    findings,
    messages,
    reload,
    seen_by,
    staff,
)
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW, PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")

# NOW is Monday 2 March 2026
THURSDAY, FRIDAY = NOW + timedelta(days=3), NOW + timedelta(days=4)


def test_a_question_has_a_number_and_a_last_day_at_once():
    made = ask(item=BIRTH)

    assert made.number.startswith("Z3499012603020000")
    assert (made.state, made.due_on, made.is_due_expected, made.take_up_by) == (
        "new",
        date(2026, 3, 5),
        False,
        None,
    )
    assert (made.item_name, made.name_masked) == ("出生登记", "林*")
    assert messages() == [f"您的咨询收到了，编号{made.number}，最晚3月5日答复。"]
    assert findings() == []


def test_a_complaint_is_to_be_taken_up_in_one_day_and_answered_in_ten():
    made = complain()

    assert made.number.startswith("T349901260302")
    assert (made.take_up_by, made.due_on) == (date(2026, 3, 3), date(2026, 3, 16))


def test_days_are_working_days_and_beyond_the_calendar_they_are_expected():
    eve = datetime(2026, 2, 13, 2, 0, tzinfo=UTC)
    # 14 February is worked, 15 to 23 are the spring festival
    assert ask(now=eve).due_on == date(2026, 2, 25)
    late = ask(now=datetime(2026, 12, 30, 2, 0, tzinfo=UTC))
    assert (late.due_on, late.is_due_expected) == (date(2027, 1, 5), True)
    assert "最晚预计1月5日" in messages()[-1]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"text": " \u200b\n"}, refusals.NothingSaid),
        ({"text": "长" * 2001}, refusals.TooLong),
        ({"item": "34000000000000"}, refusals.NotInItems),
        ({"case": "349901260302000010"}, refusals.NotYourCase),
        ({"case": "not a number"}, refusals.NotYourCase),
        ({"hotline_number": "<b>"}, refusals.NotAWorkOrder),
    ],
)
def test_what_cannot_be_asked_is_refused(given, refusal):
    with pytest.raises(refusal):
        ask(**given)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"about": ""}, refusals.NotSaidWhat),
        ({"about": "weather"}, refusals.NotSaidWhat),
        ({"about": "case"}, refusals.NotYourCase),
        ({"about": "window", "window": "没有的"}, refusals.NotSaidWhat),
        ({"about": "staff"}, refusals.NothingSaid),
        ({"about": "service", "who": "长" * 201}, refusals.TooLong),
    ],
)
def test_a_complaint_says_what_it_is_about(given, refusal):
    with pytest.raises(refusal):
        complain(**given)


def test_another_persons_case_cannot_be_asked_about():
    foreign = cases.submitted(LICENCE, "zhou")
    with pytest.raises(refusals.NotYourCase):
        ask(case=foreign.number)


def test_what_is_strange_is_kept_as_it_is_written():
    made = ask("<script>alert(1)</script> 😀\x00\u202e好")
    assert reload(made).text == "<script>alert(1)</script> 😀好"


def test_the_same_key_is_the_same_enquiry_and_other_words_are_refused():
    from cases.hall.models import Enquiry

    first = ask(key="k")
    assert ask(key="k").pk == first.pk
    with pytest.raises(refusals.OtherBody):
        ask("别的", key="k")
    assert ask(key="k", username="zhou").pk != first.pk
    assert Enquiry.objects.count() == 2
    assert len(messages("lin")) == 1


def test_one_person_has_ten_waiting_at_the_most():
    for _number in range(10):
        ask()
    with pytest.raises(refusals.TooMany):
        ask()


def test_more_is_added_while_it_waits_and_not_afterwards():
    made = ask()
    asking.add(made, "是在合肥", by=actor("lin"), now=NOW)
    file = asking.add_file(made, cases.upload(), by=actor("lin"), now=NOW)
    assert (actions(made), file.content_type) == (["submit", "add", "add_file"], "image/jpeg")
    with pytest.raises(Http404):
        asking.add(made, "不是我的", by=actor("zhou"), now=NOW)

    answering.answer(made, "能", by=staff("east_window"), now=NOW)
    with pytest.raises(refusals.NotOpen):
        asking.add(made, "还有", by=actor("lin"), now=NOW)
    with pytest.raises(refusals.NotOpen):
        asking.add_file(made, cases.upload(), by=actor("lin"), now=NOW)
    assert findings() == []


def test_additions_and_files_are_few():
    made = ask()
    for _number in range(5):
        asking.add_file(made, cases.upload(), by=actor("lin"), now=NOW)
    with pytest.raises(refusals.TooMany):
        asking.add_file(made, cases.upload(), by=actor("lin"), now=NOW)
    for _number in range(10):
        asking.add(made, "还有", by=actor("lin"), now=NOW)
    with pytest.raises(refusals.TooMany):
        asking.add(made, "还有", by=actor("lin"), now=NOW)


def test_a_file_that_is_no_picture_is_refused_by_its_content():
    from django.core.files.uploadedfile import SimpleUploadedFile

    from cases.hall.files import FileRefused

    with pytest.raises(FileRefused):
        asking.add_file(ask(), SimpleUploadedFile("a.jpg", b"MZ program"), by=actor("lin"), now=NOW)


def test_an_answer_is_told_and_stops_the_clock():
    made = answered()
    assert (made.state, made.answered_name) == ("answered", "东窗口")
    assert "您的咨询有答复了，登录“我的办件”看。" in messages("lin")
    assert sweeping.sweep(now=NOW + timedelta(days=30)) == 0
    with pytest.raises(refusals.NotOpen):
        answering.answer(made, "再答一次", by=staff("east_staff"), now=NOW)
    assert reload(made).answer == "能。带出生医学证明。"


def test_a_draft_is_kept_for_whoever_goes_on_and_gone_with_the_answer():
    made = ask()
    handling.keep_draft(made, "能", by=staff("east_window"), now=NOW)
    assert (reload(made).draft, reload(made).draft_name) == ("能", "东窗口")
    answering.answer(made, "能办", by=staff("east_staff"), now=NOW)
    assert reload(made).draft == ""


def test_what_a_colleague_works_on_is_theirs_until_it_is_handed_on():
    made = ask()
    handling.take(made, by=staff("east_window"), now=NOW)
    assert handling.take(made, by=staff("east_window"), now=NOW).revision == 2
    with pytest.raises(refusals.SomebodyHolds, match="东窗口"):
        handling.take(made, by=staff("east_staff"), now=NOW)
    with pytest.raises(refusals.SomebodyHolds):
        answering.answer(made, "能", by=staff("east_staff"), now=NOW)
    with pytest.raises(refusals.NotForYou):
        handling.assign(made, PERSON_ID["east_staff"], by=staff("east_staff"), now=NOW)
    with pytest.raises(refusals.NotAColleague):
        handling.assign(made, PERSON_ID["lin"], by=staff("east_head"), now=NOW)

    handling.assign(made, PERSON_ID["east_staff"], by=staff("east_head"), now=NOW)
    with pytest.raises(refusals.SomebodyHolds):
        handling.release(made, by=staff("east_window"), now=NOW)
    handling.release(made, by=staff("east_staff"), now=NOW)
    assert reload(made).claimed_by is None
    assert findings() == []


def test_whoever_stands_in_does_the_work_of_who_is_away():
    from cases.hall.services import covers

    made = ask()
    handling.take(made, by=staff("east_window"), now=NOW)
    _colleague_at_the_window("east_approver")
    today = date(2026, 3, 2)
    covers.arrange(
        PERSON_ID["east_window"], PERSON_ID["east_approver"], today, today, by=staff("east_admin"), now=NOW
    )
    answering.answer(made, "能", by=staff("east_approver"), now=NOW)
    assert reload(made).answered_name == "东审批"


def _colleague_at_the_window(username):
    from tenants.hall.models import Post

    Post.objects.create(
        person=PERSON_ID[username],
        name=actor(username).display_name,
        username=username,
        role="window",
        created_at=NOW,
    )


def test_a_route_leads_to_a_department_and_frees_it():
    made = ask()
    handling.take(made, by=staff("east_window"), now=NOW)
    handling.route(made, "卫健委", by=staff("east_window"), now=NOW)
    assert (reload(made).department, reload(made).claimed_by) == ("卫健委", None)
    with pytest.raises(refusals.NotADepartment):
        handling.route(made, "没有的", by=staff("east_window"), now=NOW)


def test_a_note_is_the_staffs_alone():
    made = ask()
    handling.note(made, "先问卫健委", by=staff("east_window"), now=NOW)
    assert actions(made) == ["submit", "note"]
    with pytest.raises(refusals.NothingSaid):
        handling.note(made, "  ", by=staff("east_window"), now=NOW)


def test_who_asks_is_not_who_answers():
    """A clerk who asked as a citizen finds it in no queue of theirs."""
    made = ask(username="east_window")
    assert seen_by("east_window") == set()
    with pytest.raises(Http404):
        answering.answer(made, "能", by=staff("east_window"), now=NOW)


def test_a_complaint_is_taken_up_and_the_complainer_told():
    made = complain()
    handling.take(made, by=staff("east_head"), now=NOW + timedelta(minutes=1))
    assert (reload(made).take_up_by, reload(made).state) == (None, "open")
    assert "您的投诉有人办了，最晚3月16日答复。" in messages("lin")


def test_more_time_is_given_once_by_a_head_with_a_reason():
    made = complain()
    with pytest.raises(refusals.NotForYou):
        handling.extend(made, "要调监控", by=staff("east_admin"), now=NOW)
    with pytest.raises(refusals.NothingSaid):
        handling.extend(made, " ", by=staff("east_head"), now=NOW)
    handling.extend(made, "要调监控", by=staff("east_head"), now=NOW)

    assert reload(made).due_on == date(2026, 3, 30)
    assert "您的投诉要多办10个工作日，最晚3月30日，原因登录“我的办件”看。" in messages("lin")
    with pytest.raises(refusals.AlreadyDone):
        handling.extend(made, "还要", by=staff("east_head"), now=NOW)
    with pytest.raises(refusals.NotForYou):
        handling.extend(ask(), "忙", by=staff("east_head"), now=NOW)


def test_more_time_comes_before_the_last_day_is_over():
    made = complain()
    with pytest.raises(refusals.TooLate):
        handling.extend(made, "忘了", by=staff("east_head"), now=NOW + timedelta(days=15))


def test_one_says_once_whether_it_helped():
    made = answered()
    asking.rate(made, is_solved=False, by=actor("lin"), now=NOW)
    assert asking.rate(made, is_solved=False, by=actor("lin"), now=NOW).revision == 3
    with pytest.raises(refusals.AlreadyDone):
        asking.rate(made, is_solved=True, by=actor("lin"), now=NOW)
    with pytest.raises(refusals.NotOpen):
        asking.rate(ask(), is_solved=True, by=actor("lin"), now=NOW)


def test_one_asks_once_more_and_the_clock_starts_again():
    made = answered()
    asking.reopen(made, "没说带什么", by=actor("lin"), now=FRIDAY)
    again = reload(made)
    assert (again.state, again.due_on, again.claimed_by) == ("new", date(2026, 3, 11), None)
    answering.answer(made, "带出生证", by=staff("east_window"), now=FRIDAY)
    with pytest.raises(refusals.AlreadyDone):
        asking.reopen(made, "还是不行", by=actor("lin"), now=FRIDAY)
    assert findings() == []


def test_asking_once_more_has_an_end():
    made = answered()
    with pytest.raises(refusals.TooLate):
        asking.reopen(made, "没解决", by=actor("lin"), now=NOW + timedelta(days=31))
    asking.rate(made, is_solved=True, by=actor("lin"), now=NOW)
    with pytest.raises(refusals.AlreadyDone):
        asking.reopen(made, "没解决", by=actor("lin"), now=NOW)


def test_what_is_late_is_marked_and_told_once():
    made, complaint = ask(), complain(username="zhou")
    handling.take(made, by=staff("east_window"), now=NOW)
    before = len(messages())
    assert sweeping.sweep(now=THURSDAY) == 1
    # the head is told that nobody has taken the complaint up
    assert messages()[before:] == [f"{complaint.number}过了1个工作日没有人办，请马上安排。"]
    assert sweeping.sweep(now=FRIDAY) == 1
    assert sweeping.sweep(now=FRIDAY) == 0
    assert "您的咨询过了3月5日还没答复，抱歉，正在催办。" in messages("lin")
    for username in ("east_head", "east_window"):
        assert messages(username)[-1] == f"{made.number}过了3月5日没有答复，请马上办。"
    assert actions(made)[-1] == "late"
    assert findings() == []


def test_dates_follow_a_new_notice(monkeypatch):
    from cases.hall.queries import calendar
    from cases.hall.workdays import Calendar, CalendarDay

    made, later = ask(), NOW + timedelta(minutes=1)
    days = [CalendarDay(date(2026, 3, day), is_workday=day not in {4, 7, 8}) for day in range(2, 13)]
    monkeypatch.setattr(calendar, "current", lambda: Calendar(days))
    sweeping.recount(now=later)
    sweeping.recount(now=later)

    assert reload(made).due_on == date(2026, 3, 6)
    assert messages("lin")[1:] == ["因放假安排公布，您的咨询最晚改为3月6日答复。"]
    assert findings() == []


def test_what_is_published_is_masked_whatever_was_written():
    case = cases.submitted(LICENCE)
    asked = ask("我叫林小禾，电话13912345678", case=case.number)
    made = answering.answer(asked, "给林小禾答复：打0500-5551234", by=staff("east_window"), now=NOW)
    proposed = publishing.proposal(made)
    assert (proposed.question, proposed.answer) == ("我叫林*，电话***", "给林*答复：打0500-5551234")
    shown = publishing.publish(
        made, "林小禾问，身份证11010519491231002X", "李四的事问东窗口", by=staff("east_staff"), now=NOW
    )
    # the spouse named in the case and the clerk are known names too
    assert (shown.question, shown.answer) == ("林*问，身份证***", "李*的事问东*")
    assert findings() == []


def test_who_does_not_agree_is_not_published():
    with pytest.raises(refusals.NotToPublish):
        publishing.publish(answered(may_publish=False), "问", "答", by=staff("east_window"), now=NOW)
    with pytest.raises(refusals.NotOpen):
        publishing.publish(ask(), "问", "答", by=staff("east_window"), now=NOW)
    complaint = complain(may_publish=True)
    answering.answer(complaint, "改了", by=staff("east_head"), now=NOW)
    with pytest.raises(refusals.NotToPublish):
        publishing.publish(complaint, "问", "答", by=staff("east_head"), now=NOW)


def test_what_is_published_is_taken_back_by_staff_owner_and_a_new_question():
    from cases.hall.queries import answers

    made = answered()
    publishing.publish(made, "问", "答", by=staff("east_window"), now=NOW)
    publishing.withdraw(made, "有名字", by=staff("east_head"), now=NOW)
    assert answers.published().count() == 0
    with pytest.raises(refusals.NotOpen):
        publishing.withdraw(made, "有名字", by=staff("east_head"), now=NOW)
    publishing.publish(made, "问", "答", by=staff("east_window"), now=NOW)
    assert answers.published().count() == 1
    asking.reopen(made, "没懂", by=actor("lin"), now=NOW)
    assert answers.published().count() == 0
    answering.answer(made, "就是能", by=staff("east_window"), now=NOW)
    publishing.publish(made, "问", "答", by=staff("east_window"), now=NOW)
    publishing.refuse(made, by=actor("lin"), now=NOW)
    assert (answers.published().count(), reload(made).may_publish) == (0, False)
    assert findings() == []


def test_published_answers_are_found_by_words_and_item():
    from cases.hall.queries import answers

    one, other = answered(item=BIRTH), answered()
    publishing.publish(one, "孩子在外地出生", "能办", by=staff("east_window"), now=NOW)
    publishing.publish(other, "饭馆几点开门", "九点", by=staff("east_window"), now=NOW)
    assert [row.question for row in answers.published("外地 能办")] == ["孩子在外地出生"]
    assert [row.question for row in answers.published("登记")] == ["孩子在外地出生"]
    assert [row.question for row in answers.published("", BIRTH)] == ["孩子在外地出生"]
    assert answers.published("外地 九点").count() == 0
    assert answers.published("%").count() == 0


def test_check_halls_finds_what_is_wrong():
    from django.core.files.storage import storages

    from cases.hall.models import Enquiry, EnquiryFile
    from cases.shared.models import EnquiryPointer

    made = ask()
    asking.add_file(made, cases.upload(), by=actor("lin"), now=NOW)
    EnquiryPointer.objects.update(state="answered")
    Enquiry.objects.update(due_on=date(2026, 3, 9))
    storages["cases"].delete(EnquiryFile.objects.get().path)
    assert [text.split(": ")[1] for text in findings()] == [
        "the portal does not show it as it is",
        "its dates are not what its events give",
        "a file is not in the storage",
    ]


def test_events_are_appended_and_never_changed(in_east):
    from django.db import ProgrammingError, transaction

    from cases.hall.models import EnquiryEvent

    made = ask()
    for change in (lambda: made.events.update(action="add"), lambda: made.events.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    assert EnquiryEvent.objects.count() == 1
