"""What check_halls says of cases that were filed together: nothing of good ones, and each planted fault."""

import pytest

from cases.hall import bundle_checks, checks
from cases.hall.models import Case, CaseFile, ParentCase
from cases.shared.models import Pointer
from tests.cases.hall.bundles.making import filed
from tests.template import PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")


def findings(east):
    return [
        *bundle_checks.parents_agree_with_children(east),
        *bundle_checks.pointers_name_their_parent(east),
        *bundle_checks.files_are_each_childs_own(east),
        *checks.pointers_follow_cases(east),
    ]


def test_good_ones_have_no_findings(east):
    filed()

    assert ParentCase.objects.count() == 1
    assert findings(east) == []


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"parent": None, "bundle": ""}, "parent {parent}: it has 1 children"),
        ({"bundle": "other"}, "parent {parent}: a child is of another bundle"),
        ({"person": PERSON_ID["zhou"]}, "parent {parent}: its children are of several persons"),
        ({"query_code": "AAAAAA"}, "parent {parent}: its children have several query codes"),
        ({"item_code": "34202300100000"}, "parent {parent}: two children are of one item"),
        ({"item": {"materials": []}}, "file {file}: it lies with a case whose item does not want it"),
    ],
)
def test_a_child_that_was_changed_past_the_services_is_found(east, change, finding):
    parent, (_birth, licence) = filed()
    file = CaseFile.objects.get(case=licence)
    Case.objects.filter(pk=licence.pk).update(**change)

    assert finding.format(parent=parent.number, file=file.pk) in findings(east)


def test_a_number_given_twice_and_a_pointer_without_its_parent_are_found(east):
    parent, (birth, licence) = filed()
    Case.objects.filter(pk=birth.pk).update(number=parent.number)
    Pointer.objects.filter(case=licence.pk).update(parent_number="")

    found = findings(east)
    assert f"parent {parent.number}: a case has the same number" in found
    assert f"case {licence.pk}: the portal does not show it under its parent" in found


def test_the_database_keeps_a_child_with_its_parent_and_a_draft_without():
    from django.db import IntegrityError, transaction

    parent, (birth, _licence) = filed()
    for change in ({"bundle": ""}, {"parent": None}, {"state": "draft", "number": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=birth.pk).update(**change)
    assert parent.children.count() == 2
