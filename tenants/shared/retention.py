"""What the public schema keeps of who had something done to halls how long (audit.retention)."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Rule
from tenants.shared.policy import CHECKS_KEPT

RULES = (
    Rule(
        key="hall-jobs",
        what=_("谁让系统开、改、搬、备份了哪个大厅"),
        models=("tenants_shared.HallJob", "tenants_shared.HallJobWish"),
        kept=_("长期"),
        ground=_("网络安全法：谁管理过系统要查得到"),
        ending=_("不删"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="hall-checks",
        what=_("谁让系统查了一遍各大厅"),
        models=("tenants_shared.HallCheck",),
        kept=format_lazy(_("{n} 天"), n=CHECKS_KEPT.days),
        ground=_("网络安全法：谁管理过系统要查得到"),
        ending=_("下一遍查的时候删"),
        on_erasure=OnErasure.STAYS,
    ),
)
