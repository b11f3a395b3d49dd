"""Applications for several items at once, for tests: the bundle 开小餐馆 of the two halls, in the scope that is open."""

import uuid

from tests.cases.hall.making import BIRTH, LICENCE, NOW, actor, applicant, upload

KEY = "restaurant"
BOTH = (BIRTH, LICENCE)


def begun(codes=BOTH, username="lin", now=NOW, **given):
    """A draft of these items in which nothing is filled."""
    from cases.hall.services.bundles import drafting

    who = {} if given.get("mandate") else {"applicant": applicant(username)}
    return drafting.start(KEY, codes, actor=actor(username), now=now, **who, **given)


def draft(codes=BOTH, username="lin", now=NOW, **given):
    """A complete draft."""
    from cases.hall.services import drafts

    case = begun(codes, username, now, **given)
    by = actor(username)
    case = drafts.save_answers(case, {"spouse": "李四"}, actor=by, now=now)
    case = drafts.set_delivery(case, {"method": "window"}, actor=by, now=now)
    drafts.add_file(case, material_key="m1", upload=upload(), actor=by, now=now)
    return case


def submit(case, username="lin", now=NOW, *, version=None):
    """File a draft of several items."""
    from cases.hall.queries import access
    from cases.hall.services.bundles import filing

    return filing.submit_whole(
        case,
        actor=actor(username),
        applicant=access.applicant_for(actor(username), case),
        version=version or case.item_version,
        idempotency_key=f"draft-{case.pk}",
        now=now,
    )


def filed(codes=BOTH, username="lin", now=NOW, **given):
    """A parent with its children, in order."""
    parent = submit(draft(codes, username, now, **given), username, now)
    return parent, list(parent.children.order_by("number"))


def file_at_once(key=None, *, files, spouse="李四", codes=BOTH, now=NOW):
    """File as the API does."""
    from cases.hall.services.bundles import filing

    body = {"bundle": KEY, "answers": {"spouse": spouse}}
    return filing.file_whole(
        key=KEY,
        codes=codes,
        raw_answers=body["answers"],
        files={"m1": files},
        raw_delivery="window",
        actor=actor("lin"),
        applicant=applicant("lin"),
        company=None,
        idempotency_key=key or uuid.uuid4().hex,
        body=body,
        now=now,
    )
