"""The form of a department's system."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from cases.hall import sending
from cases.hall.models import System
from cases.hall.services.systems import Declared

_CODE = re.compile(r"\d{14}")


class SystemForm(forms.Form):
    """What a hall's admin says of a system. The key is chosen once: it stands in the system's address here."""

    key = forms.CharField(
        label=_("代号"),
        help_text=_("小写字母、数字和短横，例如 tax；以后不能改"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]*$", _("只能用小写字母、数字和短横，字母开头"))],
    )
    name = forms.CharField(label=_("叫什么"), help_text=_("办件的经过里写这个名字"), max_length=60)
    departments = forms.MultipleChoiceField(
        label=_("哪些部门的事项"), required=False, widget=forms.CheckboxSelectMultiple
    )
    items = forms.CharField(
        label=_("另外哪些事项"),
        help_text=_("事项编码，一行一个"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    only_listens = forms.BooleanField(label=_("只通知，不由它决定"), required=False)
    url = forms.CharField(
        label=_("通知发到哪里"),
        help_text=_("https 开头的地址；不填就不发"),
        required=False,
        max_length=300,
    )
    is_active = forms.BooleanField(label=_("启用"), required=False)

    def __init__(
        self, *args: Any, departments: Sequence[tuple[str, str]], system: System | None = None, **kwargs: Any
    ) -> None:
        if system is not None:
            names = ("name", "departments", "only_listens", "url", "is_active")
            kwargs["initial"] = {name: getattr(system, name) for name in names} | {
                "items": "\n".join(system.items)
            }
        super().__init__(*args, **kwargs)
        if system is not None:
            del self.fields["key"]
        field = self.fields["departments"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 -- for the type
        field.choices = list(departments)

    def clean_key(self) -> str:
        """Refuse a key that is taken."""
        key = str(self.cleaned_data["key"])
        if System.objects.filter(key=key).exists():
            raise forms.ValidationError(_("这个代号已经有了"))
        return key

    def clean_url(self) -> str:
        """Refuse an address that nothing could be sent to."""
        url = str(self.cleaned_data["url"]).strip()
        if url and (problem := sending.problem_of(url)):
            raise forms.ValidationError(problem)
        return url

    def clean_items(self) -> list[str]:
        """Return the codes."""
        codes = str(self.cleaned_data["items"]).split()
        if wrong := [code for code in codes if not _CODE.fullmatch(code)]:
            raise forms.ValidationError(_("事项编码是 14 位数字：%(code)s"), params={"code": wrong[0][:20]})
        return list(dict.fromkeys(codes))

    @property
    def said(self) -> Declared:
        """What is declared."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return Declared(**values)
