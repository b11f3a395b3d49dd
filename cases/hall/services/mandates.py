"""Mandates 委托: given by the principal or asked for by a town's proxy, proved, ended at once by either side or the hall."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.queries import applicant_of, person_with_phone
from accounts.services import counters
from audit import services as audit
from cases.hall import files
from cases.hall.enums import MandateKind, Power, Proof
from cases.hall.models import Case, Mandate, MandatePaper, Principal
from cases.hall.models.mandate import LONGEST
from cases.hall.queries import items, mandates, place
from cases.hall.queries.access import person_of
from cases.hall.services import authority, principals, telling
from cases.hall.transitions import DESK
from cases.shared.claiming import claim_index
from cases.shared.models import MandatePointer

ADMIN = "hall_admin"
TRIES_A_DAY = 20


class NotGiven(Exception):
    """The mandate cannot be made so: `fields` says what to change, by field."""

    def __init__(self, **fields: str) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = fields


class NoTerm(PermissionDenied):
    """Nobody but a town's proxy asks others for mandates (HTTP 403)."""

    def __init__(self) -> None:
        super().__init__(_("您现在不是这个大厅的代办员。任期由乡镇、街道定，请找他们续。"))


class NotWaiting(Exception):
    """The mandate is proved or ended already."""

    def __init__(self) -> None:
        super().__init__(_("这份委托已经确认过或收回了"))


@dataclass(frozen=True)
class Terms:
    """For what, by which powers, until when. `item_code` empty: for all; a case is named by itself."""

    until: date
    powers: Collection[str] = field(default_factory=lambda: tuple(Power.values))
    item_code: str = ""
    case: Case | None = None


def ask(facts: principals.Facts, terms: Terms, *, actor: Actor, now: datetime) -> Mandate:
    """Note a mandate that a town's proxy asks for; it allows nothing until it is proved (services.proofs).

    Raises NoTerm, NotGiven.
    """
    today = timezone.localdate(now)
    term = mandates.term_of(actor.person_id, today)
    if term is None:
        raise NoTerm
    if facts.id_number and facts.id_number == applicant_of(actor).id_number:
        raise NotGiven(id_number=_("这是您自己，不用委托"))
    if terms.until > term.until:
        raise NotGiven(until=_("您的任期到 %(day)s，委托不能更久") % {"day": term.until})
    try:
        principal = principals.of(facts, now=now)
    except principals.OtherName as problem:
        raise NotGiven(name=str(problem)) from None
    except principals.OtherPhone as problem:
        raise NotGiven(phone=str(problem)) from None
    if terms.case is not None and terms.case.person != principal.person:
        raise NotGiven(number=_("这件不是他的"))
    return make(principal, terms, proxy=person_of(actor), name=actor.display_name, by=actor, now=now)


def give(name: str, phone: str, terms: Terms, *, actor: Actor, now: datetime) -> Mandate:
    """Let the person of this name and phone act for whoever is signed in, from now on. Raises NotGiven, TooMany.

    Name and phone must belong together, and tries are few: nobody learns here who a number belongs to.
    """
    counters.reserve(f"mandate:{actor.person_id}", limit=TRIES_A_DAY, window_seconds=24 * 3600, now=now)
    helper = person_with_phone(phone, name)
    if helper is None or not helper.is_active:
        raise NotGiven(phone=_("姓名和手机号对不上，或者他还没注册"))
    if helper.pk == actor.person_id:
        raise NotGiven(phone=_("这是您自己，不用委托"))
    if terms.case is not None and terms.case.person != actor.person_id:
        raise NotGiven(number=_("没有这件"))
    own = _own_row(actor, now)
    mandate = make(own, terms, proxy=helper.pk, name=helper.name, by=actor, now=now)
    return confirm(mandate, Proof.ACCOUNT, by=actor, now=now)


def _own_row(actor: Actor, now: datetime) -> Principal:
    known = Principal.objects.filter(person=person_of(actor)).first()
    if known is not None:
        return known
    me = applicant_of(actor)
    found = principals.of(principals.Facts(me.name, me.id_number, me.phone), now=now)
    if found.person != actor.person_id:
        # the same ID number was named by a proxy with another phone: the window looks at the card
        raise NotGiven(phone=_("您的身份证号在这里留过别的手机号，请带身份证到窗口改"))
    return found


def make(
    principal: Principal,
    terms: Terms,
    *,
    proxy: UUID,
    name: str,
    by: Actor,
    now: datetime,
    kind: str = MandateKind.PROXY,
    relation: str = "",
) -> Mandate:
    """Write a mandate that is not proved yet, and its public pointer. Raises NotGiven."""
    today = timezone.localdate(now)
    if not today <= terms.until or (kind == MandateKind.PROXY and terms.until > today + LONGEST):
        raise NotGiven(until=_("从今天起，最长一年"))
    if not terms.powers or not set(terms.powers) <= set(Power.values):
        raise NotGiven(powers=_("请至少选一样"))
    code = terms.case.item_code if terms.case else terms.item_code
    mandate = Mandate.objects.create(
        kind=kind,
        principal=principal,
        proxy=proxy,
        proxy_name=name,
        relation=relation,
        item_code=code,
        item_name=_item_name(code, kind),
        case=terms.case,
        powers=[power for power in Power.values if power in terms.powers],
        since=today,
        until=terms.until,
        created_at=now,
    )
    _record("mandate.ask", mandate, by, now)
    point(mandate)
    return mandate


def _item_name(code: str, kind: str) -> str:
    if not code:
        return ""
    item = items.applicable(code)
    if item is None:
        raise NotGiven(item=_("这个事项不能在网上申请"))
    if kind == MandateKind.PROXY and not item.proxy_allowed:
        raise NotGiven(item=str(authority.InPersonOnly()))
    return item.name


def waiting(pk: UUID, now: datetime) -> Mandate:
    """Return a mandate that waits for its proof, locked; its case and its proxy's term before it.

    Raises NotWaiting, and NoTerm when the proxy's term has ended meanwhile.
    """
    found = Mandate.objects.filter(pk=pk).values_list("case", "proxy").first()
    if found is None:
        raise NotWaiting
    case, proxy = found
    if case is not None:
        Case.objects.lock(case)
    if not mandates.running_terms(proxy, timezone.localdate(now)).select_for_update(no_key=True).first():
        raise NoTerm
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("principal").get(pk=pk)
    if mandate.confirmed_at or mandate.ended_at or timezone.localdate(now) > mandate.until:
        raise NotWaiting
    return mandate


def agree(pk: UUID, *, actor: Actor, now: datetime) -> Mandate:
    """Prove a mandate by the principal's own sign-in. Raises NotWaiting, PermissionDenied for anybody else."""
    mandate = waiting(pk, now)
    if mandate.principal.person != actor.person_id:
        raise PermissionDenied
    return confirm(mandate, Proof.ACCOUNT, by=actor, now=now)


def confirm(
    mandate: Mandate, proof: Proof, *, by: Actor, now: datetime, upload: Any = None, is_told: bool = True
) -> Mandate:
    """Put a mandate in force, with the photo that proves it where there is one. Raises FileRefused, NotInMandate."""
    if upload is not None:
        keep_paper(mandate, upload, now)
    mandate.proof, mandate.confirmed_at = proof, now
    mandate.save(update_fields=["proof", "confirmed_at"])
    if mandate.case_id is not None:
        _open_case(mandate, mandate.case_id)
    _record("mandate.confirm", mandate, by, now, proof=str(proof))
    point(mandate)
    if is_told:
        telling.of_mandate(mandate, now=now)
    return mandate


def _open_case(mandate: Mandate, pk: UUID) -> None:
    case = Case.objects.lock(pk)
    if case.events.filter(actor=mandate.proxy, actor_post__in=DESK).exists():
        raise authority.NotInMandate(_("这件他在窗口处理过，不能替您办"))
    case.proxy, case.taken_over_at = mandate.proxy, None
    case.save(update_fields=["proxy", "taken_over_at"])


def keep_paper(mandate: Mandate, upload: Any, now: datetime) -> None:
    """Keep the photo of the paper, checked like any file that a stranger sends. Raises files.FileRefused."""
    facts = files.inspect(upload, upload.name or "")
    path = files.store(facts.content, f"{place.here().role}/{timezone.localdate(now):%Y}")
    MandatePaper.objects.create(
        mandate=mandate,
        name=facts.name,
        content_type=facts.content_type,
        size=facts.size,
        sha256=facts.sha256,
        path=path,
        uploaded_at=now,
    )


def end(pk: UUID, *, actor: Actor, now: datetime) -> Mandate:
    """End a mandate at once: by its principal, its proxy or the hall's admin. Again changes nothing.

    Waits for an act that holds the row; the next act is refused. Drafts and cases stay the principal's as they are.
    Raises PermissionDenied for anybody else.
    """
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("principal").get(pk=pk)
    is_party = actor.person_id is not None and actor.person_id in (mandate.proxy, mandate.principal.person)
    if not is_party and not actor.holds(ADMIN):
        raise PermissionDenied
    if mandate.ended_at is None:
        mandate.ended_at, mandate.ended_name = now, actor.display_name
        mandate.save(update_fields=["ended_at", "ended_name"])
        _record("mandate.end", mandate, actor, now)
        point(mandate)
        if mandate.kind == MandateKind.PROXY and mandate.principal.person != actor.person_id:
            telling.of_end(mandate, now=now)
    return mandate


def set_telling(pk: UUID, *, tells: bool, actor: Actor, now: datetime) -> None:
    """Let each act of the proxy ring the principal's phone, or stand in the inbox alone. The principal's to say.

    Raises PermissionDenied for anybody else.
    """
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("principal").get(pk=pk)
    if actor.person_id is None or mandate.principal.person != actor.person_id:
        raise PermissionDenied
    if mandate.tells_acts != tells:
        mandate.tells_acts = tells
        mandate.save(update_fields=["tells_acts"])
        _record("mandate.telling", mandate, actor, now, tells=str(tells))


def take_over(case: Case, *, actor: Actor, now: datetime) -> Case:
    """Let the applicant go on alone with one case or draft: the proxy acts on it no more. Raises PermissionDenied."""
    case = Case.objects.lock(case.pk)
    if case.person != actor.person_id:
        raise PermissionDenied
    if case.proxy is not None and case.taken_over_at is None:
        case.taken_over_at = now
        case.save(update_fields=["taken_over_at"])
        audit.record(
            "case.take_over",
            now=now,
            actor=actor.person_id,
            actor_name=actor.display_name,
            object=case.number or str(case.pk),
        )
    return case


def point(mandate: Mandate) -> None:
    """Write the public fact by which the portal shows a mandate to both sides."""
    principal = mandate.principal
    claim = "" if principal.has_account else claim_index(principal.id_number, principal.phone)
    values = {
        "hall_id": place.here().role,
        "principal": principal.person,
        "proxy": mandate.proxy,
        "proxy_name": mandate.proxy_name,
        "principal_masked": principal.masked,
        "kind": mandate.kind,
        "item_name": mandate.item_name,
        "until": mandate.until,
        "is_confirmed": mandate.confirmed_at is not None,
        "is_ended": mandate.ended_at is not None,
        "claim_index": claim,
    }
    pointer = MandatePointer(mandate=mandate.pk, **values)
    MandatePointer.objects.bulk_create(
        [pointer],
        update_conflicts=True,
        unique_fields=["mandate"],
        update_fields=[*values.keys() - {"hall_id"}],
    )


def _record(action: str, mandate: Mandate, by: Actor, now: datetime, **detail: str) -> None:
    facts = {**telling.audited(mandate), "item": mandate.item_code, "until": str(mandate.until), **detail}
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=str(mandate.pk),
        detail=facts,
    )
