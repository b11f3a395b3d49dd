"""The pages of a hall's look and of the city's: only who may dress it comes in, and the other hall's is never seen."""

ABSENT = "9" * 9
BRAND = {"brand": "#2E5F3C", "dark": "", "soft": "", "ink": "", "accent": "", "seen": "1.1"}
ALL = {"brand": "#2E5F3C", "dark": "#1F442A", "soft": "#E8F2E8", "ink": "#2B5938", "accent": "#E3A73A"}
GROUPS = ("colours", "pictures", "banner", "notices", "blocks", "footer")
STALE, WHY = {"seen": "7.7", "reason": "换季"}, {"seen": "1.1", "reason": "换季"}
STALE_PART = {"part": "brand", "decision": "accept", "seen": "7.7"}


def _draft(world):
    return {"digest": world.draft_look}


def _city_draft(world):
    return {"digest": world.city_draft_look}


def _pages(Route, reads, misses, draft):
    yield Route("theme", "GET", reads)
    for group in GROUPS:
        yield Route("theme-section", "GET", reads, {"group": group}, label=group)
    for name in ("theme-preview", "theme-history"):
        yield Route(name, "GET", reads)
    yield Route("theme-version", "GET", reads, {"number": 1})
    yield Route("theme-version", "GET", misses, {"number": int(ABSENT)}, label="of nobody")
    yield Route("theme-draft-css", "GET", reads, draft)
    yield Route("theme-draft-css", "GET", misses, {"digest": "0" * 12}, label="of nobody")


def hall_routes(Route, expects):
    """The rows of a hall's table."""
    reads = expects(403, unknown="/sign-in/?next=", admin=200)
    misses = expects(403, unknown="/sign-in/?next=", admin=404)
    late, done = expects(403, admin=409), expects(403, admin="/staff/theme/")
    colours = {"group": "colours"}
    return (
        *_pages(Route, reads, misses, _draft),
        Route("theming:picture", "GET", expects(404), {"digest": "0" * 64, "kind": "png"}),
        Route("theme-reviews", "GET", reads),
        Route("theme-reviews", "POST", late, data=STALE_PART, label="late"),
        Route(
            "theme-reviews",
            "POST",
            expects(403, admin=422),
            data={**STALE_PART, "part": "x"},
            label="of nothing",
        ),
        Route("theme-section", "POST", done, colours, BRAND),
        Route(
            "theme-section", "POST", expects(403, admin=422), colours, {**BRAND, "brand": "red"}, label="bad"
        ),
        Route("theme-section", "POST", late, colours, {**BRAND, **STALE}, label="late"),
        Route("theme-publish", "POST", done, data=WHY),
        Route("theme-publish", "POST", late, data=STALE, label="late"),
        Route(
            "theme-publish", "POST", expects(403, admin=422), data={"seen": "1.1"}, label="without a reason"
        ),
        Route("theme-discard", "POST", done, data=WHY),
        Route("theme-discard", "POST", late, data=STALE, label="late"),
        Route("theme-version", "POST", late, {"number": 1}, STALE, label="late"),
        Route("theme-preview", "POST", done, data={"do": "start"}),
    )


def portal_routes(Route, expects):
    """The rows of the portal's table."""
    reads = expects(403, unknown="/sign-in/?next=", city_admin=200)
    misses = expects(403, unknown="/sign-in/?next=", city_admin=404)
    late = expects(403, city_admin=409)
    return (
        *_pages(Route, reads, misses, _city_draft),
        Route("theming:picture", "GET", expects(404), {"digest": "0" * 64, "kind": "png"}),
        Route("theme-section", "POST", late, {"group": "colours"}, {**ALL, **STALE}, label="late"),
        Route("theme-publish", "POST", late, data=STALE, label="late"),
        Route("theme-discard", "POST", late, data=STALE, label="late"),
        Route("theme-version", "POST", late, {"number": 1}, STALE, label="late"),
        Route("theme-locks", "POST", late, data={"locks": ["accent"], **STALE}, label="late"),
        Route("theme-locks", "POST", expects(403, city_admin=422), data={"locks": ["x"]}, label="of nothing"),
        Route("theme-preview", "POST", expects(403, city_admin="/city/theme/"), data={"do": "start"}),
    )
