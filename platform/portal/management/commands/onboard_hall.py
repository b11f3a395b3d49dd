"""``manage.py onboard_hall [FILE.yaml] [--key …]``: open a new hall, as the city's console does."""

from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any, cast

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone
from rich.console import Console

from accounts.actor import NOBODY
from portal.onboarding import plan, sheet
from portal.onboarding.base import SHEET
from portal.onboarding.questions import QUESTIONS, field_names
from tenants.shared import jobs, roles, scope
from tenants.shared.enums import JobState, StepState
from tenants.shared.models import HallJobStep

# an option may be given several times where a question takes several answers
SEVERAL = {"towns", "item_departments"}
NOT_TYPED = {"upload"}


class Command(BaseCommand):
    """Answer the questions from a file, from options or both (options win), look at the plan, and do it here, step by step."""

    help = (
        "Open a new hall: the answers from FILE.yaml and from options, as the city's console asks them"
        " (docs/onboarding.md). --dry-run says what would come of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, --dry-run, and an option for each answer."""
        parser.add_argument("file", nargs="?", type=Path, help="YAML: a mapping of answers")
        parser.add_argument("--dry-run", action="store_true", help="print the plan, change nothing")
        parser.add_argument("--sheet", type=Path, help="xlsx of departments and windows")
        for name in field_names():
            if name not in NOT_TYPED:
                action = "append" if name in SEVERAL else "store"
                parser.add_argument(f"--{name.replace('_', '-')}", dest=name, action=action)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the plan, then a line a step. Raises CommandError with one line a fault; exits with 1."""
        if roles.OWNER not in connections.settings:
            raise CommandError("onboard_hall works with the owner's login: set DATABASE_URL")
        known = _answers(options)
        try:
            with scope.city():
                known = _proposed(known)
                made = plan.make(known)
        except plan.NotReady as refusal:
            raise CommandError(str(refusal)) from None
        for section in made.sections:
            for label, value in section.lines:
                self.stdout.write(f"{label}：{value}")
        if options["dry_run"]:
            return
        self._run(made)

    def _run(self, made: plan.Plan) -> None:
        console = Console(file=cast(IO[str], self.stdout), highlight=False)
        total = len(jobs.steps_of(plan.KIND))

        def told(step: jobs.Step, row: HallJobStep) -> None:
            if row.state == StepState.RUNNING:
                console.print(f"{row.position}/{total} {step.label} …", end="\r")
            else:
                seconds = (row.ended_at - row.started_at).total_seconds() if row.ended_at else 0
                sign = "×" if row.state == StepState.FAILED else "●"
                console.print(
                    f"{row.position}/{total} {step.label} {sign} {row.note or row.error} {seconds:.1f} s"
                )

        try:
            job = jobs.at_once(
                plan.KIND, key=made.key, told=told, by=NOBODY, params=made.params, now=timezone.now()
            )
        except jobs.Busy as busy:
            raise CommandError(f"{busy}: manage.py hall_jobs") from None
        if job.state != JobState.DONE:
            raise CommandError(
                f"{job.error}\n`hall_jobs retry {job.pk}` 再试，`hall_jobs undo {job.pk}` 撤回"
            )
        console.print(f"{made.params['hall']['name']} 建好了，在筹备：{made.params['hall']['host']}")


def _answers(options: dict[str, Any]) -> dict[str, Any]:
    """Return what file and options say. Raises CommandError."""
    known: dict[str, Any] = {}
    if options["file"] is not None:
        try:
            # every value as it is written: 9:00 is no number of minutes, 341621 no number at all
            found = yaml.load(options["file"].read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 -- texts alone
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
            raise CommandError(f"{options['file']}: 读不了：{' '.join(str(problem).split())}") from None
        if not isinstance(found, dict):
            raise CommandError(f"{options['file']}: 要是“键: 值”的形式")
        known = dict(found)
    allowed = {*field_names(), "sheet"} - NOT_TYPED
    if unknown := sorted(set(known) - allowed):
        raise CommandError(
            f"{options['file']}: 没有这一项：{'、'.join(unknown)}。可用的：{'、'.join(sorted(allowed))}"
        )
    known |= {name: options[name] for name in field_names() if options.get(name) is not None}
    if path := options["sheet"] or known.pop("sheet", None):
        known |= {"departments": SHEET, "sheet": _sheet(Path(path))}
    return known


def _sheet(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return sheet.read(file)
    except OSError as problem:
        raise CommandError(f"{path}: {problem.strerror}") from None
    except sheet.Unreadable as problem:
        raise CommandError(f"{path}: {problem}") from None
    except sheet.Faulty as faulty:
        lines = [
            f"{path}: {each.sheet}，第 {each.row} 行，{each.column}：{each.reason}"
            for each in faulty.problems
        ]
        raise CommandError("\n".join(lines)) from None


def _proposed(known: dict[str, Any]) -> dict[str, Any]:
    """Return the answers with what the pages would propose where nothing is said: question by question, as one is asked."""
    for kind in QUESTIONS:
        known = {**{name: value for name, value in kind(known=known).propose().items() if value}, **known}
    return known
