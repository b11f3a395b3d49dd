"""Submitting several items at once: one parent, a case for each item in its department, all in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Company
from accounts.queries import Applicant
from audit import services as audit
from cases.hall import answers, messages, numbers
from cases.hall.enums import Power, State
from cases.hall.models import Case, CaseFile, Mandate, ParentCase
from cases.hall.queries import bundles, place
from cases.hall.services import attachments, authority, drafts, serials, submit, telling
from cases.hall.services.bundles import acting, drafting
from cases.hall.services.drafts import HallNotTaking, ItemChanged
from cases.hall.services.submit import Incomplete
from catalog.hall.models import EffectiveItem
from catalog.shared import bundles as together
from catalog.shared.models import Bundle

_OF_ITEM = ["item", "item_code", "item_name", "item_version", "department", "applicant", "applicant_masked"]


@dataclass
class _Child:
    """A case to be filed: what of the whole is its own, checked."""

    case: Case
    mandate: Mandate | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    delivery: dict[str, Any] = field(default_factory=dict)


def submit_whole(
    case: Case,
    *,
    actor: Actor,
    applicant: Applicant | None,
    version: str,
    idempotency_key: str,
    now: datetime,
) -> ParentCase:
    """File a bundle's draft: it becomes the case of its first item, the others are made beside it.

    Each freezes its own item as it is now, gets a number, clock A and its group. A draft that was submitted already gives
    its parent. Raises what `submit.submit` does.
    """
    case = Case.objects.lock(case.pk)
    mandate = authority.check(case, actor, Power.SUBMIT, now=now)
    if case.state != State.DRAFT and case.parent is not None:
        return case.parent
    if not place.is_taking():
        raise HallNotTaking
    bundle = drafting.named(case.bundle)
    found = bundles.chosen(bundle, case.codes)
    # an item that is hidden meanwhile changes the whole as a new version does
    if not version == case.item_version == bundles.version(found):
        raise ItemChanged(bundles.changes(case.item, bundles.whole(bundle, found)))
    submit.check_company(case, actor)
    given = set(attachments.current(case).values_list("material_key", flat=True))
    drafts.take_applicant(case, authority.applicant(mandate) if mandate else applicant, mandate)
    children = _children(case, found)
    # the account may have another number since the draft began
    said = {**case.answers, **answers.own(case.item["form"], submit.own_number(case))}
    _check(case.item, children, said, case.delivery, given, now)
    children[0].case.save(update_fields=_OF_ITEM, force_update=True)
    _begin_others(children, actor, now)
    return _enter(bundle, children, actor=actor, key=idempotency_key, digest="", now=now)


def file_whole(
    *,
    key: str,
    codes: Collection[str],
    raw_answers: Mapping[str, Any],
    files: Mapping[str, Sequence[UUID]],
    raw_delivery: Any,
    actor: Actor,
    applicant: Applicant | None,
    company: Company | None,
    idempotency_key: str,
    body: Mapping[str, Any],
    mandate: UUID | None = None,
    now: datetime,
) -> ParentCase:
    """File items of a bundle in one go; the same key with the same body gives the same parent, however often and at once.

    `raw_answers` and `files` are by the names of the whole form. Raises what `submit.file_case` does, drafting.TooFew.
    """
    digest = submit.body_digest(body)
    if mandate:
        idempotency_key = submit.for_others(actor, idempotency_key)
    if known := _known(actor, idempotency_key, digest):
        return known
    if not place.is_taking():
        raise HallNotTaking
    bundle = drafting.named(key)
    found = drafting.of_bundle(bundle, codes)
    authority.check_level(max(item.identity_level for item in found), actor)
    given_mandate = (
        acting.check_start(mandate, actor, found, now=now, power=Power.SUBMIT) if mandate else None
    )
    applicant = authority.applicant(given_mandate) if given_mandate else applicant
    if applicant is None:
        raise TypeError("who applies must be said where no mandate says it")
    case = drafting.new(bundle, found, applicant=applicant, company=company, mandate=given_mandate, now=now)
    whole = case.item
    submit.check_company(case, actor)
    given = {name: list(dict.fromkeys(ids)) for name, ids in files.items() if ids}
    _refuse_unknown(whole, raw_answers, given)
    children = _children(case, found)
    delivery = answers.clean_delivery(whole["delivery"], raw_delivery)
    if delivery.errors:
        raise Incomplete({"delivery": next(iter(delivery.errors.values()))}, {})
    _check(whole, children, raw_answers, delivery.values, given.keys(), now)
    first = children[0].case
    first.idempotency_key, first.body_digest = idempotency_key, digest
    if faster := submit.store(
        first, given, actor=actor, known=lambda: _known(actor, idempotency_key, digest)
    ):
        return faster
    _begin_others(children, actor, now)
    return _enter(bundle, children, actor=actor, key=idempotency_key, digest=digest, now=now)


def _known(actor: Actor, key: str, digest: str) -> ParentCase | None:
    """Return what was filed under this key. Raises OtherBody for another body, and for a case of one item."""
    known = submit.known_by_key(actor, key, digest)
    if known is not None and known.parent is None:
        raise submit.OtherBody
    return known.parent if known else None


def _refuse_unknown(
    whole: Mapping[str, Any], raw_answers: Mapping[str, Any], given: Mapping[str, Any]
) -> None:
    asked = {row["name"] for row in whole["form"]}
    wanted = {row["key"] for row in whole["materials"]}
    names = {answers.printable(str(name))[:60] for name in raw_answers.keys() - asked}
    keys = {answers.printable(str(key))[:60] for key in given.keys() - wanted}
    if names or keys:
        raise Incomplete(
            {name: _("这个事项不用填这一项，请去掉") for name in sorted(names)},
            {key: _("这个事项不要这份材料") for key in sorted(keys)},
        )


def _begin_others(children: Sequence[_Child], actor: Actor, now: datetime) -> None:
    """Look for each child's own mandate, and store all but the first, which stands already."""
    for child in children:
        child.mandate = authority.check(child.case, actor, Power.SUBMIT, now=now)
        if child is not children[0]:
            child.case.save(force_insert=True)


def _children(case: Case, found: Sequence[EffectiveItem]) -> list[_Child]:
    """Return a case for each item, none stored yet; the first is what the draft becomes: it has its key."""
    children: list[_Child] = []
    for item in found:
        child = Case(
            id=uuid4() if children else case.pk,
            person=case.person,
            applicant=case.applicant,
            applicant_masked=case.applicant_masked,
            proxy=case.proxy,
            taken_over_at=case.taken_over_at,
            company_uscc=case.company_uscc,
            company_name=case.company_name,
            item_code=item.code,
            bundle=case.bundle,
            created_at=case.created_at,
            updated_at=case.updated_at,
            turn=case.turn,
        )
        drafts.take_item(child, item)
        children.append(_Child(child))
    return children


def _check(
    whole: Mapping[str, Any],
    children: Sequence[_Child],
    given_answers: Mapping[str, Any],
    delivery: Mapping[str, Any],
    files: Collection[str],
    now: datetime,
) -> None:
    """Check each item's part by that item alone. Raises Incomplete with everything, by the names of the whole form."""
    fields: dict[str, str] = {}
    materials: dict[str, str] = {}
    for child in children:
        case, code = child.case, child.case.item_code
        said = together.answers_of(whole["form"], code, given_answers)
        own = {**answers.own(case.item["form"], submit.own_number(case)), **said}
        way = together.delivery_of(case.item.get("delivery") or [], delivery) if delivery else {}
        there = {row["key"] for row in bundles.wanted(case)} & set(files)
        try:
            child.answers, child.delivery = submit.check_whole(case, own, way, there, now)
        except Incomplete as problem:
            names = {row["asks"][code]: row["name"] for row in whole["form"] if code in row["asks"]}
            fields |= {names.get(name, name): text for name, text in problem.fields.items()}
            materials |= problem.materials
    if fields or materials:
        raise Incomplete(fields, materials)


def _enter(
    bundle: Bundle, children: Sequence[_Child], *, actor: Actor, key: str, digest: str, now: datetime
) -> ParentCase:
    """Number the parent and its children, share the files, take each child's first step; tell it once."""
    parent = ParentCase.objects.create(
        number=serials.case_number(timezone.localdate(now)),
        bundle=bundle.key,
        name=bundle.name,
        waits=bundles.waits(bundle, [child.case.item_code for child in children]),
        received_at=now,
    )
    cases = [child.case for child in children]
    _distribute(cases)
    code = numbers.query_code()
    for child in children:
        submit.enter(
            child.case,
            child.answers,
            child.delivery,
            actor=actor,
            key=key if child is children[0] else "",
            digest=digest,
            mandate=child.mandate,
            now=now,
            parent=parent,
            query_code=code,
        )
    first = cases[0]
    facts = {"item": parent.name, "number": parent.number, "query_code": code, "due_on": first.due_on}
    telling.of_case(
        first, messages.said("submitted", facts), event=first.events.get(action="submit"), now=now
    )
    audit.record(
        "bundle.submit",
        now=now,
        actor=actor.person_id,
        actor_name=actor.display_name,
        object=parent.number,
        detail={"bundle": bundle.key, "cases": [case.number for case in cases]},
    )
    return parent


def _distribute(cases: Sequence[Case]) -> None:
    """Give each case the files that its item wants: of the one row of a file the first has it, the others one of their own."""
    files = list(attachments.current(cases[0]).order_by("uploaded_at", "id"))
    for file in files:
        takers = [case for case in cases if file.material_key in {row["key"] for row in bundles.wanted(case)}]
        for case in takers[1:]:
            attachments.share(file, case)
        if takers and takers[0] is not cases[0]:
            CaseFile.objects.filter(pk=file.pk).update(case=takers[0])
