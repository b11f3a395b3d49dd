"""Forms about who works on what: handing on, cover during leave, groups and their rules, columns."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall.columns import COLUMNS
from cases.hall.forms.fields import RowsField
from cases.hall.services.claims import MAX_REASON
from theming.widgets import ThreeBoxDateField

Rows = Sequence[tuple[Any, Any]]


class PassOnForm(forms.Form):
    """To whom a case is handed on, and why."""

    def __init__(self, *args: Any, colleagues: Rows, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = RowsField(_("交给谁"), list(colleagues))
        self.fields["reason"] = forms.CharField(
            label=_("为什么移交"),
            help_text=_("接手的同事会看到，申请人看不到"),
            max_length=MAX_REASON,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": _("请写明为什么移交")},
        )


class CoverForm(forms.Form):
    """Who is away from when to when, and who stands in. `people` only for whoever arranges it for others."""

    def __init__(self, *args: Any, people: Rows, colleagues: Rows, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people:
            self.fields["person"] = _one_of(_("谁请假"), people)
        self.fields["first"] = ThreeBoxDateField(label=_("第一天"))
        self.fields["last"] = ThreeBoxDateField(label=_("最后一天"))
        self.fields["by"] = _one_of(_("谁来代办"), colleagues)


class GroupForm(forms.Form):
    """A group's name and the posts that belong to it."""

    name = forms.CharField(label=_("组的名字"), max_length=40, error_messages={"required": _("请填名字")})

    def __init__(self, *args: Any, posts: Rows, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts"] = forms.MultipleChoiceField(
            label=_("组里的人"), required=False, choices=list(posts), widget=forms.CheckboxSelectMultiple
        )


class RuleForm(forms.Form):
    """Which cases go to a group; what is left open holds for all."""

    def __init__(
        self, *args: Any, groups: Rows, items: Rows, towns: Rows, departments: Rows, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, label, rows in (
            ("item_code", _("事项"), items),
            ("division", _("乡镇、街道"), towns),
            ("department", _("部门"), departments),
        ):
            self.fields[name] = _one_of(label, [("", _("不限")), *rows], required=False)
        self.fields["group"] = _one_of(_("交给哪个组"), groups)


class ColumnsForm(forms.Form):
    """Which columns the desk shows."""

    columns = forms.MultipleChoiceField(
        label=_("看哪几列"),
        required=False,
        choices=list(COLUMNS.items()),
        widget=forms.CheckboxSelectMultiple,
    )


def _one_of(label: Any, rows: Rows, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(rows),
        required=required,
        widget=forms.Select,
        error_messages={"required": _("请选一种"), "invalid_choice": _("请选一种")},
    )
