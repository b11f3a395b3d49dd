"""What a step asks besides a reason: checked, and nothing else that was sent is kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from cases.hall import answers, delivering, fees, handover
from cases.hall.enums import State, Whereabouts
from cases.hall.models import Case, Payment
from cases.hall.payment_enums import Way
from cases.hall.queries import place
from cases.hall.services import corrections, handing, lockers, mending, owed
from cases.hall.services.payments import charging
from cases.hall.services.refusals import DataNeeded, NotOpen
from cases.hall.transitions import DEATH, Transition
from tenants.shared import queries as city_queries
from tenants.shared.enums import TAKING

MAX_NOTE = 200
MAX_TEXT = 2000
# 行政许可法 42: once, ten days by the body's head; joint handling fifteen
EXTENSION_DAYS, JOINT_EXTENSION_DAYS = 10, 15
SPECIAL_DAYS = 365
OPINION_DAYS = 30
# what of a result may be corrected afterwards: facts of the paper
CORRECTABLE = {"holder": lazy("持有人"), "validity": lazy("有效期"), "result_name": lazy("证照名称")}

Given = Mapping[str, Any]


def clean(case: Case, step: Transition, data: Given, *, now: datetime) -> dict[str, Any]:
    """Return the facts that this step keeps. Raises DataNeeded with a sentence for each field, NotOpen."""
    if step.settles:
        return {}
    reader = _READERS.get(step.name)
    if reader is not None:
        return reader(case, data, now)
    return {name: text for name in step.asks if (text := _text(data, name))}


def _text(data: Given, name: str, most: int = MAX_NOTE) -> str:
    return answers.printable(str(data.get(name) or "")).strip()[:most]


def _days(data: Given, most: int, errors: dict[str, str]) -> int:
    text = str(data.get("days") or "").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 1 <= number <= most:
        errors["days"] = _("天数填 1 到 %(n)d") % {"n": most}
    return number


def _needed(data: Given, name: str, sentence: str, errors: dict[str, str], most: int = MAX_NOTE) -> str:
    text = _text(data, name, most)
    if not text:
        errors[name] = sentence
    return text


def _settled(errors: dict[str, str], facts: dict[str, Any]) -> dict[str, Any]:
    if errors:
        raise DataNeeded(errors)
    return facts


def _hand_over(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    facts, errors = handover.clean(
        data, chosen=str(case.delivery.get("method", "")), windows=case.item.get("windows") or []
    )
    return _settled(errors, dict(facts))


def _deliver(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    said = {name: _text(data, name, 60) for name in ("receiver", "id_number")}
    facts, errors = handing.taken(case, said, timezone.localdate(now))
    return _settled(errors, dict(facts))


def _hand_out(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    if not _text(data, "id_number"):
        raise DataNeeded({"id_number": _("请填来取的人的身份证号")})
    return _deliver(case, data, now)


def _open_locker(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    return _settled(lockers.problem(case, _text(data, "code", 20), now=now), {})


def _resend_code(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    if case.handing.codes_sent >= delivering.MAX_CODES:
        raise NotOpen(_("取件码已经发过 %(n)d 次，请到窗口取") % {"n": delivering.MAX_CODES})
    return {}


def _parcel(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    number, problem = handover.parcel(data)
    facts = {"method": handover.EMS, "number": number}
    if address := _text(data, "address"):
        facts["address"] = address
    return _settled({"number": problem} if problem else {}, facts)


def _number(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    number, problem = handover.parcel(data)
    return _settled({"number": problem} if problem else {}, {"number": number, "before": case.handing.number})


def _to_window(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    return {"window": handover.note(data, "window") or handover.first_window(case.item.get("windows") or [])}


def _to_locker(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    errors: dict[str, str] = {}
    return _settled(errors, {"locker": _needed(data, "locker", _("请填哪个取件柜"), errors, 60)})


def _choose_window(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    return _to_window(case, {}, now) if case.state == State.DELIVERING else {}


def _mail_returned(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    return _to_window(case, data, now) if case.whereabouts == Whereabouts.POSTED_AGAIN else {}


def _complete(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    if lacking := owed.lacking(case):
        names = "、".join(str(row["name"]) for row in lacking)
        raise NotOpen(_("还缺%(names)s，不能当场办好") % {"names": names})
    return {}


def _complete_here(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    _complete(case, data, now)
    return _hand_over(case, {"method": handover.WINDOW}, now)


def _special(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    listed = {str(row["kind"]): row for row in case.item.get("special_procedures") or []}
    by_key = {str(row.get("key", "")): kind for kind, row in listed.items()}
    named = _text(data, "procedure")
    kind = by_key.get(named, named)
    errors: dict[str, str] = {}
    if kind not in listed:
        errors["procedure"] = _("只能是这个事项列出的：%(names)s") % {"names": "、".join(listed)}
    most = int(listed.get(kind, {}).get("days") or 0) or SPECIAL_DAYS
    days = _days(data, most, errors)
    return _settled(
        errors, {"procedure": kind, "days": days, "basis": str(listed.get(kind, {}).get("basis") or "")}
    )


def _end_special(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    begun = case.events.filter(action="special").order_by("-sequence").first()
    return {"procedure": begun.data["procedure"]} if begun else {}


def _extend(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    errors: dict[str, str] = {}
    most = JOINT_EXTENSION_DAYS if case.item.get("joint_bodies") else EXTENSION_DAYS
    return _settled(errors, {"days": _days(data, most, errors)})


def _ask_opinion(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    errors: dict[str, str] = {}
    facts = {
        "department": _needed(data, "department", _("请填问哪个部门"), errors, 60),
        "question": _needed(data, "question", _("请写明要问什么"), errors, MAX_TEXT),
        "days": _days(data, OPINION_DAYS, errors),
    }
    waiting = case.opinions.filter(answered_at=None, department=facts["department"])
    if not errors and waiting.exists():
        errors["department"] = _("已经问过这个部门，等它答复")
    return _settled(errors, facts)


def _record_opinion(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    errors: dict[str, str] = {}
    waiting = list(case.opinions.filter(answered_at=None).order_by("asked_at", "id"))
    named = _text(data, "department", 60)
    if not named and len(waiting) == 1:
        named = waiting[0].department
    if named not in {row.department for row in waiting}:
        names = "、".join(row.department for row in waiting)
        errors["department"] = _("等答复的部门是：%(names)s") % {"names": names}
    facts = {
        "department": named,
        "opinion": _needed(data, "opinion", _("请写下它的意见"), errors, MAX_TEXT),
    }
    return _settled(errors, facts)


def _correction(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    return {"points": corrections.clean(case, data.get("points"), is_ordered=False)}


def _ordered_correction(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    return {"points": corrections.clean(case, data.get("points"), is_ordered=True)}


def _resubmit(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    return {"n": corrections.ready(case)}


def _offer_transfer(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    key = _text(data, "to_hall")
    here = place.here()
    for hall in city_queries.halls():
        if key in {hall.key, hall.role} and hall.role != here.role and hall.state in TAKING:
            return {"to_hall": hall.key, "hall": hall.name}
    raise DataNeeded({"to_hall": _("请选一个正在收件的大厅")})


def _correct(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    errors: dict[str, str] = {}
    field = _text(data, "field")
    if field not in CORRECTABLE:
        errors["field"] = _("请选一种")
    return _settled(errors, {"field": field, "value": _needed(data, "value", _("请填改成什么"), errors)})


def _terminate(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    # a ground that nothing hangs on is told by the reason alone
    facts = {"ground": DEATH if _text(data, "ground") == DEATH else "", "remedy": _text(data, "remedy")}
    return {name: text for name, text in facts.items() if text}


def _revoke(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    errors: dict[str, str] = {}
    return _settled(errors, {"ground": _needed(data, "ground", _("请填依据哪一条"), errors)})


def _charge(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    listed = {fee.key: fee for fee in fees.of(case.item)}
    named, errors = _text(data, "fee"), {}
    fee = listed.get(named or next(iter(listed), "")) if len(listed) == 1 or named else None
    fen = fees.fen_of(_text(data, "amount", 20))
    if fee is None:
        errors["fee"] = _("只能是这个事项列出的：%(names)s") % {
            "names": "、".join(fee.name for fee in listed.values())
        }
        raise DataNeeded(errors)
    if problem := fees.problem(fee, fen):
        raise DataNeeded({"amount": problem})
    return charging.facts(case, fee, fen or 0, now)


def _record_payment(case: Case, data: Given, now: datetime) -> dict[str, Any]:
    errors: dict[str, str] = {}
    number = _needed(data, "receipt_no", _("请填票据号"), errors, 60)
    amount = Payment.objects.open().values_list("amount", flat=True).get(case=case)
    return _settled(errors, {"amount": amount, "way": Way.WINDOW.value, "number": number})


_READERS: Mapping[str, Callable[[Case, Given, datetime], dict[str, Any]]] = {
    "hand_over": _hand_over,
    "deliver": _deliver,
    "hand_out": _hand_out,
    "open_locker": _open_locker,
    "resend_code": _resend_code,
    "post_again": _parcel,
    "correct_number": _number,
    "to_window": _to_window,
    "to_locker": _to_locker,
    "choose_window": _choose_window,
    "mail_returned": _mail_returned,
    "complete": _complete,
    "complete_here": _complete_here,
    "special": _special,
    "end_special": _end_special,
    "extend": _extend,
    "ask_opinion": _ask_opinion,
    "record_opinion": _record_opinion,
    "request_correction": _correction,
    "order_correction": _ordered_correction,
    "resubmit": _resubmit,
    "offer_transfer": _offer_transfer,
    "mend": mending.clean,
    "correct": _correct,
    "terminate": _terminate,
    "revoke": _revoke,
    "charge": _charge,
    "record_payment": _record_payment,
}
