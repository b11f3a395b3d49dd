"""Feedback on a guide: what it is about, and how far it has come."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Section(TextChoices):
    """The part of a guide that somebody says is wrong."""

    TIME = "time", _("多久办好")
    FEES = "fees", _("要交多少钱")
    VISITS = "visits", _("要跑几次")
    MATERIALS = "materials", _("要准备什么")
    STEPS = "steps", _("怎么办")
    PLACE = "place", _("地址、电话、时间")
    CONDITIONS = "conditions", _("谁能办、什么条件")
    BASIS = "basis", _("依据、时限、结果")
    OTHER = "other", _("别的地方")


# the field that staff open to put a section right; what is not here is the city's or stands in rows
SECTION_FIELDS = {
    Section.TIME: "promised_days",
    Section.VISITS: "visits",
    Section.PLACE: "address",
    Section.OTHER: "guide_text",
}


class FeedbackState(TextChoices):
    """How far it has come: waiting, found right, found not so."""

    NEW = "new", _("等处理")
    ACCEPTED = "accepted", _("说得对")
    REJECTED = "rejected", _("没有错")
