"""What an applicant notices of a change of the item, in sentences: what is asked, wanted, paid, waited for. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog.shared import labels, wording

Item = Mapping[str, Any]
# where nothing more can be said than which field it is
_NAMED = ("name", "delivery", "conditions", "audience")
_QUESTION = ("label", "type", "required", "choices", "when", "group", "fewest", "most")


def changes(before: Item, after: Item) -> list[str]:
    """Return what is different for whoever applies, a line each; a change of anything else does not stop a draft."""
    found = [*_form(before, after), *_materials(before, after)]
    for tell, text in (
        (_limit, _("期限变为 %(value)s")),
        (_fees, _("收费变为%(value)s")),
        (_visits, _("要跑的次数变为%(value)s")),
    ):
        if tell(before) != tell(after):
            found.append(text % {"value": tell(after)})
    found += [labels.field(name) for name in _NAMED if before.get(name) != after.get(name)]
    return list(dict.fromkeys(found))


def changed_questions(before: Item, after: Item) -> set[str]:
    """Return the names of the questions that are asked otherwise than before; one within a group counts for its group."""
    old, new = _rows(before, "form", "name"), _rows(after, "form", "name")
    return {
        str(new[name].get("group") or name)
        for name in new
        if name in old
        and any((old[name].get(key) or None) != (new[name].get(key) or None) for key in _QUESTION)
    }


def _form(before: Item, after: Item) -> Iterator[str]:
    old, new = _rows(before, "form", "name"), _rows(after, "form", "name")
    changed = {
        name
        for name in new.keys() & old.keys()
        if any((old[name].get(key) or None) != (new[name].get(key) or None) for key in (*_QUESTION, "hint"))
    }
    yield from (_("多了一个问题：%(name)s") % {"name": new[name]["label"]} for name in new if name not in old)
    yield from (_("不再问：%(name)s") % {"name": old[name]["label"]} for name in old if name not in new)
    yield from (_("问题改过：%(name)s") % {"name": new[name]["label"]} for name in new if name in changed)


def _materials(before: Item, after: Item) -> Iterator[str]:
    old, new = _wanted(before), _wanted(after)
    yield from (_("多交一份材料：%(name)s") % {"name": new[key]["name"]} for key in new if key not in old)
    yield from (_("少交一份材料：%(name)s") % {"name": old[key]["name"]} for key in old if key not in new)
    for key in new:
        if key in old and new[key] != old[key]:
            yield _("材料改过：%(name)s") % {"name": new[key]["name"]}


def _rows(item: Item, field: str, key: str) -> dict[str, Mapping[str, Any]]:
    return {str(row[key]): row for row in item.get(field) or []}


def _wanted(item: Item) -> dict[str, Mapping[str, Any]]:
    rows = _rows(item, "materials", "key")
    return {key: row for key, row in rows.items() if not row.get("exempt") and not row.get("hidden")}


def _limit(item: Item) -> str:
    return wording.limit(item.get("kind", ""), item.get("promised_days") or 0, item.get("promised_unit", ""))


def _fees(item: Item) -> str:
    return wording.fees(item.get("fees") or [])


def _visits(item: Item) -> str:
    return wording.visits(item.get("visits") or 0)
