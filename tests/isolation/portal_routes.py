"""Every named page of the portal: how it is asked for, and what each asker must get."""

from dataclasses import replace
from functools import partial
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.onboarding.questions import QUESTIONS
from tests.cases.shared.notices import NOTICE, as_text
from tests.isolation import hall_routes, life_routes, notice_routes, security_routes, theme_routes
from tests.isolation.askers import (
    AUDITOR,
    CITY,
    INSPECTOR,
    NOBODY,
    OTHER,
    OWNER,
    PORTAL_ASKERS,
    SECURITY,
    SYSTEM,
    WEST_COOKIE,
    WEST_TOKEN,
)
from tests.isolation.hall_routes import Route
from tests.template import LICENCE, PASSWORD, PERSON_ID, USCC

GROUPS = {"unknown": (NOBODY, WEST_COOKIE, WEST_TOKEN), "citizens": (OTHER, OWNER), "city": (CITY, INSPECTOR)}
expects = partial(hall_routes.expects, of=PORTAL_ASKERS, groups=GROUPS)
SIGN_IN = "/sign-in/?next="

PUBLIC = expects(200)
PERSONAL = expects(200, unknown=SIGN_IN)
# a session alone gives nothing away: who it is is proved anew first
PROVED = expects("/account/confirm/?next=", unknown=SIGN_IN)
SENT = expects(200, unknown=403)
CITY_READS = expects(403, unknown=SIGN_IN, city=200)
CITY_EDITS = expects(403, unknown=SIGN_IN, city_admin=200)
CITY_REFUSED = expects(403, city_admin=422)
CITY_ADMIN = expects(403, unknown=SIGN_IN, city_admin=200)
THREE = (SYSTEM, SECURITY, AUDITOR)
CONSOLE = expects(403, unknown=SIGN_IN, city=200, **dict.fromkeys(THREE, 200))
HALLS = expects(403, unknown=SIGN_IN, city=200, system_admin=200)
AUDIT = expects(403, unknown=SIGN_IN, city=200, audit_admin=200)
PEOPLE = expects(403, unknown=SIGN_IN, system_admin=200, security_admin=200)
ASKS = expects(403, unknown=SIGN_IN, city=200, system_admin=200, security_admin=200)
WHY = {"reason": "离岗"}
VISIT = {"hall": "east", "reason": "系统告警，核对挂起的件", "minutes": "15"}
CITY_POST = expects(403, city_admin="/city/items/import/")
NONCE = "0" * 64


def _of_east(world):
    return {"pk": PERSON_ID["east_window"]}


def _of_inspector(world):
    return {"pk": PERSON_ID["inspector"]}


def _asked_visit(world):
    return {"pk": world.visit.pk, "act": "approve"}


_new_person = {"username": "newcomer", "name": "新来"}


def _sheet(world):
    return {"pk": world.city_sheet.pk}


def _draft(world):
    return {"pk": world.onboarding.pk}


def _question(slug):
    return lambda world: {"pk": world.onboarding.pk, "slug": slug}


def _job(world):
    return {"pk": world.hall_job.pk}


def _asked(world):
    return {"pk": world.export_request.pk}


def _file(world):
    from pypdf import PdfWriter

    content = BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    writer.write(content)
    return {"file": SimpleUploadedFile("a.pdf", content.getvalue())}


def _kept(world):
    return {"pk": world.kept.pk}


ROUTES = (
    Route("healthz", "GET", PUBLIC),
    Route("readyz", "GET", PUBLIC),
    Route("theming:stylesheet", "GET", expects(404), {"digest": "0" * 12}, label="of nobody"),
    Route("theming:stylesheet", "GET", PUBLIC, lambda world: {"digest": world.city_look}),
    Route("theming:display", "POST", expects("/"), data={"next": "//elsewhere.example/", "switch": "hc"}),
    Route("sign-in", "GET", PUBLIC),
    Route(
        "sign-in", "POST", PUBLIC, data={"username": "lin", "password": "wrong"}, label="by a wrong password"
    ),
    Route("sign-in", "POST", expects("/"), data={"username": "lin", "password": PASSWORD}),
    Route("sign-in-code", "GET", PUBLIC),
    Route("sign-in-code-check", "GET", expects("/sign-in/code/")),
    Route("sign-out", "POST", expects("/")),
    Route("register", "GET", PUBLIC),
    Route("register-code", "GET", expects("/register/")),
    Route("register-person", "GET", expects("/register/")),
    Route(
        "enter-hall",
        "GET",
        expects("http://east.city.localhost/arrive/?ticket=", unknown=SIGN_IN),
        query=f"to=east.city.localhost&nonce={NONCE}",
    ),
    Route("enter-hall", "GET", expects(404), query=f"to=elsewhere.example&nonce={NONCE}", label="of no hall"),
    Route("account", "GET", PERSONAL),
    Route("account-password", "GET", PERSONAL),
    Route(
        "account-password",
        "POST",
        SENT,
        data={"current": "wrong", "password": "New-password-2026"},
        label="by a wrong password",
    ),
    Route("sign-in-who", "GET", expects("/sign-in/code/")),
    Route("sign-in-who", "POST", expects("/sign-in/code/"), data={"tail": "31002X"}),
    Route("sign-in-not-me", "GET", expects("/sign-in/code/")),
    Route("sign-in-not-me", "POST", expects("/sign-in/code/"), data={"holders": "passed_on"}),
    Route("identity", "GET", PERSONAL),
    Route("identity", "POST", SENT, data={"name": "", "id_number": ""}, label="empty"),
    # no platform is set: with one, tests/accounts/test_platform.py
    Route("identity-platform", "GET", expects("/account/identity/", unknown=SIGN_IN)),
    Route("identity-callback", "GET", expects("/account/identity/", unknown=SIGN_IN)),
    Route("identity-code", "POST", SENT),
    Route("account-phone", "GET", PERSONAL),
    Route(
        "account-phone",
        "POST",
        SENT,
        data={"phone": "13700000077", "password": "wrong"},
        label="by a wrong password",
    ),
    Route("account-phone-code", "GET", expects("/account/phone/", unknown=SIGN_IN)),
    Route("account-phone-code", "POST", expects("/account/phone/", unknown=403), data={"code": "123456"}),
    Route("company-add", "GET", PERSONAL),
    Route("company-add", "POST", SENT, data={"uscc": "", "name": ""}, label="empty"),
    Route("company-agents", "GET", expects(404, unknown=SIGN_IN), {"uscc": USCC}),
    Route("company-agents", "POST", expects(404, unknown=403), {"uscc": USCC}, {"name": "x"}),
    Route(
        "company-agent-end", "POST", expects(404, unknown=403), {"uscc": USCC, "person": PERSON_ID["agent"]}
    ),
    Route("company-leave", "POST", expects("/account/", unknown=403), data={"uscc": USCC}),
    Route("home", "GET", PUBLIC),
    Route("halls", "GET", PUBLIC),
    Route("search", "GET", PUBLIC, query="q=许可"),
    Route("search-suggest", "GET", PUBLIC, query="q=许可"),
    Route("item", "GET", PUBLIC, {"code": LICENCE}),
    Route("bundles", "GET", PUBLIC),
    Route("bundle", "GET", PUBLIC, {"key": "restaurant"}),
    Route("bundle", "GET", expects(404), {"key": "nothing"}, label="of nobody"),
    Route("city-feedback", "GET", expects(403, unknown=SIGN_IN, city=200)),
    Route("city", "GET", CONSOLE),
    Route("city-people", "GET", PEOPLE),
    Route("city-people", "GET", PEOPLE, query="q=east_", label="found"),
    Route("city-person", "GET", PEOPLE, _of_east),
    Route("city-person-new", "GET", expects(403, unknown=SIGN_IN, system_admin=200)),
    Route("city-person-new", "POST", expects(403, system_admin="/city/people/"), data=_new_person),
    Route("city-person-new", "POST", expects(403, system_admin=422), data={"username": "1"}, label="bad"),
    Route(
        "city-person-role",
        "POST",
        expects(403, security_admin="/city/people/"),
        _of_inspector,
        {"role": "", "reason": "调走了"},
    ),
    Route("city-person-role", "POST", expects(403, security_admin=422), _of_east, label="empty"),
    Route(
        "city-person-suspend",
        "POST",
        expects(403, security_admin="/city/people/"),
        _of_east,
        {"open-reason": "离岗"},
    ),
    Route(
        "city-person-suspend", "POST", expects(403, security_admin=422), _of_east, label="without a reason"
    ),
    Route(
        "city-person-reopen",
        "POST",
        expects(403, security_admin="/city/people/"),
        _of_east,
        {"open-reason": "回来了"},
    ),
    Route("city-person-link", "POST", expects(403, system_admin="/city/people/"), _of_east),
    Route("first-password", "GET", PUBLIC, {"pk": PERSON_ID["inspector"], "token": "x"}),
    Route(
        "first-password",
        "POST",
        expects(422),
        {"pk": PERSON_ID["inspector"], "token": "x"},
        {"password": "Shili-2026", "again": "Shili-2026"},
        label="by no link",
    ),
    Route("city-visits", "GET", CONSOLE),
    Route("city-visit-ask", "GET", ASKS),
    Route(
        "city-visit-ask",
        "POST",
        # the other two have asked already
        expects(
            403, city_admin=422, system_admin=422, inspector="/city/visits/", security_admin="/city/visits/"
        ),
        data=VISIT,
    ),
    Route(
        "city-visit-ask",
        "POST",
        expects(403, city=422, system_admin=422, security_admin=422),
        data={},
        label="empty",
    ),
    Route("city-visit-decide", "POST", expects(403, security_admin="/city/visits/"), _asked_visit),
    Route(
        "city-visit-decide",
        "POST",
        expects(403, city_admin="/city/visits/", security_admin="/city/visits/"),
        lambda world: {"pk": world.visit.pk, "act": "end"},
        label="ending",
    ),
    Route("city-reviews", "GET", expects(403, unknown=SIGN_IN, city=200)),
    Route("city-items", "GET", CITY_READS),
    Route("city-item-new", "GET", CITY_EDITS),
    Route("city-item-new", "POST", CITY_REFUSED, data={"name": ""}, label="empty"),
    Route("city-item", "GET", CITY_READS, {"code": LICENCE}),
    Route("city-item-edit", "GET", CITY_EDITS, {"code": LICENCE}),
    Route("city-item-edit", "POST", CITY_REFUSED, {"code": LICENCE}, {"name": ""}, label="empty"),
    Route(
        "city-item-impact",
        "GET",
        expects(403, unknown=SIGN_IN, city=404),
        {"code": LICENCE},
        label="of no draft",
    ),
    Route("city-item-publish", "POST", CITY_REFUSED, {"code": LICENCE}, label="of no draft"),
    Route("city-item-publish", "GET", expects(405), {"code": LICENCE}),
    Route("city-item-discard", "POST", CITY_REFUSED, {"code": LICENCE}, label="of no draft"),
    Route("city-item-discard", "GET", expects(405), {"code": LICENCE}),
    Route("city-item-form", "GET", CITY_READS, {"code": LICENCE}),
    Route(
        "city-item-form", "POST", expects(403, city=422, inspector=422), {"code": LICENCE}, {"form-rows": "1"}
    ),
    Route("city-item-versions", "GET", CITY_READS, {"code": LICENCE}),
    Route("city-item-compare", "GET", CITY_READS, {"code": LICENCE}, query="a=1&b=live"),
    Route("city-sheets", "GET", CITY_ADMIN),
    Route("city-sheets", "POST", CITY_POST, data=hall_routes._sheet_file),
    Route("city-sheets-export", "GET", CITY_ADMIN),
    Route("city-sheets-template", "GET", CITY_ADMIN),
    Route("city-sheets-job", "GET", CITY_ADMIN, _sheet),
    Route("city-sheets-decide", "POST", CITY_POST, _sheet, {"all": "file"}),
    Route("city-sheets-write", "POST", CITY_POST, _sheet),
    Route(
        "city-sheets-publish", "POST", expects(403, city_admin=409), _sheet, label="of what is not imported"
    ),
    Route("city-sheets-drop", "POST", CITY_POST, _sheet),
    Route("city-jobs", "GET", HALLS),
    Route("city-job", "GET", HALLS, _job),
    Route("onboard", "GET", CITY_ADMIN),
    Route("onboard", "POST", expects(403, city_admin="/city/onboard/")),
    Route("onboard-live", "GET", CITY_ADMIN, query="key=east&host=east.city.localhost"),
    Route("onboard-draft", "GET", expects(403, unknown=SIGN_IN, city_admin="/city/onboard/"), _draft),
    Route(
        "onboard-draft",
        "GET",
        expects(403, unknown=SIGN_IN, city_admin=404),
        {"pk": "00000000-0000-0000-0000-000000000000"},
        label="of nothing",
    ),
    *(
        Route("onboard-question", "GET", CITY_ADMIN, _question(kind.slug), label=kind.slug)
        for kind in QUESTIONS
    ),
    Route(
        "onboard-question",
        "GET",
        expects(403, unknown=SIGN_IN, city_admin=404),
        _question("nothing"),
        label="of nothing",
    ),
    Route(
        "onboard-question",
        "POST",
        expects(403, city_admin="/city/onboard/"),
        _question("name"),
        {"name": "北县网上办事大厅", "short_name": "北县", "level": "county"},
    ),
    Route(
        "onboard-question", "POST", CITY_REFUSED, _question("host"), {"key": "east"}, label="of a taken key"
    ),
    Route("onboard-template", "GET", CITY_ADMIN, _draft),
    Route("onboard-check", "GET", CITY_ADMIN, _draft),
    Route("onboard-check", "POST", expects(403, city_admin="/city/jobs/"), _draft),
    Route("onboard-remove", "POST", expects(403, city_admin="/city/onboard/"), _draft),
    Route("onboard-remove", "GET", expects(405), _draft),
    Route("city-go-live", "GET", CITY_ADMIN, {"key": "east"}),
    Route(
        "city-go-live",
        "GET",
        expects(403, unknown=SIGN_IN, city_admin=404),
        {"key": "gone"},
        label="of no hall",
    ),
    Route("city-go-live", "POST", expects(403, city_admin="/city/jobs/"), {"key": "east"}, {"when": "now"}),
    Route(
        "city-go-live",
        "POST",
        CITY_REFUSED,
        {"key": "east"},
        {"when": "later", "day": "2026-01-01", "hour": "8:00"},
        label="in the past",
    ),
    Route(
        "city-go-live-off",
        "POST",
        expects(403, city_admin="/city/halls/east/go-live/"),
        {"key": "east"},
        label="of nothing planned",
    ),
    Route("city-hall-backups", "GET", CITY_READS, {"key": "east"}),
    Route(
        "city-hall-backups",
        "GET",
        expects(403, unknown=SIGN_IN, city=404),
        {"key": "nowhere"},
        label="of no hall",
    ),
    Route(
        "city-hall-backup", "POST", expects(403, city_admin="/city/jobs/"), {"key": "east"}, {"kind": "drill"}
    ),
    Route(
        "city-hall-backup",
        "POST",
        expects(403, city_admin=400),
        {"key": "east"},
        {"kind": "all"},
        label="of no kind",
    ),
    Route("city-checks", "GET", CITY_READS),
    Route("city-check-now", "POST", expects(403, city_admin="/city/jobs/")),
    Route("city-hall", "GET", CITY_READS, {"key": "east"}),
    Route("city-hall", "GET", expects(403, unknown=SIGN_IN, city=404), {"key": "north"}, label="of none"),
    Route("city-hall-migrations", "GET", CITY_READS, {"key": "east"}),
    Route("city-hall-migrate", "POST", expects(403, city_admin="/city/jobs/"), {"key": "east"}),
    Route(
        "city-job-wish",
        "POST",
        expects(403, city_admin=409, system_admin=409),
        _job,
        {"wish": "retry"},
        label="of what waits",
    ),
    Route("city-audit", "GET", AUDIT),
    Route("city-audit-check", "GET", AUDIT),
    Route("city-calendar", "GET", CITY_READS),
    Route("city-calendar-new", "GET", CITY_ADMIN),
    Route("city-calendar-new", "POST", CITY_REFUSED, data={"year": "2027"}, label="empty"),
    Route(
        "city-calendar-new",
        "POST",
        expects(403, city_admin="/city/calendar/2027/"),
        data=lambda world: {"year": "2027", "notice": NOTICE, "text": as_text()},
    ),
    Route("city-calendar-year", "GET", CITY_READS, {"year": 2026}),
    Route(
        "city-calendar-year",
        "GET",
        expects(403, unknown=SIGN_IN, city=404),
        {"year": 2031},
        label="of nothing",
    ),
    Route(
        "city-calendar-approve",
        "POST",
        expects(403, city_admin="/city/calendar/"),
        {"year": 2031},
        label="of nothing",
    ),
    Route(
        "city-calendar-discard",
        "POST",
        expects(403, city_admin="/city/calendar/"),
        {"year": 2031},
        label="of nothing",
    ),
    Route("city-outages", "GET", CITY_READS),
    Route("city-outages", "POST", expects(403, city_admin="/city/outages/"), data=hall_routes.OUTAGE),
    Route("city-outages", "POST", CITY_REFUSED, data={"what": ""}, label="empty"),
    Route(
        "city-outage-end",
        "POST",
        expects(403, city_admin="/city/outages/"),
        lambda world: {"pk": world.city_outage.pk},
    ),
    Route("city-search", "GET", expects(403, unknown=SIGN_IN, city=200)),
    Route(
        "city-phrase",
        "POST",
        expects(403, **{CITY: "/city/search/"}),
        data={"phrase": "开饭馆", "stands_for": LICENCE},
    ),
    Route("city-phrase", "POST", expects(403, **{CITY: 422}), data={"phrase": ""}, label="empty"),
    Route(
        "city-phrase-remove", "POST", expects(403, **{CITY: "/city/search/"}), {"pk": 0}, label="of nothing"
    ),
    Route("me", "GET", PERSONAL),
    Route("account-confirm", "GET", PERSONAL),
    Route("account-confirm", "POST", SENT, data={"password": "wrong"}, label="by a wrong password"),
    Route("my-data", "GET", PERSONAL),
    Route("my-data-export", "GET", PROVED),
    Route("my-data-export", "POST", expects("/account/confirm/?next=", unknown=403), label="not proved"),
    Route("my-data-erase", "GET", PROVED),
    Route("my-data-erase", "POST", expects("/account/confirm/?next=", unknown=403), label="not proved"),
    Route("my-data-close", "GET", PROVED),
    Route("my-data-close", "POST", expects("/account/confirm/?next=", unknown=403), label="not proved"),
    Route("my-data-request", "GET", expects(404, unknown=SIGN_IN, owner=200), _asked),
    Route("my-data-file", "GET", PROVED, _asked),
    Route("my-readings", "GET", PERSONAL),
    Route("receipt", "GET", expects(404), {"key": "x" * 43}, label="of nobody"),
    Route("privacy", "GET", PUBLIC),
    *notice_routes.portal_routes(Route, expects),
    *theme_routes.portal_routes(Route, expects),
    *security_routes.portal_routes(Route, expects),
    *life_routes.portal_routes(Route, expects),
    Route("materials", "GET", PERSONAL),
    Route("materials", "POST", expects(422, unknown=403), data={"kind": ""}, label="empty"),
    Route("material", "GET", expects(404, unknown=SIGN_IN, owner=200), _kept),
    Route("material", "POST", expects(404, unknown=403, owner="/me/materials/"), _kept, {"expires_on": ""}),
    Route("material-file", "GET", expects(404, unknown=SIGN_IN, owner=200), _kept),
    Route("material-remove", "POST", expects(404, unknown=403, owner="/me/materials/"), _kept),
    Route("verify", "GET", PUBLIC),
    Route("verify", "POST", expects("/verify/"), data=lambda world: {"code": world.result.verification_code}),
    Route("verify-file", "POST", expects(422), label="empty"),
    Route("verify-file", "POST", PUBLIC, data=_file),
    Route("verify-code", "GET", PUBLIC, lambda world: {"code": world.result.verification_code}),
    Route("verify-code", "GET", expects(404), {"code": "x" * 22}, label="of nobody"),
)

# of halls the system administrator does what the city's admin does (accounts.capabilities: SEE_HALLS, HALLS)
_OF_HALLS = ("onboard", "city-go-live", "city-hall", "city-check", "city-job")
ROUTES = tuple(
    replace(route, answers={**route.answers, SYSTEM: route.answers[CITY]})
    if route.name.startswith(_OF_HALLS)
    else route
    for route in ROUTES
)
