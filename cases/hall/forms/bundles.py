"""Which items of a bundle somebody applies for: one question for each, before any work."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Company
from cases.hall.forms.apply import CompanyForm
from cases.hall.forms.fields import RowsField
from catalog.hall.models import EffectiveItem

_ROWS: list[tuple[str, Any]] = [("yes", gettext_lazy("办")), ("no", gettext_lazy("不办"))]


class PartsForm(CompanyForm):
    """For whom, and of each item whether it is applied for. Who needs it and who may stand beside the question.

    What everybody needs is chosen at first; `kept` are the codes of a draft that was begun.
    """

    def __init__(
        self,
        *args: Any,
        companies: Sequence[Company],
        items: Sequence[EffectiveItem],
        when: Mapping[str, str],
        kept: Collection[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, companies=companies, **kwargs)
        self.codes = [item.code for item in items]
        for item in items:
            field = RowsField(item.name, _ROWS)
            needed = when.get(item.code, "")
            who = [_("%(who)s才要办") % {"who": needed} if needed else "", *item.conditions]
            field.help_text = "；".join(text.rstrip("。；") for text in who if text)
            if kept:
                field.initial = "yes" if item.code in kept else "no"
            elif not needed:
                field.initial = "yes"
            self.fields[f"part-{item.code}"] = field

    @property
    def parts(self) -> list[Any]:
        """The questions, one an item."""
        return [self[f"part-{code}"] for code in self.codes]

    @property
    def wanted(self) -> list[str]:
        """The codes of the items that were chosen."""
        return [code for code in self.codes if self.cleaned_data.get(f"part-{code}") == "yes"]
