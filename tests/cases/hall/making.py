"""Cases for tests: made by the services, in the scope that is open."""

import uuid
from io import BytesIO

from PIL import Image

from tests.conftest import actor
from tests.template import BIRTH, GUIDE, LICENCE, NOW, REPORT  # noqa: F401 -- tests name the items by them


def upload(name="照片.jpg", colour=(200, 30, 30)):
    """Return an uploaded JPEG."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    content = BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue())


def applicant(username="lin"):
    """Return this person as an applicant."""
    from accounts.queries import applicant_of

    return applicant_of(actor(username))


def draft(item=LICENCE, username="lin", now=NOW, company=None):
    """Return a complete draft."""
    from cases.hall.services import drafts

    case = drafts.start(item, actor=actor(username), applicant=applicant(username), company=company, now=now)
    case = drafts.save_answers(case, {"spouse": "李四"}, now=now)
    drafts.add_file(case, material_key="m1", upload=upload(), actor=actor(username), now=now)
    return case


def submitted(item=LICENCE, username="lin", now=NOW, company=None):
    """Return a submitted case."""
    from cases.hall.services import submit

    case = draft(item, username, now, company)
    return submit.submit(
        case,
        actor=actor(username),
        applicant=applicant(username),
        version=case.item_version,
        idempotency_key=uuid.uuid4().hex,
        now=now,
    )


CLERK = {
    "accept": ("east_window", "window"),
    "not_accept": ("east_window", "window"),
    "complete": ("east_window", "window"),
    "review": ("east_approver", "approver"),
    "grant": ("east_approver", "approver"),
    "refuse": ("east_approver", "approver"),
    "confirm": ("east_head", "head"),
    "return_refusal": ("east_head", "head"),
    "hand_over": ("east_window", "window"),
    "deliver": ("east_window", "window"),
}


def act(case, action, now=NOW, *, username=None, posts=None, **given):
    """Take one step as the clerk whose it is; ``confirm`` is the head's refuse."""
    from cases.hall.services import transition

    name, post = CLERK[action]
    by = actor(username or name, posts or [post])
    return transition.apply(case, {"confirm": "refuse"}.get(action, action), by=by, now=now, **given)


def at(state, item=LICENCE, now=NOW):
    """Return a case that has come to this state by its steps."""
    way = {
        "submitted": (),
        "accepted": ("accept",),
        "not_accepted": ("not_accept",),
        "review": ("accept", "review"),
        "granted": ("accept", "review", "grant"),
        "refused": ("accept", "review", "refuse", "confirm"),
        "delivering": ("accept", "review", "grant", "hand_over"),
        "delivered": ("accept", "review", "grant", "hand_over", "deliver"),
    }
    if state == "draft":
        return draft(item, now=now)
    case = submitted(item, now=now)
    for action in way[state]:
        case = act(case, action, now, reason="理由" if action in {"not_accept", "refuse"} else "")
    return case
