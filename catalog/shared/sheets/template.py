"""The blank workbook: drop-downs, notes on the headers, and an example row that an import passes over."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from catalog.shared import rows
from catalog.shared.sheets.cells import ChoiceCell, ChoicesCell, FlagCell, NumberCell
from catalog.shared.sheets.kinds import ACTION, ITEMS, MARK, Kind, SheetField
from catalog.shared.sheets.reading import EXAMPLE

# rows below the header that have drop-downs and are formatted as text
ROWS = 500
# what a list of words in a drop-down may have
_LONGEST = 250
_HEAD, _FILL, _NEEDED_FILL = (
    Font(bold=True),
    PatternFill("solid", fgColor="EFEEE8"),
    PatternFill("solid", fgColor="FFF1D1"),
)
_NEEDED = {"code", "name", "department", "audience", "kind"}
_EXAMPLES: dict[str, Any] = {
    "code": "示例", "item_name": "示例", "name": "示例：残疾人证换领", "type": "公共服务", "department": "残联", "kind": "几天办好",
    "audience": "个人", "promised_days": 5, "conditions": "户口在本地\n原证已经到期", "result_name": "残疾人证", "law": "写法规全名",
    "question": "多久能办好", "answer": "五个工作日",
}  # fmt: skip


def write_template(path: Path, book: Sequence[Kind]) -> None:
    """Write the blank workbook of these sheets."""
    made = Workbook()
    about = made.active
    about.title = _("说明")
    about.column_dimensions["A"].width = 100
    for line in _about():
        about.append([line])
    for kind in book:
        _sheet(made.create_sheet(kind.title), kind)
    made.save(path)


def _about() -> Iterator[str]:
    yield _("怎么填")
    yield _("1. 一项一行，写在“事项”表里。材料、步骤、收费等一行一条，写在各自的表里，用编码对应。")
    yield _("2. 黄色的列要填。不用的列可以删掉：没有的列不会动。已有的事项，空的格子表示清空。")
    yield _("3. 表头上有批注的，把鼠标放上去看怎么填。有下拉的，从下拉里选。")
    yield _("4. “示例”那一行只是样子，不会导入。")
    yield _("5. 传上来以后，先给您看一遍新增、改动和错误，您点“导入”才写进去。")


def _sheet(sheet: Any, kind: Kind) -> None:
    sheet.freeze_panes = "C2"
    shown = [column for column in kind.columns if column.attribute != MARK]
    for index, column in enumerate(shown, start=1):
        letters = get_column_letter(index)
        cell = sheet.cell(1, index, column.header)
        cell.font, cell.fill = _HEAD, _NEEDED_FILL if _is_needed(kind, column) else _FILL
        sheet.column_dimensions[letters].width = 18
        if note := _note(column):
            cell.comment = Comment(note, EXAMPLE, width=320, height=120)
        if choices := drop_down(column):
            allowed = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
            allowed.error, allowed.errorTitle = _("请从下拉里选"), column.header
            allowed.add(f"{letters}2:{letters}{ROWS}")
            sheet.add_data_validation(allowed)
        if column.attribute == "code":
            for number in range(2, ROWS):
                sheet.cell(number, index).number_format = "@"
        sheet.cell(2, index, _EXAMPLES.get(column.attribute))


def _is_needed(kind: Kind, column: SheetField) -> bool:
    if kind.key == ITEMS:
        return column.attribute in _NEEDED
    known = {rule.key: rule for rule in rows.LISTS.get(kind.list, ())}
    rule = known.get(column.attribute)
    return column.attribute == "code" or bool(rule and rule.is_needed and rule.key != "key")


def drop_down(column: SheetField) -> str:
    """Return the words of a column's drop-down, comma separated; empty where there is none or they are too many."""
    words = column.widget.choices if isinstance(column.widget, ChoiceCell | FlagCell) else ()
    text = ",".join(words)
    return text if len(text) <= _LONGEST and not any("," in word or '"' in word for word in words) else ""


def _note(column: SheetField) -> str:
    if column.note:
        return str(column.note)
    widget = column.widget
    if isinstance(widget, ChoicesCell):
        return _("可以填几个，用“、”隔开：%(words)s") % {"words": "、".join(widget.one.choices)}
    if isinstance(widget, ChoiceCell) and column.attribute != ACTION:
        return _("从这些里选：%(words)s") % {"words": "、".join(widget.choices)}
    return _("填数字。") if isinstance(widget, NumberCell) else ""
