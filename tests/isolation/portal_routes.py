"""Every named page of the portal: how it is asked for, and what each asker must get."""

from functools import partial

from tests.isolation import hall_routes
from tests.isolation.askers import (
    CITY,
    INSPECTOR,
    NOBODY,
    OTHER,
    OWNER,
    PORTAL_ASKERS,
    WEST_COOKIE,
    WEST_TOKEN,
)
from tests.isolation.hall_routes import Route
from tests.template import LICENCE, PASSWORD, USCC

GROUPS = {"unknown": (NOBODY, WEST_COOKIE, WEST_TOKEN), "citizens": (OTHER, OWNER), "city": (CITY, INSPECTOR)}
expects = partial(hall_routes.expects, of=PORTAL_ASKERS, groups=GROUPS)
SIGN_IN = "/sign-in/?next="

PUBLIC = expects(200)
PERSONAL = expects(200, unknown=SIGN_IN)
SENT = expects(200, unknown=403)
NONCE = "0" * 64

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
    Route("company-add", "GET", PERSONAL),
    Route("company-add", "POST", SENT, data={"uscc": "", "name": ""}, label="empty"),
    Route("company-leave", "POST", expects("/account/", unknown=403), data={"uscc": USCC}),
    Route("home", "GET", PUBLIC),
    Route("halls", "GET", PUBLIC),
    Route("search", "GET", PUBLIC, query="q=许可"),
    Route("item", "GET", PUBLIC, {"code": LICENCE}),
    Route("city", "GET", expects(403, unknown=SIGN_IN, city=200)),
    Route("me", "GET", PERSONAL),
    Route("verify", "GET", PUBLIC),
    Route("verify", "POST", expects("/verify/"), data=lambda world: {"code": world.result.verification_code}),
    Route("verify-code", "GET", PUBLIC, lambda world: {"code": world.result.verification_code}),
    Route("verify-code", "GET", expects(404), {"code": "x" * 22}, label="of nobody"),
)
