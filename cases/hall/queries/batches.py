"""A clerk's acts on many cases: what came of each."""

from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.actor import Actor
from cases.hall.enums import Outcome
from cases.hall.models import BatchJob, BatchLine
from cases.hall.queries.access import person_of


def of(actor: Actor) -> QuerySet[BatchJob]:
    """Return this person's jobs, the newest first."""
    return BatchJob.objects.filter(person=person_of(actor)).order_by("-created_at", "id")


def job_for(actor: Actor, pk: UUID) -> BatchJob:
    """Return a job of this person's own. Raises Http404."""
    job = of(actor).filter(pk=pk).first()
    if job is None:
        raise Http404(_("没有这一批"))
    return job


def lines(job: BatchJob) -> QuerySet[BatchLine]:
    """Return the lines with their cases, in the order of the list."""
    heavy = ("case__item", "case__answers", "case__applicant", "case__query_code", "case__delivery")
    return job.lines.select_related("case").defer(*heavy).order_by("position")


def counts(job: BatchJob) -> dict[str, int]:
    """Return how many cases have which outcome. One query."""
    found = job.lines.values_list("outcome").annotate(n=Count("pk"))
    return dict.fromkeys(Outcome.values, 0) | dict(found)
