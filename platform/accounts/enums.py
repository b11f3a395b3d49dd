"""What a person may be in the city's console, how well a person is known, and what they may be told by which way."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class CityRole(TextChoices):
    """A role in the city's console; posts in a hall are rows of that hall. An account has one: so none holds two of the
    three administrators that GB/T 22239 keeps apart (system, security, audit).
    """

    CITY_ADMIN = "city_admin", _("市级管理员")
    INSPECTOR = "inspector", _("监察员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


class Level(IntegerChoices):
    """实名等级: how well the city knows who somebody is. Items say which one they need."""

    PHONE = 1, _("只要手机号")
    CHECKED = 2, _("姓名和证件号核对过")
    VERIFIED = 3, _("实名认证过")


class ProvedBy(TextChoices):
    """What a name and ID number rest on: check digits alone, a register that knows the pair, the national platform, a clerk."""

    FORMAT = "format", _("只核对了写法")
    REGISTER = "register", _("和登记的对得上")
    PLATFORM = "platform", _("国家平台认证")
    WINDOW = "window", _("窗口看过证件")


# each way's level; nothing proved is the phone alone
LEVELS = {
    "": Level.PHONE,
    ProvedBy.FORMAT: Level.CHECKED,
    ProvedBy.REGISTER: Level.CHECKED,
    ProvedBy.PLATFORM: Level.VERIFIED,
    ProvedBy.WINDOW: Level.VERIFIED,
}
VERIFIED_BY = (ProvedBy.PLATFORM.value, ProvedBy.WINDOW.value)


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


class FactorKind(TextChoices):
    """What proves who somebody is besides the password: a code that changes each half minute, or a key in a device."""

    TOTP = "totp", _("动态码")
    PASSKEY = "passkey", _("通行密钥")


class Trust(TextChoices):
    """How far a material of somebody's own is known: as they sent it, as a clerk compared it, as a hall issued it."""

    OWN = "own", _("自己传的")
    SEEN = "seen", _("窗口核过原件")
    ISSUED = "issued", _("大厅发的")
