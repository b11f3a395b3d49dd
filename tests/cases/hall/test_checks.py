"""What check_halls says of cases: nothing of good ones, and each planted fault."""

import pytest

from tests.cases.hall.making import NOW, at, draft, submitted

pytestmark = pytest.mark.usefixtures("in_east")


def findings(east):
    from cases.hall import checks

    return [
        *checks.dues_follow_ledger(east),
        *checks.pointers_follow_cases(east),
        *checks.files_are_there(east),
        *checks.states_follow_events(east),
    ]


def test_good_cases_have_no_findings(east):
    for state in ("draft", "submitted", "not_accepted", "refused", "delivered"):
        at(state)

    assert findings(east) == []


@pytest.mark.parametrize(
    ("field", "value", "finding"),
    [
        ("promised_due_on", NOW.date(), "case {number}: its due dates are not what its ledger says"),
        ("due_clock", "D", "case {number}: its due dates are not what its ledger says"),
        ("turn", "nobody", "case {number}: the portal does not show it as it is"),
        ("state", "delivered", "case {number}: it is delivered and its last event says accepted"),
    ],
)
def test_a_case_that_was_changed_past_the_services_is_found(east, field, value, finding):
    from cases.hall.models import Case

    case = at("accepted")
    Case.objects.filter(pk=case.pk).update(**{field: value})

    assert finding.format(number=case.number) in findings(east)


def test_a_pointer_without_a_case_is_found(east):
    from cases.shared.models import Pointer

    case = draft()
    Pointer.objects.filter(case=case.pk).update(case=case.person)

    assert findings(east) == [
        f"case {case.pk}: the portal does not show it as it is",
        f"pointer {case.person}: there is no such case",
    ]


def test_a_lost_or_misplaced_file_is_found(east):
    from cases.hall.models import CaseFile

    submitted()
    file = CaseFile.objects.get()
    CaseFile.objects.filter(pk=file.pk).update(path=file.path + "x")
    assert findings(east) == [f"file {file.pk}: its content is gone"]

    CaseFile.objects.filter(pk=file.pk).update(path="elsewhere/2026/x")
    assert findings(east) == [f"file {file.pk}: it lies outside this hall's folder"]
