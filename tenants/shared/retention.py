"""What the city keeps of those who prepare halls and work on them how long (audit.retention)."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Place, Rule
from tenants.shared.policy import CHECKS_KEPT

RULES = (
    Rule(
        key="onboarding",
        what=_("开新大厅时填的第一位管理员，谁查的能不能开通"),
        models=("tenants_shared.OnboardingDraft", "tenants_shared.GoLiveFact"),
        kept=_("到大厅开好，或草稿删掉"),
        ground=_("个人信息保护法第 13 条第 1 款第 3 项：履行法定职责"),
        ending=_("随草稿删；手机号加密存"),
        on_erasure=OnErasure.STAYS,
        place=Place.CITY,
    ),
    Rule(
        key="hall-work",
        what=_("谁交办了大厅的事、改了状态、做了备份、恢复或删了大厅"),
        models=(
            "tenants_shared.HallJob",
            "tenants_shared.HallJobWish",
            "tenants_shared.HallArchive",
            "tenants_shared.HallRestore",
            "tenants_shared.HallTransition",
            "tenants_shared.HallDeletion",
            "tenants_shared.HallCertificate",
            "tenants_shared.HallVisit",
        ),
        kept=_("长期"),
        ground=_("网络安全法：日志至少留 6 个月；谁动过大厅要查得到"),
        ending=_("不删"),
        on_erasure=OnErasure.STAYS,
        place=Place.CITY,
    ),
    Rule(
        key="hall-checks",
        what=_("谁让系统查了一遍各大厅"),
        models=("tenants_shared.HallCheck",),
        kept=format_lazy(_("{n} 天"), n=CHECKS_KEPT.days),
        ground=_("网络安全法：谁管理过系统要查得到"),
        ending=_("下一遍查的时候删"),
        on_erasure=OnErasure.STAYS,
        place=Place.CITY,
    ),
)
