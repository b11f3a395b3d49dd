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


def kept(username="lin", kind="id_card", now=NOW, **changed):
    """Return a paper that this person keeps: by default an identity card as they sent it."""
    from hashlib import sha256

    from accounts.material_kinds import BY_CODE
    from accounts.services import materials

    content = changed.pop("content", None) or upload(colour=(90, 90, 200)).read()
    facts = {
        "kind": kind,
        "label": str(BY_CODE[kind].label),
        "name": "身份证.jpg",
        "content_type": "image/jpeg",
        "content": content,
        "sha256": sha256(content).hexdigest(),
        **changed,
    }
    return materials.keep(actor(username).person_id, materials.Paper(**facts), now=now)


def applicant(username="lin"):
    """Return this person as an applicant."""
    from accounts.queries import applicant_of

    return applicant_of(actor(username))


def draft(item=LICENCE, username="lin", now=NOW, company=None):
    """Return a complete draft."""
    from cases.hall.services import drafts

    case = drafts.start(item, actor=actor(username), applicant=applicant(username), company=company, now=now)
    case = drafts.save_answers(case, {"spouse": "李四"}, actor=actor(username), now=now)
    drafts.add_file(case, material_key="m1", upload=upload(), actor=actor(username), now=now)
    return case


def submitted(item=LICENCE, username="lin", now=NOW, company=None):
    """Return a submitted case."""
    return handed_in(draft(item, username, now, company), username, now)


def handed_in(case, username="lin", now=NOW):
    """Submit a draft that is complete."""
    from cases.hall.services import submit

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
    "pre_review": ("east_window", "window"),
    "mend": ("east_window", "window"),
    "request_correction": ("east_window", "window"),
    "cancel_correction": ("east_window", "window"),
    "order_correction": ("east_head", "head"),
    "offer_transfer": ("east_window", "window"),
    "complete_here": ("east_window", "window"),
    "special": ("east_approver", "approver"),
    "end_special": ("east_approver", "approver"),
    "extend": ("east_approver", "approver"),
    "confirm_extension": ("east_head", "head"),
    "return_extension": ("east_head", "head"),
    "continue_review": ("east_approver", "approver"),
    "ask_opinion": ("east_approver", "approver"),
    "record_opinion": ("east_approver", "approver"),
    "terminate": ("east_approver", "approver"),
    "reissue": ("east_window", "window"),
    "correct": ("east_window", "window"),
    "revoke": ("east_window", "window"),
    "confirm_reissue": ("east_head", "head"),
    "confirm_correct": ("east_head", "head"),
    "confirm_revoke": ("east_head", "head"),
    "hand_over": ("east_window", "window"),
    "deliver": ("east_window", "window"),
    **dict.fromkeys(
        (
            "correct_number",
            "mail_returned",
            "post_again",
            "to_window",
            "to_locker",
            "open_locker",
            "hand_out",
        ),
        ("east_window", "window"),
    ),
    "take_back": ("east_head", "head"),
}


def act(case, action, now=NOW, *, username=None, posts=None, **given):
    """Take one step as the clerk whose it is; ``confirm`` and ``confirm_…`` are the second person's."""
    from cases.hall.services import transition

    name, post = CLERK[action]
    by = actor(username or name, posts or [post])
    said = {"confirm": "refuse", "confirm_extension": "extend"}.get(action, action)
    return transition.apply(case, said.removeprefix("confirm_"), by=by, now=now, **given)


def handed(way, now=NOW, **data):
    """Return a granted case that was handed over in this way."""
    return act(at("granted", now=now), "hand_over", now, data={"method": way, **data})


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
