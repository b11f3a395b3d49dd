"""Kinds and states of what people ask 咨询 and complain of 投诉 (DOMAIN section 6)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What somebody wants: an answer, or that something be put right."""

    ASK = "ask", _("咨询")
    COMPLAIN = "complain", _("投诉")


class EnquiryState(TextChoices):
    """The state of an enquiry, with the words its owner reads."""

    NEW = "new", _("收到了")
    OPEN = "open", _("正在办")
    ANSWERED = "answered", _("已答复")


class About(TextChoices):
    """What a complaint is about: it decides who may never see it."""

    CASE = "case", _("我的一件事办得不对")
    STAFF = "staff", _("一位工作人员")
    HEAD = "head", _("大厅负责人")
    WINDOW = "window", _("一个窗口")
    SERVICE = "service", _("环境、网站等服务")
