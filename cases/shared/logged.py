"""What the audit's actions are called on pages; a case's steps have their names in the hall's table of steps."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "case": _("办件"),
    "reading": _("查看"),
    "export": _("导出"),
    "item": _("事项"),
    "calendar": _("日历和停用"),
    "other": _("其他"),
}
WORDS: dict[str, Promise] = {
    "read_id_number": _("看了完整证件号"),
    "read_file": _("打开了材料"),
    "read_trail": _("看了这件的全部记录"),
    "read_audit": _("看了操作记录"),
    "check_chain": _("核对了封存"),
    "draft.discard": _("删了草稿"),
    "case.add_file": _("补了一份材料"),
    "case.move_date": _("日期随放假安排改了"),
    "override.set": _("改了一项内容"),
    "override.reset": _("恢复了市里的内容"),
    "override.load": _("导入了本厅的内容"),
    "review.accept": _("用了市里的"),
    "review.keep": _("保留了本厅的"),
    "local.draft": _("新建了本地事项"),
    "local.edit": _("改了本地事项"),
    "local.edit_many": _("导入了本地事项"),
    "local.approve": _("同意了本地事项，到日发布"),
    "local.publish": _("发布了本地事项"),
    "local.publish_many": _("发布了一批本地事项"),
    "local.discard": _("扔了本地事项的草稿"),
    "shared.edit": _("改了全市事项"),
    "shared.edit_many": _("导入了全市事项"),
    "shared.approve": _("同意了全市事项，到日发布"),
    "shared.publish": _("发布了全市事项"),
    "shared.publish_many": _("发布了一批全市事项"),
    "shared.discard": _("扔了全市事项的草稿"),
    "adoption.take": _("认领了事项"),
    "adoption.release": _("退回了事项"),
    "alias.add": _("加了别名"),
    "alias.remove": _("去掉了别名"),
    "phrase.add": _("加了平时的说法"),
    "phrase.remove": _("去掉了平时的说法"),
    "feedback.submit": _("有人找错"),
    "feedback.answer": _("答复了找错"),
    "sheet.upload": _("传了事项表格"),
    "sheet.import": _("导入了事项表格"),
    "sheet.publish": _("发布了事项表格"),
    "sheet.drop": _("扔了事项表格"),
    "calendar.propose": _("录入了放假安排"),
    "calendar.approve": _("核对并发布了放假安排"),
    "calendar.discard": _("扔了没核对的放假安排"),
    "outage.note": _("记下了停用"),
    "outage.end": _("记下了恢复"),
}


def words(action: str) -> str:
    """Return what an action is called; one that has no words yet, its name."""
    return str(WORDS.get(action, action))


CITY_HOME, HALL_HOME = _("各大厅"), _("待办")
