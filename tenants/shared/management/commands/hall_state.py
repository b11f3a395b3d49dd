"""``manage.py hall_state KEY [STATE] [--reason …]``: where a hall is in its life, and a step of it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actor import NOBODY
from tenants.shared import jobs, roles, scope
from tenants.shared.enums import Wish
from tenants.shared.life import changing, transitions
from tenants.shared.models import Hall


class Command(BaseCommand):
    """Take one step of a hall's life, or say which are possible. Exits with 1 and one line when it is not possible."""

    help = "Show a hall's state and the steps that lead on; with STATE take the step that leads there, and say what was done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the hall, the state, why, and what the staff of a frozen hall may do."""
        parser.add_argument("key", metavar="KEY")
        parser.add_argument(
            "state",
            metavar="STATE",
            nargs="?",
            help=", ".join(sorted({step.to.value for step in transitions.TABLE})),
        )
        parser.add_argument("--reason", default="", help="why: people in the hall and the city read it")
        parser.add_argument(
            "--staff-may-not-finish",
            action="store_true",
            help="frozen: the staff does not go on with what runs either",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the job and follow it. Raises CommandError."""
        hall = hall_named(options["key"])
        if options["state"] is None:
            self.stdout.write(f"{hall.key}: {hall.state}")
            for step in transitions.open_from(hall.state):
                self.stdout.write(f"  {step.to.value}: {step.label}。{step.meaning}")
            return
        try:
            step = changing.step_to(hall, options["state"])
            _check(step, hall, options["reason"])
            job = jobs.at_once(
                "state",
                key=hall.key,
                hall=hall,
                params={"step": step.name, "staff_may_finish": not options["staff_may_not_finish"]},
                reason=options["reason"],
                now=timezone.now(),
            )
        except (changing.NotPossible, jobs.Busy) as problem:
            raise CommandError(str(problem)) from None
        if job.state != "done":
            # nothing was changed, and nothing waits for being tried again
            jobs.wish(job, Wish.UNDO, by=NOBODY, now=timezone.now(), using=roles.OWNER)
            jobs.hear_wishes()
            jobs.follow(job)
            raise CommandError(job.error.splitlines()[0])
        self.stdout.write(f"{hall.key}: {hall.state} → {step.to.value}")


def _check(step: transitions.Transition, hall: Hall, reason: str) -> None:
    if step.needs_reason and not reason.strip():
        raise CommandError("say why, with --reason")
    with scope.city():
        hindered = changing.findings(step.checks, hall)
    if hindered:
        raise CommandError("；".join(hindered))


def hall_named(key: str) -> Hall:
    """Return the hall of this key as the owner sees it. Raises CommandError, naming those that there are."""
    found = Hall.objects.using(roles.OWNER)
    hall: Hall | None = found.filter(schema_name=key).first()
    if hall is None:
        names = ", ".join(found.order_by("position", "id").values_list("schema_name", flat=True))
        raise CommandError(f"no hall is called {key}: write one of {names}")
    return hall
