"""What a new hall has on its first day: the questions of its items, departments, hours and look."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.onboarding import counts, proposals, sheet
from portal.onboarding.base import ALL, FROM_ITEMS, LIKE, SHEET, SOME, Known, Line, Question, find
from tenants.shared.enums import Level
from tenants.shared.queries import city, halls
from theming.prepared import PREPARED

LIKE_LOOK = "like:"


class ItemsQuestion(Question):
    """Which of the city's items it takes: all of its level, those of some departments, or a hall's."""

    slug, title = "items", gettext_lazy("事项")

    items = forms.ChoiceField(label=gettext_lazy("办哪些事项"), widget=forms.RadioSelect)
    items_like = forms.ChoiceField(label=gettext_lazy("照哪个大厅"), required=False)
    item_departments = forms.MultipleChoiceField(
        label=gettext_lazy("哪些部门的"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, files: Any = None, *, known: Known) -> None:
        super().__init__(data, files, known=known)
        self.whole = counts.of_level(str(known.get("level") or Level.COUNTY))
        fields: Any = self.fields
        level = Level(str(known.get("level") or Level.COUNTY)).label
        fields["items"].choices = [
            (ALL, _("%(level)s该办的全部，共 %(n)s 项") % {"level": level, "n": f"{self.whole.number:,}"}),
            (SOME, _("只要几个部门的，在下面勾")),
            (LIKE, _("照一个大厅的，在下面选")),
        ]
        fields["items_like"].choices = proposals.hall_choices()
        fields["item_departments"].choices = [
            (name, _("%(name)s，%(n)s 项") % {"name": name, "n": f"{number:,}"})
            for name, number in self.whole.departments
        ]

    def propose(self) -> dict[str, Any]:
        """Propose everything of the level."""
        return {"items": ALL}

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way needs, and for at least one item."""
        given = super().clean() or {}
        if given.get("items") == SOME and not given.get("item_departments"):
            self.add_error("item_departments", _("请至少勾一个部门"))
        if given.get("items") == LIKE and not given.get("items_like"):
            self.add_error("items_like", _("请选照哪个大厅"))
        if not self.errors and not self.chosen().number:
            self.add_error("items", _("这样一项也没有，请换一种选法"))
        return given

    def chosen(self) -> counts.Chosen:
        """Return the items that the answer comes to, as of now. After is_valid."""
        given = self.cleaned_data
        if given["items"] == LIKE:
            hall = find(given["items_like"])
            return counts.like(hall) if hall is not None else counts.Chosen([], [])
        if given["items"] == SOME:
            return counts.of_level(self._of("level"), given["item_departments"])
        return self.whole

    def lines(self) -> list[Line]:
        """Say how many items come of it, and of which departments."""
        chosen = self.chosen()
        way = dict(self.fields["items"].choices)[self.cleaned_data["items"]]  # type: ignore[attr-defined]
        if self.cleaned_data["items"] == LIKE:
            hall = find(self.cleaned_data["items_like"])
            way = _("照%(hall)s的") % {"hall": hall.name if hall else ""}
        elif self.cleaned_data["items"] == SOME:
            way = _("只要几个部门的")
        parts = [_("%(name)s %(n)d 项") % {"name": name, "n": number} for name, number in chosen.departments]
        return [
            (str(self["items"].label), str(way)),
            (_("共几项"), _("%(n)s 项，%(d)s 个部门") % {"n": f"{chosen.number:,}", "d": len(parts)}),
            (_("各部门"), "、".join(parts)),
        ]


class DepartmentsQuestion(Question):
    """Its departments and windows: of the chosen items, like a hall's, or from a sheet."""

    slug, title = "departments", gettext_lazy("部门和窗口")

    departments = forms.ChoiceField(
        label=gettext_lazy("部门和窗口怎么来"),
        widget=forms.RadioSelect,
        choices=[
            (FROM_ITEMS, gettext_lazy("按所选事项列部门，先设一个综合窗口")),
            (LIKE, gettext_lazy("照一个大厅的，在下面选")),
            (SHEET, gettext_lazy("用表格，在下面传")),
        ],
    )
    departments_like = forms.ChoiceField(label=gettext_lazy("照哪个大厅"), required=False)
    upload = forms.FileField(
        label=gettext_lazy("填好的表格"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        allow_empty_file=True,
        max_length=400,
    )

    def __init__(self, data: Any = None, files: Any = None, *, known: Known) -> None:
        super().__init__(data, files, known=known)
        fields: Any = self.fields
        fields["departments_like"].choices = proposals.hall_choices()
        self.problems: list[sheet.Problem] = []
        self.read: dict[str, Any] = known.get("sheet") or {}
        if self.read:
            fields["upload"].label = _("换一份表格")

    def propose(self) -> dict[str, Any]:
        """Propose what the items ask for, like a hall of the level where there is one."""
        same = proposals.same_level(self._of("level"))
        return {"departments": LIKE if same else FROM_ITEMS, "departments_like": same.key if same else ""}

    def clean(self) -> dict[str, Any]:
        """Read the sheet; ask for what the chosen way needs."""
        given = super().clean() or {}
        if given.get("departments") == LIKE and not given.get("departments_like"):
            self.add_error("departments_like", _("请选照哪个大厅"))
        if given.get("departments") == SHEET:
            if given.get("upload"):
                self._read(given["upload"])
            elif not self.read:
                self.add_error("upload", _("请选填好的表格"))
        return given

    def _read(self, upload: Any) -> None:
        try:
            self.read = sheet.read(upload)
        except sheet.Unreadable as problem:
            self.add_error("upload", str(problem))
        except sheet.Faulty as faulty:
            self.problems = faulty.problems
            self.add_error("upload", _("表格有 %(n)d 处要改，什么也没有存") % {"n": len(faulty.problems)})

    def answer(self) -> dict[str, Any]:
        """Keep what the sheet held, and not the file."""
        given = {name: self.cleaned_data[name] for name in ("departments", "departments_like")}
        return given | ({"sheet": self.read} if given["departments"] == SHEET else {})

    def lines(self) -> list[Line]:
        """Say how many there are of each, where that is known."""
        way = self.cleaned_data["departments"]
        if way == SHEET:
            said = _("表格里 %(d)d 个部门、%(w)d 种窗口") % {
                "d": len(self.read["departments"]),
                "w": len(self.read["windows"]),
            }
        elif way == LIKE:
            hall = find(self.cleaned_data["departments_like"])
            said = _("照%(hall)s的") % {"hall": hall.name if hall else ""}
        else:
            said = _("按所选事项列部门，先设一个综合窗口")
        return [(str(self.title), said)]


class Hour(forms.CharField):
    """An hour of a day as people type it: 9:00, 09:00, 9：00."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=5, widget=forms.TextInput(attrs={"class": "y"}), **more)

    def clean(self, value: Any) -> str:
        """Return HH:MM, or nothing. Raises ValidationError."""
        text = str(super().clean(value)).strip().replace("：", ":")
        if not text:
            return ""
        hours, _colon, minutes = text.partition(":")
        try:
            return f"{time(int(hours), int(minutes or 0)):%H:%M}"
        except ValueError:
            raise ValidationError(_("时间写成 9:00 这样")) from None


class HoursQuestion(Question):
    """When it is open, where it is and how to ask."""

    slug, title = "hours", gettext_lazy("时间和地点")

    morning_from = Hour(label=gettext_lazy("上午从"))
    morning_to = Hour(label=gettext_lazy("上午到"))
    afternoon_from = Hour(label=gettext_lazy("下午从"), required=False)
    afternoon_to = Hour(label=gettext_lazy("下午到"), required=False)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200)
    phone = forms.CharField(label=gettext_lazy("咨询电话"), max_length=60, required=False)
    complaint_phone = forms.CharField(label=gettext_lazy("投诉电话"), max_length=60, required=False)

    def propose(self) -> dict[str, Any]:
        """Propose office hours, and the city's hotline for complaints."""
        hours = {"morning_from": "09:00", "morning_to": "12:00", "afternoon_from": "13:00"}
        return {**hours, "afternoon_to": "17:00", "complaint_phone": city().hotline}

    def clean(self) -> dict[str, Any]:
        """Refuse hours that end before they begin."""
        given = super().clean() or {}
        if bool(given.get("afternoon_from")) != bool(given.get("afternoon_to")):
            self.add_error("afternoon_to", _("下午要写从几点到几点，不开就都空着"))
        before = ""
        for part in ("morning", "afternoon"):
            opens, closes = given.get(f"{part}_from"), given.get(f"{part}_to")
            if opens and closes and not before <= opens < closes:
                self.add_error(f"{part}_to", _("要先开后关，下午在上午后面"))
            before = closes or before
        return given

    def lines(self) -> list[Line]:
        """Say the hours in one line."""
        return [(_("开放时间"), hours_in_words(self.cleaned_data)), *super().lines()[4:]]


def sessions_of(given: Known) -> list[list[str]]:
    """Return the hours as pairs."""
    pairs = [[given[f"{part}_from"], given[f"{part}_to"]] for part in ("morning", "afternoon")]
    return [pair for pair in pairs if all(pair)]


def hours_in_words(given: Known) -> str:
    """Return the hours as the office tells them."""
    return _("工作日 %(hours)s") % {
        "hours": "，".join(
            f"{opens.removeprefix('0')}–{closes.removeprefix('0')}" for opens, closes in sessions_of(given)
        )
    }


class LookQuestion(Question):
    """How it looks on its first day."""

    slug, title = "look", gettext_lazy("外观")
    lead = gettext_lazy("先选一套，开通前后都能在“外观”里改。")

    look = forms.ChoiceField(label=gettext_lazy("用哪一套"), widget=forms.RadioSelect)

    def __init__(self, data: Any = None, files: Any = None, *, known: Known) -> None:
        super().__init__(data, files, known=known)
        fields: Any = self.fields
        fields["look"].choices = [
            *((key, look.label) for key, look in PREPARED.items()),
            *(
                (f"{LIKE_LOOK}{hall.key}", _("和%(hall)s一样") % {"hall": hall.short_name})
                for hall in halls()
            ),
        ]

    def propose(self) -> dict[str, Any]:
        """Propose the first."""
        return {"look": next(iter(PREPARED))}

    def lines(self) -> list[Line]:
        """Say the look's name."""
        choices: Any = self.fields["look"]
        return [(str(self["look"].label), str(dict(choices.choices)[self.cleaned_data["look"]]))]
