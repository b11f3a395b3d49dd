"""The pages and the API of mandates: the proxy's, the principal's, the admin's; to everybody else nothing."""

COME_IN, SIGN_IN = "/come-in/?next=", "/sign-in/?next="
INSPECTOR = {"name": "监察", "phone": "13900000013", "powers": ["fill"], "lasts": "30"}


def _mandate(world):
    return {"pk": world.mandate.pk}


def _asked(world):
    return {"pk": world.asked.pk}


def _begun(world):
    return {"pk": world.begun.pk}


def _filed(world):
    return {"number": world.filed_for.number}


def _term(world):
    return {"pk": world.term.pk}


def _photo(world):
    from tests.cases.hall.making import upload

    return {"upload": upload()}


def _child(world):
    from tests.cases.hall.making import upload

    day = {"born_on_year": "2026", "born_on_month": "2", "born_on_day": "3"}
    return {"name": "小宝", **day, "relation": "母亲", "upload": upload()}


def _neighbour(world):
    from tests.cases.hall import mandating

    who = {"name": "王奶奶", "id_number": mandating.id_number("341621194104082")}
    return {**who, "powers": ["fill", "submit"], "lasts": "30"}


def _appointed(world):
    return {"who": "lin", "town": "349901100", "years": "1"}


def routes(Route, expects):
    """The rows of the table."""
    anybody = expects(200, unknown=COME_IN)
    of_proxy = expects(404, unknown=COME_IN, proxy=200)
    of_party = expects(404, unknown=COME_IN, owner=200, proxy=200, desk=200, admin=200)
    of_admin = expects(403, unknown=SIGN_IN, admin=200)
    return (
        Route("proxy", "GET", anybody),
        Route("proxy-ask", "GET", expects(403, unknown=COME_IN, proxy=200)),
        Route("proxy-ask", "POST", expects(403, proxy="/proxy/"), data=_neighbour),
        Route("proxy-child", "GET", anybody),
        Route("proxy-child", "POST", expects("/proxy/", unknown=403), data=_child),
        Route("proxy-person", "GET", of_proxy, _mandate),
        Route("proxy-person", "GET", of_proxy, _asked, label="not proved"),
        Route("proxy-code", "POST", expects(404, unknown=403, proxy=200), _asked),
        Route("proxy-confirm", "POST", expects(404, unknown=403, proxy=200), _asked, {"code": "000000"}),
        Route("proxy-paper", "POST", expects(404, unknown=403, proxy="/proxy/"), _asked, _photo),
        Route("mandates", "GET", anybody),
        Route("mandate-give", "GET", anybody),
        Route("mandate-give", "POST", expects("/mandates/", unknown=403), data=INSPECTOR),
        Route("mandate-claim", "GET", anybody),
        Route("mandate-claim", "POST", expects(200, unknown=403)),
        Route("mandate", "GET", of_party, _mandate),
        Route("mandate-agree", "POST", expects(404, unknown=403, owner="/mandates/"), _asked),
        Route(
            "mandate-end",
            "POST",
            expects(404, unknown=403, owner="/mandates/", proxy="/mandates/", admin="/mandates/"),
            _mandate,
        ),
        Route("mandate-paper", "GET", of_party, _mandate),
        Route("case-take-over", "POST", expects(404, unknown=403, owner="/drafts/"), _begun),
        Route(
            "draft", "GET", expects(404, unknown=COME_IN, owner=200, proxy=200), _begun, label="of a proxy"
        ),
        Route(
            "draft-delivery",
            "POST",
            expects(404, unknown=403, owner="/drafts/", proxy="/drafts/"),
            _begun,
            {"method": "window"},
            label="of a proxy",
        ),
        Route(
            "case",
            "GET",
            expects(404, unknown=COME_IN, owner=200, proxy=200, desk=200),
            _filed,
            label="of a proxy",
        ),
        Route("staff-proxies", "GET", of_admin),
        Route("staff-proxies", "POST", expects(403, admin="/staff/proxies/"), data=_appointed),
        Route("staff-proxy-figures", "GET", of_admin),
        Route("staff-proxy-end", "POST", expects(403, admin="/staff/proxies/"), _term),
    )


def _file(world):
    from tests.cases.hall.making import upload

    return {"file": upload()}


def _ask_body(world):
    from datetime import timedelta

    from django.utils import timezone

    body = {key: value for key, value in _neighbour(world).items() if key != "lasts"}
    return {**body, "until": (timezone.localdate() + timedelta(days=30)).isoformat()}


def _application(world):
    body = {
        "item": world.filed_for.item_code,
        "answers": {"spouse": "李四"},
        "delivery": {"method": "window"},
    }
    return {**body, "files": {"m1": [str(world.proxys_file.pk)]}, "mandate": str(world.mandate.pk)}


def api_routes(Route, api, hall):
    """The rows of the API's table."""
    return (
        Route("api-proxy-principals", "GET", hall(200, unknown=401)),
        Route("api-mandates", "GET", hall(200, unknown=401)),
        api("api-mandates", "POST", hall(403, unknown=401, proxy=201), data=_ask_body),
        api("api-mandate-code", "POST", hall(404, unknown=401, proxy=200), _asked),
        api("api-mandate-confirm", "POST", hall(404, unknown=401, proxy=400), _asked, {"code": "000000"}),
        Route("api-mandate-paper", "POST", hall(404, unknown=401, proxy=200), _asked, _file),
        api("api-mandate-revoke", "POST", hall(404, unknown=401, owner=200, proxy=200, admin=200), _mandate),
        # another's mandate is like one that has ended: who guesses a key learns nothing
        api(
            "api-cases",
            "POST",
            hall(403, unknown=401, proxy=201),
            data=_application,
            headers={"Idempotency-Key": "for"},
            label="under a mandate",
        ),
    )
