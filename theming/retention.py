"""What looks keep of people how long (audit.retention)."""

from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Place, Rule

RULES = (
    Rule(
        key="theme",
        what=_("谁改了、发布了大厅的外观"),
        models=("theming.HallTheme", "theming.ThemeDraft"),
        kept=_("发布过的长期留，草稿发布后删"),
        ground=_("政府网站发展指引：页面的改动要查得到是谁定的"),
        ending=_("不删；只有工作人员的姓名"),
        on_erasure=OnErasure.STAYS,
        place=Place.CITY,
    ),
)
