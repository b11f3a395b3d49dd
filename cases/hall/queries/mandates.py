"""Which mandates are in force, whom somebody acts for, which cases that opens: read anew with each asking."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from cases.hall.enums import State, Turn
from cases.hall.models import Case, Mandate, ProxyTerm

# the key of nobody: no row has it
NOBODY = UUID(int=0)


def _who(actor: Actor) -> UUID:
    return actor.person_id or NOBODY


def in_force(today: date) -> QuerySet[Mandate]:
    """Return the mandates that allow something on this day: proved, begun, not run out, not ended."""
    return Mandate.objects.filter(ended_at=None, since__lte=today, until__gte=today).exclude(
        confirmed_at=None
    )


def _of_case(actor: Actor, today: date) -> QuerySet[Mandate]:
    """Return the mandates under which this person acts on the case of the outer query."""
    for_case = Q(case=OuterRef("pk"))
    for_item = Q(case=None) & Q(item_code__in=["", OuterRef("item_code")])
    found = in_force(today).filter(proxy=OuterRef("proxy"), principal__person=OuterRef("person"))
    found = found.filter(proxy=_who(actor))
    return found.filter(for_case | for_item)


def opened(actor: Actor, today: date) -> Q:
    """Return the condition under which somebody acts on another's case.

    Only what was begun by themselves under a mandate, or what a mandate names: everything else that the principal
    does stays unknown to them.
    """
    if actor.person_id is None:
        return Q(pk__in=[])
    return Q(proxy=_who(actor), taken_over_at=None) & Q(Exists(_of_case(actor, today)))


def with_powers(cases: QuerySet[Case], actor: Actor, today: date) -> QuerySet[Case]:
    """Add `powers` to each case: what a mandate in force lets this person do on it, or null. No further query."""
    newest = _of_case(actor, today).order_by("-confirmed_at", "id").values("powers")[:1]
    return cases.annotate(powers=Subquery(newest, output_field=JSONField()))


def on_case(case: Case, actor: Actor, today: date) -> QuerySet[Mandate]:
    """Return the mandates under which this person acts on this case, to be locked by who asks."""
    scope = Q(case=case.pk) | Q(case=None, item_code__in=["", *case.codes])
    return in_force(today).filter(scope, proxy=_who(actor), principal__person=case.person)


def was_proxy(case: Case, person: UUID | None) -> bool:
    """Whether this person has acted in this case for its applicant, or may have: then no desk work on it. One query or none."""
    # once somebody has acted in a case, `proxy` is never empty again
    if person is None or case.proxy is None:
        return False
    return case.proxy == person or case.events.filter(actor=person).exclude(mandate=None).exists()


def roster(actor: Actor, today: date) -> QuerySet[Mandate]:
    """Return whom this person acts for, those whose word is awaited last, with `open_cases` and `drafts` of each."""
    mine = Case.objects.filter(person=OuterRef("principal__person"), proxy=_who(actor)).order_by()
    found = Mandate.objects.filter(proxy=_who(actor), ended_at=None, until__gte=today)
    rows = found.select_related("principal").annotate(
        open_cases=_count(mine.exclude(state=State.DRAFT).exclude(turn=Turn.NOBODY)),
        drafts=_count(mine.filter(state=State.DRAFT)),
    )
    return rows.order_by(F("confirmed_at").asc(nulls_last=True), "id")


def _count(cases: QuerySet[Case]) -> Any:
    counted = cases.values("person").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def as_proxy(actor: Actor, pk: UUID) -> Mandate | None:
    """Return this person's mandate of this key, whatever its standing; another's is nothing."""
    return Mandate.objects.select_related("principal").filter(pk=pk, proxy=_who(actor)).first()


def is_filed_under(pk: UUID) -> bool:
    """Whether a case of the desk's was filed under this mandate."""
    return Case.objects.filed().filter(events__mandate=pk).exists()


def as_party(actor: Actor, pk: UUID, *, sees_all: bool) -> Mandate | None:
    """Return the mandate to either side of it, and to whoever sees all; to anybody else nothing."""
    found = Mandate.objects.select_related("principal", "case").filter(pk=pk)
    if not sees_all:
        mine = Q(proxy=_who(actor)) | Q(principal__person=_who(actor))
        found = found.filter(mine) if actor.person_id else found.none()
    return found.first()


def given_by(actor: Actor) -> QuerySet[Mandate]:
    """Return the mandates that this person gave, the newest first."""
    found = Mandate.objects.select_related("principal").filter(principal__person=_who(actor))
    return (found if actor.person_id else found.none()).order_by("-created_at", "id")


def own_cases(mandate: Mandate) -> QuerySet[Case]:
    """Return the cases of its principal that this mandate's proxy acts on, what waits for somebody first."""
    cases = Case.objects.filter(person=mandate.principal.person, proxy=mandate.proxy)
    if mandate.case_id:
        cases = cases.filter(pk=mandate.case_id)
    elif mandate.item_code:
        cases = cases.filter(item_code=mandate.item_code)
    return cases.order_by("-updated_at", "id")


def term_of(person: UUID | None, today: date) -> ProxyTerm | None:
    """Return the term for which a town has appointed this person, if one runs today."""
    return running_terms(person, today).first()


def running_terms(person: UUID | None, today: date) -> QuerySet[ProxyTerm]:
    """Return the terms of this person that run today: one at most."""
    return ProxyTerm.objects.filter(
        person=person or NOBODY, ended_at=None, since__lte=today, until__gte=today
    )


def terms() -> QuerySet[ProxyTerm]:
    """Return the town's proxies with how many `principals` each acts for; those in office first."""
    held = (
        Mandate.objects.filter(proxy=OuterRef("person"), ended_at=None).exclude(confirmed_at=None).order_by()
    )
    counted = held.values("proxy").annotate(number=Count("principal", distinct=True)).values("number")
    found = ProxyTerm.objects.annotate(principals=Coalesce(Subquery(counted), 0))
    return found.order_by(F("ended_at").desc(nulls_first=True), "town", "name", "id")
