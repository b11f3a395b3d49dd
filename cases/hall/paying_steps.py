"""Paying in the life of a case: the notice, the receipt, what is waived, given back. Data, no ORM.

An online payment and its refund are the system's steps, taken when the provider says so; a window's are a clerk's.
"""

from django.utils.translation import gettext_lazy as _

from cases.hall.enums import State
from cases.hall.grammar import APPROVER, HEAD, SYSTEM, WINDOW, Fact, Transition

WHILE_OWED = frozenset({State.ACCEPTED, State.DEEMED_ACCEPTED, State.REVIEW, State.SPECIAL, State.EXTENDED})
_EVER_AFTER = WHILE_OWED | {
    State.GRANTED,
    State.REFUSED,
    State.DELIVERING,
    State.DELIVERED,
    State.WITHDRAWN,
    State.TERMINATED,
    State.ARCHIVED,
}
# one proposal at a time waits on a case
_PROPOSED = frozenset(
    {
        Fact.REFUSAL_PROPOSED,
        Fact.EXTENSION_PROPOSED,
        Fact.REISSUE_PROPOSED,
        Fact.CHANGE_PROPOSED,
        Fact.REVOCATION_PROPOSED,
        Fact.REFUND_PROPOSED,
    }
)
_CHARGED = frozenset({Fact.CHARGED})

PAYING: tuple[Transition, ...] = (
    Transition(
        "charge",
        _("通知缴费"),
        WHILE_OWED,
        None,
        frozenset({WINDOW, APPROVER}),
        told=_("通知缴费"),
        asks=("fee", "amount"),
        document="charge",
        message="charged",
        when=frozenset({Fact.FEE_TO_SET}),
    ),
    Transition(
        "charge_fixed",
        _("通知缴费"),
        WHILE_OWED,
        None,
        frozenset({SYSTEM}),
        told=_("通知缴费"),
        event="charge",
        document="charge",
        message="charged",
        when=frozenset({Fact.FEE_TO_SET}),
    ),
    *(
        Transition(
            "waive",
            _("不收费了"),
            WHILE_OWED,
            None,
            frozenset({HEAD}),
            told=_("不用缴费了"),
            needs_reason=True,
            message="waived",
            when=frozenset({fact}),
        )
        for fact in (Fact.UNPAID, Fact.FEE_TO_SET)
    ),
    Transition(
        "record_payment",
        _("登记窗口缴费"),
        WHILE_OWED,
        None,
        frozenset({WINDOW}),
        told=_("缴了费"),
        event="paid",
        asks=("receipt_no",),
        document="paid",
        message="paid",
        when=frozenset({Fact.UNPAID}),
    ),
    Transition(
        "pay",
        _("缴费"),
        WHILE_OWED,
        None,
        frozenset({SYSTEM}),
        told=_("缴了费"),
        event="paid",
        document="paid",
        message="paid",
        when=_CHARGED,
    ),
    Transition(
        "send_back",
        _("退回不该收的钱"),
        _EVER_AFTER,
        None,
        frozenset({SYSTEM}),
        told=_("收到的钱不用缴，正在退回"),
        message="sent_back",
        when=_CHARGED,
    ),
    Transition(
        "refund",
        _("申请退款"),
        _EVER_AFTER,
        None,
        frozenset({WINDOW, APPROVER}),
        told=_("申请退款"),
        event="propose_refund",
        needs_reason=True,
        when=frozenset({Fact.PAID}),
        unless=_PROPOSED,
        proposes="refund",
        is_internal=True,
    ),
    Transition(
        "refund",
        _("批准退款"),
        _EVER_AFTER,
        None,
        frozenset({APPROVER, HEAD}),
        told=_("同意退款"),
        message="refunding",
        when=frozenset({Fact.PAID, Fact.REFUND_PROPOSED}),
        settles="refund",
    ),
    Transition(
        "return_refund",
        _("退回"),
        _EVER_AFTER,
        None,
        frozenset({APPROVER, HEAD}),
        told=_("没有同意退款"),
        needs_reason=True,
        when=frozenset({Fact.REFUND_PROPOSED}),
        settles="refund",
        is_internal=True,
    ),
    Transition(
        "refunded",
        _("退了款"),
        _EVER_AFTER,
        None,
        frozenset({SYSTEM}),
        told=_("退了款"),
        message="refunded",
        when=_CHARGED,
    ),
)
