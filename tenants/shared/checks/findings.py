"""What check_halls finds: one thing that is not as it must be, in words for a terminal, a program and the console."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Severity(TextChoices):
    """How bad a finding is: people are harmed or kept out, or somebody must look at it."""

    ERROR = "error", _("要马上处理")
    WARNING = "warning", _("要看一看")


@dataclass(frozen=True)
class Kind:
    """A kind of finding as the console says it: how bad, what it is, what to do."""

    severity: str
    title: Any
    remedy: Any


_MIGRATE = _("在这个大厅的页面上重新更新数据结构")
_REPAIR = _("请技术人员运行 migrate_halls --all，再查一遍")
_LOOK = _("请技术人员看过，再改名、归还或删除")
_RESTORE = _("从备份恢复这个大厅")
# code → kind; what an app's own check finds has that check's name as its code and is told as DATA
KINDS = {
    "schema-lost": Kind(Severity.ERROR, _("大厅的数据不见了"), _RESTORE),
    "schema-orphan": Kind(Severity.ERROR, _("有一份数据不属于任何大厅"), _LOOK),
    "identity": Kind(Severity.ERROR, _("数据不是这个大厅的"), _RESTORE),
    "role-lost": Kind(Severity.ERROR, _("大厅的数据库身份不见了"), _REPAIR),
    "role-rights": Kind(Severity.ERROR, _("大厅的数据库身份不对"), _("请技术人员收回多给的权限，再运行 migrate_halls --all")),
    "role-orphan": Kind(Severity.ERROR, _("不属于任何大厅的数据库身份还有权限"), _("请技术人员收回权限")),
    "folder-orphan": Kind(Severity.WARNING, _("有一个文件夹不属于任何大厅"), _LOOK),
    "rows-orphan": Kind(Severity.WARNING, _("公开数据里有不属于任何大厅的行"), _LOOK),
    "quarantined": Kind(Severity.ERROR, _("更新数据结构没成功，大厅已停用"), _MIGRATE),
    "behind": Kind(Severity.ERROR, _("数据结构没更新"), _MIGRATE),
    "public-behind": Kind(Severity.ERROR, _("全市共用的数据结构没更新"), _("请技术人员运行 migrate_halls")),
    "object": Kind(Severity.ERROR, _("视图或函数和程序不一致"), _REPAIR),
    "structure": Kind(Severity.ERROR, _("表的结构被人改过"), _("请技术人员改回来，或写成迁移")),
    "models": Kind(Severity.ERROR, _("表的结构和程序不一致"), _("请技术人员改回来，或写成迁移")),
    "rights": Kind(Severity.ERROR, _("数据权限多了或少了"), _REPAIR),
    "policy": Kind(Severity.ERROR, _("各大厅之间的数据隔离规则不对"), _REPAIR),
    "owner": Kind(Severity.ERROR, _("网站的数据库身份不该拥有数据"), _("请技术人员改掉拥有者")),
    "sequence": Kind(Severity.ERROR, _("自动编号落后了，新的一行会写不进去"), _("请技术人员把编号调到最大值之后")),
    "job-stuck": Kind(Severity.WARNING, _("大厅任务停住了"), _("到任务页重试或撤销")),
    "job-orphan": Kind(Severity.WARNING, _("大厅任务没有大厅"), _("到任务页撤销")),
    "code-unknown": Kind(Severity.WARNING, _("引用了市里没有的事项"), _("请大厅退回这个事项，或改用接替的事项")),
    "file-unowned": Kind(Severity.WARNING, _("有文件没有记录"), _("请技术人员看过再删除")),
    "unreadable": Kind(Severity.ERROR, _("有一项没查成"), _("请技术人员看英文说明，处理后再查一遍")),
}  # fmt: skip
DATA = Kind(Severity.ERROR, _("数据前后不一致"), _("请技术人员按英文说明核对"))


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: in which hall (its key; empty: the city's), what kind, in words, and what to do."""

    hall: str
    code: str
    words: str
    remedy: str = ""

    @property
    def kind(self) -> Kind:
        """What kind of finding it is."""
        return KINDS.get(self.code, DATA)

    def __str__(self) -> str:
        return ": ".join(part for part in (self.hall, self.words, self.remedy) if part)

    def as_facts(self) -> dict[str, str]:
        """Return the finding for programs: hall, code, severity, words, remedy."""
        return {**asdict(self), "severity": str(self.kind.severity)}


def said(hall: str, check: str, found: "Iterator[str | Finding]") -> Iterator[Finding]:
    """Yield what an app's check found: a sentence is a finding named after the check."""
    for finding in found:
        if isinstance(finding, Finding):
            yield finding
        else:
            yield Finding(hall, check.replace("_", "-"), finding)
