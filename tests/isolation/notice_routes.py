"""The pages and the API of what people are told: one's own inbox and wishes, a hall's failed messages, the city's channels."""

COME_IN, SIGN_IN = "/come-in/?next=", "/sign-in/?next="
NOTICES = "/account/notices/"
SEEN = "200, and something changed"


def _failed(world):
    return {"pk": world.failed_message.pk}


def _mandate(world):
    return {"pk": world.mandate.pk}


def hall_routes(Route, expects):
    """The rows of a hall's table."""
    any_post = expects(200, unknown=SIGN_IN, citizens=403)
    posted = expects(403, desk="/staff/messages/", editors="/staff/messages/")
    return (
        Route("staff-messages", "GET", any_post),
        Route("staff-messages", "GET", any_post, query="show=waiting", label="that wait"),
        Route("staff-message-again", "POST", posted, _failed),
        Route("staff-message-again", "GET", expects(405), _failed),
        Route(
            "mandate-telling", "POST", expects(404, unknown=403, owner="/mandates/"), _mandate, {"tells": "0"}
        ),
        Route("mandate-telling", "GET", expects(405), _mandate),
    )


def portal_routes(Route, expects):
    """The rows of the portal's table."""
    personal = expects(200, unknown=SIGN_IN)
    own_form = {"statutory": ["sms"], "quiet_from": "none", "quiet_to": "7:30"}
    city_test = expects(403, unknown=SIGN_IN, city_admin=200)
    return (
        # what is shown is not new any more
        Route("messages", "GET", expects(200, unknown=SIGN_IN, owner=SEEN)),
        Route("messages", "POST", expects(405)),
        Route("account-notices", "GET", personal),
        Route("account-notices", "POST", expects(f"{NOTICES}?done=saved", unknown=403), data=own_form),
        Route("account-notices", "POST", expects(422, unknown=403), data={}, label="without any way left"),
        Route("account-mail", "GET", personal),
        Route("account-mail", "POST", expects(422, unknown=403), data={"mail": "x"}, label="badly"),
        Route("account-mail-code", "GET", expects(f"{NOTICES}mail/", unknown=SIGN_IN)),
        Route("account-mail-drop", "POST", expects(NOTICES, unknown=403)),
        Route("account-phone-works", "POST", expects(NOTICES, unknown=403)),
        Route(
            "city-channels",
            "GET",
            expects(403, unknown=SIGN_IN, city=200, system_admin=200, security_admin=200, audit_admin=200),
        ),
        Route("city-channel", "GET", city_test, {"name": "sms"}),
        Route("city-channel", "GET", expects(403, unknown=SIGN_IN, city_admin=404), {"name": "fax"}),
        Route("city-channel", "POST", expects(403, city_admin=200), {"name": "sms"}),
    )


def hall_api(Route, api, hall):
    """The rows of a hall's API."""
    staff = hall(403, unknown=401, desk=200, editors=200)
    return (
        Route("api-staff-messages", "GET", staff),
        api("api-staff-message-again", "POST", staff, _failed, {"to": "same"}),
    )


def portal_api(Route, api, portal):
    """The rows of the portal's API."""
    own = portal(200, unknown=401)
    return (
        Route("api-messages", "GET", own),
        api("api-messages-seen", "POST", portal(200, unknown=401, owner=SEEN), data={}),
    )
