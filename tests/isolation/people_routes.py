"""The pages of a hall's people, invitations and visits, for the table of a hall's routes."""

from tests.template import PERSON_ID


def _person(world):
    return {"person": PERSON_ID["east_window"]}


def _foreign(world):
    return {"person": PERSON_ID["west_window"]}


def _post(world):
    return {"pk": world.post.pk}


def _invitation(world):
    return {"pk": world.invited.invitation.pk}


def _link(world):
    return {"secret": world.invited.secret}


def _visit(world):
    return {"pk": world.let_in.pk}


WHY = {"reason": "调岗"}
INVITED = {"name": "新来", "phone": "13900001111", "role": "window", "reason": "补人"}
CHOSEN = {"how": "new", "new-username": "newcomer", "new-password": "Shili-2026", "new-again": "Shili-2026"}


def routes(Route, expects, SIGN_IN):
    """Return them, made with the table's own words."""
    only_admin = expects(403, unknown=SIGN_IN, admin=200)
    at_home = f"/staff/people/{PERSON_ID['east_window']}/"
    acts = expects(403, admin=at_home)
    return (
        Route("staff-people", "GET", only_staff(expects, SIGN_IN), query="q=东&state=over", label="narrowed"),
        Route("staff-person", "GET", only_admin, _person),
        Route("staff-person", "GET", expects(403, unknown=SIGN_IN, admin=404), _foreign, label="of west"),
        Route("staff-person", "POST", acts, _person, {"role": "branch_staff", **WHY}),
        Route(
            "staff-person", "POST", expects(403, admin=422), _person, {"role": "head", **WHY}, label="apart"
        ),
        Route("staff-person-suspend", "POST", acts, _person, WHY),
        Route("staff-person-suspend", "POST", expects(403, admin=422), _person, label="without a reason"),
        Route("staff-person-reopen", "POST", expects(403, admin=404), _foreign, WHY, label="of west"),
        Route("staff-post", "GET", only_admin, _post),
        Route("staff-post", "POST", acts, _post, {"departments": ["卫健委"], **WHY}),
        Route(
            "staff-post", "POST", expects(403, admin=422), _post, {"items": "x", **WHY}, label="of no item"
        ),
        Route("staff-post-end", "POST", acts, _post, WHY),
        Route("staff-invitations", "GET", only_admin),
        Route("staff-invitations", "POST", expects(403, admin=200), data=INVITED),
        Route("staff-invitations", "POST", expects(403, admin=422), data={"name": "1"}, label="bad"),
        Route("staff-invitation-resend", "POST", expects(403, admin=200), _invitation),
        Route("staff-invitation-withdraw", "POST", expects(403, admin="/staff/invitations/"), _invitation),
        Route("staff-visits", "GET", only_staff(expects, SIGN_IN)),
        Route("staff-visit-end", "POST", expects(403, admin="/staff/visits/"), _visit),
        Route("invitation", "GET", expects(200), _link),
        Route("invitation", "GET", expects(404), {"secret": "x" * 43}, label="of nobody"),
        Route("invitation", "POST", expects("/sign-in/"), _link, CHOSEN, by_link=True),
        Route("invitation", "POST", expects(422), _link, {"how": "new"}, label="empty"),
    )


def only_staff(expects, SIGN_IN):
    """Every post reads it."""
    return expects(200, unknown=SIGN_IN, citizens=403)
