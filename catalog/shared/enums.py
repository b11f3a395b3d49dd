"""What the fields of an item may hold (GB/T 39554.2-2020, DOMAIN section 1)."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class ItemType(TextChoices):
    """The types of item that a hall offers on application 依申请."""

    LICENSING = "01", _("行政许可")
    BENEFIT = "05", _("行政给付")
    CONFIRMATION = "07", _("行政确认")
    REWARD = "08", _("行政奖励")
    RULING = "09", _("行政裁决")
    OTHER_POWER = "10", _("其他行政权力")
    PUBLIC_SERVICE = "20", _("公共服务")


class Kind(TextChoices):
    """办件类型: done on the spot, or within a promised time."""

    INSTANT = "instant", _("当场办好")
    PROMISED = "promised", _("几天办好")


class Unit(TextChoices):
    """The unit of a limit."""

    WORKING = "working", _("工作日")
    NATURAL = "natural", _("自然日")


class Audience(TextChoices):
    """Whom an item serves."""

    PERSONAL = "personal", _("个人")
    BUSINESS = "business", _("企业和组织")
    BOTH = "both", _("个人、企业都能办")


class ResultKind(TextChoices):
    """What an item gives."""

    LICENCE = "licence", _("证照")
    APPROVAL = "approval", _("批文")
    OTHER = "other", _("其他")


class Status(TextChoices):
    """事项状态."""

    DRAFT = "draft", _("草稿")
    ACTIVE = "active", _("在用")
    SUSPENDED = "suspended", _("暂停")
    CANCELLED = "cancelled", _("取消")


class Depth(IntegerChoices):
    """网办深度: guide only, online pre-review, online acceptance with at most one visit, no visit."""

    GUIDE = 1, _("看指南")
    PRE_REVIEW = 2, _("网上预审")
    ACCEPTANCE = 3, _("最多跑一次")
    FULL = 4, _("一次不跑")
