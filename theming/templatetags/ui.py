"""Components of the pages (LOOK §4) as tags, and how dates and numbers are written as filters. Built in: no load needed."""

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, RadioSelect, Select
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import masking
from theming import fields, formats
from theming.looks import Look

register = template.Library()

CLOCKS = {
    "ok": ("●", "ok"),
    "warn": ("◆", "warn"),
    "danger": ("▲", "danger"),
    "lawbreach": ("▲", "law"),
    "paused": ("■", "paused"),
    "expected": ("◎", "info"),
    "stopped": ("○", "neutral"),
}
# state → (colour of its tag, its word)
STATES = {
    "draft": ("neutral", gettext_lazy("没提交")),
    "submitted": ("info", gettext_lazy("已提交")),
    "pre_review": ("info", gettext_lazy("正在看")),
    "correction": ("warn", gettext_lazy("等您补材料")),
    "transferred": ("neutral", gettext_lazy("转到别的大厅")),
    "accepted": ("info", gettext_lazy("已受理")),
    "deemed_accepted": ("info", gettext_lazy("已受理")),
    "not_accepted": ("danger", gettext_lazy("没有受理")),
    "review": ("info", gettext_lazy("正在审查")),
    "special": ("paused", gettext_lazy("暂停计时")),
    "extended": ("warn", gettext_lazy("已延期")),
    "granted": ("ok", gettext_lazy("同意了")),
    "refused": ("danger", gettext_lazy("没有同意")),
    "delivering": ("ok", gettext_lazy("等您来取")),
    "delivered": ("ok", gettext_lazy("已办好")),
    "withdrawn": ("neutral", gettext_lazy("您撤回了")),
    "abandoned": ("neutral", gettext_lazy("过期没补")),
    "terminated": ("neutral", gettext_lazy("已终止")),
    "archived": ("neutral", gettext_lazy("已归档")),
}


@register.inclusion_tag("theming/ui/field.html")
def field(bound: BoundField, hint: str = "", label: str = "", **attrs: str) -> dict[str, Any]:
    """Show a form's field: label, hint, error, input, in this order, tied together for a screen reader.

    `hint` and `label` replace the form's; other keywords become attributes of the input (`_` is written `-`).
    """
    shown = fields.kind(bound)
    messages = fields.errors(bound)
    words = hint or bound.help_text
    described = [f"{bound.auto_id}_hint"] * bool(words) + [f"{bound.auto_id}_error"] * bool(messages)
    own: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attrs.items()}
    if described:
        own["aria-describedby"] = " ".join(described)
    if messages:
        own["aria-invalid"] = "true"
    control = ""
    if bound.is_hidden:
        control = bound.as_widget()
    elif shown == "select":
        control = _select(bound, own)
    elif shown not in {"radios", "checks"}:
        control = bound.as_widget(attrs=own)
    return {
        "bound": bound,
        "kind": "hidden" if bound.is_hidden else shown,
        "label": label or bound.label,
        "hint": words,
        "errors": messages,
        "described": " ".join(described),
        "control": control,
        "rows": fields.rows(bound) if shown in {"radios", "checks"} else [],
        "is_optional": not bound.field.required and shown != "check",
    }


def _select(bound: BoundField, attrs: dict[str, str | bool]) -> SafeString:
    """Show the list; a field declared with radios becomes one when it has too many rows."""
    widget = bound.field.widget
    if isinstance(widget, RadioSelect):
        return bound.as_widget(Select(attrs=widget.attrs, choices=widget.choices), attrs=attrs)
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("theming/ui/error_summary.html")
def error_summary(*forms_shown: Any) -> dict[str, Any]:
    """Show what must be changed, first in main: takes the focus, each line leads to its field. Nothing when all is well."""
    return {"lines": fields.summary(forms_shown)}


@register.simple_tag
def error_prefix(*forms_shown: Any) -> str:
    """Return 错误： for the page's title when one of these forms has an error."""
    return _("错误：") if fields.summary(forms_shown) else ""


@register.inclusion_tag("theming/ui/clock.html")
def clock_tag(clock: Any) -> dict[str, Any]:
    """Show a clock {kind, label, date}: sign, word and colour, the date beside it. An absent clock shows nothing."""
    if not clock:
        return {"clock": None}
    known = (
        clock if isinstance(clock, dict) else {n: getattr(clock, n, None) for n in ("kind", "label", "date")}
    )
    sign, colour = CLOCKS[str(known["kind"])]
    return {"clock": known, "sign": sign, "colour": colour, "date": known.get("date")}


@register.simple_tag
def state_tag(state: str, label: str = "") -> SafeString:
    """Show a case's state as a tag; without a label in LOOK's word for the applicant."""
    colour, word = STATES.get(state, ("neutral", state))
    return format_html('<span class="tag {}">{}</span>', colour, label or word)


@register.inclusion_tag("theming/ui/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Any) -> dict[str, Any]:
    """Show 上一页, 第 2 页，共 9 页, 下一页; the query of the address is kept. One page shows nothing."""

    def address(number: int) -> str:
        query = context["request"].GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page_obj,
        "previous": address(page_obj.previous_page_number()) if page_obj.has_previous() else "",
        "next": address(page_obj.next_page_number()) if page_obj.has_next() else "",
    }


@register.inclusion_tag("theming/ui/crumbs.html")
def crumbs(*parts: str) -> dict[str, Any]:
    """Show where we are: label, address, label, address, …, and last the page's own label without one."""
    pairs = [
        {"label": parts[i], "url": parts[i + 1] if i + 1 < len(parts) else ""}
        for i in range(0, len(parts), 2)
    ]
    return {"crumbs": pairs}


@register.inclusion_tag("theming/ui/motif.html", takes_context=True)
def motif(context: Context, theme: Look | None = None) -> dict[str, Any]:
    """Draw the hall's line drawing; with a theme (portal's tiles) that hall's, in its colour."""
    if theme is not None:
        return {"paths": theme.paths, "colour": theme.brand}
    return {"paths": context.get("motif_paths", []), "colour": ""}


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """Return 2026年3月4日（星期三）; empty for nothing."""
    return formats.cn_date(value) if value else ""


@register.filter
def cn_day(value: date | datetime | None) -> str:
    """Return 3月4日 周三; empty for nothing."""
    return formats.cn_day(value) if value else ""


@register.filter
def cn_time(value: datetime | None) -> str:
    """Return 2026年3月4日 14:30; empty for nothing."""
    return formats.cn_time(value) if value else ""


@register.filter
def file_size(value: int | None) -> str:
    """Return 86 KB or 2.3 MB; empty for nothing."""
    return formats.file_size(value) if value is not None else ""


@register.filter
def case_number(value: str | None) -> SafeString:
    """Show a case number in its parts by margins, so that a copy of it has no spaces."""
    return _parts(formats.number_parts(value or ""))


@register.filter
def id_number(value: str | None) -> SafeString:
    """Show a whole ID number as 6 8 4 by margins: only on the page where its owner checks it."""
    return _parts(formats.id_parts(value or ""))


@register.filter
def mask_name(value: str | None) -> str:
    """Return 张*; empty for nothing."""
    return masking.mask_name(value or "")


@register.filter
def mask_id(value: str | None) -> str:
    """Return 110105********002X; empty for nothing."""
    return masking.mask_id(value or "")


@register.filter
def mask_phone(value: str | None) -> str:
    """Return 138****5678; empty for nothing."""
    return masking.mask_phone(value or "")


def _parts(parts: list[str]) -> SafeString:
    return format_html(
        '<span class="num">{}</span>', format_html_join("", "<span>{}</span>", ([part] for part in parts))
    )
