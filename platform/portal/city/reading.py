"""A city's folder, read, completed and checked as a whole: nothing is loaded from a folder with a fault in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.hall import answers, transitions
from cases.hall.services import reason_texts
from catalog.shared.enums import Audience
from catalog.shared.policy import permits, rule_of
from catalog.shared.queries import value_of
from portal.city import checks, rules
from portal.city.expansion import Tables, complete, takes
from portal.city.source import Entry, Source

ITEM_COLUMNS = (
    "code_suffix name type department levels audience theme life_event statutory_days statutory_unit promised_days"
    " promised_unit kind materials result legal_basis online_depth proxy_allowed bookable aliases limit_note demonstration"
)
VARIANT_COLUMNS = "code_suffix serial handling word name promised_days materials result online_depth"
MATERIAL_COLUMNS = "name key type form source originals copies necessity exempt_by note"
HANDLINGS = {"change", "renew", "reissue", "cancel", "kind"}
# what each entry must have, and what it may have besides
CITY_NEEDED = "name code service_name portal_name hotline area_code portal_domain item_origin local_origin demonstration theme"
HALL_NEEDED = "key label name short_name level takes division_code case_prefix document_prefix department_prefix position theme"
HALL_OPTIONAL = "opened_on state uscc address hours phone complaint_phone notice sessions windows visits questions demonstration"
PERSON_NEEDED = "username password role name phone id_number"
PERSON_OPTIONAL = "city_role hall post town company department note principals"
DRAFT = "draft"


@dataclass(frozen=True)
class City:
    """All of a folder: `items` complete and by code, `adopted` the shared codes of each hall, `local` its own items."""

    facts: Entry
    halls: list[Entry]
    departments: list[Entry]
    divisions: list[Entry]
    calendar: list[Entry]
    years: list[Entry]
    expected_holidays: list[Entry]
    themes: list[Entry]
    items: dict[str, dict[str, Any]]
    adopted: dict[str, list[str]]
    local: dict[str, dict[str, dict[str, Any]]]
    overrides: dict[str, list[Entry]]
    companies: list[Entry]
    people: list[Entry]
    cases: list[Entry]
    bundles: list[Entry]
    together: list[Entry]
    systems: list[Entry]
    phrases: dict[str, str]
    reasons: list[Entry]

    def offered(self, hall: str) -> dict[str, dict[str, Any]]:
        """Return what a hall shows, by code, with its own word on hiding and booking."""
        shown = {code: self.items[code] for code in self.adopted[hall]} | self.local[hall]
        for override in self.overrides.get(hall, []):
            if override["field"] in {"hidden", "can_book"}:
                shown[override["code"]] = shown[override["code"]] | {override["field"]: override["value"]}
        return {code: item for code, item in shown.items() if not item["hidden"]}

    def online(self, hall: str) -> int:
        """Return how many items can be applied for or booked in a hall."""
        return sum(1 for item in self.offered(hall).values() if item["can_apply"] or item["can_book"])


@dataclass(frozen=True)
class _Files:
    """The files that others are checked against."""

    facts: Entry
    halls: list[Entry]
    departments: list[Entry]
    themes: list[Entry]
    tables: Tables


def read_city(folder: Path) -> City:
    """Read, complete and check a city's folder.

    Raises source.BadData with all faults, each as ``file:line: field: what is wrong and what to write``.
    """
    source = Source(folder)
    files = _files(source)
    source.finish()
    made, rows = _shared(source, files)
    city = City(
        facts=files.facts,
        halls=files.halls,
        departments=files.departments,
        divisions=source.table("divisions.csv", "code name kind county_code county_name hall certain note"),
        calendar=source.table("calendar.csv", "date is_workday name official"),
        years=source.table("years.csv", "year published notice"),
        expected_holidays=source.table("expected_holidays.csv", "date name"),
        themes=files.themes,
        items=made,
        adopted={hall["key"]: _adopted(hall, made, rows, files.tables) for hall in files.halls},
        local=_local(source, files),
        overrides=_overrides(source, files.halls),
        companies=source.entries("companies.yaml"),
        people=source.entries("people.yaml"),
        cases=source.entries("cases.yaml"),
        bundles=source.entries("bundles.yaml"),
        together=_together(source),
        reasons=_reasons(source, made.keys()),
        systems=checks.systems(source, {row["short_name"] for row in files.departments}),
        phrases=checks.phrases(source, {item["name"] for item in made.values()} | made.keys()),
    )
    source.finish()
    _check(source, city)
    source.finish()
    for case in city.cases:
        _check_case(source, case, city)
    source.finish()
    return city


def _together(source: Source) -> list[Entry]:
    """Return the example applications for several items at once. A city may do without the file."""
    return source.entries("together.yaml") if (source.folder / "together.yaml").exists() else []


def _reasons(source: Source, codes: Collection[str]) -> list[Entry]:
    """Return the texts that clerks start their reasons from. A city may do without the file."""
    if not (source.folder / "reasons.csv").exists():
        return []
    rows = source.table("reasons.csv", "step verdict item_code name text")
    checks.unique(source, rows, "step", "verdict", "item_code", "name")
    for row in rows:
        try:
            reason_texts.check(reason_texts.Wanted(**row), codes)
        except reason_texts.NotSaved as problem:
            for field, sentence in problem.fields.items():
                source.fault(row, {"place": "step"}.get(field, field), sentence)
    return rows


def _files(source: Source) -> _Files:
    facts, halls = source.mapping("city.yaml"), source.entries("halls.yaml")
    source.only(facts, CITY_NEEDED, "online_items")
    checks.halls(source, halls, HALL_NEEDED, HALL_OPTIONAL)
    themes = source.table("themes.csv", "list code name audience order maps_to")
    checks.unique(source, themes, "list", "code")
    departments = source.table("departments.csv", "short_name code full_name")
    checks.unique(source, departments, "short_name")
    return _Files(facts, halls, departments, themes, _tables(source, themes))


def _tables(source: Source, themes: list[Entry]) -> Tables:
    materials = source.table("materials.csv", MATERIAL_COLUMNS)
    checks.unique(source, materials, "name")
    checks.unique(source, materials, "key")
    fees: dict[str, list[Entry]] = {}
    for fee in source.table("fees.csv", "code_suffix key name standard amount basis online"):
        fees.setdefault(fee["code_suffix"], []).append(fee)
        if not fee["basis"]:
            source.fault(fee, "basis", _("收费要有依据，请填文号或法律条款"))
    forms, completion = source.mapping("forms.yaml"), source.mapping("completion.yaml")
    source.only(forms, "fields forms assign")
    for rule in rules.asking([completion, forms.get("assign", [])]):
        for key in rule["when"]:
            if key not in rules.ASKABLE:
                source.fault(
                    rule,
                    f"when.{key}",
                    _("规则不能问这个，可用的：%(names)s") % {"names": "、".join(sorted(rules.ASKABLE))},
                )
    return Tables(
        completion=completion,
        materials={row["name"]: row for row in materials},
        fees=fees,
        themes={(row["list"], row["name"]): row["code"] for row in themes},
        fields=forms.get("fields", Entry()),
        forms=forms.get("forms", Entry()),
        assign=forms.get("assign", []),
        details=source.mapping("details.yaml"),
    )


def _shared(source: Source, files: _Files) -> tuple[dict[str, dict[str, Any]], dict[str, Entry]]:
    """Return the completed shared items by code, and the row that each was made of."""
    rows = source.table("items.csv", ITEM_COLUMNS)
    checks.unique(source, rows, "code_suffix")
    good = {row["code_suffix"]: row for row in rows if _is_good(source, row, files)}
    origin = files.facts["item_origin"]
    whole = [
        _row(row, code=f"{origin}{suffix}00", handling="", word="", parent="") for suffix, row in good.items()
    ]
    whole += [row for row in _variants(source, origin, good) if _is_good(source, row, files)]
    checks.unique(source, whole, "name")
    made: dict[str, dict[str, Any]] = {}
    for row in whole:
        _make(source, row, files.tables, made)
    for code, detail in files.tables.details.items():
        if code not in made:
            source.fault(detail, code, _("没有这个编码的事项"))
    return made, {row["code"]: row for row in whole}


def _is_good(source: Source, row: Entry, files: _Files) -> bool:
    departments = {department["short_name"] for department in files.departments}
    events = {theme["name"] for theme in files.themes if theme["list"].startswith("life_event")}
    return checks.row(source, row, departments, events)


def _row(row: Mapping[str, Any], **own: Any) -> Entry:
    placed = row if isinstance(row, Entry) else Entry()
    return Entry({**row, **own}).at(placed.file, placed.line)


def _make(source: Source, row: Entry, tables: Tables, made: dict[str, dict[str, Any]]) -> None:
    try:
        item = complete(row, tables, source)
    except (KeyError, TypeError, ValueError) as error:
        source.fault(
            row, "-", _("补全规则缺一条或写错了，看 completion.yaml、forms.yaml：%(why)r") % {"why": error}
        )
        return
    checks.item(source, row, item)
    made[row["code"]] = item


def _variants(source: Source, origin: str, parents: Mapping[str, Entry]) -> list[Entry]:
    """Return the variants 业务办理项 as rows like their parents', with what is their own laid over."""
    variants = source.table("variants.csv", VARIANT_COLUMNS)
    checks.unique(source, variants, "code_suffix", "serial")
    found = []
    for row in variants:
        parent = parents.get(row["code_suffix"])
        if parent is None:
            source.fault(row, "code_suffix", _("items.csv 里没有（或写错了）这个主项"))
        elif (
            not row["serial"].isdigit()
            or len(row["serial"]) != 2
            or row["serial"] == "00"
            or row["handling"] not in HANDLINGS
        ):
            source.fault(
                row,
                "serial",
                _("serial 从 01 起两位；handling 写 %(names)s 之一")
                % {"names": "、".join(sorted(HANDLINGS))},
            )
        else:
            own = {
                key: row[key]
                for key in ("name", "promised_days", "materials", "online_depth", "handling", "word")
            }
            own |= {
                "code": f"{origin}{row['code_suffix']}{row['serial']}",
                "parent": parent["name"],
                "aliases": "",
            }
            own |= {
                "result": row["result"] or parent["result"],
                "kind": "instant" if row["promised_days"] == "0" else "promised",
            }
            own["demonstration"] = "name;promised_days;materials;statutory_days"
            found.append(Entry({**parent, **own}).at(row.file, row.line))
    return found


def _adopted(
    hall: Entry, made: Mapping[str, dict[str, Any]], rows: Mapping[str, Entry], tables: Tables
) -> list[str]:
    zone = tables.completion.get("zone", [])
    return [
        code
        for code, item in made.items()
        if takes(item["levels"], {**rows[code], "levels": item["levels"]}, hall["takes"], zone)
    ]


def _local(source: Source, files: _Files) -> dict[str, dict[str, dict[str, Any]]]:
    """Return each hall's own items, completed, by code."""
    document = source.mapping("local_items.yaml")
    source.only(document, "defaults halls")
    found: dict[str, dict[str, dict[str, Any]]] = {hall["key"]: {} for hall in files.halls}
    halls = document.get("halls", Entry())
    for key, entries in halls.items():
        if key not in found:
            source.fault(halls, key, _("halls.yaml 里没有这个大厅"))
            continue
        checks.unique(source, entries, "code")
        for entry in entries:
            row = _local_row(entry, document["defaults"])
            if not row["code"].startswith(files.facts["local_origin"]):
                source.fault(
                    entry,
                    "code",
                    _("本地事项的编码以 %(origin)s 开头") % {"origin": files.facts["local_origin"]},
                )
            elif _is_good(source, row, files):
                _make(source, row, files.tables, found[key])
    return found


def _local_row(entry: Entry, defaults: Mapping[str, Any]) -> Entry:
    merged = {
        **dict.fromkeys([*ITEM_COLUMNS.split(), "handling", "word", "parent", "code"], ""),
        **defaults,
        **entry,
    }
    text = {key: ";".join(value) if isinstance(value, list) else str(value) for key, value in merged.items()}
    text["kind"] = "instant" if text["promised_days"] == "0" else "promised"
    text["code_suffix"] = text["code"][2:12]
    return _row(entry, **text)


def _overrides(source: Source, halls: list[Entry]) -> dict[str, list[Entry]]:
    document = source.mapping("overrides.yaml")
    keys = {hall["key"] for hall in halls}
    for key in document:
        if key not in keys:
            source.fault(document, key, _("halls.yaml 里没有这个大厅"))
    return {key: entries for key, entries in document.items() if key in keys and isinstance(entries, list)}


def _check(source: Source, city: City) -> None:
    keys = {hall["key"] for hall in city.halls}
    checks.divisions(source, city.divisions, keys)
    checks.calendar(source, city.calendar, city.years, city.expected_holidays)
    checks.companies(source, city.companies)
    if all([source.only(person, PERSON_NEEDED, PERSON_OPTIONAL) for person in city.people]):
        towns = {place["code"] for place in city.divisions}
        checks.people(
            source, city.people, keys, towns, {str(company.get("key")) for company in city.companies}
        )
    staff = {
        (person.get("hall"), person.get("username"))
        for person in city.people
        if person.get("role") == "branch_staff"
    }
    checks.bundles(source, city.bundles, city.items)
    checks.together(source, city.together, city.bundles, [person["username"] for person in city.people])
    for hall, overrides in city.overrides.items():
        checks.unique(source, overrides, "code", "field")
        for override in overrides:
            _check_override(source, override, hall, city, staff)


def _check_override(
    source: Source, override: Entry, hall: str, city: City, staff: set[tuple[Any, Any]]
) -> None:
    if not source.only(override, "code field reason author", "value"):
        return
    if override["code"] not in city.adopted[hall]:
        source.fault(override, "code", _("本厅不办这个共享事项"))
        return
    item, field, value = city.items[override["code"]], override["field"], override.get("value")
    base = value_of(item, field)
    given = {"days": value, "unit": item["promised_unit"]} if field == "promised_days" else value
    if not permits(rule_of(field), given, base):
        source.fault(override, field, _("不合分厅可改的范围，市里的值是 %(base)s") % {"base": base})
    elif given == base:
        source.fault(override, field, _("和市里的一样，不用单独改"))
    if (hall, override["author"]) not in staff:
        source.fault(override, "author", _("要写本厅事项管理员的 username"))


def _check_case(source: Source, case: Entry, city: City) -> None:
    if not source.only(case, "hall item applicant steps", "agent company answers delivery note"):
        return
    item = city.offered(case["hall"]).get(str(case["item"])) if case["hall"] in city.adopted else None
    if item is None or not item["can_apply"]:
        source.fault(case, "item", _("本厅没有这个能网上申办的事项"))
        return
    people = {person["username"] for person in city.people}
    for name in ("applicant", "agent"):
        if case.get(name) and case[name] not in people:
            source.fault(case, name, _("people.yaml 里没有 %(name)s") % {"name": case[name]})
    if case.get("company") and case["company"] not in {company["key"] for company in city.companies}:
        source.fault(case, "company", _("companies.yaml 里没有 %(key)s") % {"key": case["company"]})
    if case.get("company") and item["audience"] == Audience.PERSONAL:
        source.fault(case, "company", _("这个事项只给个人办，去掉 company"))
    for name, text in answers.clean_delivery(item["delivery"], case.get("delivery")).errors.items():
        source.fault(case, f"delivery.{name}", text)
    for step in case["steps"]:
        _check_step(source, step, people)
    _check_answers(source, case, item, city)


def _check_step(source: Source, step: Entry, people: set[str]) -> None:
    if not source.only(step, "action by time", "ago reason data"):
        return
    if step["action"] not in {DRAFT, *transitions.NAMES}:
        source.fault(
            step, "action", _("可选：%(names)s") % {"names": "、".join([DRAFT, *sorted(transitions.NAMES)])}
        )
    if step["by"] not in people:
        source.fault(step, "by", _("people.yaml 里没有 %(name)s") % {"name": step["by"]})


def _check_answers(source: Source, case: Entry, item: Mapping[str, Any], city: City) -> None:
    found = answers.clean(
        item["form"],
        case.get("answers", {}),
        divisions={place["code"] for place in city.divisions},
        today=timezone.localdate(),
        is_draft=case["steps"][0].get("action") == DRAFT,
    )
    for name, text in found.errors.items():
        source.fault(case, f"answers.{name}", text)
