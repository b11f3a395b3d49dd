"""What must be true of cases that were filed together: findings of check_halls, each one sentence."""

from collections.abc import Iterator

from cases.hall import numbers
from cases.hall.models import Case, CaseFile, ParentCase
from cases.shared.models import Pointer
from tenants.shared.models import Hall

# fewer is an application for that item
FEWEST = 2


def parents_agree_with_children(hall: Hall) -> Iterator[str]:
    """Compare every parent with its children: one bundle, one person, one query code, numbers of their own, no clock lost."""
    parents = ParentCase.objects.order_by("number").prefetch_related("children")
    for parent in parents:
        children = list(parent.children.all())
        if len(children) < FEWEST:
            yield f"parent {parent.number}: it has {len(children)} children"
        if {child.bundle for child in children} - {parent.bundle}:
            yield f"parent {parent.number}: a child is of another bundle"
        if len({child.person for child in children}) > 1:
            yield f"parent {parent.number}: its children are of several persons"
        if len({child.query_code for child in children}) > 1:
            yield f"parent {parent.number}: its children have several query codes"
        if len({child.item_code for child in children}) < len(children):
            yield f"parent {parent.number}: two children are of one item"
        if not numbers.check(parent.number):
            yield f"parent {parent.number}: that is no number"
    for number in Case.objects.filter(number__in=parents.values("number")).values_list("number", flat=True):
        yield f"parent {number}: a case has the same number"


def pointers_name_their_parent(hall: Hall) -> Iterator[str]:
    """Compare what the portal shows of each child's parent with the parent."""
    shown = Pointer.objects.exclude(parent=None).values_list("case", "parent_number", "parent_name")
    told = {case: (number, name) for case, number, name in shown}
    children = Case.objects.exclude(parent=None).order_by("id")
    for pk, *parent in children.values_list("pk", "parent__number", "parent__name"):
        if told.get(pk) != tuple(parent):
            yield f"case {pk}: the portal does not show it under its parent"


def files_are_each_childs_own(hall: Hall) -> Iterator[str]:
    """Look for files of a child that its own item does not want: nobody of its department may see them."""
    filed = CaseFile.objects.exclude(case__parent=None).filter(removed_at=None).select_related("case")
    for file in filed.order_by("id"):
        wanted = {row["key"] for row in file.case.item.get("materials") or []} if file.case else set()
        if file.material_key not in wanted:
            yield f"file {file.pk}: it lies with a case whose item does not want it"
