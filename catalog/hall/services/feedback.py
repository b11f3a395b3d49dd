"""「这一页有错」: somebody says it, staff answer it, and what is the city's is passed on. One function a verb."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services import counters
from catalog.hall.enums import FeedbackState, Section
from catalog.hall.models import EffectiveItem, Feedback
from catalog.hall.services.offers import hall_role
from catalog.shared.models import FeedbackFact
from catalog.shared.services.signing import person_of, record

LONGEST = 300
# from one address in an hour
LIMIT, WINDOW_SECONDS = 10, 3600
# a year after the answer nothing is left to be asked about it (retention register: feedback)
KEPT_DAYS = 365


class Unlike(Exception):
    """The same key came before with other words: it is another feedback and wants a key of its own."""

    def __init__(self) -> None:
        super().__init__(_("这个编号已经用过，内容不一样。请重新打开这一页再写"))


class AnswerMissing(Exception):
    """Whoever took the trouble is told what came of it."""

    def __init__(self) -> None:
        super().__init__(_("请写明怎么处理的，提的人会看到"))


class AlreadyAnswered(Exception):
    """A colleague was faster: the answer stands."""

    def __init__(self) -> None:
        super().__init__(_("同事已经处理过了"))


@dataclass(frozen=True)
class Said:
    """What somebody says is wrong: the part of the guide, and why. `key` is theirs alone."""

    key: UUID
    section: Section
    text: str


def submit(item: EffectiveItem, said: Said, *, address: str, by: Actor, now: datetime) -> Feedback:
    """Put what somebody says into the hall's queue; the same key again is the same row.

    Counted by the network address first, where it is known. Raises counters.TooMany, Unlike.
    """
    known = Feedback.objects.filter(key=said.key).first()
    if known is None:
        if counted := counters.by_address("feedback", address):
            counters.reserve(counted, limit=LIMIT, window_seconds=WINDOW_SECONDS, now=now)
        try:
            with transaction.atomic():
                made = Feedback.objects.create(
                    key=said.key,
                    code=item.code,
                    item_name=item.name,
                    version=item.version,
                    section=said.section,
                    text=said.text,
                    person=by.person_id,
                    made_at=now,
                )
        except IntegrityError:
            known = Feedback.objects.get(key=said.key)
        else:
            record("feedback.submit", item.code, by=by, now=now, detail={"section": str(said.section)})
            return made
    if (known.code, known.section, known.text) != (item.code, said.section, said.text):
        raise Unlike
    return known


def answer(
    pk: int, *, is_right: bool, words: str, passes_on: bool = False, by: Actor, now: datetime
) -> Feedback:
    """Answer a waiting feedback: it is right or it is not, and why. The row is locked; an answer is given once.

    One that is right about what is the city's may be passed on: then the city sees it, without the person.
    Raises Feedback.DoesNotExist, AlreadyAnswered, AnswerMissing.
    """
    words = words.strip()
    with transaction.atomic():
        row = Feedback.objects.select_for_update().get(pk=pk)
        if row.state != FeedbackState.NEW:
            raise AlreadyAnswered
        if not words:
            raise AnswerMissing
        row.state = FeedbackState.ACCEPTED if is_right else FeedbackState.REJECTED
        row.answer, row.answered_at = words[:LONGEST], now
        row.answered_by, row.answered_by_name = person_of(by), by.display_name
        row.is_passed_on = is_right and passes_on
        row.save(
            update_fields=[
                "state", "answer", "answered_at", "answered_by", "answered_by_name", "is_passed_on",
            ]
        )  # fmt: skip
        if row.is_passed_on:
            FeedbackFact.objects.create(
                hall_id=hall_role(),
                key=row.key,
                code=row.code,
                item_name=row.item_name,
                section=str(Section(row.section).label),
                text=row.text,
                note=row.answer,
                passed_at=now,
            )
        detail = {"feedback": row.pk, "state": row.state, "passed_on": row.is_passed_on}
        record("feedback.answer", row.code, by=by, now=now, detail=detail)
    return row


def tidy(*, now: datetime) -> int:
    """Delete what was answered a year ago, and what was passed on with it; return how many. For the worker."""
    before = now - timedelta(days=KEPT_DAYS)
    FeedbackFact.objects.filter(hall_id=hall_role(), passed_at__lt=before).delete()
    return Feedback.objects.filter(answered_at__lt=before).delete()[0]
