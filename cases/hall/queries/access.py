"""Who may see which case: its owner, and whoever accepts, decides or confirms in this hall; a stranger gets a 404."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall import numbers
from cases.hall.enums import State
from cases.hall.models import Case, CaseFile
from cases.hall.transitions import DESK
from tenants.hall.enums import PostRole

# who may read every trail of the hall
TRAIL_READERS = (PostRole.HEAD, PostRole.HALL_ADMIN)


def visible_to(actor: Actor) -> Q:
    """Return the condition under which this person sees a case. Drafts are their owner's alone."""
    own = Q(person=actor.person_id) if actor.person_id else Q(pk=None)
    return own | ~Q(state=State.DRAFT) if actor.holds(*DESK) else own


def case_for(actor: Actor, number: str) -> Case:
    """Return the case of this number. Raises Http404 for a stranger as for a number that was never given."""
    # what is no number is looked for nowhere
    case = Case.objects.filter(visible_to(actor), number=number).first() if numbers.check(number) else None
    if case is None:
        raise Http404(_("没有这件"))
    return case


def filed(number: str) -> Case:
    """Return the filed case of this number for whoever may read every trail of the hall. Raises Http404."""
    case = Case.objects.filed().filter(number=number).first() if numbers.check(number) else None
    if case is None:
        raise Http404(_("没有这件"))
    return case


def file_for(actor: Actor, pk: UUID) -> CaseFile:
    """Return a file that this person may open: their own, or one of a case that they see at the desk. Raises Http404."""
    own = Q(person=actor.person_id) if actor.person_id else Q(pk=None)
    seen = own | (Q(case__isnull=False) & ~Q(case__state=State.DRAFT)) if actor.holds(*DESK) else own
    try:
        found = CaseFile.objects.select_related("case").filter(seen, pk=pk, removed_at=None).first()
    except ValidationError:
        found = None
    if found is None:
        raise Http404(_("没有这份文件"))
    return found


def person_of(actor: Actor) -> UUID:
    """Return who this is. Raises PermissionDenied for nobody: the view should have asked to sign in."""
    if actor.person_id is None:
        raise PermissionDenied
    return actor.person_id


def is_owner(actor: Actor, case: Case) -> bool:
    """Whether this person filed the case."""
    return actor.person_id is not None and case.person == actor.person_id
