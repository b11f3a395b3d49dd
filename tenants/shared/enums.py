"""What a hall may be: its level and its state; how far the work on it is."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """The level at which a hall serves; it decides which shared items it takes."""

    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    ZONE = "zone", _("开发区")


class HallState(TextChoices):
    """A hall's life, from being prepared to its deletion, which leaves a tombstone (tenants.shared.life.transitions)."""

    PREPARING = "preparing", _("筹备中")
    REHEARSAL = "rehearsal", _("试运行，受邀的人能看")
    OPEN = "open", _("已开通")
    FROZEN = "frozen", _("已冻结")
    CLOSING = "closing", _("正在关闭")
    ARCHIVED = "archived", _("已归档")
    DELETED = "deleted", _("已撤销")


# a hall takes applications: in rehearsal they are real, of those who were invited
TAKING = frozenset({HallState.OPEN, HallState.REHEARSAL})


class JobKind(TextChoices):
    """What the operator does to a hall (settings.HALL_JOBS has the steps)."""

    ONBOARD = "onboard", _("开新大厅")
    GO_LIVE = "go_live", _("开通")
    STATE = "state", _("改大厅的状态")
    RENAME = "rename", _("大厅改名、改网址")
    RELEASE = "release", _("放掉旧网址")
    EXPORT = "export", _("做备份")
    RESTORE = "restore", _("用备份恢复")
    CLONE = "clone", _("做培训用的副本")
    DRILL = "drill", _("恢复演练")
    DELETE = "delete", _("删除大厅")
    MIGRATE = "migrate", _("升级大厅的表")
    CHECK = "check", _("查各大厅")


class JobState(TextChoices):
    """How far a job of the operator is."""

    WAITING = "waiting", _("等着办")
    RUNNING = "running", _("正在办")
    DONE = "done", _("办好了")
    FAILED = "failed", _("没办成")
    UNDOING = "undoing", _("正在撤回")
    UNDONE = "undone", _("已撤回")


class StepState(TextChoices):
    """How far one step of a job is."""

    RUNNING = "running", _("正在办")
    DONE = "done", _("办好了")
    FAILED = "failed", _("没办成")
    UNDONE = "undone", _("已撤回")


class Wish(TextChoices):
    """What may be asked of a job that waits or failed."""

    RETRY = "retry", _("再试一次")
    UNDO = "undo", _("撤回")
