"""The one draft of several items: begun, other items chosen, taken again when an item has changed.

It is an ordinary draft whose item is what its items ask for together, so that pages, files and answers are those of
every draft; submitting makes the cases of it (`filing`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Company
from accounts.queries import Applicant
from cases.hall import answers
from cases.hall.models import Case, Mandate
from cases.hall.queries import bundles, place
from cases.hall.services import attachments, authority, drafts, steps, telling
from cases.hall.services.bundles import acting
from cases.hall.services.drafts import HallNotTaking, NotOffered
from catalog.hall.models import EffectiveItem
from catalog.shared.models import Bundle
from catalog.shared.queries import bundle as bundle_of

_TAKEN = ["item", "item_code", "item_name", "item_version", "department", "answers", "updated_at"]


class TooFew(Exception):
    """One item alone is applied for by itself."""

    def __init__(self) -> None:
        super().__init__(_("至少选两项。只办一项的，请到那一项的页面申请"))


def start(
    key: str,
    codes: Collection[str],
    *,
    actor: Actor,
    applicant: Applicant | None = None,
    company: Company | None = None,
    mandate: UUID | None = None,
    now: datetime,
) -> Case:
    """Begin a draft of these items of a bundle, or give the one that was begun this choice: what was typed stays.

    With a `mandate` it is its principal's. Raises HallNotTaking, NotOffered, TooFew; authority.MandateOver, NotInMandate, LevelNeeded.
    """
    if not place.is_taking():
        raise HallNotTaking
    bundle = named(key)
    found = of_bundle(bundle, codes)
    authority.check_level(max(item.identity_level for item in found), actor)
    given = acting.check_start(mandate, actor, found, now=now) if mandate else None
    applicant = authority.applicant(given) if given else applicant
    if applicant is None:
        raise TypeError("who applies must be said where no mandate says it")
    kept = bundles.draft_of(
        applicant.person_id, key, company.uscc if company else "", proxy=given.proxy if given else None
    )
    if kept is not None:
        case = drafts.locked(kept, actor, now)
        take(case, bundle, found, now=now)
        return case
    case = new(bundle, found, applicant=applicant, company=company, mandate=given, now=now)
    case.save(force_insert=True)
    steps.point(case, now=now)
    if given:
        telling.of_draft(case, given, now=now)
    return case


def named(key: str) -> Bundle:
    """Return the bundle of this key. Raises NotOffered."""
    found = bundle_of(key)
    if found is None:
        raise NotOffered(_("这件事不能在网上一起申请了，请分开申请"))
    return found


def of_bundle(bundle: Bundle, codes: Collection[str]) -> list[EffectiveItem]:
    """Return these items of a bundle as they are now. Raises NotOffered: the bundle's page says what there is; TooFew."""
    if set(codes) - set(bundle.codes):
        raise NotOffered(_("这件事里没有这一项"))
    found = bundles.chosen(bundle, codes)
    if len(found) < len(set(codes)):
        raise NotOffered(_("有的项在本厅不能网上申请，请看这件事的页面"))
    if len(found) < bundles.FEWEST:
        raise TooFew
    return found


def new(
    bundle: Bundle,
    found: Sequence[EffectiveItem],
    *,
    applicant: Applicant,
    company: Company | None,
    mandate: Mandate | None,
    now: datetime,
) -> Case:
    """Return a draft of these items that is not stored yet."""
    case = drafts.new(found[0], applicant=applicant, company=company, now=now)
    case.bundle = bundle.key
    _freeze(case, bundle, found)
    case.answers = answers.own(case.item["form"], applicant.id_number)
    if mandate:
        drafts.take_proxy(case, mandate)
    return case


def _freeze(case: Case, bundle: Bundle, found: Sequence[EffectiveItem]) -> None:
    case.item = bundles.whole(bundle, found)
    case.item_code, case.department = found[0].code, found[0].department
    case.item_name, case.item_version = bundle.name, bundles.version(found)


def take(case: Case, bundle: Bundle, found: Sequence[EffectiveItem], *, now: datetime) -> None:
    """Give a locked draft these items; answers and files that none of them asks for go."""
    _freeze(case, bundle, found)
    asked = {row["name"] for row in case.item["form"]}
    case.answers = {name: value for name, value in case.answers.items() if name in asked}
    if case.delivery.get("method") not in case.item["delivery"]:
        case.delivery = {}
    case.updated_at = now
    case.save(update_fields=[*_TAKEN, "delivery"])
    wanted = {row["key"] for row in case.item["materials"]}
    attachments.drop(attachments.current(case).exclude(material_key__in=wanted), now=now)
    steps.point(case, now=now)


def refresh(case: Case, *, actor: Actor, now: datetime) -> list[str]:
    """Take the items' present versions into the draft; return what changed for the applicant.

    An item that the hall has hidden meanwhile falls out, and the rest goes on. Raises NotADraft, NotOffered, TooFew.
    """
    fresh = drafts.locked(case, actor, now)
    bundle = named(fresh.bundle)
    found = bundles.chosen(bundle, fresh.codes)
    if len(found) < bundles.FEWEST:
        raise TooFew
    if bundles.version(found) == fresh.item_version:
        return []
    before = fresh.item
    take(fresh, bundle, found, now=now)
    for name in (*_TAKEN, "delivery"):
        # the caller goes on with the object it has
        setattr(case, name, getattr(fresh, name))
    return bundles.changes(before, fresh.item)
