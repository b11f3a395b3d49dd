"""``manage.py restore_hall ARCHIVE``: look at an archive, restore it in place or beside, or make a copy for practice."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants.shared import roles
from tenants.shared.archive import arguments, checking, preview, restoring
from tenants.shared.models import Hall, HallRestore, RestoreWay


class Command(BaseCommand):
    """Check an archive to its end, say what would happen, and do it when asked to."""

    help = (
        "Check an archive and say what restoring it would do (--dry-run); restore it in the hall's own place (--in-place --yes),"
        " or under another key for inspection (--as KEY --host HOST), with invented people for practice (--masked)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the archive, the key and the way."""
        parser.add_argument("archive", type=Path)
        arguments.add_keys(parser)
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--dry-run", action="store_true", help="change nothing")
        way.add_argument(
            "--in-place", action="store_true", help="put it in the hall's own place; needs --yes"
        )
        way.add_argument("--as", dest="copy", metavar="KEY", help="open a copy under this key")
        parser.add_argument("--host", default="", help="the copy's host name")
        parser.add_argument(
            "--masked", action="store_true", help="of a copy: invented people, placeholder files"
        )
        parser.add_argument(
            "--yes", action="store_true", help="what was done since the archive was made is lost"
        )
        parser.add_argument(
            "--anyway", action="store_true", help="though shared rows that it refers to are missing"
        )
        parser.add_argument(
            "--keep-days",
            type=int,
            default=restoring.KEPT_DAYS,
            help="days that the hall's former schema is kept (default %(default)s)",
        )
        parser.add_argument("--json", action="store_true", help="of a dry run: print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, then do it, a line for each step. Raises CommandError."""
        with arguments.in_words():
            opener = arguments.opener(options)
            own = self._own(checking.peek(options["archive"], opener)["hall"])
            if options["dry_run"]:
                self._show(preview.preview(options["archive"], opener, own), options["json"])
                return
            plan = self._plan(own, options)
            row = restoring.restore(options["archive"], opener, plan, now=timezone.now(), told=self._tell)
        self._report(row)

    def _own(self, told: dict[str, Any]) -> str:
        """Return the key that the archive's hall has now: it may have been renamed since."""
        by_role = Hall.objects.using(roles.OWNER).filter(role=told["role"]).first()
        return by_role.key if by_role else str(told["schema_name"])

    def _plan(self, own: str, options: dict[str, Any]) -> restoring.Plan:
        if options["in_place"]:
            if not options["yes"]:
                raise CommandError(
                    "what was done in the hall since is lost: look at --dry-run, then add --yes"
                )
            way, key = RestoreWay.IN_PLACE, own
        else:
            way, key = (RestoreWay.TRAINING if options["masked"] else RestoreWay.INSPECTION), options["copy"]
        return restoring.Plan(
            way,
            key,
            options["host"],
            keep_days=options["keep_days"],
            anyway=options["anyway"],
            by_name="restore_hall",
        )

    def _show(self, told: dict[str, Any], as_json: bool) -> None:
        text = (
            json.dumps(told, ensure_ascii=False, indent=1) if as_json else "\n".join(preview.in_words(told))
        )
        self.stdout.write(text)

    def _tell(self, step: str) -> None:
        self.stdout.write(step)
        self.stdout.flush()

    def _report(self, row: HallRestore) -> None:
        lost = row.report.get("lost", {})
        for _table, number in lost.get("numbers", []):
            self.stdout.write(f"lost: {number}")
        for number in lost.get("papers", []):
            self.stdout.write(f"stays verifiable, unknown to the hall: {number}")
        if row.kept_schema and row.kept_until:
            self.stdout.write(
                f"the former schema is kept as {row.kept_schema} until {row.kept_until:%Y-%m-%d}"
            )
        self.stdout.write(f"{row.key}: restored from {row.from_key} of {row.made_at:%Y-%m-%d %H:%M} UTC")
