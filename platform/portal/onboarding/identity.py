"""What a new hall is called, where it is found, where it serves, who begins: the questions of its identity."""

from typing import Any

from django import forms
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
from portal.onboarding import proposals
from portal.onboarding.base import Known, Line, Question, refuse
from tenants.hall.onboarding import unsealed
from tenants.shared import naming
from tenants.shared.divisions import by_county, town
from tenants.shared.enums import Level
from tenants.shared.life.onboarding import SEALED
from tenants.shared.queries import city, halls
from theming.widgets import PhoneInput


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
        refuse(held and _("已经有一个大厅叫这个名称，请换一个"))
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
            refuse(
                _("代号只用小写字母和数字，可以写 %(key)s") % {"key": tried}
                if tried
                else naming.key_fault("?")
            )
        refuse(naming.key_fault(key))
        return key

    def clean_host(self) -> str:
        """Refuse a host that is none or somebody's."""
        host = naming.tidy_host(str(self.cleaned_data["host"])) or proposals.host_of(
            str(self.cleaned_data.get("key") or "")
        )
        if self.cleaned_data.get("key"):
            refuse(naming.host_fault(host, portal=city().portal_domain))
        return host

    def lines(self) -> list[Line]:
        """Say whether the city's own name covers the host."""
        key, host = super().lines()
        if not naming.is_below(host[1], city().portal_domain):
            host = (host[0], _("%(host)s（要请运维把域名指到这里，再办证书）") % {"host": host[1]})
        return [key, host]


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
        fields["division_code"].help_text = "；".join(f"{name} {code}" for code, name in proposals.counties())
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

    def propose(self) -> dict[str, Any]:
        """Propose the county that the name begins with."""
        return {"division_code": proposals.division_of(self._of("name"), self._of("level"))}

    def clean_division_code(self) -> str:
        """Refuse what is no code of this city's."""
        code, own = str(self.cleaned_data["division_code"]), city().code[:4]
        refuse(None if len(code) == 6 and code.isascii() and code.isdigit() else _("要 6 位数字"))
        refuse(None if code.startswith(own) else _("本市的代码以 %(own)s 开头") % {"own": own})
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
        refuse(naming.number_fault(number))
        return number

    def clean_uscc(self) -> str:
        """Refuse a code whose check characters are wrong."""
        code = normalize_id(str(self.cleaned_data["uscc"]))
        refuse(uscc_problem(code) if code else None)
        return code


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
        refuse(name_problem(name))
        return name

    def clean_admin_phone(self) -> str:
        """Refuse what is no mobile phone."""
        phone = normalize_phone(str(self.cleaned_data["admin_phone"]))
        refuse(phone_problem(phone))
        return phone

    def answer(self) -> dict[str, Any]:
        """Keep the phone sealed."""
        return {**self.cleaned_data, "admin_phone": encrypt(self.cleaned_data["admin_phone"], SEALED)}

    def lines(self) -> list[Line]:
        """Show the phone masked."""
        name, (label, phone) = super().lines()
        return [name, (label, mask_phone(phone))]
