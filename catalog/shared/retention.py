"""What the city's catalogue keeps of people how long (audit.retention)."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Place, Rule
from catalog.shared.services.searches import KEPT_DAYS

RULES = (
    Rule(
        key="city-editing",
        what=_("工作人员改全市事项的记录"),
        models=("catalog_shared.SharedDraft", "catalog_shared.SharedVersion", "catalog_shared.SheetJob"),
        kept=_("版本长期留；导入的文件 7 天"),
        ground=_("行政许可法第 30 条：公示的内容要查得到是谁定的"),
        ending=_("草稿发布后删，版本不删"),
        on_erasure=OnErasure.STAYS,
        place=Place.CITY,
    ),
    Rule(
        key="search",
        what=_("大家搜了什么词（不记是谁，长数字遮掉）"),
        models=("catalog_shared.SearchLog",),
        kept=format_lazy(_("{n} 天"), n=KEPT_DAYS),
        ground=_("不是个人信息；只为改进搜索"),
        ending=_("到期删"),
        on_erasure=OnErasure.STAYS,
        place=Place.CITY,
        days=KEPT_DAYS,
        sweep="catalog.shared.services.searches.forget",
    ),
)
