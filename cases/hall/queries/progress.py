"""How far a case is, in the words of its applicant (LOOK section 6): status, timeline, and why a date is what it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.hall import clock, fees, handover, transitions
from cases.hall.delivering import PLACES
from cases.hall.enums import Clock, State, Turn, Whereabouts
from cases.hall.models import Case, Event, Handing
from cases.hall.queries import calendar, documents, ledger, payments
from cases.hall.states import STATES
from cases.hall.transitions import Fact
from cases.shared.models import DRAFT_KEPT_DAYS
from catalog.shared.enums import Unit
from theming.formats import cn_date, cn_day

INTERNAL = transitions.INTERNAL
_NO_LIMIT = 0
_OF_LAW: Mapping[str, int] = {
    Clock.ACCEPTANCE: clock.ACCEPTANCE_DAYS,
    Clock.CORRECTION: clock.CORRECTION_DAYS,
    Clock.DELIVERY: clock.DELIVERY_DAYS,
}


@dataclass(frozen=True)
class Tag:
    """A clock's tag as pages draw it: kind, words, last day."""

    kind: str
    label: str
    date: date | None


@dataclass(frozen=True)
class Status:
    """Where a case stands: tag, one sentence, what comes next, by when, whose turn it is.

    Of a result on its way also until when it is kept there, and what to bring.
    """

    state: str
    label: str
    headline: str
    next: str
    due_on: date | None
    expected: bool
    clock: Tag | None
    turn: str
    until: str = ""
    until_on: date | None = None
    bring: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the timeline. `kind` is done, now, coming or danger; `document` is a paper's number, `event` its key."""

    kind: str
    title: str
    at: datetime | None = None
    sentence: str = ""
    document: str = ""
    event: UUID | None = None
    document_title: str = ""
    reason: str = ""
    who: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def day_text(day: date | None, *, expected: bool = False) -> str:
    """Return 3月4日 周三, or 预计 2027年2月11日（放假安排公布后再核）."""
    if day is None:
        return _("办结那天")
    if expected:
        return _("预计 %(date)s（放假安排公布后再核）") % {"date": cn_date(day).partition("（")[0]}
    return cn_day(day)


def due_of(case: Case, today: date) -> clock.Due | None:
    """Return where the running clock stands, from what the case keeps: no query. The statutory one once it is missed."""
    if case.due_on is None or not case.due_clock:
        return None
    name, day = case.due_clock, case.due_on
    if name == Clock.PROMISED and case.statutory_due_on and today > case.statutory_due_on:
        name, day = Clock.STATUTORY, case.statutory_due_on
    total, unit = _limit(case, name)
    return clock.Due(name, day, case.is_due_expected, total, Unit(unit))


def _limit(case: Case, name: str) -> tuple[int, str]:
    if name in _OF_LAW:
        return _OF_LAW[name], Unit.WORKING
    kind = "promised" if name == Clock.PROMISED else "statutory"
    # a list annotates the two and does not read the item
    days = getattr(case, f"limit_{kind}_days", None) or _of_item(case, f"{kind}_days") or _NO_LIMIT
    unit = getattr(case, f"limit_{kind}_unit", None) or _of_item(case, f"{kind}_unit") or Unit.WORKING
    return int(days), unit


def _of_item(case: Case, name: str) -> Any:
    return None if "item" in case.get_deferred_fields() else case.item.get(name)


def tag(case: Case, today: date) -> Tag | None:
    """Return the tag of the case's running clock, None when none runs: no query."""
    if case.state == State.SPECIAL:
        return Tag(clock.Kind.PAUSED, _("暂停"), None)
    due = due_of(case, today)
    if due is None:
        return None
    mark = clock.colour(due, today, calendar.current())
    return Tag(mark.kind, mark.label, due.date)


def label(case: Case) -> str:
    """Return the words of the state's tag; of a result on its way those of where it is."""
    if case.state == State.DELIVERING and case.whereabouts:
        return str(Whereabouts(case.whereabouts).label)
    return str(State(case.state).label)


def status(case: Case, today: date) -> Status:
    """Return where the case stands today. One query where the last step must say more, else none."""
    last = entering(case) if case.state in _ASK_EVENT else None
    headline, following = _sentences(case, last, today)
    until, bring = _kept(case)
    return Status(
        case.state,
        label(case),
        headline,
        following,
        case.due_on,
        case.is_due_expected,
        tag(case, today),
        case.turn or Turn.NOBODY,
        until,
        case.handing.until if until else None,
        bring,
    )


def entering(case: Case) -> Event | None:
    """Return the step that led into the case's present state. One query."""
    steps = case.events.filter(to_state=case.state).exclude(from_state=case.state)
    return steps.order_by("-sequence").first()


def _sentences(case: Case, last: Event | None, today: date) -> tuple[str, str]:
    """Return what is and what comes; a day that has passed is not promised again."""
    if Fact.UNPAID in case.marks:
        return _owed(case)
    headline, following = sentences_of(case, last)
    due = due_of(case, today)
    return (_late(due), headline) if due is not None and due.is_missed(today) else (headline, following)


def _owed(case: Case) -> tuple[str, str]:
    """Return what is to be paid and until when. One query, of a case that owes something alone."""
    payment = payments.open_of(case)
    headline = _("该您缴费：%(money)s。") % {"money": fees.money(payment.amount)}
    by = day_text(payment.due_on, expected=payment.is_due_expected)
    return headline, _("最晚%(day)s缴，缴了我们接着办。") % {"day": by}


def _late(due: clock.Due) -> str:
    if due.clock == Clock.STATUTORY:
        return _("已超过法定时间，您可以投诉或申请行政复议。")
    if due.clock == Clock.PROMISED:
        return _("已超过我们承诺的日期，正在催办。")
    if due.clock == Clock.ACCEPTANCE:
        return _("已超过答复您的日期，正在催办。")
    if due.clock == Clock.CORRECTION:
        return _("补材料的最后一天已经过了。")
    return _("已超过送达的日期，正在催办。")


def _by(case: Case) -> str:
    return day_text(case.due_on, expected=case.is_due_expected)


def sentences_of(case: Case, last: Event | None) -> tuple[str, str]:
    """Return the words of the case's state (states.STATES), filled with its days and the facts of the step into it."""
    row = STATES[State(case.state)]
    values = _values(case, last)
    headline, following = str(row.headline) % values, str(row.following) % values
    return _AS_IT_IS.get(case.state, _as_declared)(case, values, headline, following)


def _values(case: Case, last: Event | None) -> dict[str, Any]:
    facts = last.data if last else {}
    kept = timezone.localdate(case.updated_at) + timedelta(days=DRAFT_KEPT_DAYS)
    given = {name: value for name, value in facts.items() if isinstance(value, str | int)}
    return {
        "n": "",
        "days": "",
        "procedure": "",
        "hall": "",
        "new_number": "",
        "window": "",
        "remedy": _("补齐条件后重新申请"),
        **given,
        "day": _by(case),
        "kept": cn_day(kept),
        "statutory": day_text(case.statutory_due_on, expected=case.is_due_expected),
        "lapsed": cn_day(date.fromisoformat(facts["lapsed_on"])) if facts.get("lapsed_on") else _("最后一天"),
        "department": case.department or _("审批部门"),
    }


def _as_declared(case: Case, values: Mapping[str, Any], headline: str, following: str) -> tuple[str, str]:
    return headline, following


def _not_accepted(case: Case, values: Mapping[str, Any], headline: str, following: str) -> tuple[str, str]:
    competent = values.get("competent")
    return headline, _("您可以去：%(body)s。") % {"body": competent} if competent else following


def _delivering(case: Case, values: Mapping[str, Any], headline: str, following: str) -> tuple[str, str]:
    if not case.whereabouts:
        return headline, following
    place, filled = PLACES[Whereabouts(case.whereabouts)], _of_handing(case)
    return str(place.headline) % filled, str(place.following) % filled


def _of_handing(case: Case) -> dict[str, str]:
    """Return what the words of a place are filled with. One query, once for a case."""
    row: Handing | None = getattr(case, "handing", None)
    if row is None:
        return dict.fromkeys(("number", "window", "locker", "proxy", "until"), "")
    return {
        "number": row.number,
        "window": row.window or _("办事大厅窗口"),
        "locker": row.locker,
        "proxy": row.proxy or _("代办员"),
        "until": cn_day(row.until) if row.until else "",
    }


def _kept(case: Case) -> tuple[str, str]:
    """Return until when a result is kept where it is, and what to bring: nothing of one that is not on its way."""
    if case.state != State.DELIVERING or not case.whereabouts:
        return "", ""
    place, filled = PLACES[Whereabouts(case.whereabouts)], _of_handing(case)
    return str(place.until) % filled, str(place.bring) % filled


_ASK_EVENT = frozenset(
    {
        State.NOT_ACCEPTED,
        State.CORRECTION,
        State.TRANSFERRED,
        State.SPECIAL,
        State.EXTENDED,
        State.ABANDONED,
        State.TERMINATED,
    }
)
# states whose words follow what the step into them said
_AS_IT_IS: Mapping[str, Callable[[Case, Mapping[str, Any], str, str], tuple[str, str]]] = {
    State.NOT_ACCEPTED: _not_accepted,
    State.DELIVERING: _delivering,
}


def timeline(case: Case, today: date, *, for_staff: bool = False) -> list[Entry]:
    """Return what happened, what goes on and what comes, the oldest first. One query.

    An applicant sees steps and not internal opinions: a proposed refusal is shown to staff only.
    """
    events = list(case.events.order_by("sequence"))
    done = [_entry(event, for_staff) for event in events if for_staff or event.action not in INTERNAL]
    return [*done, *_ahead(case, events, today)]


_BAD = frozenset({"not_accept", "refuse", "abandon", "terminate", "revoke"})


def _entry(event: Event, for_staff: bool) -> Entry:
    title, sentence = _told(event)
    if event.mandate_id:
        acted = _("%(name)s替申请人办的") % {"name": event.actor_name}
        sentence = f"{sentence}，{acted}" if sentence else acted
    return Entry(
        "danger" if event.action in _BAD else "done",
        title,
        event.at,
        sentence,
        event.document_no,
        event.pk,
        documents.title(event),
        event.reason,
        event.actor_name if for_staff else "",
        event.data,
    )


def _told(event: Event) -> tuple[str, str]:
    facts = event.data
    place = facts.get("number") or facts.get("window") or facts.get("proxy") or facts.get("locker") or ""
    told = {
        "submit": (_("提交"), _("我们收到了")),
        "accept": (_("受理"), _("开始计时")),
        "not_accept": (_("没有受理"), str(facts.get("competent", ""))),
        "review": (_("审查"), _("工作人员开始审查")),
        "grant": (_("同意"), ""),
        "refuse": (_("没有同意"), _("不服可在 60 天内申请行政复议，6 个月内起诉。")),
        "propose_refusal": (_("建议不同意"), _("等负责人确认")),
        "return_refusal": (_("退回"), _("重新审查")),
        "hand_over": (handover.delivering_label(str(facts.get("method", ""))), str(place)),
        "deliver": (_("办好"), ""),
        "add_file": (_("补了一份材料"), ""),
    }
    title = transitions.TOLD.get(event.action, event.action)
    return told.get(event.action, (str(title), _more(event)))


def _more(event: Event) -> str:
    """Return the sentence below a step that its title does not say."""
    facts = event.data
    if "amount" in facts:
        return fees.money(facts["amount"])
    texts = {
        "request_correction": _("共 %(n)s 处"),
        "order_correction": _("共 %(n)s 处"),
        "special": _("%(procedure)s，约 %(days)s 天，这段不算时间"),
        "extend": _("延长 %(days)s 天"),
        "offer_transfer": "%(hall)s",
        "transfer": _("%(hall)s，新的编号 %(new_number)s"),
        "move_date": _("从%(before)s改为%(after)s"),
        "correct_number": _("从%(before)s改为%(number)s"),
        "post_again": _("单号%(number)s"),
        "to_window": "%(window)s",
        "to_locker": "%(locker)s",
        "ask_opinion": "%(department)s",
        "record_opinion": "%(department)s",
        "mend": _("%(label)s，您同意过"),
    }
    template = texts.get(event.action, "")
    try:
        return str(template % facts)
    except KeyError:
        return ""


def _ahead(case: Case, events: list[Event], today: date) -> list[Entry]:
    titles = {
        "correct": _("您补材料"),
        "accept": _("看材料"),
        "special": _("特别程序"),
        "decide": _("审查、决定"),
        "deliver": _("送达"),
    }
    coming = STATES[State(case.state)].coming
    entries = [Entry("coming", titles[step]) for step in coming]
    if entries:
        into = [event for event in events if event.to_state == case.state != event.from_state]
        headline, following = _sentences(case, into[-1] if into else None, today)
        entries[0] = Entry("now", entries[0].title, None, f"{headline}{following}")
    return entries


def explain(case: Case) -> dict[str, list[clock.Line]]:
    """Return, for each clock that ever started, line by line why its last day is what it is. One query."""
    rows = ledger.entries(case)
    lines = {name: clock.explain(rows, name, calendar.current()) for name in Clock.values}
    return {name: found for name, found in lines.items() if found}


@dataclass(frozen=True)
class Receipt:
    """收件凭证: what submitting answered, the same however often it is asked."""

    number: str
    query_code: str
    state: str
    due: date | None


def receipt(case: Case) -> Receipt:
    """Return the receipt of a filed case, from its ledger: it does not move when the case does. One query."""
    due = clock.due(ledger.entries(case), Clock.ACCEPTANCE, calendar.current())
    return Receipt(case.number or "", case.query_code, State.SUBMITTED, due.date if due else None)
