"""What is done to several cases that were filed together: a paper given to another of them, all withdrawn."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall.enums import State
from cases.hall.models import Case, CaseFile, ParentCase
from cases.hall.queries import access, bundles
from cases.hall.services import attachments, corrections, transition
from cases.hall.services.refusals import NotOpen

WITHDRAW = "withdraw"


def give_on(parent: ParentCase, case_number: str, file_pk: Any, *, actor: Actor, now: datetime) -> CaseFile:
    """Give a child the newer file of a paper that another child has. The content is not stored again.

    It is added beside what is there, or goes into the answer to a notice that asks for it, to be handed in with the rest.
    Raises NotOpen when it is offered no more, attachments.NotTakenNow, MandateOver.
    """
    _parent, children = bundles.parent_for(actor, parent.number)
    offer = next(
        (
            offer
            for offer in bundles.offers(children)
            if offer.case.number == case_number and offer.file.pk == file_pk
        ),
        None,
    )
    if offer is None:
        raise NotOpen(_("这份材料不用再给了"))
    add = corrections.add_file if offer.case.state == State.CORRECTION else attachments.add_later
    return add(
        offer.case,
        material_key=offer.file.material_key,
        upload=None,
        shared=offer.file,
        actor=actor,
        now=now,
    )


def withdraw(parent: ParentCase, *, actor: Actor, now: datetime) -> list[Case]:
    """Withdraw every child that may still be withdrawn; return them. What is decided stays. Raises NotOpen for none."""
    # all are locked before the first step, in the order in which any act locks several
    list(Case.objects.filter(parent=parent).select_for_update(of=("self",), no_key=True).order_by("id"))
    _parent, children = bundles.parent_for(actor, parent.number)
    today = timezone.localdate(now)
    found = [case for case in children if may_withdraw(case, actor, today)]
    if not found:
        raise NotOpen(_("这几项都已经有结果了，不能撤回"))
    return [transition.apply(case, WITHDRAW, by=actor, now=now) for case in found]


def may_withdraw(case: Case, actor: Actor, today: Any) -> bool:
    """Whether this person may withdraw this child now."""
    return access.is_owner(actor, case) and any(
        step.name == WITHDRAW for step in transition.open_actions(case, actor, today)
    )
