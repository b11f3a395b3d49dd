"""Preparing a new hall: drafts of its answers, and asking for it. The page and the command ask here alike."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.actor import Actor
from portal.onboarding import plan
from portal.onboarding.base import Question
from portal.onboarding.questions import QUESTIONS
from tenants.shared import jobs
from tenants.shared.enums import JobState
from tenants.shared.models import HallJob, OnboardingDraft


class NoDraft(Exception):
    """There is no such draft, or its hall was asked for already."""


def begin(*, by: Actor, now: datetime) -> OnboardingDraft:
    """Begin a draft, which any admin of the city may go on with."""
    assert by.person_id is not None  # noqa: S101 -- a page of the city's admins
    return OnboardingDraft.objects.create(
        by=by.person_id, by_name=by.display_name, created_at=now, changed_at=now
    )


def find(pk: UUID) -> OnboardingDraft:
    """Return the draft of this key that may still be changed, locked. Raises NoDraft."""
    found = OnboardingDraft.objects.select_for_update().filter(pk=pk).first()
    if found is None or not may_change(found):
        raise NoDraft
    return found


def unfinished() -> QuerySet[OnboardingDraft]:
    """Return the drafts that may still be changed, those changed last first. One query."""
    asked = HallJob.objects.exclude(state=JobState.UNDONE).values("pk")
    return OnboardingDraft.objects.exclude(job__in=asked).order_by("-changed_at", "id")


def may_change(draft: OnboardingDraft) -> bool:
    """Say whether nothing was asked for yet, or what was asked for came to nothing."""
    if draft.job is None:
        return True
    return HallJob.objects.filter(pk=draft.job, state=JobState.UNDONE).exists()


def save(draft: OnboardingDraft, form: Question, *, now: datetime) -> None:
    """Keep the answer to one question. `form` is valid."""
    others = {name: value for name, value in draft.answers.items() if name not in form.base_fields}
    if form.slug == "departments":
        others.pop("sheet", None)
    draft.answers = {**others, **form.answer()}
    draft.changed_at = now
    draft.save(update_fields=["answers", "changed_at"])


def remove(draft: OnboardingDraft) -> None:
    """Delete a draft."""
    draft.delete()


def next_question(answers: Mapping[str, Any]) -> str:
    """Return the address of the first question without an answer; empty when all have one."""
    return next((each.slug for each in QUESTIONS if not plan.is_answered(each, answers)), "")


def ask(draft: OnboardingDraft, *, by: Actor, now: datetime) -> HallJob:
    """Ask for the hall of a draft. Raises plan.NotReady, and jobs.Busy when somebody asked for this key a moment ago."""
    made = plan.make(draft.answers)
    job: HallJob = jobs.ask(plan.KIND, key=made.key, hall=None, params=made.params, by=by, reason="", now=now)
    draft.job, draft.changed_at = job.pk, now
    draft.save(update_fields=["job", "changed_at"])
    return job
