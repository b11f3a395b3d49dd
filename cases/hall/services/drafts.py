"""Drafts 草稿: begun, filled in page by page, kept in the account, and thrown away by their owner or after 90 days."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.masking import mask_id, mask_name
from accounts.models import Company
from accounts.queries import Applicant
from audit import services as audit
from cases.hall import answers, differing, messages
from cases.hall.enums import Power, State, Turn
from cases.hall.models import Case, CaseFile, Mandate
from cases.hall.queries import items, place
from cases.hall.services import attachments, authority, prefilling, steps, telling
from cases.shared.models import DRAFT_KEPT_DAYS, DRAFT_TOLD_DAYS, Pointer
from catalog.hall.models import EffectiveItem

_ANSWERED = ["answers", "to_check", "updated_at"]


class NotOffered(Exception):
    """The item is not offered here, or cannot be applied for online."""


class HallNotTaking(Exception):
    """The hall takes no new applications now; the text says what still works."""

    def __init__(self) -> None:
        super().__init__(_("本厅暂停收件，查进度、取证件照常"))


class NotADraft(Exception):
    """The case has been submitted: nothing of it is changed any more."""

    def __init__(self, case: Case) -> None:
        super().__init__(_("这件已经提交过，编号 %(number)s") % {"number": case.number})


class ItemChanged(Exception):
    """The item is not what the applicant saw: `changes` names what is new."""

    def __init__(self, changes: list[str]) -> None:
        named = "；".join(changes) or _("说明")
        super().__init__(_("事项刚改过：%(changes)s。您填的都在，请看一眼") % {"changes": named})
        self.changes = changes


def start(
    item_code: str,
    *,
    actor: Actor,
    applicant: Applicant | None = None,
    company: Company | None = None,
    mandate: UUID | None = None,
    now: datetime,
) -> Case:
    """Return this person's open draft of this item (for this company), or begin one. Raises NotOffered, HallNotTaking.

    With a `mandate` it is its principal's, who applies and is told; raises authority.MandateOver, NotInMandate too; LevelNeeded in any case.
    """
    if not place.is_taking():
        raise HallNotTaking
    item = items.applicable(item_code)
    if item is None:
        raise NotOffered(_("这个事项不能在网上申请"))
    given = authority.check_start(mandate, actor, item, now=now) if mandate else None
    authority.check_level(item.identity_level, actor)
    applicant = authority.applicant(given) if given else applicant
    if applicant is None:
        raise TypeError("who applies must be said where no mandate says it")
    uscc = company.uscc if company else ""
    drafts = Case.objects.of_person(applicant.person_id).filter(
        state=State.DRAFT, item_code=item_code, company_uscc=uscc, bundle=""
    )
    # what the principal began alone is unknown to the proxy; what the proxy began is taken over by the principal's word
    drafts = drafts.filter(proxy=given.proxy, taken_over_at=None) if given else drafts.held_alone()
    kept = drafts.order_by("-updated_at", "id").first()
    if kept is not None:
        return kept
    case = new(item, applicant=applicant, company=company, now=now)
    if given:
        take_proxy(case, given)
    prefilling.fill(case, applicant, mandate=given, now=now)
    case.save(force_insert=True)
    steps.point(case, now=now)
    if given:
        telling.of_draft(case, given, now=now)
    return case


def new(item: EffectiveItem, *, applicant: Applicant, company: Company | None, now: datetime) -> Case:
    """Return a draft of this item that is not stored yet."""
    case = Case(
        person=applicant.person_id,
        item_code=item.code,
        company_uscc=company.uscc if company else "",
        company_name=company.name if company else "",
        created_at=now,
        updated_at=now,
        turn=Turn.APPLICANT,
    )
    take_item(case, item)
    take_applicant(case, applicant)
    case.answers = answers.own(case.item["form"], applicant.id_number)
    return case


def take_proxy(case: Case, mandate: Mandate) -> None:
    """Note who acts on the case for its applicant."""
    case.proxy = mandate.proxy
    take_applicant(case, authority.applicant(mandate), mandate)


def take_item(case: Case, item: EffectiveItem) -> None:
    """Freeze the item as it is now into the case."""
    case.item = items.frozen(item)
    case.item_name, case.item_version, case.department = item.name, item.version, item.department


def take_applicant(case: Case, applicant: Applicant | None, mandate: Mandate | None = None) -> None:
    """Freeze who applies into the case, whole and masked; and who acts for them, under which mandate."""
    if applicant is None:
        raise TypeError("who applies must be said where no mandate says it")
    case.applicant = {"name": applicant.name, "id_number": applicant.id_number, "phone": applicant.phone}
    if mandate:
        acting = {"agent": mandate.proxy_name, "relation": mandate.relation, "mandate": str(mandate.pk)}
        case.applicant |= acting
    case.applicant_masked = (
        case.company_name or f"{mask_name(applicant.name)} {mask_id(applicant.id_number)}".strip()
    )


def locked(case: Case, actor: Actor, now: datetime) -> Case:
    """Return the draft, locked, to whoever may fill it in. Raises NotADraft with the number that it got, MandateOver."""
    fresh = Case.objects.lock(case.pk)
    authority.check(fresh, actor, Power.FILL, now=now)
    if fresh.state != State.DRAFT:
        raise NotADraft(fresh)
    fresh.acted_for = case.acted_for
    return fresh


def save_answers(case: Case, cleaned: Mapping[str, Any], *, actor: Actor, now: datetime) -> Case:
    """Put cleaned answers of one page over those that are there; None takes one away. Raises NotADraft, MandateOver.

    Whatever is named has been looked at.
    """
    case = locked(case, actor, now)
    merged = {**case.answers, **cleaned}
    case.answers = {name: value for name, value in merged.items() if value is not None}
    case.to_check = {name: why for name, why in case.to_check.items() if name not in cleaned}
    case.updated_at = now
    case.save(update_fields=_ANSWERED)
    return case


def clear_filled(case: Case, *, actor: Actor, now: datetime) -> Case:
    """Take away what was filled in for the applicant and not looked at yet. Raises NotADraft, MandateOver."""
    case = locked(case, actor, now)
    filled = {name for name, why in case.to_check.items() if why in prefilling.FILLED}
    case.answers = {name: value for name, value in case.answers.items() if name not in filled}
    case.to_check = {name: why for name, why in case.to_check.items() if name not in filled}
    case.updated_at = now
    case.save(update_fields=_ANSWERED)
    return case


def set_delivery(case: Case, delivery: Mapping[str, Any], *, actor: Actor, now: datetime) -> Case:
    """Keep how the result is to be handed over (answers.clean_delivery). Raises NotADraft, MandateOver."""
    case = locked(case, actor, now)
    case.delivery = dict(delivery)
    case.updated_at = now
    case.save(update_fields=["delivery", "updated_at"])
    return case


def refresh(case: Case, *, actor: Actor, now: datetime) -> list[str]:
    """Take the item's present version into the draft; return what changed for the applicant, a line each.

    Answers stay as far as the form still takes them. Raises NotADraft, NotOffered.
    """
    fresh = locked(case, actor, now)
    item = items.applicable(case.item_code)
    if item is None:
        raise NotOffered(_("这个事项不能在网上申请"))
    if item.version == fresh.item_version:
        return []
    before = fresh.item
    take_item(fresh, item)
    prefilling.take_over(fresh, differing.changed_questions(before, fresh.item), now=now)
    fresh.updated_at = now
    fresh.save(update_fields=["item", "item_name", "item_version", "department", *_ANSWERED])
    steps.point(fresh, now=now)
    for name in ("item", "item_name", "item_version", "department", *_ANSWERED):
        # the caller goes on with the object it has
        setattr(case, name, getattr(fresh, name))
    return differing.changes(before, fresh.item)


def add_file(case: Case | None, *, material_key: str, upload: Any, actor: Actor, now: datetime) -> CaseFile:
    """Take one file for a material of the draft, in place of the one that was there; without a case it waits for one.

    `upload` is Django's uploaded file. Raises files.FileRefused, NotADraft.
    """
    if case is not None:
        case = locked(case, actor, now)
        attachments.check_material(case, material_key)
    taken = attachments.take(case, material_key=material_key, upload=upload, actor=actor, now=now)
    touch(case, now)
    return taken


def touch(case: Case | None, now: datetime) -> None:
    """Note that somebody worked on a draft; it is kept from then on."""
    if case is not None:
        case.updated_at = now
        case.save(update_fields=["updated_at"])


def remove_file(case_file: CaseFile, *, actor: Actor, now: datetime) -> None:
    """Take a file off the draft again. Raises NotADraft once the case is submitted."""
    if case_file.case is not None:
        locked(case_file.case, actor, now)
    attachments.drop([case_file], now=now)


def discard(case: Case, *, actor: Actor, now: datetime) -> None:
    """Delete a draft with its files; nothing of it was filed. Raises NotADraft."""
    _erase(locked(case, actor, now), actor=actor, now=now)


def erase_of(person: UUID, *, by: Actor, now: datetime) -> int:
    """Delete every draft of a person in this hall with its files; return how many."""
    own = Case.objects.of_person(person).filter(state=State.DRAFT).order_by("id")
    found = list(own.select_for_update(of=("self",)))
    for case in found:
        _erase(case, actor=by, now=now)
    return len(found)


def _erase(case: Case, *, actor: Actor, now: datetime) -> None:
    attachments.erase(case)
    Pointer.objects.filter(case=case.pk).delete()
    audit.record(
        "draft.discard", now=now, actor=actor.person_id, actor_name=actor.display_name, object=str(case.pk)
    )
    case.delete()


def tell_of_end(*, now: datetime) -> int:
    """Tell the owners of drafts in the hall in scope on which day these are deleted, once after each change; return how many."""
    told_from = now - timedelta(days=DRAFT_KEPT_DAYS - DRAFT_TOLD_DAYS)
    # what is over is deleted by the same round: nobody is told of a day that has passed
    ending = Case.objects.filter(
        Q(end_told_at=None) | Q(end_told_at__lt=F("updated_at")),
        state=State.DRAFT,
        updated_at__range=(now - timedelta(days=DRAFT_KEPT_DAYS), told_from),
    )
    found = list(ending.select_for_update(skip_locked=True).order_by("updated_at", "id")[:500])
    for case in found:
        ends_on = timezone.localdate(case.updated_at + timedelta(days=DRAFT_KEPT_DAYS))
        said = messages.said("draft_ends", {"item": case.item_name, "due_on": ends_on})
        telling.of_case(case, said, event=None, now=now)
        case.end_told_at = now
        case.save(update_fields=["end_told_at"])
    return len(found)


def expire(*, now: datetime) -> int:
    """Delete the drafts of the hall in scope that nobody touched for 90 days; return how many."""
    old = Case.objects.filter(state=State.DRAFT, updated_at__lt=now - timedelta(days=DRAFT_KEPT_DAYS))
    found = list(old.select_for_update(skip_locked=True).order_by("id")[:500])
    for case in found:
        _erase(case, actor=Actor(), now=now)
    return len(found)
