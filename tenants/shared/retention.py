"""What the city keeps of those who prepare a hall how long (audit.retention)."""

from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Place, Rule

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
)
