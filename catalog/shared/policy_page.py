"""The policy as people read it: one row a field, made from the declaration. Pure functions.

`manage.py policy_page` writes docs/policy.md from it, and staff read the same table at /staff/policy/.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.shared import labels
from catalog.shared.policy import POLICY, Freedom, Rule, Shape

_FREEDOMS = {
    Freedom.LOCKED: gettext_lazy("锁定"),
    Freedom.TIGHTEN: gettext_lazy("只能更方便"),
    Freedom.FREE: gettext_lazy("自由"),
}
_WHY = {
    Freedom.LOCKED: gettext_lazy("全市统一，本厅照办"),
    Freedom.TIGHTEN: gettext_lazy("只许对群众更方便：更快、更少、更省"),
    Freedom.FREE: gettext_lazy("各厅情况不同，本厅自己定"),
}
# where the general reason does not say enough
_WHY_FIELD = {
    "promised_days": gettext_lazy("只能比市里短，不能长；工作日和自然日按自然日比（工作日 × 7/5，向上取整）"),
    "visits": gettext_lazy("只能比市里少"),
    "fees": gettext_lazy("只能比市里低，可以免，不能加一项"),
    "materials": gettext_lazy("只能减、不能加；可以不要一份，或改成不用交"),
    "steps": gettext_lazy("步骤的天数随承诺时限缩短，不用改"),
    "statutory_days": gettext_lazy("法律定的，谁也不能改"),
    "legal_basis": gettext_lazy("法律定的，谁也不能改"),
    "hidden": gettext_lazy("本厅没有权力办的可以不办，要写明原因"),
}


@dataclass(frozen=True)
class PolicyRow:
    """One field: its key, its name, how far a hall may go, what of a list's rows may be changed, and why."""

    field: str
    name: str
    freedom: Freedom
    freedom_words: str
    rows: str
    why: str


def freedom_words(freedom: Freedom) -> str:
    """Return how far a hall may go, in words."""
    return str(_FREEDOMS[freedom])


def table() -> list[PolicyRow]:
    """Return one row for each field of an item, in the order of the declaration."""
    return [
        PolicyRow(
            field=name,
            name=str(labels.FIELDS[name]),
            freedom=rule.freedom,
            freedom_words=freedom_words(rule.freedom),
            rows=_rows(rule),
            why=str(_WHY_FIELD.get(name, _WHY[rule.freedom])),
        )
        for name, rule in POLICY.items()
    ]


def _rows(rule: Rule) -> str:
    if rule.rows is None:
        return ""
    return "；".join(_row(key, given) for key, given in rule.rows.items())


def _row(key: str, rule: Rule) -> str:
    label = str(labels.ROWS[key])
    if rule.freedom is Freedom.TIGHTEN and rule.shape is Shape.BOOLEAN:
        return _("%(label)s（只能选是）") % {"label": label}
    if rule.freedom is Freedom.TIGHTEN:
        return _("%(label)s（只能降低）") % {"label": label}
    return label


def markdown() -> str:
    """Return the page as Markdown: docs/policy.md, whole."""
    lines = [
        "# What a hall may change of a shared item",
        "",
        "Made from `catalog/shared/policy.py` by `manage.py policy_page > docs/policy.md`; a test fails when it is not.",
        "",
        "A field is `locked` (锁定: the city's), `tighten` (只能更方便: only in the citizen's favour) or `free` (自由: the hall's own).",
        "Form, API, importer, the CHECK on an override's row and the effective item obey this table.",
        "Whatever is not named in it is locked. A list is changed row by row where rows are named, else as a whole.",
        "",
        "| field | 名称 | 能改多少 | 每一条能改的 | 为什么 |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.field}` | {row.name} | {row.freedom_words} | {row.rows} | {row.why} |" for row in table()
    ]
    return "\n".join(lines) + "\n"
