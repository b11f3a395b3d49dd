"""What a person may be in the city's console, and what they may be told by which way."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CityRole(TextChoices):
    """A role in the city's console; posts in a hall are rows of that hall."""

    CITY_ADMIN = "city_admin", _("市级管理员")
    INSPECTOR = "inspector", _("监察员")


class NoticeGroup(TextChoices):
    """What messages a person has a say about; what the law obliges a hall to tell reaches them by one way at least."""

    STATUTORY = "statutory", _("依法必须告诉您的")
    REMINDER = "reminder", _("提醒")
    PROGRESS = "progress", _("办到哪一步")
    PROXY = "proxy", _("代办员替您办了什么")
    BOOKING = "booking", _("预约和叫号")


class ChannelName(TextChoices):
    """A way out of the house; what stands in the inbox needs none."""

    SMS = "sms", _("短信")
    MAIL = "mail", _("邮件")
