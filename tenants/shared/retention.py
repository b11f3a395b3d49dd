"""What the city keeps of what was done to its halls how long (audit.retention)."""

from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Place, Rule

RULES = (
    Rule(
        key="hall-work",
        what=_("谁交办了大厅的事、做了备份、恢复了大厅"),
        models=(
            "tenants_shared.HallJob",
            "tenants_shared.HallJobWish",
            "tenants_shared.HallArchive",
            "tenants_shared.HallRestore",
        ),
        kept=_("长期"),
        ground=_("网络安全法：日志至少留 6 个月；谁动过大厅要查得到"),
        ending=_("不删"),
        on_erasure=OnErasure.STAYS,
        place=Place.CITY,
    ),
)
