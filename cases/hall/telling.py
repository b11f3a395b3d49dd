"""A line of a case's trail as people read it: what, by whom in which post, why; never whom it was about."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import queries as log
from audit.models import Record
from cases.hall import transitions
from cases.hall.enums import Act, Clock, Passage
from cases.hall.models import Case, CaseFile, Event, LedgerEntry, Outbox
from cases.hall.queries import trail
from cases.shared import logged
from tenants.hall.enums import PostRole

_POSTS = {**dict(PostRole.choices), transitions.SYSTEM: gettext_lazy("系统")}
_LOOKS = frozenset({"reading", "export"})


def line_of(entry: trail.Entry, case: Case) -> dict[str, Any]:
    """Return one line as people read it: what, by whom in which post, why; never whom it was about."""
    said = _SAID[entry.kind](entry.row, case)
    shown = {"note": "", **said, "at": entry.at, "record": entry.record, "seal": entry.seal}
    return {**shown, "kind_label": trail.KINDS[said["kind"]]}


def _step(row: Event, case: Case) -> dict[str, Any]:
    who = _who(row.actor_name, row.actor_post, row.actor == case.person)
    said = {"kind": "step", "what": words(f"case.{row.action}"), "who": who}
    return {**said, "note": row.reason, "document": row.document_no}


def _clock(row: LedgerEntry, case: Case) -> dict[str, Any]:
    event = row.event
    what = _("%(clock)s：%(act)s计时") % {"clock": Clock(row.clock).label, "act": Act(row.act).label}
    who = _who(event.actor_name, event.actor_post, event.actor == case.person)
    return {"kind": "clock", "what": what, "who": who, "note": row.ground, "day": row.day, "days": row.days}


def _message(row: Outbox, case: Case) -> dict[str, Any]:
    what = _("给申请人发短信：%(step)s") % {"step": words(f"case.{row.event.action}") if row.event else ""}
    sent = row.delivered_at if Passage.SENT in {row.sms, row.mail} else None
    is_waiting = row.delivered_at is None and row.failed_at is None
    note = "" if sent or is_waiting else _("短信没送到") if row.failed_at else _("在“我的消息”里")
    said = {"kind": "message", "what": what, "who": _("系统"), "note": note}
    return {**said, "delivered": sent, "is_waiting": is_waiting}


def _file(row: CaseFile, case: Case, what: str = "") -> dict[str, Any]:
    note = _material(case, row.material_key)
    return {"kind": "file", "what": what or _("传了材料"), "who": _("申请人"), "note": note}


def _removed(row: CaseFile, case: Case) -> dict[str, Any]:
    return _file(row, case, _("拿掉了材料"))


def _look(row: Record, case: Case) -> dict[str, Any]:
    posts = "、".join(str(_POSTS.get(post, post)) for post in row.detail.get("posts", ()))
    who = _who(row.actor_name, posts, row.actor == case.person)
    kind = log.kind_of(row.action)
    note = _material(case, row.detail.get("material", ""))
    return {"kind": kind if kind in _LOOKS else "other", "what": words(row.action), "who": who, "note": note}


_SAID: dict[str, Callable[[Any, Case], dict[str, Any]]] = {
    trail.STEP: _step,
    trail.CLOCK: _clock,
    trail.MESSAGE: _message,
    trail.FILE: _file,
    trail.REMOVED: _removed,
    trail.LOOK: _look,
}


def words(action: str) -> str:
    """Return what an audited action is called: a case's step by the table of steps."""
    told = transitions.TOLD.get(action.removeprefix("case.")) if action.startswith("case.") else None
    return str(told) if told else logged.words(action)


def _who(name: str, post: str, is_applicant: bool) -> str:
    if is_applicant:
        return _("申请人")
    if post == transitions.SYSTEM or not name:
        return _("系统")
    label = str(_POSTS.get(post, post))
    return _("%(name)s（%(post)s）") % {"name": name, "post": label} if label else name


def _material(case: Case, key: str) -> str:
    names = {row["key"]: str(row["name"]) for row in case.item.get("materials") or []}
    return names.get(key, "")
