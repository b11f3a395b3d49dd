"""The pages of a hall's life, its renaming and its end, at the city's console."""

EAST = {"key": "east"}


def portal_routes(route, expects):
    """The rows for the portal's table."""
    sign_in = "/sign-in/?next="
    reads = expects(403, unknown=sign_in, city=200)
    edits = expects(403, unknown=sign_in, city_admin=200)
    missing = expects(403, unknown=sign_in, city=404)
    asked = expects(403, city_admin="/city/jobs/")
    wrong = expects(403, city_admin=422)
    not_now = expects(403, city_admin=409)
    freeze, archive = {**EAST, "name": "freeze"}, {**EAST, "name": "archive"}
    return (
        route("city-hall-life", "GET", reads, EAST),
        route("city-hall-life", "GET", missing, {"key": "north"}, label="of nothing"),
        route("city-hall-closing", "GET", reads, EAST),
        route("city-hall-step", "GET", edits, freeze),
        route("city-hall-step", "POST", wrong, freeze, {"staff": "yes", "reason": ""}, label="empty"),
        route("city-hall-step", "POST", asked, freeze, {"staff": "no", "reason": "升级"}),
        route("city-hall-step", "POST", not_now, archive, {"reason": "x"}, label="of another state"),
        route("city-hall-rename", "GET", edits, EAST),
        route(
            "city-hall-rename", "POST", wrong, EAST, {"key": "west", "host": "a.b"}, label="to a taken key"
        ),
        route("city-hall-rename", "POST", asked, EAST, {"key": "eastern", "host": "eastern.city.localhost"}),
        route("city-hall-delete", "GET", edits, EAST),
        route("city-hall-delete", "POST", not_now, EAST, {"do": "ask", "reason": "x", "days": "30"}),
        route("city-hall-delete", "POST", not_now, EAST, {"do": "approve"}, label="of nothing"),
        route("city-hall-certificate", "GET", missing, EAST, label="of a hall that stands"),
        route("city-hall-signature", "GET", missing, EAST, label="of a hall that stands"),
    )
