"""One case at the desk: what was answered, the papers, what happened, and the steps open to this clerk."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import post_required
from cases.hall import transitions
from cases.hall.models import Case, Event
from cases.hall.queries import access, documents
from cases.hall.services import reading, transition
from cases.hall.transitions import SYSTEM, Fact
from cases.hall.views import answering, shown, standing
from cases.hall.views.draft import given_files
from cases.hall.views.step import BAD, DESK
from tenants.hall.enums import PostRole
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
    "deliver",
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
    "not_accept",
    "terminate",
    "revoke",
)
# few are worth a button of their own; the others are links beside it
_BUTTONS = 3
_POSTS = dict(PostRole.choices)
_RANK = {name: rank for rank, name in enumerate(_FIRST)}


@post_required(*DESK)
def review(request: HallRequest, number: str) -> HttpResponse:
    """Show a case to whoever works on it, with whole ID numbers: that reading is audited."""
    now = timezone.now()
    case = access.case_for(request.actor, number)
    reading.whole(case, by=request.actor, now=now)
    files = given_files(case)
    history = list(case.events.order_by("sequence"))
    acts = _acts(case, request)
    context: dict[str, Any] = {
        "case": case,
        "status": standing.at_desk(case, timezone.localdate(now)),
        "clocks": standing.clocks(case),
        "acts": acts,
        "nothing": _("现在没有要您办的。"),
        "done": _done(request.GET.get("done", "")),
        "applicant": shown.of_snapshot(case, is_masked=False),
        "sections": shown.sections(case, is_masked=False),
        "blocks": _blocks(case, files),
        "delivery": shown.delivery(case, is_masked=False),
        "changes": answering.changes_of(case) if Fact.CORRECTED in case.marks else [],
        "owed": list(case.owed_papers.filter(received_at=None)) if Fact.OWES_PAPERS in case.marks else [],
        "opinions": list(case.opinions.order_by("asked_at", "id")) if _has_opinions(history) else [],
        "history": [_line(event) for event in history],
        "shows_ids": True,
    }
    return render(request, "cases_hall/review.html", context)


def _acts(case: Case, request: HallRequest) -> list[dict[str, Any]]:
    steps = sorted(
        transition.open_actions(case, request.actor, timezone.localdate()),
        key=lambda step: _RANK.get(step.name, len(_RANK)),
    )
    return [
        {
            "name": step.name,
            "label": step.label,
            "asks": step.needs_reason or bool(step.asks) or step.name in BAD or index >= _BUTTONS,
            "css": "btn" if index == 0 else "" if step.name in BAD or index >= _BUTTONS else "btn out",
        }
        for index, step in enumerate(steps)
    ]


def _has_opinions(history: list[Event]) -> bool:
    return any(event.action == "ask_opinion" for event in history)


def _done(name: str) -> str:
    """Say what was just done; nothing for a name that is no step."""
    rows = transitions.named(name)
    return _("{what}，已记下。").format(what=rows[0].told) if rows else ""


def _blocks(case: Case, files: list[Any]) -> list[shown.Block]:
    for file in files:
        file.kind = shown.kind(file)
    return shown.blocks(case, files)


def _line(event: Event) -> dict[str, Any]:
    post = _POSTS.get(event.actor_post, _("申请人"))
    return {
        "label": transitions.TOLD.get(event.action, event.action),
        "at": event.at,
        "who": _("系统")
        if event.actor_post == SYSTEM
        else f"{event.actor_name}（{post}）"
        if event.actor_name
        else "",
        "reason": event.reason,
        "document_no": event.document_no,
        "title": documents.title(event),
        "pk": event.pk,
    }
