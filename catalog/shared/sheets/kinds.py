"""The sheets of a workbook and their columns: made from the model's fields and from `catalog.shared.rows`, so none is forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import Widget

from catalog.shared import labels, rows
from catalog.shared.enums import Channel, OnlineStep, ServiceObject, Status
from catalog.shared.models import SharedItem
from catalog.shared.rows import Holds
from catalog.shared.sheets.cells import (
    ChoiceCell,
    ChoicesCell,
    CodeCell,
    ConditionCell,
    DateCell,
    FlagCell,
    ListCell,
    NumberCell,
    OptionsCell,
    TextCell,
    ThemesCell,
    Words,
    narrow,
)

ITEMS, OVERRIDES, ADOPTION = "items", "overrides", "adoption"
# the columns that carry the row's origin, why it was changed, and what to do
MARK, REASON, ACTION = "mark", "reason", "action"
LIFE = ("status", "effective_from", "effective_to", "successor")
RESET = "reset"
SMALLINT = 32767

_LISTS: dict[str, Widget] = {
    "levels": ChoicesCell(labels.LEVELS),
    "service_objects": ChoicesCell(dict(ServiceObject.choices)),
    "channels": ChoicesCell(dict(Channel.choices)),
    "online_steps": ChoicesCell(dict(OnlineStep.choices)),
    "delivery": ChoicesCell(labels.DELIVERY),
    "themes": ThemesCell(),
    "conditions": ListCell("\n", "\n"),
}
# what people call a column that our own export calls otherwise
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "code": ("事项编码", "基本编码", "事项代码", "编号"),
    "name": ("事项名称", "事项", "材料名称", "窗口名称", "收费项目名称", "步骤名称"),
    "department": ("主管部门", "实施部门", "所属部门"),
    "audience": ("面向对象", "受众"),
    "promised_days": ("承诺办结时限", "承诺期限", "承诺天数"),
    "promised_unit": ("承诺办结时限单位", "承诺单位"),
    "statutory_days": ("法定办结时限", "法定期限", "法定天数"),
    "statutory_unit": ("法定办结时限单位", "法定单位"),
    "visits": ("到办事现场次数", "跑动次数", "到现场次数"),
    "online_depth": ("网上办理深度",),
    "identity_level": ("实名等级", "实名要求"),
    "phone": ("联系电话", "咨询方式"),
    "complaint_phone": ("监督投诉电话", "监督投诉方式"),
    "address": ("办理地点", "办公地址"),
    "hours": ("办公时间", "工作时间"),
    "aliases": ("俗称", "又名"),
    REASON: ("改动理由", "为什么改", "原因"),
    ACTION: ("动作",),
}


LIFE_LABELS: dict[str, Words] = {
    "status": _("事项状态"),
    "effective_from": _("启用日期"),
    "effective_to": _("停用日期"),
    "successor": _("接替的事项"),
}


def cell_of(field: "models.Field[Any, Any]") -> Widget:
    """Return the kind of cell of a model's field."""
    if field.name in {"code", "successor"}:
        return CodeCell()
    if field.name in _LISTS:
        return _LISTS[field.name]
    if field.name == "status":
        return ChoiceCell({code: label for code, label in Status.choices if code != Status.DRAFT})
    if field.choices:
        return ChoiceCell(dict(field.flatchoices))
    if isinstance(field, models.BooleanField):
        return FlagCell()
    if isinstance(field, models.IntegerField):
        return NumberCell(SMALLINT)
    if isinstance(field, models.DateField):
        return DateCell()
    return ListCell() if isinstance(field, models.JSONField) else TextCell()


class SheetField(Field):  # type: ignore[misc]
    """A column: what its header says and may say, which value it holds, and what a note tells who fills it in.

    `is_told` columns only inform: what somebody writes there is not read.
    """

    def __init__(self, *args: Any, is_told: bool = False, note: Words = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_told, self.note = is_told, note

    @property
    def header(self) -> str:
        """The header, in the language of now."""
        return str(self.column_name)

    def names(self) -> set[str]:
        """Return all headers by which the column is known, as `header_key` makes them."""
        return {
            header_key(name) for name in (self.header, self.attribute, *_SYNONYMS.get(self.attribute, ()))
        }


def header_key(text: str) -> str:
    """Return a header without blanks, stars and what stands in brackets."""
    return narrow(text).partition("(")[0].strip("*:").lower() or narrow(text).lower()


class ItemResource(ModelResource):  # type: ignore[misc]
    """One column for each field of an item that is no list of rows, with our kinds of cell."""

    DEFAULT_RESOURCE_FIELD = SheetField

    class Meta:
        model = SharedItem
        exclude = (
            "id", "version", "sort_key", "updated_at", *rows.LISTS,
        )  # fmt: skip

    @classmethod
    def field_from_django_field(
        cls, field_name: str, django_field: "models.Field[Any, Any]", readonly: bool
    ) -> SheetField:
        """Return the column of a field."""
        names: Mapping[str, Words] = {**labels.FIELDS, **LIFE_LABELS}
        return SheetField(attribute=field_name, column_name=names[field_name], widget=cell_of(django_field))


def _cell_of_column(column: rows.Column) -> Widget:
    if column.holds is Holds.CHOICE:
        return ChoiceCell(column.choices)
    return {
        Holds.COUNT: NumberCell(rows.COUNT_LIMIT),
        Holds.AMOUNT: NumberCell(rows.AMOUNT_LIMIT, is_whole=False),
        Holds.FLAG: FlagCell(),
        Holds.CHOICES: OptionsCell(),
        Holds.CONDITION: ConditionCell(),
    }.get(column.holds, TextCell())


@dataclass(frozen=True)
class Kind:
    """One kind of sheet: its name, which list of an item it holds (none: the items themselves), its columns."""

    key: str
    title: str
    columns: tuple[SheetField, ...]
    list: str = ""

    def find(self, header: str) -> SheetField | None:
        """Return the column of a header, or None."""
        return _headers(self).get(header_key(header))

    def column(self, key: str) -> SheetField | None:
        """Return the column of a key, or None."""
        return next((column for column in self.columns if column.attribute == key), None)

    def header(self, key: str) -> str:
        """Return the header of a key; empty when the sheet has no such column."""
        found = self.column(key)
        return found.header if found else ""


@cache
def _headers(kind: Kind) -> dict[str, SheetField]:
    """Return a kind's columns by every header that they are known by; a column's own header goes first."""
    found = {name: column for column in reversed(kind.columns) for name in column.names()}
    return {**found, **{header_key(column.header): column for column in reversed(kind.columns)}}


_TITLES: dict[str, Words] = {
    ITEMS: _("事项"),
    "materials": _("材料"),
    "steps": _("步骤"),
    "fees": _("收费"),
    "legal_basis": _("设定依据"),
    "special_procedures": _("特别程序"),
    "windows": _("窗口"),
    "faq": _("常见问题"),
    "form": _("表单"),
    OVERRIDES: _("分厅改动"),
    ADOPTION: _("认领"),
}
_NOTES: dict[str, Words] = {
    "code": _("14 位。按文本填，前面的 0 不要丢。"),
    "conditions": _("一行一条。"),
    "promised_days": _("不能比法定时限长；当场办好的写 0。"),
    "statutory_days": _("法律没有规定的留空，不要写 0。"),
    MARK: _("系统用来认这一行从哪里来、原来是什么，请不要改。新加的行留空。"),
    REASON: _("改市级事项要写明为什么改。"),
    ACTION: _("写“恢复”：不要本厅的值，用市里的。删掉这一行不会恢复。"),
    "key": _("系统给这一行的记号，请不要改。新加的行留空。"),
}


def _code() -> SheetField:
    return SheetField(
        attribute="code", column_name=labels.FIELDS["code"], widget=CodeCell(), note=_NOTES["code"]
    )


def _text(key: str, label: Words, *, is_told: bool = False) -> SheetField:
    return SheetField(
        attribute=key, column_name=label, widget=TextCell(), is_told=is_told, note=_NOTES.get(key, "")
    )


def _mark() -> SheetField:
    return _text(MARK, _("导出记录（请不要改）"))


@cache
def items(*, of_hall: bool) -> Kind:
    """Return the sheet of items. A hall's has a column for why a shared item is changed."""
    made = ItemResource().fields
    order = ["code", *(name for name in made if name != "code")]
    for name in order:
        made[name].note = _NOTES.get(name, "")
    last = [_text(REASON, _("改动原因"))] if of_hall else []
    return Kind(ITEMS, str(_TITLES[ITEMS]), (*(made[name] for name in order), *last, _mark()))


@cache
def of_list(name: str, *, of_hall: bool = False) -> Kind:
    """Return the sheet of one of an item's lists: a row for each row, with the item's code."""
    columns = [
        SheetField(
            attribute=column.key, column_name=column.label, widget=_cell_of_column(column), note=_NOTES.get(column.key, ""),
        )
        for column in rows.LISTS[name]
    ]  # fmt: skip
    told = _text("item_name", _("事项名称"), is_told=True)
    last = [_text(REASON, _("改动原因"))] if of_hall else []
    return Kind(name, str(_TITLES[name]), (_code(), told, *columns, *last, _mark()), list=name)


@cache
def overrides() -> Kind:
    """Return the sheet of what a hall changed of shared items."""
    columns = (
        _code(),
        _text("item_name", _("事项名称"), is_told=True),
        _text("label", _("改的是")),
        _text("field", _("字段")),
        _text("value", _("本厅的值")),
        _text("city", _("市里的值"), is_told=True),
        _text(REASON, _("改动原因")),
        SheetField(
            attribute=ACTION,
            column_name=_("操作"),
            widget=ChoiceCell({RESET: _("恢复")}),
            note=_NOTES[ACTION],
        ),
        _mark(),
    )
    return Kind(OVERRIDES, str(_TITLES[OVERRIDES]), columns)


@cache
def adoption() -> Kind:
    """Return the sheet of the shared items that a hall has taken."""
    since = SheetField(attribute="adopted_at", column_name=_("认领日期"), widget=TextCell(), is_told=True)
    return Kind(
        ADOPTION,
        str(_TITLES[ADOPTION]),
        (_code(), _text("item_name", _("事项名称"), is_told=True), since, _mark()),
    )


@cache
def book(*, of_hall: bool) -> tuple[Kind, ...]:
    """Return all sheets of a workbook in order."""
    lists = tuple(of_list(name, of_hall=of_hall) for name in _TITLES if name in rows.LISTS)
    own = (overrides(), adoption()) if of_hall else ()
    return (items(of_hall=of_hall), *lists, *own)
