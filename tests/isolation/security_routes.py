"""Between a password and a session, and a person's own page of security: the same addresses at the portal and in a hall."""

SIGN_IN, CONFIRM, BACK = "/sign-in/?next=", "/account/confirm/?next=", "/account/security/?done="
NO_FACTOR = {"pk": "00000000-0000-4000-8000-000000000000"}
# what changes nothing of a hall
QUIET = frozenset(
    {
        "sign-in-second",
        "sign-in-recovery",
        "sign-in-set-up",
        "sign-in-set-up-passkey",
        "sign-in-password",
        "security-totp",
        "security-passkey",
        "security-codes",
        "security-remove",
        "security-session-end",
        "security-token-end",
        "session-left",
    }
)


def _half(Route, expects):
    """Who is not half in is sent to sign in, whole or nobody."""
    names = ("second", "recovery", "set-up", "set-up-passkey", "password")
    to_sign_in = expects("/sign-in/")
    given = {"code": "123456", "password": "Quite-another-77"}
    return [
        route
        for name in names
        for route in (
            Route(f"sign-in-{name}", "GET", to_sign_in),
            Route(f"sign-in-{name}", "POST", to_sign_in, data=given),
        )
    ]


def _own(Route, expects, **others):
    """What only whoever came in by this door sees; `others` are refused."""
    get = {"unknown": SIGN_IN, **others}
    sent = {"unknown": 403, **others}
    return [
        Route("security", "GET", expects(200, **get)),
        Route("security-totp", "GET", expects(CONFIRM, **get)),
        Route("security-totp", "POST", expects(CONFIRM, **sent), data={"code": "123456"}),
        Route("security-passkey", "GET", expects(CONFIRM, **get)),
        Route("security-passkey", "POST", expects(CONFIRM, **sent), data={"name": "x"}),
        Route("security-codes", "GET", expects(CONFIRM, **get)),
        Route("security-codes", "POST", expects(CONFIRM, **sent)),
        Route("security-remove", "POST", expects(CONFIRM, **sent), NO_FACTOR),
        Route("security-session-end", "POST", expects(f"{BACK}nothing", **sent), data={"session": "x"}),
        Route("security-session-end", "GET", expects(405)),
        Route("security-token-end", "POST", expects(f"{BACK}nothing", **sent), data={"token": "x"}),
    ]


def hall_routes(Route, expects):
    """The rows of a hall's table: staff alone."""
    works = expects(200, unknown=401, citizens=401)
    page = expects(200, unknown=SIGN_IN, citizens=403)
    sent = expects(200, unknown=403, citizens=403)
    wrong = {"current": "wrong", "password": "Quite-another-77"}
    return (
        *_half(Route, expects),
        *_own(Route, expects, citizens=403),
        Route("account-password", "GET", page),
        Route("account-password", "POST", sent, data=wrong, label="by a wrong password"),
        Route("account-confirm", "GET", page),
        Route("account-confirm", "POST", sent, data={"password": "wrong"}, label="by a wrong password"),
        Route("session-left", "GET", works),
        Route("session-left", "POST", works),
    )


def portal_routes(Route, expects):
    """The rows of the portal's table: whoever has signed in; what ends when it is idle is the city's alone."""
    works = expects(401, city=200, system_admin=200, security_admin=200, audit_admin=200)
    return (
        *_half(Route, expects),
        *_own(Route, expects),
        Route("session-left", "GET", works),
        Route("session-left", "POST", works),
    )
