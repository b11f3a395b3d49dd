"""What a hall keeps of its staff how long (audit.retention)."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Rule
from tenants.hall.services.invitations import KEPT_DAYS

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
        key="invitation",
        what=_("请人来任职：姓名、手机号、邮箱"),
        models=("tenants_hall.Invitation",),
        kept=format_lazy(_("链接 7 天；用过、收回、过期后再留 {n} 天"), n=KEPT_DAYS),
        ground=_("个人信息保护法第 19 条：最短所必需"),
        ending=_("到期删；给了什么岗位记在岗位里"),
        on_erasure=OnErasure.STAYS,
        days=KEPT_DAYS,
        sweep="tenants.hall.services.invitations.remove_old",
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
