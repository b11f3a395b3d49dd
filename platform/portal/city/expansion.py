"""A row of items.csv, variants.csv or local_items.yaml becomes a complete service item (GB/T 39554.2-2020). Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.city import rules
from portal.city.source import Entry, Source

ARTICLE = re.compile(r"(?P<law>.+?)(?P<article>第[一二三四五六七八九十百千零]+[条章].*)?")
DOCUMENT = re.compile(r"[^（）]*〔\d{4}〕.*|.*令第\d+号")
# `结婚证?` need not be given, `无房证明=数据共享` need not be handed in, because of what stands behind the sign
PAPER = re.compile(r"(?P<name>[^?=]+)(?P<optional>\?)?(?:=(?P<exempt_by>.+))?")
# GB/T 39554.2: 材料类型, 材料形式, 来源渠道
PAPER_TYPES = {"certificate": "1", "form": "2", "other": "3"}
PAPER_FORMS = {"paper": "1", "electronic": "2", "both": "3"}
PAPER_SOURCES = {"applicant": "10", "government": "20", "other": "99"}
ONLINE_DEPTH = 3  # from here on an application is accepted online


@dataclass(frozen=True)
class Tables:
    """What completes a row: the folder's other tables, by their keys."""

    completion: Entry
    materials: Mapping[str, Entry]
    fees: Mapping[str, list[Entry]]
    themes: Mapping[tuple[str, str], str]
    fields: Entry
    forms: Entry
    assign: list[Entry]
    details: Entry


def complete(row: Entry, tables: Tables, source: Source) -> dict[str, Any]:
    """Return the whole item that a row stands for: the fields of catalog.shared.models.ItemFields.

    `row` holds the columns of items.csv as text, and `code`; of a variant also `handling`, `word` and `parent`
    (empty otherwise); a local item may name its `form` and have `notes`. Faults are noted in `source`.
    """
    facts = _facts(row, tables)
    result = {
        "result_kind": _value("result_kind", facts, tables),
        "result_name": facts["result"],
        "result_validity": _value("result_validity", facts, tables),
        "result_electronic": _value("result_electronic", facts, tables),
    }
    facts |= result
    materials = _materials(row, facts, tables, source)
    facts["exempt_by"] = [each["exempt_by"] for each in materials]
    item = {
        **_identity(row, facts, tables, source),
        **_limits(row, facts, tables),
        **result,
        **_texts(facts, tables),
        "legal_basis": _legal_basis(row["legal_basis"], tables),
        "materials": materials,
        "tolerance_allowed": any(each["necessity"] == "later" for each in materials),
        "pledge_allowed": _value("pledge", facts, tables),
        # the ordinary handling alone is charged: changing or giving back a licence is not
        "fees": [] if row["handling"] else [_fee(each) for each in tables.fees.get(row["code_suffix"], [])],
        "form": _form(row, facts, tables, source),
        "notes": row.get("notes", ""),
        # empty: the hall's own, shown wherever an item says nothing of its own
        **dict.fromkeys(("address", "phone", "complaint_phone", "hours"), ""),
        "hidden": False,
        "demonstration": sorted({*_listed(row["demonstration"]), *tables.completion["demonstration"]}),
    }
    return _detailed(item, tables.details.get(row["code"]), source)


def _facts(row: Entry, tables: Tables) -> dict[str, Any]:
    laws = _laws(row["legal_basis"])
    taken = "code_suffix name type department audience kind theme life_event proxy_allowed handling parent word result"
    return {
        **{key: row[key] for key in taken.split()},
        "levels": _listed(row["levels"], "/"),
        "online_depth": int(row["online_depth"]),
        "statutory_days": int(row["statutory_days"]) if row["statutory_days"] else None,
        "promised_days": int(row["promised_days"]),
        "statutory": "yes" if row["statutory_days"] else "no",
        "law": laws[0][0] if laws else "",
        "who": tables.completion["who"][row["audience"]],
    }


def _identity(row: Entry, facts: Mapping[str, Any], tables: Tables, source: Source) -> dict[str, Any]:
    return {
        **{key: row[key] for key in ("code", "name", "type", "department", "audience")},
        # what the tables do not tell: the body's standing is the standard case
        "body_nature": "1",
        "power_source": "own",
        **dict.fromkeys(
            (
                "entrusted_by",
                "intermediary",
                "quantity_limit",
                "annual_inspection",
                "statutory_note",
                "result_sample",
            ),
            "",
        ),
        "joint_bodies": [],
        "service_objects": tables.completion["service_objects"][row["audience"]],
        "channels": [each["value"] for each in _added("channels", facts, tables)],
        "in_hall": True,
        "online_steps": _value("online_steps", facts, tables),
        "levels": facts["levels"],
        "themes": _themes(row, facts, tables, source),
        "life_events": [row["life_event"]] if row["life_event"] else [],
        "aliases": _listed(row["aliases"]),
        "service_scope": _value("service_scope", facts, tables),
        "online_depth": facts["online_depth"],
        "can_apply": facts["online_depth"] >= ONLINE_DEPTH,
        "can_book": row["bookable"] == "yes",
        "identity_level": _value("identity_level", facts, tables),
        "proxy_allowed": row["proxy_allowed"] == "yes",
        "delivery": list(dict.fromkeys(each["value"] for each in _added("delivery", facts, tables))),
    }


def _limits(row: Entry, facts: Mapping[str, Any], tables: Tables) -> dict[str, Any]:
    visits = rules.first(tables.completion["visits"]["first"], facts)
    pauses = (
        _added("special_procedures", facts, tables)
        if row["kind"] == "promised" and not row["handling"]
        else []
    )
    return {
        **{key: row[key] for key in ("kind", "statutory_unit", "promised_unit", "limit_note")},
        **{key: facts[key] for key in ("statutory_days", "promised_days")},
        "visits": visits["value"],
        "visits_reason": visits["reason"],
        "steps": _steps(facts, tables),
        "special_procedures": [
            {key: each[key] for key in ("key", "kind", "days", "basis")} for each in pauses
        ],
    }


def _texts(facts: Mapping[str, Any], tables: Tables) -> dict[str, Any]:
    completion = tables.completion
    window = {
        "key": "main",
        "name": completion["window_name"].format_map(facts),
        "address": "",
        "phone": "",
        "hours": "",
    }
    return {
        "summary": rules.first(completion["summary"]["first"], facts)["text"].format_map(facts),
        "conditions": [each["text"].format_map(facts) for each in _added("conditions", facts, tables)],
        "guide_text": rules.first(completion["guide_text"]["first"], facts)["text"].format_map(facts),
        "faq": [
            {key: each[key] for key in ("key", "question", "answer")} for each in _added("faq", facts, tables)
        ],
        "windows": [window],
    }


def _listed(text: str, separator: str = ";") -> list[str]:
    return [part for part in text.split(separator) if part]


def _value(name: str, facts: Mapping[str, Any], tables: Tables) -> Any:
    return rules.first(tables.completion[name]["first"], facts)["value"]


def _added(name: str, facts: Mapping[str, Any], tables: Tables) -> list[Any]:
    return list(rules.every(tables.completion[name]["add"], facts))


def _themes(row: Entry, facts: Mapping[str, Any], tables: Tables, source: Source) -> list[str]:
    """Return `list:code` of the item's themes: one that serves both is found in both lists, rules may add more."""
    found = []
    name = row["theme"]
    if row["audience"] != "business" and ("national_personal", name) in tables.themes:
        found.append(f"national_personal:{tables.themes['national_personal', name]}")
    pair = tables.completion["theme_pairs"].get(name, name) if row["audience"] == "both" else name
    if row["audience"] != "personal" and ("national_business", pair) in tables.themes:
        found.append(f"national_business:{tables.themes['national_business', pair]}")
    if not found:
        source.fault(row, "theme", _("没有“%(name)s”这个专题，请写 themes.csv 里的名称") % {"name": name})
    also = [
        f"{each['list']}:{tables.themes[each['list'], each['name']]}"
        for each in _added("themes", facts, tables)
    ]
    return list(dict.fromkeys(found + also))


def _steps(facts: Mapping[str, Any], tables: Tables) -> list[dict[str, Any]]:
    """Return the steps; their days add up to the promised ones: deciding takes its share, reviewing the rest."""
    promised = facts["promised_days"]
    deciding = promised // tables.completion["steps"]["decision_share"]
    days = {"review": promised - deciding, "decide": deciding}
    return [{**step, "days": days.get(step["key"], 0)} for step in tables.completion["steps"][facts["kind"]]]


def _laws(text: str) -> list[tuple[str, str, str]]:
    """Return law, document number and article of each entry of a `;` list."""
    found = []
    for entry in _listed(text):
        match = ARTICLE.fullmatch(entry)
        law, article = (match["law"], match["article"] or "") if match else (entry, "")
        found.append((law, law if DOCUMENT.fullmatch(law) else "", article))
    return found


def _legal_basis(text: str, tables: Tables) -> list[dict[str, str]]:
    wording = tables.completion["legal_basis_text"]
    return [
        {"key": f"law{number}", "law": law, "document": document, "article": article, "text": wording}
        for number, (law, document, article) in enumerate(_laws(text), 1)
    ]


def _fee(row: Entry) -> dict[str, Any]:
    return {
        **{key: row[key] for key in ("key", "name", "standard", "basis")},
        "amount": int(row["amount"]) if row["amount"] else None,
        "online": row["online"] == "yes",
    }


def _materials(row: Entry, facts: Mapping[str, Any], tables: Tables, source: Source) -> list[dict[str, Any]]:
    late = {
        name: min(rule["grace_days"], facts["promised_days"])
        for rule in tables.completion["tolerance"]
        if not facts["handling"] and rules.matches(rule["when"], facts)
        for name in rule["materials"]
    }
    found = []
    for text in _listed(row["materials"]):
        match = PAPER.fullmatch(text)
        paper = tables.materials.get(match["name"]) if match else None
        if match is None or paper is None:
            source.fault(
                row, "materials", _("materials.csv 里没有“%(name)s”，请先在那里加一行") % {"name": text}
            )
            continue
        found.append(_material(match, paper, facts, tables, late.get(paper["name"], 0)))
    return found


def _material(
    match: re.Match[str], paper: Entry, facts: Mapping[str, Any], tables: Tables, grace: int
) -> dict[str, Any]:
    exempt_by, note = match["exempt_by"] or paper["exempt_by"], paper["note"]
    if exempt_by and facts["online_depth"] < ONLINE_DEPTH:
        exempt_by, note = "", ""  # at a window nobody fills in the form or fetches the licence by itself
    return {
        "key": paper["key"],
        "name": paper["name"],
        "type": PAPER_TYPES[paper["type"]],
        "form": PAPER_FORMS[paper["form"]],
        "source": PAPER_SOURCES[paper["source"]],
        "originals": int(paper["originals"]),
        "copies": int(paper["copies"]),
        "necessity": "optional"
        if match["optional"]
        else "later"
        if grace and not exempt_by
        else paper["necessity"],
        "grace_days": grace,
        "exempt": bool(exempt_by),
        "exempt_by": exempt_by,
        "note": note,
        "basis": facts["law"],
        **tables.completion["material_defaults"][paper["type"]],
    }


def _form(row: Entry, facts: Mapping[str, Any], tables: Tables, source: Source) -> list[dict[str, Any]]:
    if facts["online_depth"] < ONLINE_DEPTH:
        return []
    name = row.get("form") or rules.first(tables.assign, facts)["form"]
    if name not in tables.forms:
        source.fault(row, "form", _("forms.yaml 里没有“%(name)s”这张表") % {"name": name})
        return []
    return [row for use in tables.forms[name] for row in _rows(use, tables)]


def _rows(use: str | Mapping[str, Any], tables: Tables) -> list[dict[str, Any]]:
    """Return the row of a question, or of a group with those of its questions."""
    if isinstance(use, str) or "group" not in use:
        return [_field(use, tables)]
    name = use["group"]
    group = {"name": name, "label": use["label"], "type": "group", "required": False, "choices": []}
    group |= {"section": use["label"], "hint": use.get("hint", ""), "when": _when(use)}
    group |= {key: use[key] for key in ("entry", "fewest", "most") if key in use}
    return [group, *({**_field(member, tables), "group": name} for member in use["fields"])]


def _when(field: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the condition that is written as {question: [answers]}; None for none."""
    written = dict(field.get("when") or {})
    return next(({"question": name, "values": list(values)} for name, values in written.items()), None)


def _field(use: str | Mapping[str, Any], tables: Tables) -> dict[str, Any]:
    """Return one field of a form: its entry in the library, with what this form changes of it."""
    changes = (
        {} if isinstance(use, str) else {key: value for key, value in use.items() if key not in {"use", "as"}}
    )
    origin = use if isinstance(use, str) else use["use"]
    field = {"required": True, "hint": "", "section": "", "choices": {}} | tables.fields[origin] | changes
    return {
        "name": origin if isinstance(use, str) else use.get("as", origin),
        **{key: field[key] for key in ("label", "type", "required")},
        "choices": [{"value": value, "label": label} for value, label in field["choices"].items()],
        "section": field["section"],
        "hint": field["hint"],
        **({"about": field["about"]} if "about" in field else {}),
        **({"when": when} if (when := _when(field)) else {}),
    }


def _detailed(item: dict[str, Any], detail: Entry | None, source: Source) -> dict[str, Any]:
    """Lay the values that details.yaml gives for this item over the completed ones."""
    if detail is None:
        return item
    for key, value in detail.items():
        if key == "material_notes":
            for material in item["materials"]:
                material["note"] = value.get(material["name"], material["note"])
        elif key in item:
            item[key] = value
        else:
            source.fault(detail, key, _("事项没有这个字段"))
    return item


def takes(
    levels: Iterable[str], facts: Mapping[str, Any], hall_takes: Iterable[str], zone: list[Any]
) -> bool:
    """Say whether a hall that takes these levels offers a shared item; a zone's items are chosen by rule."""
    wanted = set(hall_takes)
    return bool(wanted & set(levels)) or (
        "zone" in wanted and any(rules.matches(rule, facts) for rule in zone)
    )
