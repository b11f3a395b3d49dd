"""A city that was read and checked goes into the database, through the services that people's own acts go through.

What is missing is added; what is there and differs is counted and left alone, for people may have changed it. The
city's tables are one transaction, each hall is one: a run that is killed leaves whole parts, and the next goes on.
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.actor import NOBODY, Actor
from accounts.enums import CityRole
from accounts.models import Person
from accounts.services.people import create_demo_person
from cases.hall.queries import calendar
from cases.hall.services import reason_texts, systems
from cases.shared.models import CalendarDay, CalendarYear
from catalog.hall.models import LocalItem, Override
from catalog.hall.services import adoption, local, offers, overrides
from catalog.shared.models import Bundle, SharedItem, Theme
from catalog.shared.services import items, phrases
from portal.city import examples, proxies, questions, together, visits, windows
from portal.city.reading import City
from portal.city.report import Report
from portal.city.source import Entry
from tenants.hall.models import Department, Office, Post
from tenants.hall.services import furnishing
from tenants.shared import queries, roles, scope, services
from tenants.shared.enums import HallState
from tenants.shared.models import City as CityRow
from tenants.shared.models import Division, Hall
from theming.models import HallTheme
from theming.services import publish
from theming.tokens import Tokens

BATCH = 500
CITY_FIELDS = ("code", "name", "service_name", "portal_name", "hotline", "area_code", "portal_domain")
HALL_FIELDS = (
    "name",
    "short_name",
    "level",
    "division_code",
    "case_prefix",
    "document_prefix",
    "department_prefix",
    "uscc",
    "position",
)
LOOK_PARTS = ("banner", "notices", "blocks", "host", "undertaker", "icp", "police", "site_code")
LOOK_FIELDS = ("brand", "dark", "soft", "ink", "accent")
POSTS_BY_ROLE = {"branch_staff": "branch_staff", "hall_admin": "hall_admin"}


def load(city: City, *, now: datetime) -> Report:
    """Load a city: as the owner its halls, as the city its catalogue, as `gate` the demo's people, as each hall its own.

    Where invented people are refused (production), what only they could have made is left out: posts, overrides,
    local items, cases. Raises what the services raise; each part is whole or not there.
    """
    report = Report()
    _city_row(city, report)
    halls = _halls(city, report)
    with scope.city():
        _places(city, halls, report)
        _days(city, report)
        _catalogue(city, report, now)
        _looks(city, halls, report, now)
    calendar.forget()
    cast = _people(city, report, now) if settings.DEMO_PEOPLE_ALLOWED else {}
    for entry in city.halls:
        if halls[entry["key"]].state != HallState.DELETED:
            _hall(city, entry, halls[entry["key"]], cast, report, now)
    # the planner knows nothing yet of what has just been loaded
    roles.run("ANALYZE")
    return report


def _city_row(city: City, report: Report) -> None:
    wanted = {name: str(city.facts[name]) for name in CITY_FIELDS} | {
        "is_demo": bool(city.facts["demonstration"])
    }
    row = CityRow.objects.using(roles.OWNER).filter(name="")
    new = row.update(**wanted)
    there = {name: getattr(CityRow.objects.using(roles.OWNER).get(), name) for name in wanted}
    report.count(_("城市"), new=new, same=int(not new and there == wanted), different=int(there != wanted))
    queries.forget()


def _halls(city: City, report: Report) -> dict[str, Hall]:
    """Open the halls that are missing; return all by the key that the city's folder gives them.

    A hall that was renamed since is known by the number that begins its cases; one that was deleted is not opened anew.
    """
    known = list(Hall.objects.using(roles.OWNER))
    by_key, by_number = ({getattr(hall, name): hall for hall in known} for name in ("key", "case_prefix"))
    found = {
        entry["key"]: by_key.get(entry["key"]) or by_number.get(entry.get("case_prefix"))
        for entry in city.halls
    }
    there = {key: hall for key, hall in found.items() if hall is not None}
    wanted: dict[str, dict[str, Any]] = {
        entry["key"]: {name: entry.get(name) or "" for name in HALL_FIELDS} for entry in city.halls
    }
    facts = {key: {name: getattr(hall, name) for name in HALL_FIELDS} for key, hall in there.items()}
    opened = {entry["key"]: entry for entry in city.halls}
    for key in report.missing(_("大厅"), wanted, facts):
        entry = opened[key]
        host = f"{entry['label']}.{city.facts['portal_domain']}"
        hall = services.HallFacts(key=key, host=host, opened_on=entry.get("opened_on"), **wanted[key])
        there[key] = services.open_hall(hall, state=HallState(entry.get("state") or HallState.OPEN))
    return there


def _places(city: City, halls: dict[str, Hall], report: Report) -> None:
    wanted = {
        row["code"]: {
            **{name: row[name] for name in ("name", "kind", "county_code", "county_name", "note")},
            "hall_id": halls[row["hall"]].pk,
        }
        for row in city.divisions
    }
    there = {row["code"]: row for row in Division.objects.values("code", *next(iter(wanted.values()), {}))}
    lacking = report.missing(_("乡镇、街道"), wanted, there)
    Division.objects.bulk_create([Division(code=code, **wanted[code]) for code in lacking], batch_size=BATCH)


def _days(city: City, report: Report) -> None:
    years = {
        int(row["year"]): {"is_published": row["published"] == "yes", "notice": row["notice"]}
        for row in city.years
    }
    known_years = {row["year"]: row for row in CalendarYear.objects.values("year", "is_published", "notice")}
    lacking = report.missing(_("日历年份"), years, known_years)
    CalendarYear.objects.bulk_create([CalendarYear(year=year, **years[year]) for year in lacking])
    days = {
        date.fromisoformat(row["date"]): {
            "is_workday": row["is_workday"] == "1",
            "name": row["name"],
            "is_official": row["official"] == "yes",
        }
        for row in city.calendar
    }
    # the statutory holidays of a year that no notice covers: not official, and used as a guess alone
    days |= {
        date.fromisoformat(row["date"]): {"is_workday": False, "name": row["name"], "is_official": False}
        for row in city.expected_holidays
    }
    known_days = {
        row["day"]: row for row in CalendarDay.objects.values("day", "is_workday", "name", "is_official")
    }
    lacking_days = report.missing(_("日历"), days, known_days)
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, **days[day]) for day in lacking_days], batch_size=BATCH
    )


def _catalogue(city: City, report: Report, now: datetime) -> None:
    themes = {
        (row["list"], row["code"]): {
            "name": row["name"],
            "audience": row["audience"],
            "position": int(row["order"]),
            "maps_to": row["maps_to"],
        }
        for row in city.themes
    }
    known = {(row["list"], row["code"]): row for row in Theme.objects.values()}
    lacking = report.missing(_("专题"), themes, known)
    Theme.objects.bulk_create([Theme(list=key[0], code=key[1], **themes[key]) for key in lacking])
    report.count(_("平时的说法"), new=(new := phrases.load(city.phrases)), same=len(city.phrases) - new)
    there = {row["code"]: row for row in SharedItem.objects.values()}
    codes = report.missing(_("共享事项"), city.items, there)
    items.load([city.items[code] for code in codes], note=_("装入城市数据"), now=now)
    bundles = {entry["key"]: _bundle(entry, number) for number, entry in enumerate(city.bundles, start=1)}
    made = {row["key"]: row for row in Bundle.objects.values()}
    absent = report.missing(_("一件事"), bundles, made)
    Bundle.objects.bulk_create([Bundle(key=key, **bundles[key]) for key in absent])


def _bundle(entry: Entry, position: int) -> dict[str, Any]:
    return {
        **{name: entry[name] for name in ("name", "summary", "audience")},
        "position": position,
        "conditions": list(entry.get("conditions") or []),
        "steps": [_step(step) for step in entry["steps"]],
        "own_questions": list(entry.get("own_questions") or []),
    }


def _step(step: Entry) -> dict[str, Any]:
    first = [str(code) for code in step.get("after") or []]
    kept = {"code": step["code"], "when": step.get("when") or ""}
    return {**kept, "after": first} if first else kept


def _looks(city: City, halls: dict[str, Hall], report: Report, now: datetime) -> None:
    """Publish a look for each hall and the portal that has none: a look that people published stays."""
    dressed = set(HallTheme.objects.values_list("hall_id", flat=True))
    looks: list[tuple[Hall | None, Entry]] = [(None, city.facts["theme"])]
    standing = [entry for entry in city.halls if halls[entry["key"]].state != HallState.DELETED]
    looks += [(halls[entry["key"]], entry["theme"]) for entry in standing]
    for hall, look in looks:
        is_new = (hall.pk if hall else None) not in dressed
        if is_new:
            publish(
                hall,
                Tokens(**{name: look[name] for name in LOOK_FIELDS}),
                now=now,
                motif=look.get("motif", ""),
                more={name: look[name] for name in LOOK_PARTS if name in look},
            )
        report.count(_("外观"), new=int(is_new), same=int(not is_new))


def _people(city: City, report: Report, now: datetime) -> dict[str, Person]:
    """Make the demo's people that are missing; return all by username."""
    companies = {company["key"]: (company["uscc"], company["name"]) for company in city.companies}
    wanted = {entry["username"]: entry for entry in city.people}
    facts = {
        name: {field: entry[field] for field in ("name", "phone", "id_number")}
        for name, entry in wanted.items()
    }
    there = {person.username: vars(person) for person in Person.objects.filter(username__in=wanted)}
    lacking = report.missing(_("演示人员"), facts, there)
    for entry in (wanted[name] for name in lacking):
        create_demo_person(
            username=entry["username"],
            password=entry["password"],
            name=entry["name"],
            phone=entry["phone"],
            id_number=entry["id_number"],
            town=entry.get("town") or "",
            city_role=entry.get("city_role") or (entry["role"] if entry["role"] in CityRole.values else ""),
            company=companies.get(entry.get("company", "")),
            now=now,
        )
    cast = {person.username: person for person in Person.objects.filter(username__in=wanted, is_demo=True)}
    return cast


def _hall(
    city: City, entry: Entry, hall: Hall, cast: dict[str, Person], report: Report, now: datetime
) -> None:
    """Load one hall in one transaction. Its office stands last: a hall that has one was loaded whole."""
    key = entry["key"]
    with scope.hall(hall):
        codes = city.adopted[key]
        new = adoption.adopt(codes, now=now)
        report.count(_("各厅事项"), new=new, same=len(codes) - new)
        said = reason_texts.load(city.reasons, now=now)
        report.count(_("现成的话"), new=said, same=len(city.reasons) - said)
        if Office.objects.exists():
            offers.refresh()
            _compare(city, key, report)
            return
        _departments(city, entry, report)
        _systems(city, report, now)
        report.count(_("窗口"), new=windows.load(entry))
        if cast:
            staff = _posts(city, key, cast, report, now)
            _own(city, key, staff, report, now)
            made = examples.make(city, key, cast, now=now)
            given = proxies.make(city, key, cast, admin=staff["hall_admin"], now=now)
            report.count(_("代办员的委托"), new=given)
            report.count(_("演示办件"), new=made)
            report.count(_("演示一件事"), new=together.make(city, key, cast, now=now))
            report.count(_("演示预约"), new=visits.make(entry, cast, now=now))
            asked = questions.make(entry, cast, staff, now=now)
            report.count(_("演示咨询和投诉"), new=asked)
        furnishing.office(entry)


def _departments(city: City, entry: Entry, report: Report) -> None:
    offered = city.offered(entry["key"])
    held = {item["department"] for item in offered.values()}
    new = furnishing.departments(
        {
            "short_name": row["short_name"],
            "name": row["full_name"].format(prefix=entry["department_prefix"]),
        }
        for row in city.departments
        if row["short_name"] in held
    )
    report.count(_("部门"), new=new)


def _systems(city: City, report: Report, now: datetime) -> None:
    """Declare the departments' own systems, each with a secret of its own; one is off unless the folder says otherwise."""
    held = set(Department.objects.values_list("short_name", flat=True))
    made = 0
    for entry in city.systems:
        departments = [name for name in entry["departments"] if name in held]
        if departments:
            said = systems.Declared(
                name=entry["name"],
                departments=departments,
                items=[],
                url=str(entry.get("url") or ""),
                only_listens=False,
                is_active=bool(entry.get("active")),
            )
            systems.declare(str(entry["key"]), said, by=NOBODY, now=now)
            made += 1
    report.count(_("部门系统"), new=made)


def _posts(city: City, key: str, cast: dict[str, Person], report: Report, now: datetime) -> dict[str, Actor]:
    """Give the hall's staff their posts; return them as actors, by post."""
    staff: dict[str, Actor] = {}
    for entry in city.people:
        role = POSTS_BY_ROLE.get(entry["role"]) or (entry["post"] if entry["role"] == "clerk" else "")
        if entry.get("hall") != key or not role:
            continue
        person = cast[entry["username"]]
        Post.objects.create(
            person=person.pk, name=person.name, username=person.username, role=role, created_at=now
        )
        staff[role] = Actor.of(person, may_hold_posts=True).with_posts(frozenset({role}))
    report.count(_("岗位"), new=len(staff))
    return staff


def _own(city: City, key: str, staff: dict[str, Actor], report: Report, now: datetime) -> None:
    """Load what the hall makes of the catalogue, as its own staff would: one drafts a local item, another publishes."""
    changes = [_change(override) for override in city.overrides.get(key, [])]
    report.count(_("分厅改动"), new=overrides.load(changes, by=staff["branch_staff"], now=now))
    rows = city.local[key].values()
    made = local.load(rows, drafted_by=staff["branch_staff"], published_by=staff["hall_admin"], now=now)
    report.count(_("本地事项"), new=made)


def _change(override: Entry) -> overrides.Change:
    return overrides.Change(override["code"], override["field"], override.get("value"), override["reason"])


def _compare(city: City, key: str, report: Report) -> None:
    """Count what a loaded hall still has of the folder's; what its people changed since stays theirs."""
    there = {(row.code, row.field): row.value for row in Override.objects.all()}
    values = [
        (there.get((each["code"], each["field"])), each.get("value")) for each in city.overrides.get(key, [])
    ]
    same = sum(1 for found, wanted in values if _is_same(found, wanted))
    report.count(_("分厅改动"), same=same, different=len(values) - same)
    known = set(LocalItem.objects.values_list("code", flat=True))
    kept = len(known & city.local[key].keys())
    report.count(_("本地事项"), same=kept, different=len(city.local[key]) - kept)


def _is_same(found: Any, wanted: Any) -> bool:
    if isinstance(found, dict) and "days" in found:
        return bool(found["days"] == wanted)
    if isinstance(found, dict) and isinstance(wanted, dict):
        # a row keeps only what differs from the city's
        return all(wanted.get(name) == value for name, value in found.items())
    if isinstance(found, list) and isinstance(wanted, list) and found and isinstance(found[0], dict):
        return [row.get("question") for row in found] == [row.get("question") for row in wanted]
    return bool(found == wanted)
