"""Submitting: a complete application becomes a case with a number. Submitting twice is submitting once."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Company
from accounts.queries import Applicant
from cases.hall import answers, differing, numbers, transitions
from cases.hall.enums import Power, State
from cases.hall.models import Case, Mandate, ParentCase
from cases.hall.queries import companies, items, place
from cases.hall.services import attachments, authority, drafts, routing, serials, steps
from cases.hall.services.drafts import HallNotTaking, ItemChanged, NotOffered
from catalog.shared.enums import Audience
from tenants.shared import divisions

MAX_KEY = 80
Known = TypeVar("Known", Case, ParentCase)
_FILED = [
    "number",
    "query_code",
    "received_at",
    "idempotency_key",
    "body_digest",
    "answers",
    "to_check",
    "delivery",
    "applicant",
    "applicant_masked",
    "division",
    "group",
    "parent",
]


class Incomplete(Exception):
    """Something is missing or wrong: by field of the form, and by key of the material. Said all at once."""

    def __init__(self, fields: dict[str, str], materials: dict[str, str]) -> None:
        super().__init__(_("有几处要改"))
        self.fields, self.materials = fields, materials


class OtherBody(Exception):
    """The idempotency key was used for another application (HTTP 422)."""

    def __init__(self) -> None:
        super().__init__(_("这个 Idempotency-Key 用在了另一份申请上，请换一个"))


def submit(
    case: Case,
    *,
    actor: Actor,
    applicant: Applicant | None,
    version: str,
    idempotency_key: str,
    now: datetime,
) -> Case:
    """File a draft: check it whole, give it a number and a query code, start clock A, tell the applicant.

    A draft that was submitted already is returned as it is. `version` is the item's version that the applicant saw.
    Under a mandate it is the principal's, whatever `applicant` says. Raises HallNotTaking, ItemChanged, Incomplete,
    OtherBody, NotOffered when the item is gone, and authority.MandateOver, NotInMandate, LevelNeeded.
    """
    case = Case.objects.lock(case.pk)
    mandate = authority.check(case, actor, Power.SUBMIT, now=now)
    if case.state != State.DRAFT:
        return case
    item = _item_to_file(case.item_code)
    if version != item.version or case.item_version != item.version:
        raise ItemChanged(differing.changes(case.item, items.frozen(item)))
    given = set(attachments.current(case).values_list("material_key", flat=True))
    check_company(case, actor)
    drafts.take_applicant(case, authority.applicant(mandate) if mandate else applicant, mandate)
    # the account may have another number since the draft began: it says who applies, and nobody types it
    raw = {**case.answers, **answers.own(case.item["form"], own_number(case))}
    checked, delivery = check_whole(case, raw, case.delivery, given, now)
    enter(case, checked, delivery, actor=actor, key=idempotency_key, digest="", mandate=mandate, now=now)
    return case


def file_case(
    *,
    item_code: str,
    raw_answers: Mapping[str, Any],
    files: Mapping[str, Sequence[UUID]],
    raw_delivery: Any,
    actor: Actor,
    applicant: Applicant | None,
    company: Company | None,
    idempotency_key: str,
    body: Mapping[str, Any],
    mandate: UUID | None = None,
    version: str = "",
    now: datetime,
) -> Case:
    """File an application in one go; the same key with the same body gives the same case, however often and at once.

    `files` are ids of the person's waiting files by material. With a `mandate` it is filed for its principal. `version`
    is the item's version that was read, if that is said. Raises OtherBody, HallNotTaking, NotOffered, ItemChanged,
    Incomplete, authority.MandateOver, NotInMandate, LevelNeeded.
    """
    digest = body_digest(body)
    if mandate:
        idempotency_key = for_others(actor, idempotency_key)
    if known := known_by_key(actor, idempotency_key, digest):
        return known
    item = _item_to_file(item_code)
    authority.check_level(item.identity_level, actor)
    if version and version != item.version:
        raise ItemChanged([])
    given_mandate = (
        authority.check_start(mandate, actor, item, now=now, power=Power.SUBMIT) if mandate else None
    )
    applicant = authority.applicant(given_mandate) if given_mandate else applicant
    if applicant is None:
        raise TypeError("who applies must be said where no mandate says it")
    case = drafts.new(item, applicant=applicant, company=company, now=now)
    check_company(case, actor)
    given = {key: list(dict.fromkeys(ids)) for key, ids in files.items() if ids}
    unknown = given.keys() - {material["key"] for material in case.item["materials"]}
    if unknown:
        raise Incomplete(
            {}, {answers.printable(key)[:60]: _("这个事项不要这份材料") for key in sorted(unknown)}
        )
    raw = {**answers.own(case.item["form"], own_number(case)), **raw_answers}
    checked, delivery = check_whole(case, raw, raw_delivery, given.keys(), now)
    case.idempotency_key, case.body_digest = idempotency_key, digest
    if given_mandate:
        drafts.take_proxy(case, given_mandate)
    if faster := store(case, given, actor=actor, known=lambda: known_by_key(actor, idempotency_key, digest)):
        return faster
    enter(
        case,
        checked,
        delivery,
        actor=actor,
        key=idempotency_key,
        digest=digest,
        mandate=given_mandate,
        now=now,
    )
    return case


def for_others(actor: Actor, key: str) -> str:
    """Return the key under which somebody files for another: their own, whoever the principal and whatever that one's keys."""
    return f"for-{hashlib.sha256(f'{actor.person_id}:{key}'.encode()).hexdigest()}"


def body_digest(body: Mapping[str, Any]) -> str:
    """Return the digest by which two bodies are told apart: of canonical JSON, so that order and spaces do not count."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def known_by_key(actor: Actor, key: str, digest: str) -> Case | None:
    """Return the case that this person filed under this key, or None. Raises OtherBody for one with another body."""
    whose = Q(person=actor.person_id) | Q(proxy=actor.person_id)
    known = Case.objects.filter(whose, idempotency_key=key).first()
    if known is not None and known.body_digest != digest:
        raise OtherBody
    return known


def check_company(case: Case, actor: Actor) -> None:
    """A draft may be older than the right to act for its company. Raises Incomplete."""
    named = (
        companies.for_item(actor, proxy_allowed=case.item.get("proxy_allowed", True))
        if case.company_uscc
        else []
    )
    if case.company_uscc and all(company.uscc != case.company_uscc for company in named):
        raise Incomplete({"company": _("您没有登记替这家企业办事，请先登记")}, {})


def _item_to_file(code: str) -> Any:
    if not place.is_taking():
        raise HallNotTaking
    item = items.applicable(code)
    if item is None:
        raise NotOffered(_("这个事项不能在网上申请"))
    return item


def store(
    case: Case, files: Mapping[str, list[UUID]], *, actor: Actor, known: Callable[[], Known | None]
) -> Known | None:
    """Store a new case under its key and give it its files; return what is `known` where the same key was faster by a moment.

    Raises Incomplete for files that are not there.
    """
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        if (theirs := known()) is not None:
            return theirs
        raise
    if lost := attachments.claim(case, files, actor=actor):
        raise Incomplete({}, {key: _("没有这份文件，请重新上传") for key in lost})
    return None


def own_number(case: Case) -> str:
    """Return the applicant's own ID number, as the account gave it."""
    return str(case.applicant.get("id_number", ""))


def check_whole(
    case: Case, raw_answers: Mapping[str, Any], raw_delivery: Any, given: Collection[str], now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the clean answers and delivery; `given` are the keys of the materials that are there.

    Raises Incomplete with everything that is missing, at once.
    """
    towns = {town.code for town in divisions.towns()}
    checked = answers.clean(
        case.item["form"],
        raw_answers,
        divisions=towns,
        today=timezone.localdate(now),
        own_number=own_number(case),
    )
    delivery = answers.clean_delivery(case.item.get("delivery") or [], raw_delivery)
    errors = dict(checked.errors)
    if delivery.errors:
        errors["delivery"] = next(iter(delivery.errors.values()))
    if case.company_uscc and case.item.get("audience") == Audience.PERSONAL:
        errors["company"] = _("这个事项只给个人办，请用您自己的名义申请")
    materials = answers.missing_materials(case.item.get("materials") or [], given)
    if errors or materials:
        raise Incomplete(errors, materials)
    return checked.values, delivery.values


def enter(
    case: Case,
    checked: dict[str, Any],
    delivery: dict[str, Any],
    *,
    actor: Actor,
    key: str,
    digest: str,
    mandate: Mandate | None,
    now: datetime,
    parent: ParentCase | None = None,
    query_code: str = "",
) -> None:
    """Give a checked application its number and take its first step. Raises OtherBody.

    A child of a `parent` has that one's query code, and what is told of the whole is told once, by the caller. Without
    a `key` it is no answer to any other request: the key of the whole is its first child's.
    """
    # a clock that was set back dates no submission before the draft that it came from
    now = max(now, case.updated_at)
    case.answers, case.to_check, case.delivery = checked, {}, delivery
    case.idempotency_key, case.body_digest = key[:MAX_KEY] or None, digest
    case.received_at, case.parent = now, parent
    case.query_code = query_code or numbers.query_code()
    case.number = serials.case_number(timezone.localdate(now))
    routing.place(case, checked)
    step = transitions.row("submit")
    try:
        with transaction.atomic():
            steps.take(
                case,
                [step],
                by=actor,
                post=transitions.APPLICANT,
                now=now,
                message="" if parent else step.message,
                changed=_FILED,
                mandate=mandate,
            )
    except IntegrityError:
        if (
            Case.objects.of_person(case.person)
            .filter(idempotency_key=case.idempotency_key)
            .exclude(pk=case.pk)
            .exists()
        ):
            raise OtherBody from None
        raise
