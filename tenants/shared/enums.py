"""What a hall may be: its level and its state."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """The level at which a hall serves; it decides which shared items it takes."""

    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    ZONE = "zone", _("开发区")


class HallState(TextChoices):
    """A hall's life, from being prepared to being archived."""

    PREPARING = "preparing", _("筹备中")
    TRIAL = "trial", _("试运行，受邀的人能看")
    OPEN = "open", _("已开通")
    FROZEN = "frozen", _("已冻结")
    CLOSING = "closing", _("正在关闭")
    ARCHIVED = "archived", _("已归档")


# a hall takes applications: on trial they are real, of those who were invited
TAKING = frozenset({HallState.OPEN, HallState.TRIAL})
