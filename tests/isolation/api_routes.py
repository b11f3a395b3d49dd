"""Every named address of the API of a hall and of the portal, and what each asker must get."""

from functools import partial

from tests.isolation import bundle_routes, enquiry_routes, mandate_routes, notice_routes, portal_routes
from tests.isolation.askers import NOBODY, WEST_COOKIE
from tests.isolation.hall_routes import GROUPS, Route, expects
from tests.isolation.world import LOCAL_FIELDS
from tests.template import BIRTH, GUIDE, LICENCE, PASSWORD, REPORT

# a cookie of the other hall is nobody; a token of the other hall is a wrong token, even for what is public
_UNKNOWN = {"strangers": (NOBODY, WEST_COOKIE)}
hall = partial(expects, groups=GROUPS | _UNKNOWN)
portal = partial(portal_routes.expects, groups=portal_routes.GROUPS | _UNKNOWN)

PUBLIC = hall(200, west_token=401)
OWN_OR_DESK = hall(404, unknown=401, owner=200, desk=200)
EDITORS = hall(403, unknown=401, editors=200)
STAFF_READ = hall(403, unknown=401, desk=200, editors=200)
CITY_PUBLIC = portal(200, west_token=401)
CITY_READS = portal(403, unknown=401, city=200)
MINE = portal(200, unknown=401)


def _case(world):
    return {"number": world.case.number}


def _licence(world):
    return {"code": LICENCE}


def _asked(world):
    return {"pk": world.export_request.pk}


def _draft(world):
    return {"pk": world.draft.pk}


def _waiting(world):
    return {"number": world.waiting.number}


def _step(name):
    return lambda world: {**_case(world), "name": name}


def _phone(world):
    return {"code": LICENCE, "field": "phone"}


def _promise(world):
    return {"code": LICENCE, "field": "promised_days"}


def _draft_of_a_colleague(world):
    return {"code": world.local.code}


def _upload(world):
    from tests.cases.hall.making import upload

    return {"file": upload(), "material": "m1"}


def _application(world):
    """An application of somebody who uploads nothing: refused by the list of materials, once it is known who asks."""
    return {"item": LICENCE, "answers": {"spouse": "李四"}, "files": {}, "delivery": {"method": "window"}}


def _application_with_a_file_of_lin(world):
    return {**_application(world), "files": {"m1": [str(world.waiting_file.pk)]}}


OWN = hall(404, unknown=401, owner=200)


def _booking(world):
    return {"number": world.booking.number}


def _visit(world):
    return {"items": [REPORT], "date": world.day, "time": "10:00"}


def api(*args, **kwargs):
    """A route that takes JSON."""
    return Route(*args, is_json=True, **kwargs)


JSON = {"accept": "application/json"}
KEY = {"Idempotency-Key": "once"}

HALL_ROUTES = (
    Route("api-schema", "GET", PUBLIC, headers=JSON),
    api("api-token", "POST", hall(200), data={"username": "east_window", "password": PASSWORD}),
    api(
        "api-token",
        "POST",
        hall(401),
        data={"username": "east_window", "password": "wrong"},
        label="by a wrong password",
    ),
    api("api-token", "DELETE", hall(401), label="without a token"),
    Route("api-items", "GET", PUBLIC),
    Route("api-item", "GET", PUBLIC, {"code": LICENCE}),
    Route(
        "api-item",
        "GET",
        hall(404, west_token=401),
        lambda world: {"code": world.local.code},
        label="not published",
    ),
    Route("api-item-form", "GET", PUBLIC, {"code": LICENCE}),
    Route("api-register", "GET", PUBLIC, query="q=许可&state=valid"),
    Route("api-bundles", "GET", PUBLIC),
    Route("api-bundle", "GET", PUBLIC, {"key": "restaurant"}),
    Route("api-bundle", "GET", hall(404, west_token=401), {"key": "nothing"}, label="of nobody"),
    api(
        "api-item-feedback",
        "POST",
        hall(201, west_token=401),
        {"code": LICENCE},
        {"section": "place", "text": "搬家了"},
    ),
    api(
        "api-item-feedback",
        "POST",
        hall(400, west_token=401),
        {"code": LICENCE},
        {"section": "place"},
        label="empty",
    ),
    Route("api-staff-feedback", "GET", hall(200, unknown=401, citizens=403)),
    api("api-local-items", "POST", hall(403, unknown=401, editors=201), data=LOCAL_FIELDS),
    api("api-local-publish", "POST", hall(403, unknown=401, admin=200), _draft_of_a_colleague),
    api("api-local-draft", "PUT", EDITORS, _draft_of_a_colleague, {"notes": "新的", "revision": 1}),
    Route("api-local-versions", "GET", EDITORS, _draft_of_a_colleague),
    api("api-override", "PUT", EDITORS, _phone, {"value": "0500-1", "reason": "换号"}),
    api(
        "api-override",
        "PUT",
        hall(403, unknown=401, editors=400),
        _promise,
        {"value": 6, "reason": "忙"},
        label="against the policy",
    ),
    api(
        "api-override",
        "DELETE",
        hall(403, unknown=401, editors=204),
        lambda world: {"code": LICENCE, "field": "hours"},
    ),
    Route("api-overrides", "GET", STAFF_READ, {"code": LICENCE}),
    Route("api-reviews", "GET", STAFF_READ),
    api(
        "api-reviews",
        "POST",
        EDITORS,
        data={"decision": "accept", "reviews": [{"code": GUIDE, "field": "phone"}]},
    ),
    api("api-review", "POST", EDITORS, {"code": GUIDE, "field": "phone"}, {"decision": "accept"}),
    Route("api-catalog", "GET", STAFF_READ),
    api("api-catalog", "POST", hall(403, unknown=401, editors=400), data={}),
    api("api-catalog-item", "DELETE", hall(403, unknown=401, editors=204), {"code": BIRTH}),
    Route("api-search", "GET", hall(403, unknown=401, editors=200)),
    api("api-aliases", "POST", hall(403, unknown=401, editors=201), {"code": LICENCE}, {"alias": "吃饭的证"}),
    Route("api-files", "POST", hall(201, unknown=401), data=_upload),
    api("api-drafts", "POST", hall(200, unknown=401), data={"item": BIRTH}),
    Route("api-draft", "GET", hall(404, unknown=401, owner=200), _draft),
    api("api-draft", "PATCH", hall(404, unknown=401, owner=200), _draft, {"answers": {"spouse": "赵六"}}),
    Route("api-draft", "DELETE", hall(404, unknown=401, owner=204), _draft),
    Route(
        "api-files",
        "POST",
        hall(404, unknown=401, owner=201),
        data=lambda world: {"kept": str(world.kept.pk)},
        label="of what one keeps",
    ),
    api(
        "api-cases",
        "POST",
        hall(400, unknown=401),
        data=_application,
        headers=KEY,
        label="without its materials",
    ),
    # a file that was uploaded goes into its owner's application alone
    api(
        "api-cases",
        "POST",
        hall(400, unknown=401, owner=201),
        data=_application_with_a_file_of_lin,
        headers=KEY,
    ),
    Route("api-case", "GET", OWN_OR_DESK, _case),
    Route("api-case-files", "POST", hall(404, unknown=401, desk=403, owner=201), _case, _upload),
    Route("api-case-clock", "GET", OWN_OR_DESK, _case),
    Route("api-case-payment", "GET", OWN, lambda world: {"number": world.owing.number}),
    api(
        "api-case-payment",
        "POST",
        hall(404, unknown=401, owner=200),
        lambda world: {"number": world.owing.number},
        {},
    ),
    # nobody signs in there: a call-back is signed by the provider, or it is nobody's
    api("api-payment-call-back", "POST", hall(401), data={}),
    Route("api-case-correction", "GET", hall(404, unknown=401, desk=403, owner=200), _waiting),
    api(
        "api-case-correction",
        "PUT",
        hall(404, unknown=401, desk=403, owner=200),
        _waiting,
        {"answers": {"spouse": "赵六"}},
    ),
    Route("api-case-applicant", "GET", hall(404, unknown=401, owner=403, desk=200), _case),
    api(
        "api-case-action",
        "POST",
        hall(404, unknown=401, owner=403, approver=403, head=403, window=200),
        _step("accept"),
        {},
    ),
    api("api-case-action", "POST", hall(404, unknown=401), _step("submit"), {}, label="of the applicant"),
    Route(
        "api-case-trail",
        "GET",
        hall(404, unknown=401, window=403, approver=403, owner=200, head=200, admin=200),
        _case,
    ),
    Route("api-staff-audit", "GET", hall(403, unknown=401, admin=200)),
    # nobody signs in there: a message is signed, or it is nobody's, whoever brings it
    api("api-system-events", "POST", hall(401), {"key": "market"}, {}),
    api("api-system-events", "POST", hall(401), {"key": "nobody"}, {}, label="of no system"),
    Route("api-clerk-cases", "GET", hall(403, unknown=401, desk=200)),
    *mandate_routes.api_routes(Route, api, hall),
    *enquiry_routes.api_routes(Route, api, hall),
    *notice_routes.hall_api(Route, api, hall),
    *bundle_routes.api_routes(Route, api, hall),
    Route("api-item-slots", "GET", PUBLIC, {"code": BIRTH}),
    Route(
        "api-item-slots",
        "GET",
        hall(404, west_token=401),
        lambda world: {"code": world.local.code},
        label="not published",
    ),
    Route("api-bookings", "GET", hall(200, unknown=401)),
    api("api-bookings", "POST", hall(201, unknown=401), data=_visit, headers=KEY),
    api("api-bookings", "POST", hall(400, unknown=401), data=_visit, label="without a key"),
    Route("api-booking", "GET", OWN, _booking),
    Route("api-booking", "DELETE", hall(404, unknown=401, owner=204), _booking),
    api("api-booking-change", "POST", OWN, _booking, lambda world: {"date": world.day, "time": "10:00"}),
    api("api-booking-confirm", "POST", OWN, lambda world: {"number": world.offered.number}, {}),
)

PORTAL_ROUTES = (
    *notice_routes.portal_api(Route, api, portal),
    Route("api-schema", "GET", CITY_PUBLIC, headers=JSON),
    api("api-token", "POST", portal(200), data={"username": "lin", "password": PASSWORD}),
    api(
        "api-token",
        "POST",
        portal(401),
        data={"username": "lin", "password": "wrong"},
        label="by a wrong password",
    ),
    Route("api-halls", "GET", CITY_PUBLIC),
    Route("api-portal-items", "GET", CITY_PUBLIC, query="q=许可"),
    Route("api-city-reviews", "GET", portal(403, unknown=401, city=200)),
    Route("api-city-audit", "GET", portal(403, unknown=401, city=200, audit_admin=200)),
    Route("api-city-items", "GET", CITY_READS),
    Route("api-city-draft", "GET", CITY_READS, _licence),
    api(
        "api-city-draft",
        "PUT",
        portal(403, unknown=401, city_admin=400),
        _licence,
        {"no_such": 1},
        label="badly",
    ),
    api("api-city-draft", "DELETE", portal(403, unknown=401, city_admin=409), _licence, label="of none"),
    Route("api-city-impact", "GET", portal(403, unknown=401, city=404), _licence, label="of no draft"),
    api(
        "api-city-publish",
        "POST",
        portal(403, unknown=401, city_admin=409),
        _licence,
        {},
        label="of no draft",
    ),
    Route("api-city-versions", "GET", CITY_READS, _licence),
    Route("api-city-compare", "GET", CITY_READS, _licence, query="a=1&b=live"),
    Route("api-portal-bundles", "GET", CITY_PUBLIC),
    Route("api-portal-bundle", "GET", CITY_PUBLIC, {"key": "restaurant"}),
    Route("api-portal-bundle", "GET", portal(404, west_token=401), {"key": "nothing"}, label="of nobody"),
    Route("api-my-data", "GET", MINE),
    api(
        "api-my-data",
        "POST",
        portal(403, unknown=401),
        data={"kind": "export", "password": "wrong"},
        label="not proved",
    ),
    api("api-my-data", "POST", portal(201, unknown=401), data={"kind": "export", "password": PASSWORD}),
    api(
        "api-my-data",
        "POST",
        portal(403, unknown=401),
        data={"kind": "erase", "password": PASSWORD},
        label="without a code",
    ),
    api("api-my-data-code", "POST", portal(204, unknown=401), data={}),
    Route("api-my-data-request", "GET", portal(404, unknown=401, owner=200), _asked),
    api("api-my-data-file", "POST", portal(404, unknown=401, owner=200), _asked, {"password": PASSWORD}),
    api(
        "api-my-data-file",
        "POST",
        portal(404, unknown=401, owner=403),
        _asked,
        {"password": "wrong"},
        label="not proved",
    ),
    Route("api-my-readings", "GET", MINE),
    Route("api-materials", "GET", portal(200, unknown=401)),
    Route(
        "api-materials", "POST", portal(400, unknown=401), data={"kind": "id_card"}, label="without a file"
    ),
    Route("api-material", "DELETE", portal(404, unknown=401, owner=204), lambda world: {"pk": world.kept.pk}),
    Route("api-verify", "GET", CITY_PUBLIC, lambda world: {"code": world.result.verification_code}),
    Route("api-verify", "GET", portal(404, west_token=401), {"code": "x" * 22}, label="of nobody"),
)

OF_CASES = [
    route
    for route in HALL_ROUTES
    if route.name.startswith(("api-case-", "api-booking-")) or route.name in {"api-case", "api-booking"}
]
OF_MANDATES = [route for route in HALL_ROUTES if route.name.startswith("api-mandate-")]
