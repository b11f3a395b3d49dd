"""``manage.py hall_jobs [retry|undo ID]``: what the operator does to halls, and how it goes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actor import NOBODY
from tenants.shared import jobs, roles
from tenants.shared.models import HallJob

SHOWN = 30


class Command(BaseCommand):
    """List the latest jobs on halls, or ask that one is tried again or undone, and do it."""

    help = "List the latest jobs on halls; `retry ID` and `undo ID` do what they say to one that failed or waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do and to which job."""
        parser.add_argument("wish", nargs="?", choices=["retry", "undo"])
        parser.add_argument("id", nargs="?", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a job, or a line a step. Raises CommandError."""
        if options["wish"] is None:
            for job in HallJob.objects.using(roles.OWNER).order_by("-pk")[:SHOWN]:
                self.stdout.write(f"{job.pk} {job.kind} {job.key}: {job.state}{_why(job)}")
            return
        asked = HallJob.objects.using(roles.OWNER).filter(pk=options["id"]).first()
        if asked is None:
            raise CommandError("no such job: `hall_jobs` lists them, then write `hall_jobs retry ID`")
        try:
            jobs.wish(asked, options["wish"], by=NOBODY, now=timezone.now(), using=roles.OWNER)
        except jobs.CannotWish as refused:
            raise CommandError(str(refused)) from None
        jobs.hear_wishes()
        job = jobs.follow(
            asked, lambda step, row: self.stdout.write(f"{step.name}: {row.state} {row.note}".rstrip())
        )
        self.stdout.write(f"{job.pk} {job.kind} {job.key}: {job.state}{_why(job)}")
        if job.state == "failed":
            raise CommandError("it failed again: put right what it says, then retry, or undo")


def _why(job: HallJob) -> str:
    return f" ({job.error.splitlines()[0]})" if job.error else ""
