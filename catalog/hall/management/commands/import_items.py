"""``manage.py import_items [--hall KEY] FILE [--dry-run]``: a sheet into the city's catalogue or one hall, all or nothing."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from catalog.hall.management.arguments import chosen_kind, place_of, signer
from catalog.hall.sheets.places import Place
from catalog.shared.sheets import importing
from catalog.shared.sheets.importing import NotWritten, Outcome, Report
from catalog.shared.sheets.marks import Foreign
from catalog.shared.sheets.planning import CONFLICT, DATABASE, FILE, Chooser, Line, undecided
from catalog.shared.sheets.zipped import Unreadable

TOLD = 50
STEPS = {importing.READING: "读文件", importing.COMPARING: "核对", importing.WRITING: "写入"}


class Command(BaseCommand):
    """Import items. Each error is told as `sheet, row, column: reason`; with any, nothing is written."""

    help = (
        "Import items from xlsx or csv: into the city's catalogue as drafts for a second person, or into one hall. "
        "All or nothing; --dry-run says what would change and writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the hall, the file, who signs, and what to do about conflicts."""
        parser.add_argument("file", type=Path, help="FILE.xlsx or FILE.csv")
        parser.add_argument(
            "--hall", default="", metavar="KEY", help="the hall; without it the city's shared catalogue"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
        parser.add_argument(
            "--as",
            dest="username",
            default="",
            metavar="USERNAME",
            help="who signs; default: the system itself, named in the audit",
        )
        parser.add_argument(
            "--take",
            choices=[FILE, DATABASE],
            default="",
            help="where a value changed here after the export: take the file's, or keep the database's; default: refuse",
        )
        parser.add_argument(
            "--sheet", default="", help="which sheet a csv holds, where its headers leave a doubt"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Look or import. Raises CommandError with one line after the lines of the errors."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"no file at {path}")
        place = place_of(options["hall"])
        wanted = chosen_kind(options["sheet"], place).key if options["sheet"] else ""
        by = signer(options["username"], place)
        take = options["take"]
        choose: Chooser = (lambda _code, _field, _database: take) if take else undecided
        now = timezone.now()
        try:
            with _progress() as report, place.scope():
                planner = place.planner(now)
                if options["dry_run"]:
                    outcome = importing.look(
                        planner, path, wanted=wanted, choose=choose, report=report, lines=self._conflicts
                    )
                else:
                    outcome = importing.write(
                        planner, path, by=by, now=now, note=f"导入 {path.name}"[:300], wanted=wanted, choose=choose, report=report
                    )  # fmt: skip
        except (Unreadable, Foreign) as refusal:
            raise CommandError(f"{path.name}：{refusal}") from None
        except NotWritten as refusal:
            if refusal.outcome.open_conflicts:
                self._show_conflicts(place, path, wanted)
            raise self._refused(refusal.outcome) from None
        if not outcome.is_good:
            raise self._refused(outcome)
        self.stdout.write(_summary(outcome))
        if options["dry_run"]:
            self.stdout.write("只看了一遍，什么也没有写 (dry run)")

    def _conflicts(self, lines: list[Line]) -> None:
        for line in lines:
            if line.kind == CONFLICT:
                self.stderr.write(
                    f"{line.sheet}, {line.row}, {line.column}: 导出以后改过。文件：{line.file}；现在：{line.database}；导出时：{line.exported}"
                )

    def _show_conflicts(self, place: Place, path: Path, wanted: str) -> None:
        with place.scope():
            importing.look(place.planner(timezone.now()), path, wanted=wanted, lines=self._conflicts)

    def _refused(self, outcome: Outcome) -> CommandError:
        for problem in outcome.told[:TOLD]:
            self.stderr.write(str(problem))
        if outcome.problems.count:
            return CommandError(f"{_summary(outcome)}；{outcome.problems.count:,} 处有错，什么也没有写")
        return CommandError(
            f"{_summary(outcome)}；{outcome.open_conflicts:,} 处导出以后改过，什么也没有写：加 --take file 用文件里的，--take database 保留现在的"
        )


def _summary(outcome: Outcome) -> str:
    said = (
        ("新增 new", "new"),
        ("改动 changed", "changed"),
        ("一样 same", "same"),
        ("冲突 conflict", "conflict"),
    )
    counts = "，".join(f"{label} {outcome.counts[key]}" for label, key in said)
    nothing = (
        not any(outcome.counts[key] for key in ("new", "changed", "conflict")) and not outcome.problems.count
    )
    return f"{counts}；没有要做的 (nothing to do)" if nothing else counts


@contextmanager
def _progress() -> Iterator[Report]:
    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(STEPS[importing.READING], total=None)

        def report(step: str, done: int, total: int) -> None:
            shown.update(task, description=STEPS[step], completed=done, total=total or None)

        yield report
