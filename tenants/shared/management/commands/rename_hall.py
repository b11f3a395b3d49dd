"""``manage.py rename_hall OLD [NEW] [--host HOST]``: another key, another address, or both."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants.shared import jobs, roles
from tenants.shared.life import renaming
from tenants.shared.management.commands.hall_state import hall_named


class Command(BaseCommand):
    """Rename a hall while people work in it, a line a step. What fails is undone or tried again with hall_jobs."""

    help = "Give a hall another key (its schema) and host name; the former host leads to the new one. --host alone changes the address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the hall, its new key and its new host."""
        parser.add_argument("old", metavar="OLD")
        parser.add_argument("new", metavar="NEW", nargs="?", default="")
        parser.add_argument(
            "--host", default="", help="the new host name; else a host that begins with OLD follows NEW"
        )
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the job and follow it. Raises CommandError; nothing is begun when key or host cannot be used."""
        hall = hall_named(options["old"])
        host = renaming.primary_host(hall, using=roles.OWNER)
        params = renaming.asked(hall, host, options["new"], options["host"])
        if wrong := renaming.faults(hall, params, using=roles.OWNER):
            raise CommandError("；".join(wrong.values()))
        try:
            job = jobs.at_once(
                "rename",
                key=hall.key,
                hall=hall,
                params=params,
                reason=options["reason"],
                now=timezone.now(),
                told=lambda step, row: self.stdout.write(f"{step.name}: {row.state} {row.note}".rstrip()),
            )
        except jobs.Busy as problem:
            raise CommandError(str(problem)) from None
        if job.state != "done":
            raise CommandError(
                f"{job.error.splitlines()[0]} (manage.py hall_jobs retry {job.pk}, or undo {job.pk})"
            )
        self.stdout.write(
            f"{params['old_key']} ({params['old_host']}) is {params['key']} ({params['host']}) now"
        )
