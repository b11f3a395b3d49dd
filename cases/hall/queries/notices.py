"""What the plain notices say: paragraphs, points and rows. Chinese by law, not translated."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cases.hall import clock, fees
from cases.hall.enums import Clock, Whereabouts
from cases.hall.models import Case, CorrectionPoint, DeliveryReceipt, Event, Payment
from cases.hall.payment_enums import Way

Standing = Mapping[str, clock.Due]
# how a result was handed over, as a receipt names it
_METHODS = {
    "window": "窗口领取",
    "ems": "邮寄",
    "proxy": "代办员送达",
    "electronic": "电子送达",
    "locker": "取件柜领取",
    Whereabouts.AT_WINDOW: "窗口领取",
    Whereabouts.POSTED: "邮寄",
    Whereabouts.POSTED_AGAIN: "邮寄",
    Whereabouts.WITH_PROXY: "代办员送达",
    Whereabouts.ONLINE: "电子送达",
    Whereabouts.IN_LOCKER: "取件柜领取",
}
_TAKEN_BY = {
    DeliveryReceipt.HOLDER: "本人",
    DeliveryReceipt.AGENT: "代领人",
    DeliveryReceipt.PROXY: "代办员",
}
_CHECKED = {
    DeliveryReceipt.NUMBER: "核对证件号",
    DeliveryReceipt.SEEN: "当面核对证件原件",
    DeliveryReceipt.CODE: "取件码",
    DeliveryReceipt.SIGNED: "签收回执",
    DeliveryReceipt.CARRIER: "邮件签收",
    DeliveryReceipt.ARRIVED: "到达申请人的账号",
}


def facts(case: Case, event: Event, standing: Standing) -> dict[str, Any]:
    """Return what the notice of this event says besides what every paper says; nothing for another event."""
    write = _NOTICES.get(event.action)
    return write(case, event, standing) if write else {}


def _day(due: clock.Due | None) -> str:
    return _text(due.date) if due and due.date else ""


def _text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _correction(case: Case, event: Event, standing: Standing) -> dict[str, Any]:
    points = CorrectionPoint.objects.filter(request__event=event).order_by("position")
    until = _day(standing.get(Clock.CORRECTION))
    return {
        "paragraphs": [
            f"您申请的“{case.item_name}”，材料不齐全或者不符合法定形式。依据《中华人民共和国行政许可法》第三十二条，"
            "现将需要补正的全部内容一次告知如下。",
            f"请在{until}前补正。逾期不补正的，本次申请结束，您可以重新申请。",
        ],
        "points": [[point.label, _point(point)] for point in points],
        "rows": [["最晚补正日期", until]],
        "until": until,
        "n": len(points),
    }


def _point(point: CorrectionPoint) -> str:
    return f"{point.reason}（{point.where}）" if point.where else point.reason


def _special(case: Case, event: Event, standing: Standing) -> dict[str, Any]:
    kind, days = event.data.get("procedure", ""), event.data.get("days", "")
    return {
        "paragraphs": [
            f"您申请的“{case.item_name}”，依法需要{kind}，所需时间约{days}天。依据《中华人民共和国行政许可法》第四十五条，"
            "所需时间不计算在办理期限内。",
        ],
        "rows": [["程序", kind], ["约需天数", str(days)], ["依据", str(event.data.get("basis") or "")]],
        "procedure": kind,
        "days": days,
        "basis": event.data.get("basis"),
    }


def _extend(case: Case, event: Event, standing: Standing) -> dict[str, Any]:
    days = event.data.get("days", "")
    return {
        "paragraphs": [
            f"您申请的“{case.item_name}”，在规定期限内不能作出决定。依据《中华人民共和国行政许可法》第四十二条，"
            f"经本机关负责人批准，延长{days}日。",
        ],
        "rows": [["法定办结日期", _day(standing.get(Clock.STATUTORY))]],
        "days": days,
    }


def _withdraw(case: Case, event: Event, standing: Standing) -> dict[str, Any]:
    return {"paragraphs": [f"您已撤回“{case.item_name}”的申请，本次办理结束。您可以重新申请。"]}


def _terminate(case: Case, event: Event, standing: Standing) -> dict[str, Any]:
    remedy = event.data.get("remedy", "")
    paragraphs = [f"您申请的“{case.item_name}”，现决定终止办理。"]
    return {
        "paragraphs": [*paragraphs, *([f"您可以{remedy}。"] if remedy else [])],
        "has_remedies": True,
        "remedy": remedy,
    }


def _receipt(case: Case, event: Event, standing: Standing) -> dict[str, Any]:
    handed = case.events.filter(action="hand_over", sequence__lt=event.sequence).latest("sequence")
    row = DeliveryReceipt.objects.filter(event=event).first()
    method = _METHODS.get(row.way if row else str(handed.data.get("method", "")), "")
    number = case.handing.number if hasattr(case, "handing") else str(handed.data.get("number", ""))
    rows = [["送达方式", method], ["邮件单号", number]]
    if row is not None:
        who = _TAKEN_BY.get(row.taken_by, "")
        rows += [
            ["签收人", f"{row.receiver_masked}（{who}）"],
            ["签收人证件号", row.id_masked],
            ["怎么核对的", _CHECKED.get(row.checked, "")],
            ["经手人", row.given_by],
        ]
    return {
        "paragraphs": [f"“{case.item_name}”的办理结果已经送达。"],
        "rows": [[label, value] for label, value in rows if value],
        "handed": method,
        "parcel": number,
    }


def _revoke(case: Case, event: Event, standing: Standing) -> dict[str, Any]:
    ground = event.data.get("ground", "")
    return {
        "paragraphs": [
            f"对您申请的“{case.item_name}”作出的准予决定，依据{ground}，现予撤销。原证照或批文自即日起失效。"
        ],
        "has_remedies": True,
        "ground": ground,
    }


_PAID_BY = {Way.ONLINE: "网上缴款", Way.WINDOW: "窗口缴款"}


def _charge(case: Case, event: Event, standing: Standing) -> dict[str, Any]:
    said = event.data
    money, until = fees.money(said["amount"]), _text(date.fromisoformat(said["until"]))
    rows = [["收费项目", said["fee"]], ["收费标准", said["standard"]], ["应缴金额", money]]
    rows += [["收费依据", said["basis"]], ["最晚缴款日期", until]]
    return {
        "paragraphs": [
            f"您申请的“{case.item_name}”已经受理。依据{said['basis']}，请在{until}前缴纳{said['fee']}{money}。"
        ],
        "rows": [[label, value] for label, value in rows if value],
        "fee": said["fee"],
        "money": money,
        "fee_basis": said["basis"],
        "until": until,
    }


def _paid(case: Case, event: Event, standing: Standing) -> dict[str, Any]:
    payment = Payment.objects.get(receipt=event)
    money, way = fees.money(payment.amount), _PAID_BY[Way(payment.way)]
    rows = [["收费项目", payment.fee["fee"]], ["实收金额", money], ["收费依据", payment.fee["basis"]]]
    rows += [["缴款方式", way], ["票据或交易编号", event.data["number"]]]
    return {
        "paragraphs": [f"“{case.item_name}”的{payment.fee['fee']}{money}已经收到。"],
        "rows": [[label, value] for label, value in rows if value],
        "fee": payment.fee["fee"],
        "money": money,
        "paid_by": way,
    }


_NOTICES: Mapping[str, Callable[[Case, Event, Standing], dict[str, Any]]] = {
    "request_correction": _correction,
    "order_correction": _correction,
    "special": _special,
    "extend": _extend,
    "withdraw": _withdraw,
    "terminate": _terminate,
    "deliver": _receipt,
    "hand_out": _receipt,
    "open_locker": _receipt,
    "acknowledge": _receipt,
    "arrive_online": _receipt,
    "revoke": _revoke,
    "charge": _charge,
    "paid": _paid,
}
