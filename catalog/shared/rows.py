"""The rows of an item's lists: which columns each has, what they hold and what they are called (GB/T 39554.2-2020).

Declared once: validators, forms, sheets and pages read it. A row's `key` is stable for the life of the item.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
KEY = re.compile("[A-Za-z0-9_-]{1,40}")
COUNT_LIMIT = 9999
AMOUNT_LIMIT = 9_999_999


class Holds(StrEnum):
    """What a column of a row holds."""

    KEY = "key"
    TEXT = "text"
    COUNT = "count"
    AMOUNT = "amount"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    CONDITION = "condition"


@dataclass(frozen=True)
class Column:
    """One column of a list's rows; `longest` counts characters, `choices` are the codes that it may hold."""

    key: str
    label: Words
    holds: Holds = Holds.TEXT
    is_needed: bool = False
    longest: int = 300
    choices: Mapping[str, Words] = field(default_factory=dict)

    def accepts(self, value: Any) -> bool:
        """Say whether a row may hold this value here; nothing is accepted wherever it is not needed."""
        if value is None or value == "":
            return not self.is_needed
        if self.holds in {Holds.COUNT, Holds.AMOUNT}:
            kinds: Any = int if self.holds is Holds.COUNT else int | float
            limit = COUNT_LIMIT if self.holds is Holds.COUNT else AMOUNT_LIMIT
            return isinstance(value, kinds) and not isinstance(value, bool) and 0 <= value <= limit
        if self.holds is Holds.FLAG:
            return isinstance(value, bool)
        if self.holds is Holds.CHOICES:
            return isinstance(value, list) and all(
                isinstance(row, dict)
                and isinstance(row.get("value"), str)
                and isinstance(row.get("label"), str)
                for row in value
            )
        if self.holds is Holds.CONDITION:
            return is_condition(value)
        if not isinstance(value, str) or "\x00" in value:
            return False
        if self.holds is Holds.KEY:
            return KEY.fullmatch(value) is not None
        if self.holds is Holds.CHOICE:
            return value in self.choices
        return len(value) <= self.longest


def is_condition(value: Any) -> bool:
    """Say whether a value is the condition of a question: {question, values}, one value at the least."""
    return (
        isinstance(value, dict)
        and value.keys() == {"question", "values"}
        and isinstance(value["question"], str)
        and KEY.fullmatch(value["question"]) is not None
        and isinstance(value["values"], list)
        and bool(value["values"])
        and all(isinstance(entry, str) and entry and "\x00" not in entry for entry in value["values"])
    )


_KEY = Column("key", _("键"), Holds.KEY, is_needed=True)

MATERIAL_TYPES = {"1": _("证件证书证明"), "2": _("申请表格文书"), "3": _("其他")}
MATERIAL_FORMS = {"1": _("纸质"), "2": _("电子"), "3": _("纸质或电子")}
MATERIAL_SOURCES = {"10": _("申请人自备"), "20": _("政府部门核发"), "99": _("其他")}
NECESSITY = {"required": _("必须交"), "optional": _("可不交"), "later": _("可以后补")}
SPECIAL_KINDS = {
    name: name
    for name in ("听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审", "公示", "现场勘验")
}
QUESTION_TYPES = {
    "text": _("文字"),
    "number": _("数字"),
    "date": _("日期"),
    "choice": _("选一个"),
    "division": _("乡镇、街道"),
    "id_number": _("身份证号"),
    "phone": _("手机号"),
    "yes_no": _("是或否"),
    "group": _("一组，可以填几个"),
    "eligible": _("开始前先问，是才能办"),
}

# whose an answer is: the applicant's own ID number is taken from the account and never typed
ABOUT = {"applicant": _("申请人本人"), "child": _("孩子，可以还没有"), "other": _("别人，如配偶")}

LISTS: dict[str, tuple[Column, ...]] = {
    "materials": (
        _KEY,
        Column("name", _("名称"), is_needed=True),
        Column("type", _("类型"), Holds.CHOICE, choices=MATERIAL_TYPES),
        Column("form", _("形式"), Holds.CHOICE, choices=MATERIAL_FORMS),
        Column("source", _("来源渠道"), Holds.CHOICE, choices=MATERIAL_SOURCES),
        Column("originals", _("原件份数"), Holds.COUNT),
        Column("copies", _("复印件份数"), Holds.COUNT),
        Column("necessity", _("必要性"), Holds.CHOICE, choices=NECESSITY),
        Column("grace_days", _("几个工作日内补"), Holds.COUNT),
        Column("exempt", _("不用交"), Holds.FLAG),
        Column("exempt_by", _("为什么不用交")),
        Column("spec", _("规格")),
        Column("blank_form", _("空白表")),
        Column("sample", _("样表")),
        Column("note", _("填报须知")),
        Column("acceptance", _("受理标准")),
        Column("seal", _("签章要求")),
        Column("basis", _("依据")),
    ),
    "steps": (
        _KEY,
        Column("name", _("步骤"), is_needed=True),
        Column("role", _("谁来做")),
        Column("days", _("几天"), Holds.COUNT),
    ),
    "fees": (
        _KEY,
        Column("name", _("收费项目"), is_needed=True),
        Column("standard", _("收费标准")),
        Column("amount", _("金额（元）"), Holds.AMOUNT),
        Column("basis", _("收费依据")),
        Column("online", _("能网上交"), Holds.FLAG),
    ),
    "legal_basis": (
        _KEY,
        Column("law", _("法规名称"), is_needed=True),
        Column("document", _("文号")),
        Column("article", _("条款")),
        Column("text", _("条文"), longest=4000),
    ),
    "special_procedures": (
        _KEY,
        Column("kind", _("程序"), Holds.CHOICE, is_needed=True, choices=SPECIAL_KINDS),
        Column("days", _("最多几天"), Holds.COUNT),
        Column("basis", _("依据")),
    ),
    "windows": (
        _KEY,
        Column("name", _("窗口"), is_needed=True),
        Column("address", _("地址")),
        Column("phone", _("电话")),
        Column("hours", _("时间")),
    ),
    "faq": (
        _KEY,
        Column("question", _("问"), is_needed=True),
        Column("answer", _("答"), is_needed=True, longest=4000),
    ),
    "form": (
        Column("name", _("字段"), Holds.KEY, is_needed=True),
        Column("label", _("问题"), is_needed=True),
        Column("type", _("类型"), Holds.CHOICE, is_needed=True, choices=QUESTION_TYPES),
        Column("required", _("必填"), Holds.FLAG),
        Column("choices", _("选项"), Holds.CHOICES),
        Column("section", _("分段")),
        Column("hint", _("说明")),
        Column("about", _("谁的"), Holds.CHOICE, choices=ABOUT),
        Column("when", _("什么时候问"), Holds.CONDITION),
        Column("group", _("在哪一组里"), Holds.KEY),
        Column("entry", _("组里一个叫什么"), longest=20),
        Column("fewest", _("组里最少几个"), Holds.COUNT),
        Column("most", _("组里最多几个"), Holds.COUNT),
    ),
}


def identity(field: str) -> str:
    """Return the column by which a list's rows are told apart: `key`, of a form's questions `name`."""
    return LISTS[field][0].key


def bad_column(field: str, row: Any) -> Column | None:
    """Return the first column of a row that holds what it may not, None when all is well. Raises KeyError for no list."""
    columns = LISTS[field]
    if not isinstance(row, dict):
        return columns[0]
    return next((column for column in columns if not column.accepts(row.get(column.key))), None)
