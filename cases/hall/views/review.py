"""One case at the desk: what was answered, the papers beside it, what happened, and the steps open to this clerk."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import post_required
from cases.hall import numbers, transitions
from cases.hall.models import Case, Event
from cases.hall.queries import access, bundles, following
from cases.hall.services import mending, reading, transition
from cases.hall.transitions import Fact
from cases.hall.views import answering, came_from, habits, history, shown, standing
from cases.hall.views.draft import given_files
from cases.hall.views.mend import NAME as MEND
from cases.hall.views.step import BAD, DESK
from cases.hall.views.viewer import viewer
from cases.shared.models import Purpose
from tenants.shared.http import HallRequest

# the act that most cases take next comes first and is the filled button
_FIRST = (
    "complete",
    "accept",
    "review",
    "continue_review",
    "end_special",
    "grant",
    "hand_over",
    "open_locker",
    "hand_out",
    "deliver",
    "post_again",
    "mail_returned",
    "to_window",
    "to_locker",
    "extend",
    "reissue",
    "complete_here",
    "pre_review",
    "request_correction",
    "order_correction",
    "special",
    "ask_opinion",
    "record_opinion",
    "refuse",
    "return_refusal",
    "return_extension",
    "correct",
    "offer_transfer",
    "cancel_correction",
    "mend",
    "not_accept",
    "terminate",
    "revoke",
)
# few are worth a button of their own; the others are links beside it
_BUTTONS = 3
_RANK = {name: rank for rank, name in enumerate(_FIRST)}
# the single key that brings an act into focus; Enter then takes it, so that no slip decides a case
_KEYS = {
    "accept": "a",
    "review": "a",
    "continue_review": "a",
    "grant": "a",
    "hand_over": "a",
    "deliver": "a",
    "complete": "a",
    "request_correction": "r",
    "mend": "m",
    "not_accept": "x",
    "refuse": "x",
}


@post_required(*DESK)
def review(request: HallRequest, number: str) -> HttpResponse:
    """Show a case to whoever works on it, with whole ID numbers: that reading is audited, and its applicant may see it.

    A case that has ended shows them to whoever says why: one press (POST), and no reason is asked while it runs.
    """
    now = timezone.now()
    case = access.case_for(request.actor, number)
    is_whole, problem = _read(request, case, now)
    files = given_files(case)
    events = list(case.events.order_by("sequence"))
    asked = came_from.of(request)
    done = _done(request, case)
    acts = _acts(case, request, asked, is_done=bool(done))
    blocks = _blocks(case, files, asked)
    context: dict[str, Any] = {
        "case": case,
        "status": standing.at_desk(case, timezone.localdate(now)),
        "clocks": standing.clocks(case),
        "acts": acts,
        "nothing": _("现在没有要您办的。"),
        "done": done,
        "kept": came_from.query(asked),
        "list_url": f"{reverse('clerk')}{came_from.query(asked)}",
        "applicant": shown.of_snapshot(case, is_masked=not is_whole),
        "sections": _sections(case, acts, asked, is_masked=not is_whole),
        "blocks": blocks,
        "viewer": viewer(request, case, files),
        "delivery": shown.delivery(case, is_masked=not is_whole),
        "changes": answering.changes_of(case) if Fact.CORRECTED in case.marks else [],
        "owed": list(case.owed_papers.filter(received_at=None)) if Fact.OWES_PAPERS in case.marks else [],
        "mendings": list(case.mendings.order_by("event__sequence")) if _was(events, MEND) else [],
        "opinions": list(case.opinions.order_by("asked_at", "id")) if _was(events, "ask_opinion") else [],
        "siblings": bundles.siblings(case) if case.parent_id else [],
        "history": [history.line(event) for event in events],
        "shows_ids": is_whole,
        "purposes": [(key, label) for key, label in Purpose.choices if key != Purpose.HANDLE],
        "reason_problem": problem,
        "here": request.get_full_path(),
        "goes_straight_on": habits.is_on(request, habits.STRAIGHT_ON),
        "has_keys": not habits.is_on(request, habits.KEYS_OFF),
    }
    return render(request, "cases_hall/review.html", context)


def _read(request: HallRequest, case: Case, now: datetime) -> tuple[bool, str]:
    """Return whether whole numbers are shown, and what is missing where a reason was asked for."""
    given = request.POST
    if not reading.may_see_personal(request.actor):
        return False, ""
    if not case.is_open and "purpose" not in given:
        return False, ""
    try:
        reading.whole(
            case, by=request.actor, now=now, purpose=given.get("purpose", ""), note=given.get("note", "")
        )
    except reading.ReasonMissing as refusal:
        return False, _("选“其他”时，请写一句为什么") if given.get("purpose") == Purpose.OTHER else str(
            refusal
        )
    return True, ""


def _acts(case: Case, request: HallRequest, asked: dict[str, str], *, is_done: bool) -> list[dict[str, Any]]:
    """Return the steps that are open. After an act the way to the next case is the filled button, and no step is."""
    steps = sorted(
        transition.open_actions(case, request.actor, timezone.localdate()),
        key=lambda step: _RANK.get(step.name, len(_RANK)),
    )
    return [
        {
            "name": step.name,
            "label": step.label,
            "key": _KEYS.get(step.name, ""),
            "url": f"{reverse('act', args=[case.number, step.name])}{came_from.query(asked)}",
            "asks": step.needs_reason or bool(step.asks) or step.name in BAD or index >= _BUTTONS,
            "css": ("btn out" if is_done else "btn")
            if index == 0
            else ""
            if step.name in BAD or index >= _BUTTONS
            else "btn out",
        }
        for index, step in enumerate(steps)
    ]


def _was(events: list[Event], action: str) -> bool:
    return any(event.action == action for event in events)


def _done(request: HallRequest, case: Case) -> dict[str, Any]:
    """Say what was just done, to which case, and what comes next; nothing for a name that is no step."""
    rows = transitions.named(request.GET.get("done", ""))
    if not rows:
        return {}
    of, wanted = request.GET.get("of", ""), request.GET.get("next", "")
    after = None
    if wanted and numbers.check(wanted) and not of:
        after = following.still_there(request.actor, came_from.place(request), wanted, timezone.localdate())
    return {
        "words": _("{what}，已记下。").format(what=rows[0].told),
        "of": of if numbers.check(of) else "",
        "next": after,
        "next_url": came_from.url("review", after, came_from.of(request)) if after else "",
    }


def _sections(
    case: Case, acts: list[dict[str, Any]], asked: dict[str, str], *, is_masked: bool
) -> list[shown.Section]:
    """Return the answers, each that may be put right on the spot with the way there."""
    urls: dict[str, str] = {}
    if any(act["name"] == MEND for act in acts):
        address = reverse(MEND, args=[case.number])
        urls = {name: f"{address}{came_from.query(asked, field=name)}" for name in mending.mendable(case)}
    return shown.sections(case, is_masked=is_masked, urls=urls)


def _blocks(case: Case, files: list[Any], asked: dict[str, str]) -> list[shown.Block]:
    for file in files:
        file.kind = shown.kind(file)
        file.look = f"{came_from.query(asked, file=file.pk)}#viewer"
    return shown.blocks(case, files)
