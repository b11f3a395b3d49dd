"""An item's form: which questions stand in a group that is filled in several times, and which apply to given answers. Pure.

A form is a flat list of rows (`rows.LISTS["form"]`). A row of type `group` is filled in several times, once for each child
or shareholder; rows that name it in `group` are its questions. A row with `when` {question, values} is asked only while an
earlier question of the same group, or one outside of all groups, is asked itself and has one of the values. Rows of type
`eligible` are asked before the work begins and are no part of the answers.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

GROUP, ELIGIBLE = "group", "eligible"
# what a condition may look at: questions whose answers are known beforehand
DECIDING = ("choice", "yes_no")
YES_NO = ("yes", "no")
MOST_QUESTIONS = 60
MOST_GROUPS = 6
MOST_ENTRIES = 20
MOST_SIZE = 60_000

Row = Mapping[str, Any]
Given = Mapping[str, Any]


def nested(form: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the questions in order, those of a group as the group's `fields`; without those of eligibility."""
    found = [
        {**row, "fields": list(row.get("fields") or _members(form, row["name"]))}
        if row["type"] == GROUP
        else dict(row)
        for row in form
        if not row.get("group") and row["type"] != ELIGIBLE
    ]
    return found


def _members(form: Sequence[Row], group: str) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in row.items() if name != "group"}
        for row in form
        if row.get("group") == group
    ]


def eligibility(form: Sequence[Row]) -> list[Row]:
    """Return what is asked before the work begins: only who says yes to all may go on."""
    return [row for row in form if row["type"] == ELIGIBLE]


def fewest(group: Row) -> int:
    """Return how often a group must be filled in at the least."""
    return group.get("fewest") or (1 if group.get("required") else 0)


def most(group: Row) -> int:
    """Return how often a group may be filled in at the most."""
    return min(group.get("most") or MOST_ENTRIES, MOST_ENTRIES)


def entry_name(group: Row) -> str:
    """Return what one entry of a group is called."""
    return str(group.get("entry") or group["label"])


def applies(row: Row, said: Given) -> bool:
    """Say whether a question is asked; `said` are the answers to those earlier ones that are asked themselves."""
    when = row.get("when")
    return not when or _word(said.get(when["question"])) in when["values"]


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return YES_NO[0] if value else YES_NO[1]
    return value if isinstance(value, str) else ""


def asked(
    rows: Sequence[Row], given: Given, *, said: Given | None = None
) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Yield the questions that apply to these answers, each with what was said before it; `rows` are nested.

    The one place that decides it: an answer counts only while its own question is asked, so that chains hold. For the
    questions of an entry, `rows` are the group's fields, `given` the entry, `said` what was said before the group.
    """
    known = dict(said or {})
    for row in rows:
        if applies(row, known):
            yield row, dict(known)
            if given.get(row["name"]) not in (None, "", []):
                known[row["name"]] = given[row["name"]]


def pruned(form: Sequence[Row], given: Given, *, said: Given | None = None) -> dict[str, Any]:
    """Return of the answers those whose questions are asked, also within the entries of groups; empty ones are left out."""
    kept: dict[str, Any] = {}
    for row, known in asked(nested(form), given, said=said):
        value = given.get(row["name"])
        if row["type"] == GROUP and isinstance(value, list):
            entries = [
                pruned(row["fields"], entry, said=known) for entry in value if isinstance(entry, Mapping)
            ]
            value = [entry for entry in entries if entry]
        if value not in (None, "", []):
            kept[row["name"]] = value
    return kept


def missing(form: Sequence[Row], given: Given, *, said: Given | None = None) -> list[Row]:
    """Return the questions that are asked and must be answered and are not; of a group the group."""
    return [row for row, known in asked(nested(form), given, said=said) if _is_missing(row, given, known)]


def _is_missing(row: Row, given: Given, known: Given) -> bool:
    value = given.get(row["name"])
    if row["type"] != GROUP:
        return bool(row.get("required")) and value in (None, "")
    entries = value if isinstance(value, list) else []
    return len(entries) < fewest(row) or any(missing(row["fields"], entry, said=known) for entry in entries)


def by_name(form: Sequence[Row]) -> dict[str, Row]:
    """Return what a person answers as one, by its name: the questions outside of groups, and each group whole."""
    return {str(row["name"]): row for row in nested(form)}


def with_followers(form: Sequence[Row], names: set[str], before: Given, after: Given) -> list[Row]:
    """Return the questions of these names, and those that the new answers raise: asked now, and not before."""
    was = {row["name"] for row, _known in asked(nested(form), before)}
    return [
        row for row, _known in asked(nested(form), after) if row["name"] in names or row["name"] not in was
    ]


def problems(form: Sequence[Row]) -> str:
    """Return why a form cannot be published, naming the question; empty when it can. The rows' shapes are good already."""
    groups = [row for row in form if row["type"] == GROUP]
    if len(form) > MOST_QUESTIONS:
        return _("一张表最多 %(n)s 条，现在有 %(m)s 条") % {"n": MOST_QUESTIONS, "m": len(form)}
    if len(groups) > MOST_GROUPS:
        return _("一张表最多 %(n)s 组，现在有 %(m)s 组") % {"n": MOST_GROUPS, "m": len(groups)}
    if len(json.dumps(form, ensure_ascii=False).encode()) > MOST_SIZE:
        return _("这张表太长了，请减少选项或说明")
    names = {row["name"] for row in groups}
    for row in form:
        if problem := _row_problem(row, names) or (_group_problem(row, form) if row["type"] == GROUP else ""):
            return _("“%(label)s”（%(name)s）：%(problem)s") % {**_called(row), "problem": problem}
    return _order_problem(nested(form), {})


def _called(row: Row) -> dict[str, Any]:
    return {"label": row["label"], "name": row["name"]}


def _row_problem(row: Row, groups: set[str]) -> str:
    kind = row["type"]
    if row.get("group") and row["group"] not in groups:
        return _("没有叫 %(group)s 的组") % {"group": row["group"]}
    if row.get("group") and kind in (GROUP, ELIGIBLE):
        return _("组里不能再有组，也不能有开始前问的")
    if kind == "choice" and not row.get("choices"):
        return _("选一个的问题，请写选项")
    if kind == ELIGIBLE and row.get("when"):
        return _("开始前问的，不能再带条件")
    if kind == ELIGIBLE and not str(row.get("hint") or "").strip():
        return _("请在说明里写：不符合是为什么，还能怎么办")
    if kind != GROUP and any(row.get(column) for column in ("fewest", "most", "entry")):
        return _("个数和“一个叫什么”只给组写")
    return ""


def _group_problem(row: Row, form: Sequence[Row]) -> str:
    low, high = fewest(row), row.get("most") or MOST_ENTRIES
    if not _members(form, row["name"]):
        return _("这一组里还没有问题")
    if not low <= high <= MOST_ENTRIES:
        return _("最少不能比最多多，最多 %(n)s 个") % {"n": MOST_ENTRIES}
    return ""


def _order_problem(rows: Sequence[Row], before: Mapping[str, Row]) -> str:
    """Return what is wrong with the conditions: only an earlier question with known answers may decide."""
    earlier = dict(before)
    for row in rows:
        if problem := _condition_problem(row, earlier):
            return _("“%(label)s”（%(name)s）：%(problem)s") % {**_called(row), "problem": problem}
        if row["type"] == GROUP and (problem := _order_problem(row["fields"], earlier)):
            return problem
        earlier[row["name"]] = row
    return ""


def _condition_problem(row: Row, earlier: Mapping[str, Row]) -> str:
    when = row.get("when")
    if not when:
        return ""
    decider = earlier.get(when["question"])
    if decider is None:
        return _("条件里的 %(name)s 不是前面的问题（要在同一组里，或不在组里）") % {"name": when["question"]}
    if decider["type"] not in DECIDING:
        return _("条件只能看“选一个”和“是或否”的问题")
    if wrong := [value for value in when["values"] if value not in deciding_values(decider)]:
        return _("条件里的 %(value)s 不是“%(label)s”的选项") % {"value": wrong[0], "label": decider["label"]}
    return ""


def deciding_values(row: Row) -> dict[str, str]:
    """Return the answers of a question that a condition may name, with their words."""
    if row["type"] == "yes_no":
        return {YES_NO[0]: _("是"), YES_NO[1]: _("不是")}
    return {str(choice["value"]): str(choice["label"]) for choice in row.get("choices") or []}
