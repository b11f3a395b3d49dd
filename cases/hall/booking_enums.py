"""States of a booking 预约 and of a ticket 号, and who goes first 绿色通道 (DOMAIN section 6)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BookingState(TextChoices):
    """The state of a booking, with the words its owner reads."""

    WAITING = "waiting", _("排队等空位")
    OFFERED = "offered", _("排到了，等您确认")
    BOOKED = "booked", _("约好了")
    CHECKED_IN = "checked_in", _("已到，等叫号")
    DONE = "done", _("已办完")
    CANCELLED = "cancelled", _("已取消")
    CLOSED = "closed", _("大厅取消了")
    NO_SHOW = "no_show", _("没有来")
    LAPSED = "lapsed", _("过期了")


class TicketState(TextChoices):
    """The state of a number that somebody waits with."""

    WAITING = "waiting", _("等叫号")
    CALLED = "called", _("正在叫")
    ABSENT = "absent", _("叫了没来")
    DONE = "done", _("办完了")


class Lane(TextChoices):
    """Why somebody goes first, and is not punished for not coming. The first is read from the ID number."""

    NONE = "", _("不需要")
    SENIOR = "senior", _("60 岁以上")
    DISABLED = "disabled", _("残疾人")
    PREGNANT = "pregnant", _("孕妇")
