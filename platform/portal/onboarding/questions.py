"""The nine questions of a new hall, each a form of its own: for the pages, one after the other, and for a file, all at once.

A question knows the answers to the others (`known`, one flat mapping), proposes what it can, and gives its answer as JSON.
"""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.encryption import encrypt
from accounts.masking import mask_phone
from accounts.validators import (
    name_problem,
    normalize_id,
    normalize_name,
    normalize_phone,
    phone_problem,
    uscc_problem,
)
from portal.onboarding import counts, proposals, sheet
from tenants.hall.onboarding import unsealed
from tenants.shared import naming
from tenants.shared.divisions import by_county, town
from tenants.shared.enums import Level
from tenants.shared.models import Hall
from tenants.shared.onboarding import SEALED
from tenants.shared.queries import city, halls
from theming.prepared import PREPARED
from theming.widgets import PhoneInput

Known = Mapping[str, Any]
Line = tuple[str, str]
ALL, SOME, LIKE, SHEET, FROM_ITEMS = "all", "some", "like", "sheet", "items"
LIKE_LOOK = "like:"


def find(key: str) -> Hall | None:
    """Return the hall of this key, or None."""
    return next((hall for hall in halls() if hall.key == key), None)


def _raise(problem: str | None) -> None:
    if problem:
        raise ValidationError(problem)


class Question(forms.Form):
    """One question: `slug` is its address, `title` its heading."""

    slug: ClassVar[str] = ""
    title: ClassVar[str | Promise] = ""
    lead: ClassVar[str | Promise] = ""

    def __init__(self, data: Any = None, files: Any = None, *, known: Known) -> None:
        self.known = known
        shown = {**self.propose(), **{name: value for name, value in self.opened().items() if value != ""}}
        super().__init__(data, files, initial=shown)

    def propose(self) -> dict[str, Any]:
        """Return what the fields begin with before anybody answered."""
        return {}

    def opened(self) -> dict[str, Any]:
        """Return what was answered before, as the fields take it."""
        return {name: self.known[name] for name in self.base_fields if name in self.known}

    def answer(self) -> dict[str, Any]:
        """Return the answer as JSON keeps it. After is_valid."""
        return dict(self.cleaned_data)

    def lines(self) -> list[Line]:
        """Return what was answered in words, label by label. After is_valid."""
        return [(str(bound.label), str(self.cleaned_data[bound.name] or _("没填"))) for bound in self]

    def _of(self, name: str) -> str:
        return str(self.known.get(name) or "")


class NameQuestion(Question):
    """What the hall is called and at which level it serves."""

    slug, title = "name", gettext_lazy("名称")

    name = forms.CharField(
        label=gettext_lazy("大厅全称"),
        max_length=60,
        help_text=gettext_lazy("群众在每一页都看到，写县、区全称"),
    )
    short_name = forms.CharField(
        label=gettext_lazy("简称"), max_length=20, help_text=gettext_lazy("在列表里用，两三个字最好")
    )
    level = forms.ChoiceField(
        label=gettext_lazy("是哪一级"), choices=[("", ""), *Level.choices], widget=forms.RadioSelect
    )

    def clean_name(self) -> str:
        """Refuse a name that another hall has."""
        name = str(self.cleaned_data["name"])
        held = next((hall for hall in halls() if hall.name == name), None)
        _raise(held and _("已经有一个大厅叫这个名称，请换一个"))
        return name

    def lines(self) -> list[Line]:
        """Say the level in words."""
        return [
            *super().lines()[:2],
            (str(self["level"].label), str(Level(self.cleaned_data["level"]).label)),
        ]


class HostQuestion(Question):
    """Its key, which is schema and label, and its host name."""

    slug, title = "host", gettext_lazy("代号和网址")

    key = forms.CharField(
        label=gettext_lazy("代号"),
        max_length=200,
        help_text=gettext_lazy("2 到 20 个小写字母和数字，一般用地名的拼音。也是数据库里的名字"),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    host = forms.CharField(
        label=gettext_lazy("网址"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("不填就用代号加门户的网址"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "inputmode": "url"}),
    )

    def propose(self) -> dict[str, Any]:
        """Propose the pinyin of the short name."""
        key = proposals.free_key(self._of("short_name")) if self._of("short_name") else ""
        return {"key": key, "host": proposals.host_of(key) if key else ""}

    def clean_key(self) -> str:
        """Refuse what is no key or not free; a name in Chinese gets its pinyin as a proposal."""
        key = str(self.cleaned_data["key"])
        if not key.isascii():
            tried = proposals.free_key(key)
            _raise(
                _("代号只用小写字母和数字，可以写 %(key)s") % {"key": tried}
                if tried
                else naming.key_fault("?")
            )
        _raise(naming.key_fault(key))
        return key

    def clean_host(self) -> str:
        """Refuse a host that is none or somebody's."""
        host = naming.tidy_host(str(self.cleaned_data["host"])) or proposals.host_of(
            str(self.cleaned_data.get("key") or "")
        )
        if self.cleaned_data.get("key"):
            _raise(naming.host_fault(host, portal=city().portal_domain))
        return host

    def lines(self) -> list[Line]:
        """Say whether the city's own name covers the host."""
        key, host = super().lines()
        if not naming.is_below(host[1], city().portal_domain):
            host = (host[0], _("%(host)s（要请运维把域名指到这里，再办证书）") % {"host": host[1]})
        return [key, host]


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


class PlacesQuestion(Question):
    """Which division it belongs to, and which towns it will serve once it is open."""

    slug, title = "places", gettext_lazy("服务哪里")
    lead = gettext_lazy("乡镇、街道到开通那天才归新大厅，在那以前照旧。")

    division_code = forms.CharField(
        label=gettext_lazy("行政区划代码"),
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-id"}),
    )
    towns = forms.MultipleChoiceField(
        label=gettext_lazy("哪些乡镇、街道"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, files: Any = None, *, known: Known) -> None:
        super().__init__(data, files, known=known)
        fields: Any = self.fields
        names = {hall.pk: hall.short_name for hall in halls()}
        here = str(self["division_code"].value() or "")
        # the county's own towns first: they are what is looked for
        groups = sorted(
            by_county(), key=lambda group: not any(each.code.startswith(here) for each in group[1])
        )
        fields["towns"].choices = [
            (
                each.code,
                _("%(name)s（现在归%(hall)s）")
                % {"name": each.full_name, "hall": names.get(each.hall_id, "")},
            )
            for _county, found in groups
            for each in found
        ]
        fields["division_code"].help_text = "；".join(f"{name} {code}" for code, name in proposals.counties())

    def propose(self) -> dict[str, Any]:
        """Propose the county that the name begins with."""
        return {"division_code": proposals.division_of(self._of("name"), self._of("level"))}

    def clean_division_code(self) -> str:
        """Refuse what is no code of this city's."""
        code, own = str(self.cleaned_data["division_code"]), city().code[:4]
        _raise(None if len(code) == 6 and code.isascii() and code.isdigit() else _("要 6 位数字"))
        _raise(None if code.startswith(own) else _("本市的代码以 %(own)s 开头") % {"own": own})
        return code

    def lines(self) -> list[Line]:
        """Name the towns."""
        found = [town(code) for code in self.cleaned_data["towns"]]
        named = "、".join(each.full_name for each in found if each is not None)
        return [super().lines()[0], (str(self["towns"].label), named or _("没选，开通以后再定"))]


class NumbersQuestion(Question):
    """What its case numbers, documents and departments begin with."""

    slug, title = "numbers", gettext_lazy("编号和前缀")

    case_prefix = forms.CharField(
        label=gettext_lazy("办件编号的前 6 位"),
        max_length=6,
        help_text=gettext_lazy("每个大厅不一样，开了就不能改"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-id"}),
    )
    document_prefix = forms.CharField(
        label=gettext_lazy("文书字号的开头"), max_length=20, help_text=gettext_lazy("后面接文种、年份和序号")
    )
    department_prefix = forms.CharField(
        label=gettext_lazy("部门名称的开头"), max_length=20, help_text=gettext_lazy("一般是县、区的全称")
    )
    uscc = forms.CharField(
        label=gettext_lazy("大厅的信用代码"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("18 位，事项的实施编码用它"),
        widget=forms.TextInput(
            attrs={"class": "w-id", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def propose(self) -> dict[str, Any]:
        """Propose all from division, level and short name."""
        level, division, short = self._of("level"), self._of("division_code"), self._of("short_name")
        return {
            "case_prefix": proposals.case_prefix_of(division),
            "document_prefix": proposals.document_prefix_of(short, level),
            "department_prefix": proposals.department_prefix_of(division, short, level),
        }

    def clean_case_prefix(self) -> str:
        """Refuse what is no six digits, or another hall's."""
        number = str(self.cleaned_data["case_prefix"])
        _raise(naming.number_fault(number))
        return number

    def clean_uscc(self) -> str:
        """Refuse a code whose check characters are wrong."""
        code = normalize_id(str(self.cleaned_data["uscc"]))
        _raise(uscc_problem(code) if code else None)
        return code


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


class AdminQuestion(Question):
    """Who will be its first admin: invited by a link, once everything stands."""

    slug, title = "admin", gettext_lazy("第一位管理员")
    lead = gettext_lazy("大厅建好就发邀请到这个手机。过期没接受，可以再发。")

    admin_name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    admin_phone = forms.CharField(label=gettext_lazy("手机号"), max_length=20, widget=PhoneInput())

    def opened(self) -> dict[str, Any]:
        """Unseal the phone."""
        known = super().opened()
        if sealed := known.get("admin_phone"):
            known["admin_phone"] = unsealed(str(sealed))
        return known

    def clean_admin_name(self) -> str:
        """Refuse what is no name."""
        name = normalize_name(str(self.cleaned_data["admin_name"]))
        _raise(name_problem(name))
        return name

    def clean_admin_phone(self) -> str:
        """Refuse what is no mobile phone."""
        phone = normalize_phone(str(self.cleaned_data["admin_phone"]))
        _raise(phone_problem(phone))
        return phone

    def answer(self) -> dict[str, Any]:
        """Keep the phone sealed."""
        return {**self.cleaned_data, "admin_phone": encrypt(self.cleaned_data["admin_phone"], SEALED)}

    def lines(self) -> list[Line]:
        """Show the phone masked."""
        name, (label, phone) = super().lines()
        return [name, (label, mask_phone(phone))]


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


QUESTIONS: tuple[type[Question], ...] = (
    NameQuestion,
    HostQuestion,
    ItemsQuestion,
    PlacesQuestion,
    NumbersQuestion,
    DepartmentsQuestion,
    HoursQuestion,
    AdminQuestion,
    LookQuestion,
)


def question(slug: str) -> type[Question] | None:
    """Return the question of this address, or None."""
    return next((each for each in QUESTIONS if each.slug == slug), None)


def following(slug: str) -> str:
    """Return the address of the question after this one; empty after the last."""
    slugs = [each.slug for each in QUESTIONS]
    return next(iter(slugs[slugs.index(slug) + 1 :]), "")


def field_names() -> Iterable[str]:
    """Yield the name of every field, question by question."""
    for each in QUESTIONS:
        yield from each.base_fields
