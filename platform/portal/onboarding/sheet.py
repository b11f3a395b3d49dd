"""The sheet of a new hall's departments and windows: the workbook to fill in, and what is read of it, all or nothing."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from string import ascii_uppercase
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from accounts.validators import normalize_id, uscc_problem
from catalog.shared.sheets.cells import ListCell, NumberCell, TextCell, Words, tidy
from catalog.shared.sheets.kinds import Kind, SheetField
from catalog.shared.sheets.reading import Sheet, is_blank, is_xlsx, odd_cells, sheets
from catalog.shared.sheets.staging import Problem
from catalog.shared.sheets.zipped import Unreadable
from tenants.hall.models import Department, Window

__all__ = ["Faulty", "Problem", "Unreadable", "read", "write"]

DEPARTMENTS, WINDOWS = "departments", "windows"
MAX_BYTES = 2 * 1024 * 1024
MAX_COUNT, MAX_MINUTES = 99, 120
_HEAD, _FILL, _NEEDED_FILL = (
    Font(bold=True),
    PatternFill("solid", fgColor="EFEEE8"),
    PatternFill("solid", fgColor="FFF1D1"),
)
# what stands in the sheets, by sheet: number of the row and its values; a fault: sheet, row, column, reason
Rows = dict[str, list[tuple[int, dict[str, Any]]]]
Fault = tuple[str, int, str, str]
_NEEDED = {DEPARTMENTS: ("code", "name"), WINDOWS: ("code", "count", "average_minutes")}
# what a column may hold, by the model's own length
_LONGEST = {
    (DEPARTMENTS, "code"): Department._meta.get_field("short_name").max_length,
    (DEPARTMENTS, "name"): Department._meta.get_field("name").max_length,
    (WINDOWS, "code"): Window._meta.get_field("name").max_length,
    (WINDOWS, "place"): Window._meta.get_field("place").max_length,
}


class Faulty(Exception):
    """The sheet has faults; nothing of it is taken. `problems` are all, each with sheet, row, column and reason."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def _column(key: str, name: Words, widget: Any = None) -> SheetField:
    return SheetField(attribute=key, column_name=name, widget=widget or TextCell())


@cache
def book() -> tuple[Kind, ...]:
    """Return the two sheets. The first column of each is called `code` for the reader, which knows a header by it."""
    departments = (
        _column("code", _("事项里的部门名")),
        _column("name", _("本厅的全称")),
        _column("uscc", _("信用代码")),
    )
    windows = (
        _column("code", _("窗口名称")),
        _column("count", _("几个"), NumberCell(MAX_COUNT)),
        _column("average_minutes", _("平均几分钟"), NumberCell(MAX_MINUTES)),
        _column("place", _("在哪里")),
        _column("departments", _("办哪些部门的"), ListCell("\n；;", "；")),
        _column("items", _("办哪些事项（编码）"), ListCell()),
    )
    return Kind(DEPARTMENTS, _("部门"), departments), Kind(WINDOWS, _("窗口"), windows)


def write(departments: Iterable[tuple[str, str]], window: str) -> bytes:
    """Return the workbook to fill in, with these departments (short and full name) and one window in it already."""
    made = Workbook()
    made.remove(made.active)
    rows: dict[str, list[list[Any]]] = {
        DEPARTMENTS: [[short, full, None] for short, full in departments],
        WINDOWS: [[window, 2, 15, None, None, None]],
    }
    for kind in book():
        page = made.create_sheet(kind.title)
        page.freeze_panes = "B2"
        for index, column in enumerate(kind.columns, start=1):
            cell = page.cell(1, index, column.header)
            cell.font = _HEAD
            cell.fill = _NEEDED_FILL if column.attribute in _NEEDED[kind.key] else _FILL
            page.column_dimensions[get_column_letter(index)].width = 24
        for row in rows[kind.key]:
            page.append(row)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def read(upload: IO[bytes]) -> dict[str, list[dict[str, Any]]]:
    """Return the departments and windows of an xlsx. Raises Unreadable for the file, Faulty for what stands in it."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        content = upload.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise Unreadable(_("表格太大了，最多 %(n)d MB") % {"n": MAX_BYTES // 1024 // 1024})
        kept.write(content)
        kept.flush()
        return _read(Path(kept.name))


def _read(path: Path) -> dict[str, list[dict[str, Any]]]:
    if not is_xlsx(path):
        raise Unreadable(_("要 xlsx 表格，请先下载模板，填好再传"))
    problems: list[Problem] = []
    rows: Rows = {}
    titles = {kind.key: kind.title for kind in book()}
    try:
        for found in sheets(path, book()):
            titles[found.kind.key] = found.title
            rows.setdefault(found.kind.key, []).extend(_rows(found, problems))
    except Unreadable as refused:
        raise Unreadable(
            _("%(why)s。请先下载模板，填好再传") % {"why": str(refused).partition("：")[0]}
        ) from None
    for key, title in titles.items():
        if not rows.get(key):
            problems.append(Problem(title, 2, "-", _("这张表没有填，至少要一行")))
    _check(rows, titles, problems)
    if problems:
        raise Faulty(sorted(problems, key=lambda each: (each.sheet, each.row)))
    return {
        DEPARTMENTS: [
            {"short_name": row["code"], "name": row["name"], "uscc": row.get("uscc") or ""}
            for _number, row in rows[DEPARTMENTS]
        ],
        WINDOWS: [
            {
                "name": row["code"],
                "count": row["count"],
                "average_minutes": row["average_minutes"],
                "place": row.get("place") or "",
                "departments": row.get("departments") or [],
                "items": row.get("items") or [],
            }
            for _number, row in rows[WINDOWS]
        ],
    }


def _rows(found: Sheet, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, column, reason in odd_cells(found):
        problems.append(Problem(found.title, number, column.header, reason))
    for number, cells in found.rows:
        if not is_blank(cells):
            yield number, _values(found, number, cells, problems)


def _values(found: Sheet, number: int, cells: Sequence[Any], problems: list[Problem]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for index, column in found.header.columns.items():
        key = column.attribute
        try:
            value = column.widget.clean(cells[index] if index < len(cells) else None)
        except ValueError as problem:
            problems.append(Problem(found.title, number, column.header, str(problem)))
            continue
        longest = _LONGEST.get((found.kind.key, key))
        if longest and len(str(value or "")) > longest:
            problems.append(
                Problem(found.title, number, column.header, _("最多 %(n)d 个字") % {"n": longest})
            )
        row[key] = tidy(value) if isinstance(value, str) else value
    for key in _NEEDED[found.kind.key]:
        if row.get(key) in (None, "") and not any(
            problem.row == number and problem.column == found.kind.header(key) for problem in problems
        ):
            problems.append(Problem(found.title, number, found.kind.header(key), _("没有填，请填上")))
    return row


def _check(rows: Rows, titles: dict[str, str], problems: list[Problem]) -> None:
    """Note what is wrong between rows, and with values that are right by themselves."""
    kinds = {kind.key: kind for kind in book()}
    for key, number, column, reason in (
        *_twice(rows),
        *_wrong_codes(rows.get(DEPARTMENTS, [])),
        *_wrong_windows(rows),
    ):
        problems.append(Problem(titles[key], number, kinds[key].header(column), reason))


def _twice(rows: Rows) -> Iterator[Fault]:
    for key, found in rows.items():
        seen: dict[str, int] = {}
        for number, row in found:
            name = str(row.get("code") or "")
            if name and seen.setdefault(name, number) != number:
                yield key, number, "code", _("和第 %(n)d 行写重了") % {"n": seen[name]}


def _wrong_codes(departments: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[Fault]:
    for number, row in departments:
        if row.get("uscc"):
            row["uscc"] = normalize_id(str(row["uscc"]))
            if problem := uscc_problem(row["uscc"]):
                yield DEPARTMENTS, number, "uscc", problem


def _wrong_windows(rows: Rows) -> Iterator[Fault]:
    known = {row.get("code") for _number, row in rows.get(DEPARTMENTS, [])}
    for place, (number, row) in enumerate(rows.get(WINDOWS, []), start=1):
        for column in ("count", "average_minutes"):
            if row.get(column) == 0:
                yield WINDOWS, number, column, _("至少要 1")
        for name in row.get("departments") or []:
            if name not in known:
                yield WINDOWS, number, "departments", _("“部门”表里没有%(name)s") % {"name": name}
        for code in row.get("items") or []:
            if not (code.isascii() and code.isdigit() and len(code) == 14):
                yield WINDOWS, number, "items", _("%(code)s 不是 14 位的编码") % {"code": code}
        if place == len(ascii_uppercase) + 1:
            yield WINDOWS, number, "code", _("最多 %(n)d 种窗口，请合并几种") % {"n": len(ascii_uppercase)}
