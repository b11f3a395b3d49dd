"""What a hall keeps of its staff how long (audit.retention)."""

from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Rule

RULES = (
    Rule(
        key="post",
        what=_("工作人员的岗位"),
        models=("tenants_hall.Post", "tenants_hall.Closure"),
        kept=_("在岗期间，离岗后和他办的件一样久"),
        ground=_("公务员法：履职记录；谁办的要查得到"),
        ending=_("停用，不删"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="guest",
        what=_("试运行请来的人"),
        models=("tenants_hall.Guest",),
        kept=_("试运行期间"),
        ground=_("个人信息保护法第 19 条：够用的最短时间"),
        ending=_("开通时删"),
        on_erasure=OnErasure.GOES,
    ),
)
