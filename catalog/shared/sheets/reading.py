"""What a file holds: its sheets, their headers, their rows, whoever saved it (Excel, WPS, a program).

The type is what the content says. The header may stand below titles; sheets are told by name or by their headers;
hidden sheets, unknown columns and blank rows are passed over.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from catalog.shared.sheets.cells import narrow, tidy, unguarded
from catalog.shared.sheets.kinds import Kind, SheetField
from catalog.shared.sheets.zipped import MAX_ROWS, Looked, Unreadable, column_number, look

# how far down a header is looked for
TITLE_ROWS = 15
MAX_COLUMNS = 400
CELL_LIMIT = 2_000_000
SAMPLE = 64 * 1024
EXAMPLE = "示例"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Header:
    """Where a sheet's header stands (counted from 1), and which of our columns stands where (from 0)."""

    number: int
    columns: dict[int, SheetField]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file: its title to show, its kind, its header, and what stands in it besides plain cells."""

    title: str
    kind: Kind
    header: Header
    rows: Iterator[tuple[int, Sequence[Any]]]
    looked: Looked


def is_xlsx(path: Path) -> bool:
    """Say whether a file is an xlsx by its content. Raises Unreadable for what is neither that nor a csv."""
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    if start.startswith(_ZIP):
        return True
    if start.startswith(_OLE):
        raise Unreadable(_("这是旧格式的 xls 或加了密码的文件，请去掉密码，另存为 xlsx 再传"))
    if not start.strip():
        raise Unreadable(_("这个文件是空的，请重新选"))
    if b"\x00" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(_("只能导入 xlsx 和 csv，这个文件两样都不是"))
    return False


def sheets(path: Path, kinds: Sequence[Kind], *, wanted: str = "") -> Iterator[Sheet]:
    """Yield the sheets of a file that hold something of ours, one in memory at a time.

    `wanted` names the kind of a csv where its headers alone would leave a doubt. Raises Unreadable.
    """
    found = _workbook(path, kinds) if is_xlsx(path) else _csv(path, kinds, wanted)
    is_any = False
    for sheet in found:
        is_any = True
        yield sheet
    if not is_any:
        raise Unreadable(_("没有找到能导入的表：表头里要有“编码”。可以先下载空白模板看看"))


def _workbook(path: Path, kinds: Sequence[Kind]) -> Iterator[Sheet]:
    looked = look(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        parts = _parts(looked)
        for index, facts in enumerate(book.sheets_metadata):
            if facts.visible is SheetVisibleEnum.VeryHidden:
                continue
            rows = _cells(book, index)
            sheet = _recognised(facts.name, rows, kinds, by_name=True)
            if sheet is not None:
                kind, header, rest = sheet
                yield Sheet(facts.name, kind, header, rest, looked.get(parts.get(index, ""), Looked()))
    except CalamineError:
        raise Unreadable(_("这个文件打不开，可能没有传完，请重新存一次再传")) from None


def _parts(looked: dict[str, Looked]) -> dict[int, str]:
    """Return the part of each sheet: every program names them sheet1, sheet2 … in the workbook's order."""
    names = [name for name in looked if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    ordered = sorted(names, key=lambda name: int("0" + "".join(filter(str.isdigit, name.rpartition("/")[2]))))
    return dict(enumerate(ordered))


def _cells(book: CalamineWorkbook, index: int) -> Iterator[tuple[int, Sequence[Any]]]:
    sheet = book.get_sheet_by_index(index)
    # rows are told from the first one on, columns from the first that holds something
    blanks = [""] * (sheet.start[1] if sheet.start else 0)
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, [*blanks, *cells] if blanks else cells


def _csv(path: Path, kinds: Sequence[Kind], wanted: str) -> Iterator[Sheet]:
    chosen = [kind for kind in kinds if wanted in {kind.key, kind.title}] or list(kinds)
    found = _recognised("", _lines(path), chosen, by_name=False)
    if found is not None:
        kind, header, rows = found
        yield Sheet(kind.title, kind, header, rows, Looked())


def _lines(path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    encoding = _encoding(path)
    csv.field_size_limit(CELL_LIMIT)
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline()
            file.seek(0)
            delimiter = max(",\t;", key=first.count)
            for number, cells in enumerate(csv.reader(file, delimiter=delimiter), start=1):
                if number > MAX_ROWS:
                    raise Unreadable(
                        _("表太大了：最多 %(rows)s 行，请分成几份再传") % {"rows": f"{MAX_ROWS:,}"}
                    )
                yield number, [unguarded(cell) for cell in cells]
    except (csv.Error, UnicodeError):
        raise Unreadable(_("这个 csv 读不了，请在表格软件里另存为 xlsx 再传")) from None


def _encoding(path: Path) -> str:
    """Return how a csv is written: UTF-8 where all of it is, UTF-16 by its mark, else GB 18030, which GBK is part of."""
    with path.open("rb") as file:
        if file.read(2) in {b"\xff\xfe", b"\xfe\xff"}:
            return "utf-16"
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(SAMPLE):
                pass
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _recognised(
    title: str, rows: Iterator[tuple[int, Sequence[Any]]], kinds: Sequence[Kind], *, by_name: bool
) -> tuple[Kind, Header, Iterator[tuple[int, Sequence[Any]]]] | None:
    """Return kind, header and the rows below it; None for a sheet that is none of ours."""
    named = [kind for kind in kinds if by_name and narrow(kind.title) == narrow(title)]
    for number, cells in rows:
        best = max(
            ((kind, _columns(kind, cells)) for kind in named or kinds), key=lambda found: len(found[1])
        )
        if "code" in {column.attribute for column in best[1].values()} and len(best[1]) > 1:
            return best[0], Header(number, best[1]), rows
        if number >= TITLE_ROWS:
            break
    return None


def _columns(kind: Kind, cells: Sequence[Any]) -> dict[int, SheetField]:
    found: dict[int, SheetField] = {}
    for index, cell in enumerate(cells[:MAX_COLUMNS]):
        column = kind.find(tidy(str(cell))) if isinstance(cell, str) and cell else None
        if column is not None and column not in found.values():
            found[index] = column
    return found


def is_blank(cells: Sequence[Any]) -> bool:
    """Say whether a row holds nothing."""
    for cell in cells:
        if cell is not None and cell != "" and (not isinstance(cell, str) or cell.strip()):
            return False
    return True


def example_finder(sheet: Sheet) -> Callable[[Sequence[Any]], bool]:
    """Return what says whether a row is the template's example."""
    places = [
        index for index, column in sheet.header.columns.items() if column.attribute in {"code", "item_name"}
    ]

    def is_example(cells: Sequence[Any]) -> bool:
        found = (cells[index] for index in places if index < len(cells))
        return any(isinstance(cell, str) and cell.strip().startswith(EXAMPLE) for cell in found)

    return is_example


def odd_cells(sheet: Sheet) -> Iterator[tuple[int, SheetField, str]]:
    """Yield row, column and what is wrong of the formulas and errors that stand in columns we read."""
    for found, sentence in (
        (
            sheet.looked.formulas,
            _("这一格是公式，没有人看过它的结果：请复制这一列，选择性粘贴成“数值”再导入"),
        ),
        (sheet.looked.errors, _("这一格是公式的错误值，请改成要填的内容")),
    ):
        for letters, number in found:
            column = sheet.header.columns.get(column_number(letters) - 1)
            if column is not None and number > sheet.header.number:
                yield number, column, sentence
