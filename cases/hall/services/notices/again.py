"""Staff have a message sent again that left by no way: as it was, or to the phone that the case file has."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit import services as audit
from cases.hall.enums import Passage
from cases.hall.models import Outbox
from cases.hall.queries import place
from cases.hall.services import telling
from cases.shared.models import Doorbell


class NotFailed(Exception):
    """It has left meanwhile, or waits: nobody needs to send it again."""

    def __init__(self) -> None:
        super().__init__(_("这条已经在发，或者发出去了"))


class NoPhone(Exception):
    """There is no phone in the case file: the message can only be sent as it was."""

    def __init__(self) -> None:
        super().__init__(_("办件上没有留手机号"))


def send(pk: UUID, *, to_case_phone: bool, by: Actor, now: datetime) -> Outbox:
    """Put a failed message into the worker's way again, and ring. Audited. Raises NotFailed, NoPhone, DoesNotExist.

    To the provider it is another message, so that it is not dropped as a repetition.
    """
    message = Outbox.objects.select_for_update(of=("self",)).get(pk=pk)
    if message.failed_at is None:
        raise NotFailed
    if to_case_phone and not telling.phone_of(message):
        raise NoPhone
    message.failed_at, message.next_try_at, message.since = None, now, now
    message.is_to_case_phone = to_case_phone
    message.sms = message.mail = Passage.WAITING
    message.tries, message.resent = 0, min(message.resent + 1, 32_000)
    message.save(
        update_fields=[
            "failed_at",
            "next_try_at",
            "since",
            "is_to_case_phone",
            "sms",
            "mail",
            "tries",
            "resent",
        ]
    )
    Doorbell(hall_id=place.here().role).save(force_insert=True)
    audit.record(
        "message.again",
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=str(message.pk),
        detail={"to": "case" if to_case_phone else "same", "kind": message.kind},
    )
    return message
