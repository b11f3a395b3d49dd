"""What staff type about items: one field's own value, and a local item. Read here, checked again by the services."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.hall.services.local import made_key
from catalog.shared import labels
from catalog.shared.enums import Audience, Depth, ItemType, Kind, ResultKind, Unit
from catalog.shared.models import ItemFields, Theme
from catalog.shared.policy import Rule, Shape, rule_of

YES_NO = [("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))]
LONG_TEXTS = {"summary", "notes", "guide_text", "limit_note", "visits_reason"}


class ValueForm(forms.Form):
    """This hall's own value of one field, or of one row of a list, and why. `value` is what the service takes."""

    def __init__(self, *args: Any, field: str, current: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field_name = field
        self.rule = rule_of(field)
        self.former = current
        if self.rule.rows is not None:
            for key, rule in self.rule.rows.items():
                self.fields[key] = _form_field(rule, str(labels.ROWS[key]), (current or {}).get(key), is_long=key == "note")
        else:
            label = labels.field(field)
            if self.rule.shape is Shape.LIMIT:
                label = _("%(label)s（%(unit)s）") % {"label": label, "unit": Unit(unit).label}
            self.fields["value"] = _value_field(field, self.rule, label, current)
        self.fields["reason"] = forms.CharField(label=_("为什么改"), max_length=300)

    @property
    def value(self) -> Any:
        """The cleaned value in the shape that the service takes."""
        if self.rule.rows is not None:
            given = {key: _plain(rule, self.cleaned_data.get(key)) for key, rule in self.rule.rows.items()}
            return {key: value for key, value in given.items() if value is not None}
        given = self.cleaned_data["value"]
        return faq_rows(given, self.former or []) if self.field_name == "faq" else _plain(self.rule, given)


def _value_field(field: str, rule: Rule, label: str, current: Any) -> forms.Field:
    if field == "delivery":
        return forms.MultipleChoiceField(
            label=label, choices=list(labels.DELIVERY.items()), widget=forms.CheckboxSelectMultiple, initial=current, required=False
        )
    if field == "faq":
        text = "\n\n".join(f"{row.get('question', '')}\n{row.get('answer', '')}" for row in current or [])
        return forms.CharField(
            label=label,
            help_text=_("第一行写问，下面写答；两条之间空一行"),
            widget=forms.Textarea,
            initial=text,
            required=False,
        )
    return _form_field(rule, label, current, is_long=field in LONG_TEXTS, longest=getattr(ItemFields._meta.get_field(field), "max_length", None))


def _form_field(rule: Rule, label: str, current: Any, *, is_long: bool = False, longest: int | None = None) -> forms.Field:
    if rule.shape is Shape.BOOLEAN:
        return forms.ChoiceField(label=label, choices=YES_NO, widget=forms.RadioSelect, initial="yes" if current else "no")
    if rule.shape is Shape.LIMIT:
        return forms.IntegerField(label=label, min_value=0, max_value=9999, initial=(current or {}).get("days"))
    if rule.shape is Shape.COUNT:
        return forms.IntegerField(label=label, min_value=0, max_value=9999, initial=current, required=rule.rows is None and current is not None)
    if rule.shape is Shape.AMOUNT:
        return forms.DecimalField(label=label, min_value=0, max_digits=9, decimal_places=2, initial=current, required=False)
    widget = forms.Textarea if is_long else forms.TextInput
    return forms.CharField(label=label, max_length=longest or 300 if not is_long else None, initial=current, widget=widget, required=False)


def _plain(rule: Rule, given: Any) -> Any:
    if rule.shape is Shape.BOOLEAN:
        return given == "yes"
    if isinstance(given, Decimal):
        return int(given) if given == given.to_integral_value() else float(given)
    return given


def faq_rows(text: str, former: list[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the questions and answers that a text holds; a question that was there keeps its key."""
    keys = {row.get("question"): str(row["key"]) for row in former if row.get("key")}
    rows = []
    for block in "\n".join(line.strip() for line in text.splitlines()).split("\n\n"):
        question, _line, answer = block.strip().partition("\n")
        if question:
            rows.append({"key": keys.get(question) or made_key(question), "question": question, "answer": answer})
    return rows


class LocalItemForm(forms.Form):
    """A local item on a plain page: lists are written one entry a line."""

    name = forms.CharField(label=_("名称"), max_length=200)
    summary = forms.CharField(label=_("一句话说明"), max_length=300, required=False)
    type = forms.ChoiceField(label=_("事项类型"), choices=ItemType.choices, initial=ItemType.PUBLIC_SERVICE)
    department = forms.ChoiceField(label=_("部门"))
    audience = forms.ChoiceField(label=_("谁能办"), choices=Audience.choices, initial=Audience.PERSONAL)
    theme = forms.ChoiceField(label=_("专题"), required=False)
    aliases = forms.CharField(label=_("别名"), help_text=_("群众平时怎么叫，一行一个"), widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label=_("多久办好"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.INSTANT)
    promised_days = forms.IntegerField(label=_("承诺几天"), help_text=_("当场办好写 0"), min_value=0, max_value=9999, initial=0)
    promised_unit = forms.ChoiceField(label=_("承诺的天怎么算"), choices=Unit.choices, initial=Unit.WORKING)
    statutory_days = forms.IntegerField(label=_("法定几天"), help_text=_("法律没有规定就不填"), min_value=0, max_value=9999, required=False)
    statutory_unit = forms.ChoiceField(label=_("法定的天怎么算"), choices=Unit.choices, initial=Unit.WORKING)
    visits = forms.IntegerField(label=_("要跑几次"), min_value=0, max_value=99, initial=0)
    visits_reason = forms.CharField(label=_("为什么要跑"), max_length=300, required=False)
    online_depth = forms.TypedChoiceField(label=_("网上能办到哪一步"), choices=Depth.choices, coerce=int, initial=Depth.GUIDE)
    can_apply = forms.BooleanField(label=_("能在网上申请"), required=False)
    can_book = forms.BooleanField(label=_("能预约"), required=False)
    conditions = forms.CharField(label=_("受理条件"), help_text=_("一行一条"), widget=forms.Textarea, required=False)
    materials = forms.CharField(label=_("材料"), help_text=_("一行一份，写明是哪一份"), widget=forms.Textarea, required=False)
    steps = forms.CharField(
        label=_("步骤"), help_text=_("一行一步：名称｜谁来做｜几天，例如 审查｜审批岗｜2"), widget=forms.Textarea, required=False
    )
    legal_basis = forms.CharField(label=_("设定依据"), help_text=_("一行一条：法规｜条款"), widget=forms.Textarea, required=False)
    fees = forms.CharField(
        label=_("收费"), help_text=_("不收费就不填；一行一项：名称｜元｜收费文件"), widget=forms.Textarea, required=False
    )
    result_kind = forms.ChoiceField(label=_("结果类型"), choices=ResultKind.choices, initial=ResultKind.OTHER)
    result_name = forms.CharField(label=_("结果名称"), max_length=120, required=False)
    delivery = forms.MultipleChoiceField(
        label=_("领取方式"), choices=list(labels.DELIVERY.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    hours = forms.CharField(label=_("办理时间"), max_length=200, required=False)
    phone = forms.CharField(label=_("咨询电话"), max_length=60, required=False)
    guide_text = forms.CharField(label=_("补充说明"), widget=forms.Textarea, required=False)

    LINES = ("aliases", "conditions")

    def __init__(self, *args: Any, departments: list[str], themes: list[Theme], item: ItemFields | None = None, **kwargs: Any) -> None:
        self.item = item
        if item is not None:
            kwargs.setdefault("initial", _initial(item))
            departments = list(dict.fromkeys([*departments, item.department]))
        super().__init__(*args, **kwargs)
        self.fields["department"] = forms.ChoiceField(label=_("部门"), choices=[(name, name) for name in departments])
        rows = [(f"{theme.list}:{theme.code}", theme.name) for theme in themes]
        self.fields["theme"] = forms.ChoiceField(label=_("专题"), choices=[("", _("不归专题")), *rows], required=False)

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the item as the service takes them; rows that were there keep their keys."""
        given = dict(self.cleaned_data)
        theme = given.pop("theme")
        kept = [key for key in self.item.themes if key != self._theme(self.item)] if self.item else []
        given["themes"] = [theme, *kept] if theme else kept
        for name in self.LINES:
            given[name] = _lines(given[name])
        given["materials"] = self._rows("materials", ("name",), {"type": "3", "form": "3", "source": "10", "originals": 1, "copies": 0, "necessity": "required", "exempt": False})
        given["steps"] = self._rows("steps", ("name", "role", "days"), {"role": "", "days": 0})
        given["legal_basis"] = self._rows("legal_basis", ("law", "article"), {"document": "", "article": "", "text": ""})
        given["fees"] = self._rows("fees", ("name", "amount", "basis"), {"standard": "", "basis": "", "online": False})
        return given

    def _rows(self, field: str, columns: tuple[str, ...], defaults: dict[str, Any]) -> list[dict[str, Any]]:
        former = {row.get(columns[0]): row for row in getattr(self.item, field, [])}
        rows = []
        for line in _lines(self.cleaned_data[field]):
            cells = [cell.strip() for cell in line.replace("|", "｜").split("｜")]
            given = {name: _number(name, cell) for name, cell in zip(columns, cells, strict=False) if cell}
            if given.get(columns[0]):
                rows.append({"key": made_key(str(given[columns[0]])), **defaults, **former.get(given[columns[0]], {}), **given})
        return rows

    @staticmethod
    def _theme(item: ItemFields) -> str:
        return item.themes[0] if item.themes else ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(column: str, cell: str) -> Any:
    if column not in {"days", "amount"}:
        return cell
    try:
        number = Decimal(cell)
    except ArithmeticError:
        return cell
    if not number.is_finite():
        return cell
    return int(number) if number == number.to_integral_value() else float(number)


def _initial(item: ItemFields) -> dict[str, Any]:
    def lines(rows: list[Mapping[str, Any]], *columns: str) -> str:
        return "\n".join("｜".join(str(row.get(name, "")) for name in columns).rstrip("｜") for row in rows)

    plain = {name: getattr(item, name) for name in LocalItemForm.base_fields if hasattr(item, name)}
    return plain | {
        "theme": item.themes[0] if item.themes else "",
        "aliases": "\n".join(item.aliases),
        "conditions": "\n".join(item.conditions),
        "materials": lines(item.materials, "name"),
        "steps": lines(item.steps, "name", "role", "days"),
        "legal_basis": lines(item.legal_basis, "law", "article"),
        "fees": lines(item.fees, "name", "amount", "basis"),
    }
