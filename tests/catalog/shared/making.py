"""The city's two persons, and a draft of theirs."""

from tests.conftest import actor
from tests.template import LICENCE, NOW

TODAY = NOW.date()


def editor():
    """Edits the city's catalogue."""
    return actor("city_admin")


def approver():
    """Another of the city: whoever edits may not approve."""
    from accounts.actor import Actor
    from tests.template import PERSON_ID

    return Actor(
        person_id=PERSON_ID["inspector"],
        username="city_admin2",
        display_name="市二号",
        city_role="city_admin",
        may_hold_posts=True,
    )


def save(code=LICENCE, now=NOW, by=None, **fields):
    """Save a draft as the editor; in the city's scope."""
    from catalog.shared.services import items

    return items.save(code, fields, by=by or editor(), now=now)


def publish(code=LICENCE, now=NOW, life=None, **fields):
    """Save and publish a change by the city's two persons; in the city's scope."""

    from catalog.shared.services import items

    items.save(code, fields, life=life, by=editor(), now=now)
    return items.approve(code, by=approver(), now=now)
