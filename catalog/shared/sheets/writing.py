"""Writing sheets: xlsx row by row to disk, csv one kind a file. What could be taken for a formula is written as text."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from catalog.shared.sheets import marks
from catalog.shared.sheets.cells import TOO_LONG, guarded, is_risky, tidy
from catalog.shared.sheets.kinds import ITEMS, MARK, Kind, SheetField
from catalog.shared.sheets.marks import Origin

# one item as sheets write it: the sheet's key → its rows, each a mapping by column
Exported = Mapping[str, Sequence[Mapping[str, Any]]]
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# a cell holds 32,767 characters
CELL_LIMIT = 32_000
TOLD = frozenset({"code", "item_name", MARK})
_HEAD, _FILL = Font(bold=True), PatternFill("solid", fgColor="EFEEE8")


def cell_text(value: str) -> str:
    """Return a text as an xlsx stores it: what looks like an escaped character is escaped itself."""
    return _ESCAPED.sub("_x005F_", value)


def item_rows(
    values: Mapping[str, Any], book: Sequence[Kind], origin: Origin, *, more: Mapping[str, Any] | None = None
) -> Exported:
    """Return the rows of one item: its own, with its mark, and those of its lists. `more` goes into its own row."""
    code, name = str(values["code"]), values["name"]
    found: dict[str, list[Mapping[str, Any]]] = {
        kind.key: [{**row, "code": code, "item_name": name} for row in values.get(kind.list) or []]
        for kind in book
        if kind.list
    }
    told = {field: value for field, value in values.items() if field != "code"}
    mark = marks.write(origin, code, told)
    if len(mark) > CELL_LIMIT:
        # too much for one cell: each list carries its own values with its first row
        for kind in book:
            if kind.list and found[kind.key]:
                listed = marks.write(origin, code, {kind.list: told.pop(kind.list)})
                found[kind.key][0] = {**found[kind.key][0], MARK: listed if len(listed) <= CELL_LIMIT else ""}
        mark = marks.write(origin, code, told)
    found[ITEMS] = [{**values, **(more or {}), MARK: mark if len(mark) <= CELL_LIMIT else ""}]
    return found


def rendered(kind: Kind, row: Mapping[str, Any]) -> list[Any]:
    """Return the cells of a row."""
    return [_cell(column, row.get(column.attribute)) for column in kind.columns]


def _cell(column: SheetField, value: Any) -> Any:
    if value is None or value == "":
        return None
    if column.attribute == MARK:
        return value
    shown = column.widget.render(value) if column.widget else value
    if not isinstance(shown, str):
        return shown
    return TOO_LONG if len(shown) > CELL_LIMIT else tidy(shown) or None


def write_xlsx(path: Path, book: Sequence[Kind], exported: Iterable[Exported], origin: Origin) -> int:
    """Write a workbook, some rows in memory at a time; return how many items it has."""
    made = Workbook(write_only=True)
    _about(made, origin)
    sheets = {kind.key: made.create_sheet(kind.title) for kind in book}
    for kind in book:
        sheet = sheets[kind.key]
        sheet.freeze_panes = "C2"
        for index, column in enumerate(kind.columns, start=1):
            letters = get_column_letter(index)
            sheet.column_dimensions[letters].width = 18
            # the marks are for the program: in the way of nobody who reads
            sheet.column_dimensions[letters].hidden = column.attribute == MARK
        sheet.append([head_cell(sheet, column.header) for column in kind.columns])
    number = 0
    for item in exported:
        number += bool(item.get(ITEMS))
        for kind in book:
            for row in item.get(kind.key, ()):
                sheet = sheets[kind.key]
                sheet.append([stored_cell(sheet, value) for value in rendered(kind, row)])
    made.save(path)
    return number


def _about(made: Workbook, origin: Origin) -> None:
    sheet = made.create_sheet(_("说明"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 80
    for row in (
        (_("导出自"), origin.name),
        (_("导出时间"), origin.at),
        (_("怎么用"), _("改好以后，在“导入”里传回来。没有改的行不会动；先给您看一遍要改什么，再写进去。")),
        (_("空的表"), _("一项的材料、步骤等，一行一条，写在各自的表里，用编码对应。")),
    ):
        sheet.append([head_cell(sheet, row[0]), stored_cell(sheet, row[1])])


def head_cell(sheet: Any, text: str) -> Any:
    """Return a cell of an xlsx's head."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.font, cell.fill = _HEAD, _FILL
    return cell


def stored_cell(sheet: Any, value: Any) -> Any:
    """Return a cell; a text that could be a formula is stored as text, and stays one when somebody edits it."""
    if not isinstance(value, str):
        return value
    text = cell_text(value)
    if not is_risky(text):
        return text
    cell = WriteOnlyCell(sheet, value="")
    cell.value, cell.data_type = text, "s"
    cell.quotePrefix = True
    return cell


def write_csv(path: Path, kind: Kind, exported: Iterable[Exported], origin: Origin) -> int:
    """Write one kind of sheet as csv in UTF-8 with its mark, which Excel and WPS want; return how many rows."""
    number = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.header for column in kind.columns])
        for row in _marked(kind, exported, origin):
            number += 1
            writer.writerow([plain_cell(value) for value in rendered(kind, row)])
    return number


def plain_cell(value: Any) -> Any:
    """Return what stands in a csv; a text that could be a formula has a sign before it."""
    return "" if value is None else guarded(value) if isinstance(value, str) else value


def _marked(kind: Kind, exported: Iterable[Exported], origin: Origin) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of one kind; the first of an item's list carries the whole list, as its own row does in a workbook."""
    for item in exported:
        rows = item.get(kind.key, ())
        if not kind.list:
            yield from rows
            continue
        for index, row in enumerate(rows):
            code = str(row["code"])
            listed = [{key: value for key, value in each.items() if key not in TOLD} for each in rows]
            values = {kind.list: listed} if index == 0 else {}
            yield {**row, MARK: marks.write(origin, code, values)}
