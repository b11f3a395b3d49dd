"""What a hall's catalogue keeps of people how long (audit.retention)."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Rule
from catalog.hall.services.feedback import KEPT_DAYS

RULES = (
    Rule(
        key="feedback",
        what=_("您对办事指南的找错"),
        models=("catalog_hall.Feedback", "catalog_shared.FeedbackFact"),
        kept=format_lazy(_("答复后 {n} 天"), n=KEPT_DAYS),
        ground=_("个人信息保护法第 19 条：最短所必需"),
        ending=_("到期删；您要求时先抹掉是谁提的"),
        on_erasure=OnErasure.GOES,
        days=KEPT_DAYS,
        sweep="catalog.hall.services.feedback.tidy",
    ),
    Rule(
        key="hall-editing",
        what=_("工作人员改本厅事项的记录"),
        models=(
            "catalog_hall.Override", "catalog_hall.LocalDraft", "catalog_hall.LocalVersion", "catalog_hall.SheetJob",
            "catalog_hall.ItemAlias",
        ),
        kept=_("版本长期留；导入的文件 7 天"),
        ground=_("行政许可法第 30 条：公示的内容要查得到是谁定的"),
        ending=_("草稿发布后删，版本不删"),
        on_erasure=OnErasure.STAYS,
    ),
)  # fmt: skip
