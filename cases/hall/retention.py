"""What a hall keeps of people's cases how long (audit.retention)."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from audit.retention import OnErasure, Rule
from cases.hall.services.exports import KEPT
from cases.hall.services.running_out import BOOKINGS_DAYS, FILES_DAYS, MESSAGES_DAYS
from cases.shared.models import DRAFT_KEPT_DAYS, InboxMessage

ARCHIVE = _("档案法、国务院令第 716 号：办件要归档；保管期限表定 10 年、30 年或永久")

RULES = (
    Rule(
        key="draft",
        what=_("没提交的申请和里面的文件"),
        models=(),
        kept=format_lazy(_("最后一次改后 {n} 天"), n=DRAFT_KEPT_DAYS),
        ground=_("个人信息保护法第 19 条：最短所必需"),
        ending=_("到期删，删前 7 天告诉您"),
        on_erasure=OnErasure.GOES,
        days=DRAFT_KEPT_DAYS,
        sweep="cases.hall.services.drafts.expire",
    ),
    Rule(
        key="loose-file",
        what=_("传了没用上的文件"),
        models=("cases_hall.Upload",),
        kept=format_lazy(_("{n} 天"), n=FILES_DAYS),
        ground=_("个人信息保护法第 19 条：最短所必需"),
        ending=_("到期删"),
        on_erasure=OnErasure.GOES,
        days=FILES_DAYS,
        sweep="cases.hall.services.running_out.loose_files_go",
    ),
    Rule(
        key="case",
        what=_("提交过的办件：填的内容、材料、经过、期限、文书、结果、送达"),
        models=(
            "cases_hall.Case", "cases_hall.CaseFile", "cases_hall.Event", "cases_hall.CorrectionRequest", "cases_hall.CorrectionPoint",
            "cases_hall.OwedPaper", "cases_hall.Result", "cases_hall.Paper", "cases_hall.Mending", "cases_hall.Handing",
            "cases_hall.DeliveryReceipt", "cases_hall.Inbound", "cases_hall.DepartmentPaper",
        ),
        kept=_("办完归档，按档案保管期限表（10 年、30 年或永久）"),
        ground=ARCHIVE,
        ending=_("到期由档案部门鉴定后销毁或移交档案馆"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="case-work",
        what=_("谁办的这一件：领取、代班、批量、提醒"),
        models=(
            "cases_hall.Claim", "cases_hall.Cover", "cases_hall.BatchJob", "cases_hall.StaffNotice", "cases_hall.ReasonText",
            "cases_hall.PaperDraft", "cases_hall.PaperVersion",
        ),
        kept=_("和办件档案一样久"),
        ground=ARCHIVE,
        ending=_("和办件档案一起"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="payment",
        what=_("缴费、退费和票据"),
        models=("cases_hall.Payment", "cases_hall.CallBack"),
        kept=_("30 年"),
        ground=_("会计档案管理办法：会计凭证保管 30 年"),
        ending=_("到期和会计档案一起鉴定销毁"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="mandate",
        what=_("委托：谁替谁办，凭什么"),
        models=(
            "cases_hall.Mandate", "cases_hall.MandatePaper", "cases_hall.Principal", "cases_hall.ProxyTerm",
        ),
        kept=_("和凭它办的件一样久"),
        ground=_("民法典第 165 条：委托要有凭据；凭它办的件在档案里"),
        ending=_("随时能收回；记录和办件档案一起"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="enquiry",
        what=_("咨询和投诉：问的话、附件、答复、谁答的"),
        models=(
            "cases_hall.Enquiry", "cases_hall.EnquiryParty", "cases_hall.EnquiryEvent", "cases_hall.EnquiryFile",
            "cases_hall.PublishedAnswer",
        ),
        kept=_("和办件档案一样久；公开的答复遮掉个人信息，您随时能不再公开"),
        ground=ARCHIVE,
        ending=_("和办件档案一起"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="message",
        what=_("发给您的短信内容"),
        models=("cases_hall.Outbox",),
        kept=format_lazy(_("送到后 {n} 天"), n=MESSAGES_DAYS),
        ground=_("网络安全法：日志至少留 6 个月"),
        ending=_("到期抹掉内容"),
        on_erasure=OnErasure.GOES,
        days=MESSAGES_DAYS,
        sweep="cases.hall.services.running_out.messages_are_blanked",
    ),
    Rule(
        key="inbox",
        what=_("“我的消息”里的通知"),
        models=("cases_shared.InboxMessage",),
        kept=format_lazy(_("{n} 天"), n=InboxMessage.KEPT_DAYS),
        ground=_("个人信息保护法第 45 条：方便您查自己的事"),
        ending=_("到期删；办件里的经过照旧"),
        on_erasure=OnErasure.GOES,
        days=InboxMessage.KEPT_DAYS,
        sweep="cases.hall.services.running_out.inbox_goes",
    ),
    Rule(
        key="booking",
        what=_("预约取号：姓名、手机号、约的事、爽约申诉"),
        models=(
            "cases_hall.Booking", "cases_hall.BookingItem", "cases_hall.BookingEvent", "cases_hall.Booker",
            "cases_hall.Appeal", "cases_hall.Ticket",
        ),
        kept=format_lazy(_("那一天过后 {n} 天"), n=BOOKINGS_DAYS),
        ground=_("个人信息保护法第 19 条：最短所必需；爽约 90 天内累计"),
        ending=_("到期抹掉姓名、手机号、申诉，只留约了几个、来了几个"),
        on_erasure=OnErasure.GOES,
        days=BOOKINGS_DAYS,
        sweep="cases.hall.services.running_out.bookings_are_blanked",
    ),
    Rule(
        key="desk-export",
        what=_("工作人员导出的名单"),
        models=("cases_hall.Export", "cases_hall.ExportTaking"),
        kept=format_lazy(_("文件 {n} 天；谁导出、谁取走的记录和办件档案一样久"), n=KEPT.days),
        ground=_("个人信息保护法第 51 条：防止泄露"),
        ending=_("文件到期删"),
        on_erasure=OnErasure.STAYS,
        days=KEPT.days,
        sweep="cases.hall.services.exports.expire",
    ),
    Rule(
        key="desk-habits",
        what=_("工作人员存的筛选和列"),
        models=("cases_hall.SavedFilter", "cases_hall.DeskColumns"),
        kept=_("到他自己删"),
        ground=_("只为方便办件"),
        ending=_("自己删"),
        on_erasure=OnErasure.STAYS,
    ),
    Rule(
        key="system-secret",
        what=_("部门系统对接的密钥（不是个人信息）"),
        models=("cases_hall.System",),
        kept=_("用着的时候"),
        ground=_("密码法"),
        ending=_("换新时覆盖"),
        on_erasure=OnErasure.STAYS,
    ),
)  # fmt: skip
