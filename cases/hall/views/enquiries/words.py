"""How steps and states of an enquiry are called on pages."""

from django.utils.translation import gettext_lazy as _

from cases.hall.enquiry_enums import EnquiryState

COLOURS: dict[str, str] = {EnquiryState.NEW: "info", EnquiryState.OPEN: "info", EnquiryState.ANSWERED: "ok"}
WORDS = {
    "submit": _("收到了"),
    "add": _("您补充了"),
    "add_file": _("您补充了文件"),
    "take": _("有人办了"),
    "release": _("放回"),
    "assign": _("交给"),
    "route": _("转给部门"),
    "name_party": _("注明被投诉的人"),
    "note": _("内部备注"),
    "draft": _("存了草稿"),
    "extend": _("延长 10 个工作日"),
    "answer": _("答复"),
    "rate": _("您评了"),
    "reopen": _("您说没解决，再办一次"),
    "publish": _("公开"),
    "withdraw": _("撤下公开"),
    "late_take_up": _("过了 1 个工作日没有人办"),
    "late": _("过了答复的日期，正在催办"),
    "move_date": _("因放假安排公布，日期改了"),
}
