"""The rows of a file, cleaned and put on disk in one pass, then read item by item: memory does not grow with the file."""

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext as _

from catalog.shared import rows as row_lists
from catalog.shared.rows import Holds
from catalog.shared.sheets import marks, reading
from catalog.shared.sheets.cells import TOO_LONG, TextCell
from catalog.shared.sheets.kinds import ITEMS, MARK, Kind, SheetField
from catalog.shared.sheets.marks import Origin
from catalog.shared.sheets.reading import Sheet

NOT_TOLD = {"not": "told"}
_NOT_TOLD = json.dumps(NOT_TOLD)
# how many errors are told one by one; all are counted
TOLD = 1000
BATCH = 200
# of each column so many cells of at the most such a length are kept cleaned
KNOWN, KNOWN_LENGTH = 2000, 60
# progress is told each so many rows
STEP = 2000
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: sheet, row (from 1) and column by its header."""

    sheet: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.sheet}, {self.row}, {self.column}: {self.reason}"


class Problems:
    """The errors of a file: the first ones told, all counted."""

    def __init__(self) -> None:
        self.told: list[Problem] = []
        self.count = 0

    def add(self, sheet: str, row: int, column: str, reason: str) -> None:
        """Note one."""
        self.count += 1
        if len(self.told) < TOLD:
            self.told.append(Problem(sheet, row, column, reason))


@dataclass(frozen=True)
class Row:
    """One row of a sheet: its number, its values by column, and which columns the sheet has."""

    kind: str
    sheet: str
    number: int
    values: dict[str, Any]


@dataclass
class FileItem:
    """What a file says of one item: its row of the sheet of items, rows of its lists, other rows, and its exported values."""

    code: str
    head: Row | None = None
    lists: dict[str, list[Row]] = field(default_factory=dict)
    others: list[Row] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    # lists that the file has a sheet for
    sheets: frozenset[str] = frozenset()

    @cached_property
    def exported(self) -> dict[str, Any] | None:
        """The values that the item had when the file was exported, None where the file does not say."""
        read = [
            found
            for mark in self.marks
            if (found := marks.parsed(mark)) is not None and found[0] == self.code
        ]
        return {name: value for _code, values in read for name, value in values.items()} if read else None

    def is_emptied(self, name: str) -> bool:
        """Say whether a list had rows when exported and has none in the file's sheet of it."""
        if self.head is None or name in self.lists or name not in self.sheets:
            return False
        return bool((self.exported or {}).get(name))

    @property
    def first(self) -> Row:
        """The row to point at where no better one is known."""
        rows = [self.head] if self.head else [row for found in self.lists.values() for row in found]
        return (rows or self.others)[0]


class Staged:
    """A file's rows on disk. To be closed, which removes them; a context manager."""

    def __init__(self, kinds: Sequence[Kind], here: Origin) -> None:
        self.kinds = {kind.key: kind for kind in kinds}
        self.here = here
        self.problems = Problems()
        self.titles: dict[str, str] = {}
        self.headers: dict[str, set[str]] = {}
        self.rows = 0
        self._blanks: dict[str, dict[str, Any]] = {}
        self._file = tempfile.NamedTemporaryFile(prefix="sheets-", suffix=".sqlite")  # noqa: SIM115 -- closed by close()
        self._rows = sqlite3.connect(self._file.name)
        self._rows.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE line (number INTEGER PRIMARY KEY, kind TEXT, row INTEGER, code TEXT, data TEXT, mark TEXT)"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_args: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the rows."""
        self._rows.close()
        self._file.close()

    def fill(self, path: Path, *, wanted: str = "", progress: Progress = lambda _done: None) -> None:
        """Read a file: clean each row, note what is wrong. Raises Unreadable, and Foreign for another hall's export."""
        for sheet in reading.sheets(path, list(self.kinds.values()), wanted=wanted):
            self._sheet(sheet, progress)
        self._rows.execute("CREATE INDEX by_code ON line (code, number)")
        self._twice()

    def _sheet(self, sheet: Sheet, progress: Progress) -> None:
        key = sheet.kind.key
        if key in self.titles:
            self.problems.add(sheet.title, sheet.header.number, "", _("这种表有两张（另一张是“%(title)s”），请合成一张") % {"title": self.titles[key]})  # fmt: skip
            return
        self.titles[key] = sheet.title
        self.headers[key] = {column.attribute for column in sheet.header.columns.values()}
        for number, column, reason in reading.odd_cells(sheet):
            self.problems.add(sheet.title, number, column.header, reason)
        cleaner = _Cleaner(sheet, self.problems)
        is_example = reading.example_finder(sheet)
        insert = "INSERT INTO line (kind, row, code, data, mark) VALUES (?, ?, ?, ?, ?)"
        for number, cells in sheet.rows:
            if reading.is_blank(cells) or is_example(cells):
                continue
            values = cleaner.clean(number, cells)
            self.rows += 1
            if self.rows % STEP == 0:
                progress(self.rows)
            mark = str(values.pop(MARK, None) or "")
            code = values.pop("code", None)
            if mark:
                # whose it is, before anything of it is looked at
                marks.look(mark, self.here)
            if code is None:
                self.problems.add(sheet.title, number, sheet.kind.header("code"), _("请填编码"))
                continue
            self._rows.execute(insert, (key, number, code, json.dumps(values, ensure_ascii=False), mark))

    def _twice(self) -> None:
        found = self._rows.execute(
            "SELECT code, min(row), max(row) FROM line WHERE kind = ? GROUP BY code HAVING count(*) > 1",
            (ITEMS,),
        )
        kind = self.kinds[ITEMS]
        for code, first, last in found.fetchall():
            self.problems.add(
                self.titles[ITEMS], last, kind.header("code"),
                _("编码 %(code)s 重复，第 %(row)s 行已经有了") % {"code": code, "row": first},
            )  # fmt: skip

    def count(self) -> int:
        """Return how many items the file speaks of."""
        ((number,),) = self._rows.execute("SELECT count(DISTINCT code) FROM line").fetchall()
        return int(number)

    def codes_of(self, kind: str) -> list[str]:
        """Return the codes of one kind of sheet."""
        return [
            code for (code,) in self._rows.execute("SELECT DISTINCT code FROM line WHERE kind = ?", (kind,))
        ]

    def batches(self) -> Iterator[list[FileItem]]:
        """Yield the items in the order of the file, some at a time."""
        codes = self._rows.execute("SELECT code FROM line GROUP BY code ORDER BY min(number)").fetchall()
        for start in range(0, len(codes), BATCH):
            yield self._items([code for (code,) in codes[start : start + BATCH]])

    def _items(self, codes: list[str]) -> list[FileItem]:
        sheets = frozenset(self.titles) & row_lists.LISTS.keys()
        found = {code: FileItem(code, sheets=sheets) for code in codes}
        places = ",".join("?" * len(codes))
        lines = self._rows.execute(
            f"SELECT code, kind, row, data, mark FROM line WHERE code IN ({places}) ORDER BY number",  # noqa: S608 -- question marks only
            codes,
        )
        for code, kind, number, data, mark in lines:
            item = found[code]
            values = {**self._blank(kind), **json.loads(data)}
            if _NOT_TOLD in data:
                values = {name: value for name, value in values.items() if value != NOT_TOLD}
            row = Row(kind, self.titles[kind], number, values)
            self._mark(item, row, mark)
            if kind == ITEMS:
                item.head = item.head or row
            elif kind in row_lists.LISTS:
                item.lists.setdefault(kind, []).append(row)
            else:
                item.others.append(row)
        return list(found.values())

    def _blank(self, kind: str) -> dict[str, Any]:
        """Return a row without a value of every column that the sheet has and that is read."""
        if kind not in self._blanks:
            told = {column.attribute for column in self.kinds[kind].columns if column.is_told}
            self._blanks[kind] = dict.fromkeys(sorted(self.headers[kind] - told - {MARK, "code"}))
        return self._blanks[kind]

    def _mark(self, item: FileItem, row: Row, mark: str) -> None:
        if mark and (row.kind == ITEMS or row.kind in row_lists.LISTS):
            item.marks.append(mark)
        elif mark and (read := marks.parsed(mark)) is not None and read[0] == item.code:
            row.values[MARK] = read[1]


class _Cleaner:
    """Cleans the rows of one sheet by its columns, and by the rules of the list that it holds."""

    def __init__(self, sheet: Sheet, problems: Problems) -> None:
        self.sheet, self.problems = sheet, problems
        self.columns: dict[int, tuple[SheetField, row_lists.Column | None, dict[Any, Any]]] = {
            index: (column, self._rule(column), {})
            for index, column in sheet.header.columns.items()
            if not column.is_told
        }
        self.needed = [
            (index, column)
            for index, (column, rule, _known) in self.columns.items()
            if rule is not None and rule.is_needed and rule.key != "key"
        ]

    def _rule(self, column: SheetField) -> row_lists.Column | None:
        known = {rule.key: rule for rule in row_lists.LISTS.get(self.sheet.kind.list, ())}
        return known.get(column.attribute)

    def clean(self, number: int, cells: Sequence[Any]) -> dict[str, Any]:
        """Return the values of a row that are there, by column."""
        values: dict[str, Any] = {}
        for index, column in self.needed:
            if index >= len(cells) or cells[index] is None or cells[index] == "":
                self._tell(number, column, _("请填%(name)s") % {"name": column.header})
        for index, value in enumerate(cells):
            if value == "" or value is None or index not in self.columns:
                continue
            column, rule, known = self.columns[index]
            if value == TOO_LONG:
                values[column.attribute] = NOT_TOLD
                continue
            same = (value, type(value))
            if same in known:
                values[column.attribute] = known[same]
                continue
            try:
                cleaned = _clean(column, value)
            except ValueError as problem:
                self._tell(number, column, str(problem))
                continue
            if rule is not None and not rule.accepts(cleaned):
                self._tell(number, column, _refusal(rule))
                continue
            values[column.attribute] = cleaned
            # sheets say the same again and again; long texts are not kept
            if len(known) < KNOWN and (not isinstance(value, str) or len(value) < KNOWN_LENGTH):
                known[same] = cleaned
        return values

    def _tell(self, number: int, column: SheetField, reason: str) -> None:
        self.problems.add(self.sheet.title, number, column.header, reason)


def _clean(column: SheetField, value: Any) -> Any:
    if column.attribute == MARK:
        return str(value)
    return (column.widget or TextCell()).clean(value)


def _refusal(rule: row_lists.Column) -> str:
    if rule.is_needed and rule.key != "key":
        return _("请填%(name)s，最多 %(n)d 个字") % {"name": rule.label, "n": rule.longest}
    if rule.holds is Holds.KEY:
        return _("只能用字母、数字、- 和 _，最多 40 个")
    return _("最多 %(n)s 个字") % {"n": rule.longest}
