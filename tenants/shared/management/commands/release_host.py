"""``manage.py release_host HOST --reason …``: let a hall's former host name go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants.shared import jobs, naming, roles
from tenants.shared.life import releasing
from tenants.shared.models import Domain


class Command(BaseCommand):
    """Let a host go that a hall had before it was renamed; links to it end. Exits with 1 and one line when it cannot be."""

    help = "Let a former host name of a hall go: it leads there no more, and another hall may have it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the host and why."""
        parser.add_argument("host", metavar="HOST")
        parser.add_argument("--reason", required=True, help="why: the city reads it in the hall's history")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the job and follow it. Raises CommandError; nothing is begun when the host cannot be let go."""
        host = naming.tidy_host(options["host"])
        if wrong := releasing.fault(host, using=roles.OWNER):
            raise CommandError(wrong)
        hall = Domain.objects.using(roles.OWNER).select_related("tenant").get(domain=host).tenant
        try:
            job = jobs.at_once(
                releasing.KIND,
                key=hall.key,
                hall=hall,
                params={"host": host},
                reason=options["reason"],
                now=timezone.now(),
            )
        except jobs.Busy as problem:
            raise CommandError(str(problem)) from None
        if job.state != "done":
            raise CommandError(f"{job.error.splitlines()[0]} (manage.py hall_jobs retry {job.pk})")
        self.stdout.write(f"{host} is no longer a name of {hall.key}")
