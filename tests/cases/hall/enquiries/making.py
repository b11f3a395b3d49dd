"""Questions and complaints for tests: made by the services, in the scope that is open."""

import uuid

from tests.conftest import actor
from tests.template import NOW, PERSON_ID

POSTS = {
    "east_window": ["window"],
    "east_approver": ["approver"],
    "east_head": ["head"],
    "east_staff": ["branch_staff"],
    "east_admin": ["hall_admin", "branch_staff"],
}


def staff(username):
    """One of east's staff, with the posts that the hall gave."""
    return actor(username, POSTS[username])


def ask(text="孩子在外地出生，能办吗？", username="lin", now=NOW, key=None, **more):
    """Ask as one of the cast."""
    return _submit("ask", text, username, now, key, **{"may_publish": True, **more})


def complain(text="排队两小时没有人叫号", username="lin", now=NOW, key=None, **more):
    """Complain as one of the cast: of the service, unless told otherwise."""
    return _submit("complain", text, username, now, key, **{"about": "service", **more})


def _submit(kind, text, username, now, key, **more):
    from cases.hall.enquiry_enums import Kind
    from cases.hall.services.enquiries import asking

    question = asking.Question(kind=Kind(kind), text=text, **more)
    return asking.submit(question, by=actor(username), idempotency_key=key or uuid.uuid4().hex, now=now)


def answered(text="能。带出生医学证明。", now=NOW, **more):
    """A question that a clerk has answered."""
    from cases.hall.services.enquiries import answering

    return answering.answer(ask(**more), text, by=staff("east_window"), now=now)


def reload(enquiry):
    """The enquiry as it stands in the table."""
    from cases.hall.models import Enquiry

    return Enquiry.objects.get(pk=enquiry.pk)


def messages(username=None):
    """The texts in the outbox, in order; of one person or of all."""
    from cases.hall.models import Outbox

    found = Outbox.objects.order_by("created_at", "id")
    return [row.text for row in (found.filter(person=PERSON_ID[username]) if username else found)]


def actions(enquiry):
    """What has happened to it, in order."""
    return list(enquiry.events.order_by("sequence").values_list("action", flat=True))


def findings():
    """What check_halls finds wrong with the enquiries in scope."""
    from cases.hall import enquiry_checks
    from cases.hall.queries import place

    hall = place.here()
    return [
        *enquiry_checks.enquiries_agree_with_their_rows(hall),
        *enquiry_checks.enquiry_files_are_there(hall),
    ]


def seen_by(username, now=NOW):
    """The numbers that somebody of the staff sees, in any queue."""
    from django.utils import timezone

    from cases.hall.queries import enquiries

    found = enquiries.for_staff(staff(username), timezone.localdate(now))
    return set(found.values_list("number", flat=True))
