"""A hall's own wording of a paper: texts with variables in braces, and the few choices of its look. Pure.

The words are data all their way: a variable is replaced by text, and the whole reaches the typesetter as text. What the
law demands of a paper (reasons, remedies, what must be mended, number, date, verification) stands in the city's
standard layout and cannot be worded away.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from cases.hall.pdf import Kind

TITLE, BODY, NOTE = "title", "body", "note"
TEXTS = (TITLE, BODY, NOTE)
MOST = {TITLE: 40, BODY: 2000, NOTE: 300}
HEADS: dict[str, str | Promise] = {"red": lazy("红头，市里的标准"), "plain": lazy("黑头，省墨")}
SIZES: dict[str, str | Promise] = {"normal": lazy("小四号，市里的标准"), "large": lazy("大一号，老人好看清")}

# what stands in braces → the fact that fills it
_ALL = {
    "大厅": "hall",
    "部门": "department",
    "办件编号": "number",
    "文书编号": "document_no",
    "事项": "item_name",
    "申请人": "holder",
    "证件号码": "holder_id",
    "日期": "issued_on",
}
_OF_KIND: Mapping[str, Mapping[str, str]] = {
    Kind.ACCEPT: {"依据": "legal_basis", "承诺日期": "promised_due", "法定日期": "statutory_due"},
    Kind.NOT_ACCEPT: {"依据": "legal_basis", "理由": "reason", "该去的机关": "competent_body"},
    Kind.CORRECTION: {"处数": "n", "最晚日期": "until"},
    Kind.SPECIAL: {"程序": "procedure", "天数": "days", "程序依据": "basis", "理由": "reason"},
    Kind.EXTEND: {"天数": "days", "法定日期": "statutory_due", "理由": "reason"},
    Kind.GRANT: {
        "依据": "legal_basis",
        "证照": "result_name",
        "有效期": "validity",
        "有效期到": "valid_until",
    },
    Kind.CERTIFICATE: {
        "依据": "legal_basis",
        "证照": "result_name",
        "有效期": "validity",
        "有效期到": "valid_until",
    },
    Kind.REFUSE: {"依据": "legal_basis", "理由": "reason"},
    Kind.WITHDRAW: {},
    Kind.TERMINATE: {"理由": "reason", "办法": "remedy"},
    Kind.RECEIPT: {"送达方式": "handed", "邮件单号": "parcel"},
    Kind.REVOKE: {"撤销依据": "ground", "理由": "reason"},
    Kind.CHARGE: {"收费项目": "fee", "金额": "money", "收费依据": "fee_basis", "最晚日期": "until"},
    Kind.PAID: {"收费项目": "fee", "金额": "money", "缴款方式": "paid_by"},
}
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")


class MissingValue(Exception):
    """This case has no value for a variable; the text is the variable's name."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in one line of a text, counted from 1."""

    line: int
    text: str

    def __str__(self) -> str:
        return _("第 %(line)d 行：%(text)s") % {"line": self.line, "text": self.text}


def variables(kind: str) -> Mapping[str, str]:
    """Return the variables of a kind of paper: name → fact. Raises ValueError for no kind."""
    return {**_ALL, **_OF_KIND[Kind(kind)]}


def listed(kind: str) -> str:
    """Return the variables as somebody may write them: {大厅} {部门} and so on."""
    return " ".join(f"{{{name}}}" for name in variables(kind))


def problems(kind: str, text: str) -> list[Problem]:
    """Return what is broken or unknown, line by line; the first says which variables there are."""
    known, found = variables(kind), []
    for number, line in enumerate(text.splitlines(), 1):
        unknown = [name for name in _VARIABLE.findall(line) if name not in known]
        found += [(number, _("没有“{%(name)s}”") % {"name": name}) for name in unknown]
        if _BRACE.search(_VARIABLE.sub("", line)):
            found.append((number, _("花括号没有成对，写成 {事项} 这样")))
    hint = _("。可以用：%(all)s") % {"all": listed(kind)}
    return [
        Problem(number, words + (hint if place == 0 else "")) for place, (number, words) in enumerate(found)
    ]


def own(
    kind: str, texts: Mapping[str, str], choices: Mapping[str, str], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the typesetter is given of a wording, its variables filled with the facts of a case.

    `facts` are those of the paper, dates already in words. Raises MissingValue.
    """
    filled = {name: fill(kind, texts.get(name, ""), facts) for name in TEXTS}
    return {
        TITLE: filled[TITLE],
        "paragraphs": [line for line in filled[BODY].splitlines() if line.strip()],
        NOTE: filled[NOTE],
        **choices,
    }


def fill(kind: str, text: str, facts: Mapping[str, Any]) -> str:
    """Return the text with its variables replaced. Raises MissingValue, also for what should never have been saved."""
    known = variables(kind)

    def value(found: re.Match[str]) -> str:
        said = facts.get(known.get(found[1], ""), "")
        words = "、".join(said) if isinstance(said, list | tuple) else str("" if said is None else said)
        if not words.strip():
            raise MissingValue(found[1])
        # a value is one line, and its braces are no variables: it is put in once and not looked at again
        return " ".join(words.split())

    return _VARIABLE.sub(value, text)
