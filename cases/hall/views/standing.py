"""How far a case is, ready for a template: the query's words with the colours and shapes of LOOK."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.hall import clock
from cases.hall.delivering import PLACES
from cases.hall.enums import Clock, State, Turn, Whereabouts
from cases.hall.models import Case
from cases.hall.queries import progress
from cases.hall.states import STATES as ROWS
from cases.hall.transitions import Fact
from theming.formats import cn_date, cn_day
from theming.templatetags.ui import STATES

# where a mirrored case waits for its department
_THEIRS = frozenset({State.ACCEPTED, State.DEEMED_ACCEPTED, State.REVIEW, State.SPECIAL, State.EXTENDED})
_LATE = frozenset({clock.Kind.DANGER, clock.Kind.LAWBREACH})
_PENDING = {
    "extend": gettext_lazy("等负责人批准延期"),
    "reissue": gettext_lazy("等批准补发"),
    "correct": gettext_lazy("等批准更正"),
    "revoke": gettext_lazy("等批准撤销"),
    "refund": gettext_lazy("等批准退款"),
}
_SHAPES: Mapping[str, str] = {"done": "done", "now": "now", "coming": "next", "danger": "bad"}


@dataclass(frozen=True)
class Standing:
    """The status card: its colour and its words."""

    colour: str
    label: str
    headline: str
    next: str
    clock: progress.Tag | None
    due_on: date | None
    is_expected: bool
    # the sentence that says until when, around its date
    until: tuple[str, str] = ("", "")
    until_on: date | None = None
    bring: str = ""


def standing(case: Case, today: date, *, is_public: bool = False) -> Standing:
    """Return the card of a case as its applicant reads it; a parcel's number and a carrier's name are nobody else's."""
    status = progress.status(case, today)
    if is_public and _is_carried(case):
        status = replace(status, next="", until="", until_on=None, bring="")
    if is_public and Fact.UNPAID in case.marks:
        status = replace(status, headline=_("等申请人缴费。"), next="")
    colour = "danger" if status.clock and status.clock.kind in _LATE else STATES[case.state][0]
    if case.whereabouts == Whereabouts.RETURNED and colour != "danger":
        colour = "warn"
    return Standing(
        colour,
        status.label,
        status.headline,
        status.next,
        status.clock,
        status.due_on,
        status.expected,
        _around(status.until, status.until_on),
        status.until_on,
        status.bring,
    )


def _around(sentence: str, day: date | None) -> tuple[str, str]:
    before, _day, after = sentence.partition(cn_day(day)) if day else ("", "", "")
    return before, after


def _is_carried(case: Case) -> bool:
    return case.state == State.DELIVERING and case.turn != Turn.APPLICANT


def at_desk(case: Case, today: date) -> Standing:
    """Return the card of a case as whoever works on it reads it: what it waits for, and until when."""
    card = standing(case, today)
    headline = waits(case) or card.headline
    card = replace(card, bring="")
    if card.due_on is None:
        return replace(card, headline=headline, next="")
    text = _("预计 {day}（放假安排公布后再核）") if card.is_expected else _("最晚{day}")
    return replace(card, headline=headline, next=text.format(day=cn_date(card.due_on)))


def waits(case: Case) -> str:
    """Return what a case waits for, in the words of the desk; empty for a draft."""
    if case.proposed_refusal and case.state == State.REVIEW:
        return _("等负责人确认不同意")
    if case.pending:
        return str(_PENDING[case.pending])
    if Fact.UNPAID in case.marks:
        return _("等申请人缴费")
    if case.state == State.DELIVERING and case.whereabouts:
        return str(PLACES[Whereabouts(case.whereabouts)].waits)
    if case.system and case.state in _THEIRS and Fact.MIRRORED in case.marks:
        return _("等{department}的系统办").format(department=case.department)
    return str(ROWS[State(case.state)].waits)


def timeline(case: Case, today: date, *, is_public: bool = False) -> list[dict[str, Any]]:
    """Return the timeline's lines. Who follows a case by its number alone sees steps and no reasons."""
    return [_line(entry, case, is_public) for entry in progress.timeline(case, today)]


def _line(entry: progress.Entry, case: Case, is_public: bool) -> dict[str, Any]:
    # a parcel's number and a carrier's name are nobody's who knows the case's number alone
    is_kept = is_public and (entry.kind != "now" or _is_carried(case) or Fact.UNPAID in case.marks)
    is_yours = entry.kind == "now" and case.turn == Turn.APPLICANT and case.state != State.DRAFT
    return {
        "css": "yours" if is_yours else _SHAPES[entry.kind],
        "title": entry.title,
        "at": entry.at,
        "sentence": "" if is_kept else entry.sentence,
        "reason": "" if is_public else entry.reason,
        "document": "" if is_public else entry.document,
        "document_title": entry.document_title,
        "event": entry.event,
    }


def clocks(case: Case) -> list[dict[str, Any]]:
    """Return each clock that ever started with the lines that explain it."""
    return [{"name": Clock(name).label, "lines": lines} for name, lines in progress.explain(case).items()]
