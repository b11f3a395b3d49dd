"""What an applicant answered, checked against the item's own form. Pure: pages and API end in the same functions.

A definition is a row of the item's `form`: {name, label, type, required, choices, section, hint, when, group, …}; which
of them apply is for `catalog.shared.questions` to say. An error is a sentence that tells what to do (LOOK section 6).
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.validators import id_problem, normalize_id, normalize_phone, phone_problem
from catalog.shared import questions

MAX_TEXT = 500
MAX_ADDRESS = 200
_MAX_DIGITS = 12
_PLACES = Decimal("0.0001")
_YES = {"yes", "true", "1", "on", "是"}
_NO = {"no", "false", "0", "off", "否"}
_LANDLINE = re.compile(r"0[0-9]{2,3}[0-9]{7,8}")
_EARLIEST, _LATEST = 1900, 2199

# a newborn's: the birth is asked for by a question of its own
NO_NUMBER = "尚无证件号"
_NO_NUMBER_YET = {NO_NUMBER, "尚无", "没有", "无"}

Definition = Mapping[str, Any]


class Answers(NamedTuple):
    """The values that are good, by name and fit for JSON, and the errors of the others."""

    values: dict[str, Any]
    errors: dict[str, str]


class _Wrong(ValueError):
    """The value is not taken; the text says what to do."""


class _Rules(NamedTuple):
    """What a value is checked against besides its definition."""

    divisions: Collection[str]
    today: date
    own_number: str
    is_draft: bool = False


def clean(
    definitions: Sequence[Definition],
    raw: Mapping[str, Any],
    *,
    divisions: Collection[str],
    today: date,
    is_draft: bool = False,
    own_number: str = "",
    said: Mapping[str, Any] | None = None,
) -> Answers:
    """Check raw answers (strings of a page, or JSON) against a form, or against some questions of it.

    `divisions` are the codes that exist, `today` is the day an ID number is read on, `said` the answers to earlier
    questions that are asked elsewhere. What a draft leaves empty is simply not there; when it is submitted every
    required field must be. An answer whose question does not apply (catalog.shared.questions) is dropped without a
    word; a name that no definition has is an error. An error within a group has the key ``group.number.name``, counted
    from 0 as it was given. `own_number` is the applicant's ID number: the only one that a question about the applicant
    takes, and none about others does.
    """
    rows = questions.nested(definitions)
    checked = _checked(rows, raw, _Rules(divisions, today, own_number, is_draft), said or {})
    for name in raw.keys() - {row["name"] for row in rows}:
        checked.errors[printable(str(name))[:60]] = _("这个事项不用填这一项，请去掉")
    return checked


def _checked(
    rows: Sequence[Definition], raw: Mapping[str, Any], rules: _Rules, said: Mapping[str, Any]
) -> Answers:
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    # what was taken decides which questions come after it
    for row, known in questions.asked(rows, values, said=said):
        name, given = row["name"], raw.get(row["name"])
        if isinstance(given, str):
            given = printable(given).strip()
        if row["type"] == questions.GROUP:
            entries, wrong = _entries(row, given, rules, known)
            errors |= wrong
            if entries:
                values[name] = entries
        elif given is None or given == "":
            if row.get("required") and not rules.is_draft:
                errors[name] = _missing(row)
        else:
            try:
                values[name] = _READERS[row["type"]](row, given, rules)
            except _Wrong as problem:
                errors[name] = str(problem)
    return Answers(values, errors)


def _entries(
    group: Definition, given: Any, rules: _Rules, said: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the entries of a group that say something, as far as they are good, and the errors."""
    name = group["name"]
    listed = [] if given in (None, "") else given
    if not isinstance(listed, list) or not all(isinstance(entry, Mapping) for entry in listed):
        return [], {name: _("请填一个列表，每个%(entry)s一项") % {"entry": questions.entry_name(group)}}
    if len(listed) > questions.most(group):
        return [], {name: _("最多填 %(n)d 个%(entry)s") % _counted(group, questions.most(group))}
    entries: list[dict[str, Any]] = []
    errors: dict[str, str] = {}
    members = {row["name"] for row in group["fields"]}
    for number, entry in enumerate(listed):
        if not any(value not in (None, "") and str(value).strip() for value in entry.values()):
            continue
        checked = _checked(group["fields"], entry, rules, said)
        strange = {
            printable(str(key))[:60]: _("这个事项不用填这一项，请去掉") for key in entry.keys() - members
        }
        errors |= {f"{name}.{number}.{key}": text for key, text in {**checked.errors, **strange}.items()}
        if checked.values or checked.errors:
            entries.append(checked.values)
    if len(entries) < questions.fewest(group) and not rules.is_draft:
        errors[name] = _("请至少填 %(n)d 个%(entry)s") % _counted(group, questions.fewest(group))
    return [entry for entry in entries if entry], errors


def _counted(group: Definition, number: int) -> dict[str, Any]:
    return {"n": number, "entry": questions.entry_name(group)}


def printable(text: str) -> str:
    """Return the text without control characters (PostgreSQL takes no NUL) and halves of surrogate pairs."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")


def _missing(definition: Definition) -> str:
    if definition["type"] in {"choice", "division", "yes_no"}:
        return _("请选一种")
    return _("请填%(name)s") % {"name": definition["label"]}


def _text(definition: Definition, given: Any, rules: _Rules) -> str:
    if not isinstance(given, str):
        raise _Wrong(_missing(definition))
    text = given
    if not text:
        raise _Wrong(_missing(definition))
    if len(text) > MAX_TEXT:
        raise _Wrong(_("最多 %(n)d 个字") % {"n": MAX_TEXT})
    return text


def _number(definition: Definition, given: Any, rules: _Rules) -> int | float:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise _Wrong(_("请填数字，例如 3"))
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        raise _Wrong(_("请填数字，例如 3")) from None
    if not number.is_finite():
        raise _Wrong(_("请填数字，例如 3"))
    if number.adjusted() >= _MAX_DIGITS:
        raise _Wrong(_("数太大了，最多 %(n)d 位") % {"n": _MAX_DIGITS})
    if number != number.quantize(_PLACES):
        raise _Wrong(_("最多 4 位小数"))
    return int(number) if number == number.to_integral_value() else float(number)


def _date(definition: Definition, given: Any, rules: _Rules) -> str:
    if isinstance(given, date):
        return date(given.year, given.month, given.day).isoformat()
    match = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", given) if isinstance(given, str) else None
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None or not _EARLIEST <= day.year <= _LATEST:
        raise _Wrong(_("没有这一天，例如 2026 年 3 月 12 日"))
    return day.isoformat()


def _choice(definition: Definition, given: Any, rules: _Rules) -> str:
    allowed = {str(choice["value"]) for choice in definition.get("choices") or []}
    if isinstance(given, bool | list | dict) or str(given) not in allowed:
        raise _Wrong(_("请选一种"))
    return str(given)


def _division(definition: Definition, given: Any, rules: _Rules) -> str:
    if str(given) not in rules.divisions:
        raise _Wrong(_("没有这个乡镇或街道，请重新选"))
    return str(given)


def own(definitions: Sequence[Definition], number: str) -> dict[str, str]:
    """Return the answers that the account gives: the applicant's own ID number, wherever a form asks for it."""
    asked = [row["name"] for row in definitions if is_own(row)]
    return dict.fromkeys(asked, number) if number else {}


def is_own(definition: Definition) -> bool:
    """Whether a question asks for the applicant's own ID number, which comes from the account and is not typed."""
    is_applicants = definition["type"] == "id_number" and definition.get("about") == "applicant"
    # in a group it is one of several numbers, and typed
    return is_applicants and not definition.get("group")


def _id_number(definition: Definition, given: Any, rules: _Rules) -> str:
    about = definition.get("about")
    if about == "child" and str(given).strip() in _NO_NUMBER_YET:
        return NO_NUMBER
    number = normalize_id(str(given))
    if rules.own_number and about == "applicant" and number != rules.own_number:
        raise _Wrong(_("这里是申请人本人的号码，由账号带出，不能填别人的"))
    if rules.own_number and about in {"child", "other"} and number == rules.own_number:
        raise _Wrong(_("这里填别人的号码，不填申请人自己的"))
    if problem := id_problem(str(given), rules.today):
        raise _Wrong(problem)
    return number


def _phone(definition: Definition, given: Any, rules: _Rules) -> str:
    number = normalize_phone(str(given))
    if (problem := phone_problem(number)) and not _LANDLINE.fullmatch(number):
        raise _Wrong(problem)
    return number


def _yes_no(definition: Definition, given: Any, rules: _Rules) -> bool:
    word = str(given).strip().lower()
    if word not in _YES | _NO:
        raise _Wrong(_("请选一种"))
    return word in _YES


_READERS: dict[str, Callable[[Definition, Any, _Rules], Any]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "division": _division,
    "id_number": _id_number,
    "phone": _phone,
    "yes_no": _yes_no,
}
# types whose values are personal data that a reader sees masked
PERSONAL_TYPES = frozenset({"id_number", "phone"})


def clean_delivery(offered: Sequence[str], raw: Any) -> Answers:
    """Check how the result is to be handed over: a method that the item offers, and for the post where to.

    `raw` is the method alone or {method, address, recipient, phone}. An item that offers none is fetched at the
    window. Without a method the first offered one holds. The errors' keys are those of `raw`.
    """
    methods = list(offered) or ["window"]
    given = {"method": raw} if isinstance(raw, str) else dict(raw) if isinstance(raw, Mapping) else {}
    # GET items/<code>/form/ calls it `value`
    method = given.get("method") or given.get("value") or methods[0]
    if method not in methods:
        return Answers({}, {"method": _("请选一种")})
    values: dict[str, Any] = {"method": method}
    errors: dict[str, str] = {}
    if method == "ems":
        for name, label in (
            ("address", _("收件地址")),
            ("recipient", _("收件人")),
            ("phone", _("收件人手机号")),
        ):
            text = printable(str(given.get(name) or "")).strip()
            if name == "phone" and text and (problem := phone_problem(text)):
                errors[name] = problem
            elif name == "address" and not text:
                errors[name] = _("请填%(name)s") % {"name": label}
            elif len(text) > MAX_ADDRESS:
                errors[name] = _("最多 %(n)d 个字") % {"n": MAX_ADDRESS}
            elif text:
                values[name] = text
    return Answers(values, errors)


def missing_materials(materials: Sequence[Mapping[str, Any]], given: Collection[str]) -> dict[str, str]:
    """Return an error for each material that must be there at submission and is not, by its key.

    Optional ones, ones that follow later 容缺后补 and ones that nobody has to hand in 免提交 may be missing.
    """
    return {
        row["key"]: _("请上传%(name)s") % {"name": row["name"]}
        for row in materials
        if is_needed(row) and row["key"] not in given
    }


def is_needed(material: Mapping[str, Any]) -> bool:
    """Whether an application is incomplete without this material."""
    return (
        material.get("necessity", "required") == "required"
        and not material.get("exempt")
        and not material.get("hidden")
    )
