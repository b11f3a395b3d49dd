"""What the public schema keeps of people's cases how long (audit.retention)."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Place, Rule
from cases.shared.models import FILE_DAYS, READINGS_DAYS, REQUESTS_DAYS

RULES = (
    Rule(
        key="pointer",
        what=_("“我的办件”里的一行：哪个大厅、什么事、办到哪"),
        models=(
            "cases_shared.Pointer",
            "cases_shared.MandatePointer",
            "cases_shared.BookingPointer",
            "cases_shared.EnquiryPointer",
        ),
        kept=_("和它指的办件、委托、预约一样久"),
        ground=_("个人信息保护法第 45 条：方便您查自己的事"),
        ending=_("跟着那一件一起删"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="verification",
        what=_("证件验证页上的一行，姓名遮掉"),
        models=("cases_shared.Verification",),
        kept=_("和证件一样久，撤销后也留"),
        ground=_("行政许可法第 40 条：准予许可的决定要公开"),
        ending=_("标明撤销或过期，不删"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="transfer",
        what=_("从一个大厅转到另一个大厅的件"),
        models=("cases_shared.Transfer",),
        kept=_("转到就清空内容"),
        ground=_("个人信息保护法第 19 条：最短所必需"),
        ending=_("转到时清空"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="city-notes",
        what=_("工作人员录入的放假安排、停用通知"),
        models=("cases_shared.CalendarDraft", "cases_shared.Outage", "cases_shared.HallOutage"),
        kept=_("长期"),
        ground=_("期限怎么算的要查得到"),
        ending=_("不删"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="reading",
        what=_("哪个大厅、哪个岗位看过您的完整证件号，什么时候，为什么"),
        models=("cases_shared.Reading",),
        kept=format_lazy(_("{n} 天"), n=READINGS_DAYS),
        ground=_("个人信息保护法第 44、45 条：您有权知道；第 56 条：处理记录至少留 3 年"),
        ending=_("到期删；审计记录照旧"),
        on_erasure=OnErasure.STAYS,
        days=READINGS_DAYS,
        sweep="cases.shared.services.requests.old_readings_go",
        place=Place.CITY,
    ),
    Rule(
        key="request-file",
        what=_("您要的资料压缩包"),
        models=("cases_shared.DataRequest",),
        kept=format_lazy(_("压缩包 {n} 天；您要过什么、办完没有 {m} 天"), n=FILE_DAYS, m=REQUESTS_DAYS),
        ground=_("个人信息保护法第 45 至 47、50 条；第 56 条：处理记录至少留 3 年"),
        ending=_("到期删"),
        on_erasure=OnErasure.STAYS,
        place=Place.CITY,
        days=REQUESTS_DAYS,
        sweep="cases.shared.services.requests.expire",
    ),
    Rule(
        key="request-receipt",
        what=_("删除、注销的回执：每个大厅删了几条，没有内容"),
        models=("cases_shared.DataReceipt",),
        kept=format_lazy(_("{n} 天"), n=REQUESTS_DAYS),
        ground=_("个人信息保护法第 56 条：处理记录至少留 3 年"),
        ending=_("到期删"),
        on_erasure=OnErasure.STAYS,
        place=Place.CITY,
        days=REQUESTS_DAYS,
        sweep="cases.shared.services.requests.expire",
    ),
)
