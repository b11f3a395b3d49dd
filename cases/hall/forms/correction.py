"""The clerk's form of a correction notice: a verdict for each material and answer, with reason and where to look."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.hall.corrections import MAX_REASON, MAX_WHERE
from cases.hall.enums import Verdict

# what is in order needs no word
FINE = "fine"


class NoticeForm(forms.Form):
    """`asked` are (kind, key) → name, `there` those that were handed in, `places` where to look, from the item."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        asked: Mapping[tuple[str, str], str],
        there: set[tuple[str, str]],
        places: Mapping[tuple[str, str], str],
        needs_reason: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self._wrong: dict[tuple[str, str], list[str]] = {}
        if needs_reason:
            self.fields["reason"] = forms.CharField(
                label=_("为什么再要求一次"), max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3})
            )
        for place in asked:
            name = "__".join(place)
            wrong = [row for row in Verdict.choices if (row[0] == Verdict.MISSING) != (place in there)]
            self._wrong[place] = [value for value, _label in wrong]
            self.fields[f"{name}__verdict"] = forms.ChoiceField(
                label=_("看了怎么样"),
                choices=[(FINE, _("可以")), *wrong],
                initial=FINE,
                required=False,
                error_messages={"invalid_choice": _("请选一种")},
            )
            self.fields[f"{name}__reason"] = forms.CharField(
                label=_("哪里不对"),
                help_text=_("不写就用统一的话"),
                max_length=MAX_REASON,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"{name}__where"] = forms.CharField(
                label=_("看哪里"), max_length=MAX_WHERE, required=False, initial=places.get(place, "")
            )

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each material and answer with its three boxes."""
        for place, label in self.asked.items():
            name = "__".join(place)
            yield {
                "kind": place[0],
                "key": place[1],
                "label": label,
                "place": name,
                "verdicts": frozenset(self._wrong[place]),
                "verdict": self[f"{name}__verdict"],
                "boxes": [self[f"{name}__{part}"] for part in ("reason", "where")],
                "is_open": self[f"{name}__verdict"].value() not in (None, "", FINE),
            }

    @property
    def points(self) -> list[dict[str, str]]:
        """The points of the notice: what was found not in order."""
        found = []
        for kind, key in self.asked:
            name = f"{kind}__{key}"
            verdict = self.cleaned_data.get(f"{name}__verdict") or FINE
            if verdict != FINE:
                found.append(
                    {
                        "kind": kind,
                        "key": key,
                        "verdict": verdict,
                        "reason": self.cleaned_data.get(f"{name}__reason", ""),
                        "where": self.cleaned_data.get(f"{name}__where", ""),
                    }
                )
        return found
