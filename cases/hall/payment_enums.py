"""States of a payment, what a provider says of one, and what was done about it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaymentState(TextChoices):
    """How far a payment is. CANCELLED: not to be paid any more (waived, the case ended, paid in another try)."""

    DUE = "due", _("等缴费")
    STARTED = "started", _("正在缴")
    PAID = "paid", _("已缴")
    FAILED = "failed", _("没有缴成")
    REFUND_ASKED = "refund_asked", _("正在退款")
    REFUNDED = "refunded", _("已退款")
    CANCELLED = "cancelled", _("不用缴了")


OPEN = (PaymentState.DUE, PaymentState.STARTED)
# money that has come in and was not given back
HELD = (PaymentState.PAID, PaymentState.REFUND_ASKED)


class Way(TextChoices):
    """How it was paid."""

    ONLINE = "online", _("网上缴")
    WINDOW = "window", _("窗口缴")


class Said(TextChoices):
    """What a provider says of a payment. WAITING: nothing has happened yet; UNKNOWN: it has no such payment."""

    PAID = "paid", _("付成了")
    FAILED = "failed", _("没有付成")
    REFUNDED = "refunded", _("退了")
    WAITING = "waiting", _("还没付")
    UNKNOWN = "unknown", _("没有这一笔")


class Taken(TextChoices):
    """What was done about a call-back. LATE: the money came when it was owed no more and goes back."""

    APPLIED = "applied", _("已登记")
    REPEATED = "repeated", _("说过了")
    LATE = "late", _("来晚了，退回")
    MISMATCH = "mismatch", _("金额不符")
    STRANGE = "strange", _("没有这一笔")
