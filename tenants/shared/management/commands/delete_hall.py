"""``manage.py delete_hall KEY …``: two people want a hall deleted, a grace passes, and it is deleted."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actor import Actor
from accounts.enums import CityRole
from accounts.queries import person_named
from tenants.shared import jobs, roles, scope
from tenants.shared.life import deleting
from tenants.shared.management.commands.hall_state import hall_named
from tenants.shared.models import Hall, HallDeletion


class Command(BaseCommand):
    """Ask for, approve, withdraw or do a deletion. Without an option: say how it stands and what hinders it."""

    help = (
        "Delete an archived hall. One of the city's administrators asks (--by A --reason …), another approves (--by B), and"
        " when the grace is over the operator does it, or this command with --execute. --withdraw takes it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the hall, who it is, and what is wanted."""
        parser.add_argument("key", metavar="KEY")
        parser.add_argument("--by", metavar="USERNAME", help="one of the city's administrators")
        parser.add_argument("--reason", default="")
        parser.add_argument(
            "--days", type=int, default=settings.DELETION_GRACE_DAYS, help="the grace (default %(default)s)"
        )
        parser.add_argument("--withdraw", action="store_true")
        parser.add_argument("--execute", action="store_true", help="do it now that the grace is over")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of these and print one line, or a line a step. Raises CommandError."""
        hall = hall_named(options["key"])
        wanted = deleting.under_way(hall, using=roles.OWNER)
        try:
            if options["execute"]:
                self._execute(hall, wanted)
            elif options["by"]:
                self._decide(hall, wanted, options)
            else:
                self._tell(hall, wanted)
        except (deleting.NotPossible, jobs.Busy) as problem:
            raise CommandError(str(problem)) from None

    def _decide(self, hall: Hall, wanted: HallDeletion | None, options: dict[str, Any]) -> None:
        by, now = _administrator(options["by"]), timezone.now()
        with scope.city():
            if options["withdraw"]:
                if wanted is None:
                    raise CommandError(f"nobody wants {hall.key} deleted")
                deleting.withdraw(wanted, by=by, now=now)
                self.stdout.write(f"{hall.key}: withdrawn, it stays archived")
            elif wanted is None:
                deleting.ask(hall, by=by, reason=options["reason"], days=options["days"], now=now)
                self.stdout.write(f"{hall.key}: asked for; now another administrator runs this with --by")
            else:
                agreed = deleting.approve(wanted, by=by, now=now)
                self.stdout.write(
                    f"{hall.key}: approved, due {agreed.due_at:%Y-%m-%d %H:%M} UTC; --withdraw takes it back"
                )

    def _execute(self, hall: Hall, wanted: HallDeletion | None) -> None:
        if wanted is None or wanted.pk not in {row.pk for row in deleting.due(timezone.now())}:
            raise CommandError(f"{hall.key} is not due: two people must want it and the grace must be over")
        job = jobs.at_once(
            deleting.KIND,
            now=timezone.now(),
            told=lambda step, row: self.stdout.write(f"{step.name}: {row.state} {row.note}".rstrip()),
            **deleting.job_facts(wanted),
        )
        if job.state != "done":
            raise CommandError(f"{job.error.splitlines()[0]} (manage.py hall_jobs retry {job.pk})")
        self.stdout.write(f"{hall.key}: deleted; its certificate is in the city's console")

    def _tell(self, hall: Hall, wanted: HallDeletion | None) -> None:
        if wanted is not None:
            due = f"due {wanted.due_at:%Y-%m-%d %H:%M} UTC" if wanted.due_at else "waits for a second person"
            self.stdout.write(f"{hall.key}: asked for by {wanted.asked_name}, {due}")
        with scope.city():
            hindered = deleting.hindrances(hall)
        for line in hindered:
            self.stdout.write(line)
        if not hindered and wanted is None:
            self.stdout.write(f"{hall.key}: nothing hinders it; ask with --by USERNAME --reason …")


def _administrator(username: str) -> Actor:
    person = person_named(username)
    if person is None or person.city_role != CityRole.CITY_ADMIN or not person.is_active:
        raise CommandError(f"{username!r} is none of the city's administrators")
    return Actor.of(person, may_hold_posts=False)
