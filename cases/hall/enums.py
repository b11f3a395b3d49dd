"""States, clocks and turns of a case (DOMAIN section 3)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """The state of a case, with the words an applicant reads."""

    DRAFT = "draft", _("没提交")
    SUBMITTED = "submitted", _("已提交")
    ACCEPTED = "accepted", _("已受理")
    NOT_ACCEPTED = "not_accepted", _("没有受理")
    REVIEW = "review", _("正在审查")
    GRANTED = "granted", _("同意了")
    REFUSED = "refused", _("没有同意")
    DELIVERING = "delivering", _("等您来取")
    DELIVERED = "delivered", _("已办好")


class Clock(TextChoices):
    """A: acceptance, 5 working days. P: promised. S: statutory. D: delivery, 10 working days."""

    ACCEPTANCE = "A", _("答复收不收")
    PROMISED = "P", _("承诺办结")
    STATUTORY = "S", _("法定办结")
    DELIVERY = "D", _("送达")


class Act(TextChoices):
    """What a ledger row does to its clock."""

    START = "start", _("开始")
    PAUSE = "pause", _("暂停")
    RESUME = "resume", _("恢复")
    EXTEND = "extend", _("延长")
    STOP = "stop", _("停止")


class Turn(TextChoices):
    """Whose turn it is."""

    APPLICANT = "applicant", _("该您了")
    HALL = "hall", _("我们在办")
    NOBODY = "nobody", _("已办完")
