"""Whether the operator's jobs go on: none that nobody does, none of a hall that is not there."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from tenants.shared.checks.findings import Finding
from tenants.shared.enums import JobKind, JobState
from tenants.shared.models import Hall, HallJob

# a job that is due is begun within seconds, a step goes on for some minutes; what failed waits for somebody
STILL = timedelta(hours=1)


def unfinished() -> Iterator[Finding]:
    """Yield jobs that stand still, and those whose hall is gone; as the city."""
    now, halls = timezone.now(), set(Hall.objects.values_list("schema_name", flat=True))
    for job in HallJob.objects.filter(state__in=HallJob.UNFINISHED).prefetch_related("steps").order_by("pk"):
        is_of_nobody = job.key != HallJob.EVERY_HALL and job.key not in halls and job.kind != JobKind.ONBOARD
        # on the page of its hall, where there is one
        key = job.key if job.key in halls else ""
        if is_of_nobody:
            words = f"job {job.pk} ({job.kind}) is of {job.key}, which is no hall"
            yield Finding(key, "job-orphan", words, f"hall_jobs undo {job.pk}")
        elif _moved_at(job) < now - STILL:
            hint = "hall_jobs retry or undo" if job.state == JobState.FAILED else "is the operator running?"
            yield Finding(
                key, "job-stuck", f"job {job.pk} ({job.kind} {job.key}) is {job.state} and stands still", hint
            )


def _moved_at(job: HallJob) -> datetime:
    moments = [moment for row in job.steps.all() for moment in (row.started_at, row.ended_at) if moment]
    return max([job.not_before or job.asked_at, job.asked_at, *moments])
