"""What must be true of a city's data besides what an item must satisfy anyway; each fault says what to write."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.enums import CityRole
from accounts.validators import id_problem, phone_problem, uscc_problem
from catalog.shared.enums import Audience, Depth, ItemType, Kind, Unit
from catalog.shared.questions import ELIGIBLE, GROUP
from catalog.shared.rows import QUESTION_TYPES
from catalog.shared.validators import publishing_problems, shape_problems
from portal.city import windows
from portal.city.source import Entry, Source
from theming import parts

CHOICES: dict[str, Collection[str]] = {
    "type": ItemType.values,
    "audience": Audience.values,
    "kind": Kind.values,
    "statutory_unit": Unit.values,
    "promised_unit": Unit.values,
    "online_depth": [str(depth) for depth in Depth.values],
    "proxy_allowed": ("yes", "no"),
    "bookable": ("yes", "no"),
}
LEVELS = {"city", "county", "town"}
MOST_FIELDS = 7  # LOOK section 5: a page of an application asks seven things at most
STAFF = ["approver", "branch_staff", "hall_admin", "head", "window"]
ROLES = {"citizen", "proxy", "clerk", "branch_staff", "hall_admin", "city_admin", "inspector"}
MOTIF_BYTES = 512
FEWEST_STEPS = 2
SHORTEST_PASSWORD, KINDS_IN_PASSWORD = 8, 3  # MLPS 3


def unique(source: Source, rows: Iterable[Entry], *keys: str) -> None:
    """Note every row whose keys an earlier row has."""
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row.get(name) for name in keys)
        if key in seen:
            text = _("“%(value)s”和第 %(line)d 行重复，请改一个") % {
                "value": "、".join(map(str, key)),
                "line": seen[key],
            }
            source.fault(row, "+".join(keys), text)
        seen.setdefault(key, row.line)


def row(source: Source, entry: Entry, departments: Collection[str], life_events: Collection[str]) -> bool:
    """Check a row before it is completed; return whether it can be."""
    before = len(source.problems)
    if not re.fullmatch(r"[0-9]{10}", entry["code_suffix"]):
        source.fault(entry, "code_suffix", _("要 10 位数字：2 位类型、2 位部门、3 位主项、3 位子项"))
    for name, choices in CHOICES.items():
        if entry[name] not in choices:
            names = "、".join(choices)
            source.fault(
                entry,
                name,
                _("“%(value)s”不对，请写 %(names)s 之一") % {"value": entry[name], "names": names},
            )
    for name, form in (("promised_days", r"[0-9]{1,4}"), ("statutory_days", r"[0-9]{0,4}")):
        if not re.fullmatch(form, entry[name]):
            source.fault(entry, name, _("请写天数（数字）；法律没有规定时限的，法定天数留空"))
    if entry["department"] not in departments:
        source.fault(
            entry,
            "department",
            _("departments.csv 里没有“%(name)s”，请先加上") % {"name": entry["department"]},
        )
    if entry["life_event"] and entry["life_event"] not in life_events:
        source.fault(
            entry, "life_event", _("themes.csv 里没有“%(name)s”这件人生大事") % {"name": entry["life_event"]}
        )
    if entry["levels"] and not set(entry["levels"].split("/")) <= LEVELS:
        source.fault(entry, "levels", _("请写 city、county、town，用 / 隔开"))
    return len(source.problems) == before


def item(source: Source, entry: Entry, made: Mapping[str, Any]) -> None:
    """Check a completed item: what publishing asks of it, its code, its papers and its form."""
    if not re.fullmatch(r"[0-9]{14}", made["code"]):
        source.fault(entry, "code", _("要 14 位数字：12 位基本编码、2 位业务办理项"))
    for field, text in {**shape_problems(made), **publishing_problems(made)}.items():
        source.fault(entry, field, text)
    always = [
        row
        for row in made["form"]
        if row["type"] not in (GROUP, ELIGIBLE) and not row.get("group") and not row.get("when")
    ]
    if len(always) > MOST_FIELDS:
        source.fault(entry, "form", _("一张表里一定要问的不超过 %(n)d 项") % {"n": MOST_FIELDS})
    for field in made["form"]:
        if field["type"] not in QUESTION_TYPES or (field["type"] == "choice") != bool(field["choices"]):
            source.fault(entry, "form", _("“%(name)s”的 type 不对，或选项没有写") % {"name": field["label"]})


def bundles(source: Source, entries: list[Entry], items: Collection[str]) -> None:
    """Check the bundles 一件事: each names items of the catalogue, two at least, each once."""
    unique(source, entries, "key")
    for entry in entries:
        if not source.only(entry, "key name summary audience steps", "conditions own_questions"):
            continue
        if not re.fullmatch(r"[a-z0-9-]{1,40}", str(entry["key"])):
            source.fault(entry, "key", _("写小写字母、数字和连字符"))
        if entry["audience"] not in Audience.values:
            names = "、".join(Audience.values)
            source.fault(entry, "audience", _("请写 %(names)s 之一") % {"names": names})
        steps = [step for step in entry["steps"] if source.only(step, "code", "when after")]
        unique(source, steps, "code")
        if len(steps) < FEWEST_STEPS:
            source.fault(entry, "steps", _("一件事至少要有 %(n)d 个事项") % {"n": FEWEST_STEPS})
        for step in steps:
            if step["code"] not in items:
                source.fault(step, "code", _("没有这个编码的事项"))
        before: set[str] = set()
        for step in steps:
            if set(step.get("after") or []) - before:
                source.fault(step, "after", _("after 只能写排在前面的事项"))
            before.add(step["code"])


def together(source: Source, entries: list[Entry], known: list[Entry], people: Collection[str]) -> None:
    """Check the example applications for several items of a bundle: each names what there is."""
    steps = {bundle["key"]: {step["code"] for step in bundle["steps"]} for bundle in known}
    for entry in entries:
        if not source.only(entry, "hall bundle applicant parts answers time", "ago delivery steps"):
            continue
        if set(entry["parts"]) - steps.get(entry["bundle"], set()):
            source.fault(entry, "parts", _("这件事里没有这一项"))
        if entry["applicant"] not in people:
            source.fault(entry, "applicant", _("people.yaml 里没有 %(name)s") % {"name": entry["applicant"]})
        for step in entry.get("steps") or []:
            if source.only(step, "item action by time", "ago reason data") and step["by"] not in people:
                source.fault(step, "by", _("people.yaml 里没有 %(name)s") % {"name": step["by"]})


def calendar(source: Source, days: list[Entry], years: list[Entry], expected: list[Entry]) -> None:
    """Check the calendar: each day of a published year once and in order, and none of a year that is not."""
    published = {year["year"] for year in years if year["published"] == "yes"}
    dated = [(day, at) for day in days if (at := _date(source, day)) is not None]
    before: date | None = None
    for day, at in dated:
        if before is not None and at != before + timedelta(days=1):
            source.fault(
                day, "date", _("%(day)s 缺了或次序不对，请补上") % {"day": before + timedelta(days=1)}
            )
        before = at
        if str(at.year) not in published:
            source.fault(
                day, "date", _("%(year)d 年在 years.csv 里没有公布，不能有逐日安排") % {"year": at.year}
            )
        _weekday(source, day, at)
    for year in years:
        _year(source, year, sum(1 for _day, at in dated if str(at.year) == year["year"]))
    for day in expected:
        at_once = _date(source, day)
        if at_once is not None and str(at_once.year) in published:
            source.fault(day, "date", _("%(year)d 年已公布，不用再预计") % {"year": at_once.year})


def _weekday(source: Source, day: Entry, at: date) -> None:
    if day["is_workday"] not in {"0", "1"} or day["official"] not in {"yes", "no"}:
        source.fault(day, "is_workday", _("is_workday 写 1 或 0，official 写 yes 或 no"))
    elif day["official"] == "no" and (day["is_workday"] == "1") != (at.weekday() < 5):
        source.fault(day, "is_workday", _("和星期不符；放假或调休的日子 official 要写 yes"))


def _year(source: Source, year: Entry, found: int) -> None:
    if not re.fullmatch(r"[0-9]{4}", year["year"]) or year["published"] not in {"yes", "no"}:
        source.fault(year, "year", _("year 写四位年份，published 写 yes 或 no"))
        return
    number = int(year["year"])
    needed = (date(number + 1, 1, 1) - date(number, 1, 1)).days if year["published"] == "yes" else 0
    if found != needed:
        text = _("这一年在 calendar.csv 里有 %(found)d 天，应有 %(needed)d 天") % {
            "found": found,
            "needed": needed,
        }
        source.fault(year, "year", text)
    if not year["notice"]:
        source.fault(year, "notice", _("请写放假通知的文号"))


def _date(source: Source, entry: Entry) -> date | None:
    try:
        return date.fromisoformat(str(entry["date"]))
    except ValueError:
        source.fault(entry, "date", _("日期要写成 2026-03-04 这样"))
        return None


def halls(source: Source, entries: list[Entry], needed: str, optional: str) -> None:
    """Check the halls: each whole, keys and case numbers their own, credit codes by their check digits."""
    unique(source, entries, "key")
    unique(source, entries, "case_prefix")
    for hall in entries:
        if not source.only(hall, needed, optional):
            continue
        if hall["uscc"] and (problem := uscc_problem(str(hall["uscc"]))):
            source.fault(hall, "uscc", problem)
        if not re.fullmatch(r"[0-9]{6}", str(hall["case_prefix"])):
            source.fault(hall, "case_prefix", _("要 6 位数字，加引号写"))
        if len(str(hall["theme"].get("motif", "")).encode()) > MOTIF_BYTES:
            source.fault(hall, "theme", _("图案不超过 0.5 KB"))
        look(source, hall)
        windows.check(source, hall)


def look(source: Source, entry: Entry) -> None:
    """Check the parts of a look: each a value that a hall's admin could set."""
    for key, value in entry["theme"].items():
        if key in parts.BY_KEY:
            try:
                parts.checked(key, value)
            except ValidationError as problem:
                source.fault(entry, "theme", f"{key}：{'；'.join(problem.messages)}")


def divisions(source: Source, entries: list[Entry], keys: Collection[str]) -> None:
    """Check the towns and streets: nine digits of their county, served by a hall that is there."""
    unique(source, entries, "code")
    for place in entries:
        if place["hall"] not in keys:
            source.fault(place, "hall", _("halls.yaml 里没有 %(key)s") % {"key": place["hall"]})
        if not re.fullmatch(r"[0-9]{9}", place["code"]) or not place["code"].startswith(place["county_code"]):
            source.fault(place, "code", _("要 9 位数字，前 6 位和 county_code 相同"))


def companies(source: Source, entries: list[Entry]) -> None:
    """Check the demo companies: whole, and their credit codes by the check digits."""
    for company in entries:
        if source.only(company, "key name uscc", "legal_representative town") and (
            problem := uscc_problem(str(company["uscc"]))
        ):
            source.fault(company, "uscc", problem)


def people(
    source: Source,
    entries: list[Entry],
    keys: Collection[str],
    towns: Collection[str],
    companies: Collection[str],
) -> None:
    """Check the demo people: numbers and places, and in each hall one holder of every post."""
    unique(source, entries, "username")
    held: dict[str, list[str]] = {key: [] for key in keys}
    for person in entries:
        _person(source, person, towns, companies)
        if not person.get("hall"):
            continue
        if person["hall"] not in held:
            source.fault(person, "hall", _("halls.yaml 里没有 %(key)s") % {"key": person["hall"]})
        elif person["role"] not in {"citizen", "proxy"}:
            held[person["hall"]].append(person["post"] if person["role"] == "clerk" else person["role"])
    for key, posts in held.items():
        if entries and sorted(posts) != STAFF:
            text = _("%(key)s 要有 %(needed)s 各一人，现在是 %(found)s")
            source.fault(
                entries[0], "post", text % {"key": key, "needed": "、".join(STAFF), "found": "、".join(posts)}
            )


def _person(source: Source, person: Entry, towns: Collection[str], companies: Collection[str]) -> None:
    for field, known in (("role", ROLES), ("city_role", {"", *CityRole.values})):
        if person.get(field, "") not in known:
            source.fault(person, field, _("请写 %(names)s 之一") % {"names": "、".join(sorted(known))})
    # the day of reading matters only for a birth date that is yet to come
    if problem := id_problem(str(person["id_number"]), date.max):
        source.fault(person, "id_number", problem)
    if problem := phone_problem(str(person["phone"])):
        source.fault(person, "phone", problem)
    if not _is_strong(str(person["password"])):
        source.fault(person, "password", _("至少 8 位，大写、小写、数字、符号里有 3 种"))
    for principal in person.get("principals") or []:
        found = id_problem(str(principal["id_number"]), date.max), phone_problem(str(principal["phone"]))
        for problem in filter(None, found):
            source.fault(person, "principals", problem)
    if person.get("town") and person["town"] not in towns:
        source.fault(person, "town", _("divisions.csv 里没有 %(code)s") % {"code": person["town"]})
    if person.get("company") and person["company"] not in companies:
        source.fault(person, "company", _("companies.yaml 里没有 %(key)s") % {"key": person["company"]})


def _is_strong(password: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    found = sum(any(kind(letter) for letter in password) for kind in kinds)
    return len(password) >= SHORTEST_PASSWORD and found >= KINDS_IN_PASSWORD


def phrases(source: Source, known: set[str]) -> dict[str, str]:
    """Return what people say by what it stands for: codes, names or words of names; empty where it says nothing.

    A city may do without the file.
    """
    if not (source.folder / "synonyms.csv").exists():
        return {}
    rows = source.table("synonyms.csv", "phrase stands_for")
    unique(source, rows, "phrase")
    for row in rows:
        if not row["phrase"].strip():
            source.fault(row, "phrase", _("没有填，请填上"))
        for meant in filter(None, (part.strip() for part in row["stands_for"].split(";"))):
            if meant not in known and not any(all(word in name for word in meant.split()) for name in known):
                source.fault(row, "stands_for", _("没有事项叫“%(name)s”") % {"name": meant})
    return {row["phrase"].strip(): row["stands_for"].strip() for row in rows}


def systems(source: Source, known: set[str]) -> list[Entry]:
    """Return the departments' own systems. A city may do without the file."""
    if not (source.folder / "systems.yaml").exists():
        return []
    entries = source.entries("systems.yaml")
    unique(source, entries, "key")
    for entry in entries:
        if not source.only(entry, "key name departments", "url active"):
            continue
        for name in entry["departments"]:
            if name not in known:
                source.fault(entry, "departments", _("没有部门叫“%(name)s”") % {"name": name})
    return entries
