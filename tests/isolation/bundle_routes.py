"""The pages and the API of several items applied for at once: its applicant's; the desk has the children alone."""

from tests.template import BIRTH, LICENCE

COME_IN = "/come-in/?next="
KEY = {"key": "restaurant"}
NOTHING = {"key": "nothing"}
# somebody who acts for a company is asked for whom
PARTS = {f"part-{BIRTH}": "yes", f"part-{LICENCE}": "yes", "company": "self"}


def _whole(world):
    return {"number": world.whole.number}


def _give(world):
    return {**_whole(world), "child": world.whole_child.number, "file_pk": world.whole_file.pk}


def _child(world):
    return {"number": world.whole_child.number}


def _others_file(world):
    """A child's address with the file of another child."""
    return {**_child(world), "file_pk": world.whole_file.pk}


def _tracked(world):
    return {"number": world.whole.number, "code": world.whole_child.query_code}


def _application(world):
    return {
        "parts": [BIRTH, LICENCE],
        "answers": {"spouse": "李四"},
        "files": {"m1": [str(world.waiting_file.pk)]},
        "delivery": "window",
    }


def routes(Route, expects):
    """The rows of the table."""
    own = expects(404, unknown=COME_IN, owner=200)
    return (
        Route("bundle-apply", "GET", expects(200, unknown=COME_IN), KEY),
        Route("bundle-apply", "GET", expects(404, unknown=COME_IN), NOTHING, label="of nobody"),
        Route("bundle-apply", "POST", expects("/drafts/", unknown=403), KEY, PARTS),
        Route("case", "GET", own, _whole, label="of several items"),
        Route("case-receipt", "GET", own, _whole, label="of several items"),
        Route("case-file", "GET", expects(404, unknown=COME_IN), _others_file, label="of another child"),
        Route("whole-withdraw", "GET", own, _whole),
        Route("whole-withdraw", "POST", expects(404, unknown=403, owner="/cases/"), _whole),
        Route("whole-give", "POST", expects(404, unknown=403, owner="/cases/"), _give),
        Route("track", "POST", expects(200), data=_tracked, label="several items"),
    )


def api_routes(Route, api, hall):
    """The rows of the API's table."""
    of_owner = hall(404, unknown=401, owner=200)
    return (
        Route("api-bundle-form", "GET", hall(200, west_token=401), KEY),
        Route("api-bundle-form", "GET", hall(404, west_token=401), NOTHING, label="of nobody"),
        api(
            "api-bundle-cases",
            "POST",
            # the file that it names is its owner's alone
            hall(400, unknown=401, owner=201),
            KEY,
            _application,
            headers={"Idempotency-Key": "whole"},
        ),
        Route("api-parent-case", "GET", of_owner, _whole),
        api("api-parent-withdraw", "POST", of_owner, _whole, {}),
    )
