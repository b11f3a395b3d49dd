"""Who may see which case: its owner, whoever acts for that person now, and the desk; a stranger gets a 404."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.queries import Applicant, applicant_of
from cases.hall import numbers
from cases.hall.enums import Power, State
from cases.hall.models import Case, CaseFile
from cases.hall.queries import mandates, reach
from cases.hall.transitions import DESK
from tenants.hall.enums import PostRole

# who may read every trail of the hall
TRAIL_READERS = (PostRole.HEAD, PostRole.HALL_ADMIN)


class MandateOver(PermissionDenied):
    """Whoever acted for another may no more: a page that says so, and that nothing is lost (HTTP 403)."""

    def __init__(self) -> None:
        super().__init__(_("委托已经收回或到期，这件您不能再替他办。填过的、传过的都在，由他本人接着办。"))


def visible_to(actor: Actor) -> Q:
    """Return the condition under which this person sees a case. Drafts are their owner's alone, and the proxy's."""
    own = (Q(person=actor.person_id) if actor.person_id else Q(pk=None)) | mandates.opened(
        actor, timezone.localdate()
    )
    if not actor.holds(*DESK):
        return own
    return own | (~Q(state=State.DRAFT) & reach.within(actor, timezone.localdate()))


def case_for(actor: Actor, number: str) -> Case:
    """Return the case of this number. Raises Http404 for a stranger as for a number that was never given.

    Raises MandateOver for somebody who acted on it under a mandate that has ended.
    """
    # what is no number is looked for nowhere
    if not numbers.check(number):
        raise Http404(_("没有这件"))
    return _loaded(actor, Q(number=number))


def draft_for(actor: Actor, pk: UUID) -> Case:
    """Return this person's draft or that of somebody they act for, even once it is filed. Raises Http404, MandateOver."""
    return _loaded(actor.with_posts(frozenset()), Q(pk=pk))


def _loaded(actor: Actor, wanted: Q) -> Case:
    found = mandates.with_powers(Case.objects.filter(visible_to(actor), wanted), actor, timezone.localdate())
    case = found.first()
    if case is None:
        if actor.person_id and Case.objects.filter(wanted, proxy=actor.person_id).exists():
            raise MandateOver
        raise Http404(_("没有这件"))
    if case.person != actor.person_id and powers_of(actor, case):
        case.acted_for = str(case.applicant.get("name", ""))
    return case


def filed(number: str) -> Case:
    """Return the filed case of this number for whoever may read every trail of the hall. Raises Http404."""
    case = Case.objects.filed().filter(number=number).first() if numbers.check(number) else None
    if case is None:
        raise Http404(_("没有这件"))
    return case


def powers_of(actor: Actor, case: Case) -> frozenset[str]:
    """Return what this person may do on a case that was read here: all on one's own, else what a mandate says."""
    if actor.person_id is None:
        return frozenset()
    if case.person == actor.person_id:
        return frozenset(Power.values)
    return frozenset(getattr(case, "powers", None) or ())


def file_for(actor: Actor, pk: UUID) -> CaseFile:
    """Return a file that this person may open: one's own, or one of a case that they see. Raises Http404."""
    own = Q(person=actor.person_id) if actor.person_id else Q(pk=None)
    acting = Case.objects.filter(mandates.opened(actor, timezone.localdate())).values("pk")
    seen = own | Q(case__in=acting)
    if actor.holds(*DESK):
        reached = reach.within(actor, timezone.localdate())
        here = Q(case__in=Case.objects.filter(reached).values("pk")) if reached else Q(case__isnull=False)
        seen |= here & ~Q(case__state=State.DRAFT)
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
    """Whether this person filed the case, or acts now for who did. The services check each act again."""
    return bool(powers_of(actor, case))


def is_self(actor: Actor, case: Case) -> bool:
    """Whether the case is this person's own."""
    return actor.person_id is not None and case.person == actor.person_id


def applicant_for(actor: Actor, case: Case) -> Applicant:
    """Return who applies: this person by their account, or who they act for as the draft keeps them."""
    if is_self(actor, case):
        return applicant_of(actor)
    return Applicant(
        case.person, *(str(case.applicant.get(key, "")) for key in ("name", "id_number", "phone"))
    )
