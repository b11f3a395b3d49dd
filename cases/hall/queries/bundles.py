"""一件事 as one application: what it asks for here and now, and how far the cases are that were filed with each other."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall import differing, numbers
from cases.hall.enums import State, Turn
from cases.hall.models import Case, CaseFile, CorrectionPoint, Event, ParentCase
from cases.hall.queries import access, documents, items, mandates, progress
from cases.hall.states import TAKING_FILES
from catalog.hall.models import EffectiveItem
from catalog.hall.queries import items_of
from catalog.shared import bundles
from catalog.shared.models import Bundle
from catalog.shared.queries import bundle as bundle_of

# fewer is an application for that item
FEWEST = 2
DECISIONS = ("grant", "refuse", "not_accept", "terminate", "reissue", "correct", "revoke")
# what others wait for is given, or never will be
_GOOD = frozenset({"grant", "reissue", "correct"})
_BAD = frozenset({"refuse", "not_accept", "withdraw", "abandon", "terminate", "transfer", "revoke"})


def applicable(bundle: Bundle) -> list[EffectiveItem]:
    """Return the items of a bundle that can be applied for here, in its order. One query."""
    return [item for item in items_of(bundle) if item.can_apply]


def chosen(bundle: Bundle, codes: Collection[str]) -> list[EffectiveItem]:
    """Return those of these items that can be applied for here, in the bundle's order. One query."""
    return [item for item in applicable(bundle) if item.code in codes]


def whole(bundle: Bundle, found: Sequence[EffectiveItem]) -> dict[str, Any]:
    """Return what these items ask for together, in the shape of a frozen item, with its `parts`."""
    own = {item.code: {**items.frozen(item), "code": item.code} for item in found}
    return {
        "name": bundle.name,
        **bundles.together(list(own.values()), bundle.own_questions),
        "identity_level": max(item.identity_level for item in found),
        "parts": [
            {"code": item.code, "name": item.name, "department": item.department, "version": item.version}
            for item in found
        ],
    }


def version(found: Iterable[EffectiveItem]) -> str:
    """Return by what two states of the same choice are told apart: the versions of all its items."""
    said = ",".join(f"{item.code}:{item.version}" for item in found)
    return hashlib.sha256(said.encode()).hexdigest()[:40]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return what an applicant notices of a change: what is new of the whole, and the items that are no part any more."""
    here = {part["code"] for part in after["parts"]}
    gone = [part["name"] for part in before["parts"] if part["code"] not in here]
    left = [_("本厅不办“%(item)s”了，其余照办") % {"item": name} for name in gone]
    if left:
        return left
    each = bundles.SAID_OF_EACH
    found = differing.changes(*({k: v for k, v in item.items() if k not in each} for item in (before, after)))
    for part in after["parts"]:
        own = ({name: item[name].get(part["code"]) for name in each} for item in (before, after))
        found += [f"{part['name']}：{text}" for text in differing.changes(*own)]
    return found


def meanwhile(case: Case) -> items.Meanwhile | None:
    """Return what became of a draft's item, or of its items, since its applicant last saw them; None when nothing did."""
    if not case.bundle:
        return items.meanwhile(case)
    bundle = bundle_of(case.bundle)
    found = chosen(bundle, case.codes) if bundle else []
    if bundle is None or len(found) < FEWEST:
        return items.Meanwhile(is_gone=True)
    if (now := version(found)) == case.item_version:
        return None
    return items.Meanwhile(now, tuple(changes(case.item, whole(bundle, found))))


def waits(bundle: Bundle, codes: Collection[str]) -> dict[str, list[str]]:
    """Return which of these items the bundle says come after which others of them."""
    found = {
        step["code"]: [code for code in step.get("after") or [] if code in codes]
        for step in bundle.steps
        if step["code"] in codes
    }
    return {code: first for code, first in found.items() if first}


def draft_of(person: UUID | None, key: str, uscc: str, *, proxy: UUID | None = None) -> Case | None:
    """Return the draft of this bundle that this person began last, alone or by this proxy."""
    drafts = Case.objects.of_person(person).filter(state=State.DRAFT, bundle=key, company_uscc=uscc)
    drafts = drafts.filter(proxy=proxy, taken_over_at=None) if proxy else drafts.held_alone()
    return drafts.order_by("-updated_at", "id").first()


def parent_for(actor: Actor, number: str) -> tuple[ParentCase, list[Case]]:
    """Return a parent case with those of its children that are this person's, or whom they act for; in its order.

    A clerk has the children at the desk, and not the whole: nobody's but the applicant's. Raises Http404, MandateOver.
    """
    parent = ParentCase.objects.filter(number=number).first() if numbers.check(number) else None
    if parent is None:
        raise Http404(_("没有这件"))
    citizen = actor.with_posts(frozenset())
    today = timezone.localdate()
    seen = Case.objects.filter(access.visible_to(citizen), parent=parent).select_related("handing")
    children = list(mandates.with_powers(seen, citizen, today).order_by("number"))
    if not children:
        if actor.person_id and Case.objects.filter(parent=parent, proxy=actor.person_id).exists():
            raise access.MandateOver
        raise Http404(_("没有这件"))
    for child in children:
        child.parent = parent
        if child.person != actor.person_id:
            child.acted_for = str(child.applicant.get("name", ""))
    return parent, children


def siblings(case: Case) -> QuerySet[Case]:
    """Return the other cases that were filed with this one: to be named, not to be opened."""
    if case.parent_id is None:
        return Case.objects.none()
    others = Case.objects.filter(parent=case.parent_id).exclude(pk=case.pk).order_by("number")
    return others.only("number", "item_code", "item_name", "department", "state", "whereabouts", "due_on")


@dataclass(frozen=True)
class Child:
    """One case of a parent: where it is, what comes first, and the step that decided it."""

    case: Case
    label: str
    headline: str
    tag: progress.Tag | None
    # the items that come first by the bundle's order: those that are on their way, and those that came to nothing
    waits_for: list[str]
    lacks: list[str]
    decision: Event | None

    @property
    def is_yours(self) -> bool:
        """Whether it is the applicant's turn."""
        return self.case.turn == Turn.APPLICANT

    @property
    def is_done(self) -> bool:
        """Whether nobody has anything to do on it any more."""
        return self.case.turn == Turn.NOBODY


def standing(parent: ParentCase, children: Sequence[Case], today: date) -> list[Child]:
    """Return how far each child is. Two queries, however many there are."""
    # what comes first is looked at whoever asks: a proxy may see one child alone
    family = {case.pk: case for case in Case.objects.filter(parent=parent).only("item_code", "item_name")}
    seen = {case.pk: case for case in children}
    entered: dict[UUID, Event] = {}
    decided: dict[UUID, Event] = {}
    outcomes: dict[str, bool] = {}
    for event in Event.objects.filter(case__in=family).order_by("sequence"):
        if event.action in _GOOD | _BAD:
            outcomes[family[event.case_id].item_code] = event.action in _GOOD
        if (case := seen.get(event.case_id)) is None:
            continue
        event.case = case
        if event.to_state == case.state != event.from_state:
            entered[case.pk] = event
        if event.action in DECISIONS and documents.title(event):
            decided[case.pk] = event
    names = {case.item_code: case.item_name for case in family.values()}
    found = []
    for case in children:
        first = [] if case.turn == Turn.NOBODY else parent.waits.get(case.item_code, [])
        found.append(
            Child(
                case,
                progress.label(case),
                progress.sentences_of(case, entered.get(case.pk))[0],
                progress.tag(case, today),
                [names[code] for code in first if code not in outcomes],
                [names[code] for code in first if outcomes.get(code) is False],
                decided.get(case.pk),
            )
        )
    return found


def summary(children: Sequence[Child]) -> str:
    """Return in one sentence how far the whole is, and whose turn it is."""
    done = sum(child.is_done for child in children)
    if done == len(children):
        return _("%(n)d 项都办完了") % {"n": done}
    text = _("%(n)d 项中 %(done)d 项办结") % {"n": len(children), "done": done}
    yours = [child.case.item_name for child in children if child.is_yours]
    turn = _("轮到您：%(items)s") % {"items": "、".join(yours)} if yours else _("都在办，您不用做什么")
    return f"{text}，{turn}"


@dataclass(frozen=True)
class Offer:
    """A newer file of a paper that another child was given: it may be given to this one too."""

    case: Case
    file: CaseFile
    name: str
    origin: str


def offers(children: Sequence[Case]) -> list[Offer]:
    """Return what was corrected or added in one child and is not yet in the others that want the same paper. Two queries."""
    by_pk = {case.pk: case for case in children}
    live = CaseFile.objects.filter(case__in=by_pk, removed_at=None, replaced_in=None)
    newest: dict[str, CaseFile] = {}
    there: dict[tuple[UUID, str], list[CaseFile]] = {}
    for file in live.order_by("uploaded_at", "id"):
        newest[file.material_key] = file
        if file.case_id:
            there.setdefault((file.case_id, file.material_key), []).append(file)
    asked = _asked(by_pk)
    found = []
    for case in children:
        for row in wanted(case):
            latest, own = newest.get(row["key"]), there.get((case.pk, row["key"]), [])
            if latest is None or latest.case_id is None or any(each.path == latest.path for each in own):
                continue
            is_open = case.state in TAKING_FILES or (case.pk, row["key"]) in asked
            if is_open and all(each.uploaded_at < latest.uploaded_at for each in own):
                found.append(Offer(case, latest, row["name"], by_pk[latest.case_id].item_name))
    return found


def _asked(cases: Mapping[UUID, Case]) -> set[tuple[UUID, str]]:
    """Return which papers open notices ask for that have none yet, by case and key."""
    points = CorrectionPoint.objects.filter(
        request__case__in=cases,
        request__answered_at=None,
        request__cancelled_at=None,
        request__ended_at=None,
        kind=CorrectionPoint.MATERIAL,
    )
    unsent = Q(request__files__removed_at=None, request__files__case=None)
    given = points.filter(unsent).values_list("request__case", "request__files__material_key")
    return set(points.values_list("request__case", "key")) - set(given)


def wanted(case: Case) -> list[Mapping[str, Any]]:
    """Return the materials that a case takes files for."""
    return [
        row for row in case.item.get("materials") or [] if not row.get("exempt") and not row.get("hidden")
    ]
