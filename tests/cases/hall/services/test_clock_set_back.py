"""A clock that was set back: nothing is dated before what happened before it, and no legal day moves back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.cases.hall.making import LICENCE, NOW, act, actor, draft, submitted, upload

pytestmark = pytest.mark.usefixtures("in_east")
BACK = NOW - timedelta(days=3)


def moments(case):
    return list(case.events.order_by("sequence").values_list("at", flat=True))


def test_steps_ledger_audit_and_messages_are_dated_with_the_step_before():
    from audit.models import Record
    from cases.hall.models import Outbox

    case = submitted(now=NOW)
    case = act(case, "accept", NOW + timedelta(days=1))
    case = act(case, "review", BACK)
    case = act(case, "grant", BACK)

    assert moments(case) == [NOW, *[NOW + timedelta(days=1)] * 3]
    by_sequence = list(case.ledger.order_by("event__sequence").values_list("day", flat=True))
    assert by_sequence == sorted(by_sequence)
    assert min(by_sequence) == timezone.localdate(NOW)
    assert set(Outbox.objects.filter(event__case=case).values_list("created_at", flat=True)) == set(
        moments(case)
    )
    assert min(Record.objects.filter(object=case.number).values_list("at", flat=True)) == NOW
    assert case.results.get().issued_at == NOW + timedelta(days=1)


def test_the_papers_of_one_case_bear_days_in_order():
    from cases.hall.queries import documents

    case = submitted(now=NOW)
    case = act(case, "accept", NOW + timedelta(days=1))
    case = act(case, "review", NOW)
    case = act(case, "grant", BACK)

    papers = [event for event in case.events.order_by("sequence") if event.document_no]
    days = [timezone.localdate(event.at) for event in papers]
    assert len(papers) == 2
    assert days == [date(2026, 3, 3), date(2026, 3, 3)]
    assert all(documents.title(event) for event in papers)


def test_numbers_of_an_earlier_day_are_not_given_twice():
    first, later, back = submitted(now=NOW), submitted(now=NOW + timedelta(days=1)), submitted(now=NOW)
    assert len({case.number for case in (first, later, back)}) == 3
    assert first.number[:12] == back.number[:12]
    papers = [act(case, "accept", now).events.get(action="accept").document_no for case, now in (
        (first, NOW), (later, NOW + timedelta(days=1)), (back, NOW),
    )]  # fmt: skip
    # whatever the clock said, the numbers go on
    assert papers == [f"示(东)受〔2026〕{number:05d}号" for number in (1, 2, 3)]


def test_a_submission_is_not_received_before_its_draft_was_written():
    import uuid

    from cases.hall.services import submit
    from tests.cases.hall.making import applicant

    case = draft(LICENCE, now=NOW)
    case = submit.submit(
        case, actor=actor("lin"), applicant=applicant(), version=case.item_version, idempotency_key=uuid.uuid4().hex, now=BACK
    )  # fmt: skip
    assert (case.received_at, moments(case)) == (NOW, [NOW])
    assert case.number[6:12] == "260302"


def test_a_file_that_comes_later_is_not_dated_earlier():
    from cases.hall.services import attachments

    case = submitted(now=NOW)
    taken = attachments.add_later(case, material_key="m2", upload=upload(), actor=actor("lin"), now=BACK)
    assert (moments(case), taken.uploaded_at) == ([NOW, NOW], NOW)


def test_a_time_that_had_run_out_opens_again_by_the_clock_alone_until_the_sweep_has_written_it():
    """What is written stays: the sweep's step is no matter of the clock any more."""
    from cases.hall.queries import facts
    from cases.hall.services import transition

    case = submitted(now=NOW)
    late = NOW + timedelta(days=9)
    assert facts.is_lapsed(case, timezone.localdate(late))
    assert transition.apply_system(case, "deem_accepted", now=late)

    case = act(case, "review", NOW)

    assert case.state == "review"
    assert moments(case) == [NOW, late, late]
    # from the day of receipt, as the law says, whatever the clock said meanwhile
    assert case.promised_due_on == date(2026, 3, 9)
