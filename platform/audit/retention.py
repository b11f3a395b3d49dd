"""The one retention register: what personal data is kept where, how long, by which rule, and how it goes.

Apps declare `retention = ("<module>.RULES",)` on their AppConfig. The register is read by the public page and docs/retention.md
(people are told), by the worker (what has run out goes), and by erasure (what a person may have removed at once). A test fails
when a model holds personal data and stands in no rule.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Place(StrEnum):
    """Whose sweep removes what has run out: each hall's, the city's, or the login of accounts."""

    HALL, CITY, GATE = "hall", "city", "gate"


class OnErasure(StrEnum):
    """What becomes of it when the person asks for erasure (个人信息保护法 47)."""

    GOES, STAYS = "goes", "stays"


@dataclass(frozen=True)
class Rule:
    """One kind of data. `models` are labels (`app.Model`); `days` after `since` it goes, None where no clock of ours says it.

    `sweep` is a function(now=…) that removes what has run out and returns how many; empty where it goes with something else.
    """

    key: str
    what: Words
    models: tuple[str, ...]
    kept: Words
    ground: Words
    ending: Words
    on_erasure: OnErasure
    place: Place = Place.HALL
    days: int | None = None
    sweep: str = ""


ERASURE_WORDS = {OnErasure.GOES: _("马上删"), OnErasure.STAYS: _("到期才删")}

RULES = (
    Rule(
        key="audit",
        what=_("谁在什么时候做了什么、看了什么（审计记录）"),
        models=("audit.Record",),
        kept=_("和办件档案一样久，至少 6 个月"),
        ground=_("网络安全法：日志至少留 6 个月；个人信息保护法第 54 条：合规审计"),
        ending=_("不改、不删，只增加；里面没有证件号和手机号"),
        on_erasure=OnErasure.STAYS,
    ),
)


def register() -> tuple[Rule, ...]:
    """Return every rule, in the order of the installed apps."""
    found: list[Rule] = []
    for config in apps.get_app_configs():
        for name in getattr(config, "retention", ()):
            found.extend(import_string(name))
    return tuple(found)


def rule(key: str) -> Rule:
    """Return the rule of this key. Raises KeyError."""
    return {found.key: found for found in register()}[key]


def sweep(place: Place, *, now: datetime) -> int:
    """Remove what has run out in the scope that is open (for GATE: by that login); return how many rows it was."""
    names = dict.fromkeys(found.sweep for found in register() if found.place is place and found.sweep)
    return sum(import_string(name)(now=now) for name in names)


def markdown() -> str:
    """Return the register as a page of the documentation: docs/retention.md, whole."""
    lines = [
        "# What is kept how long",
        "",
        "Made from the `retention` declarations of the apps by `manage.py retention_page > docs/retention.md`; a test fails when it is not.",
        "The worker removes by the same rules what has run out, the portal's `/privacy/` tells people, erasure obeys.",
        "",
        "| key | 什么 | 留多久 | 依据 | 怎么没的 | 要求删除时 | models | swept by |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for found in register():
        models = ", ".join(f"`{name}`" for name in found.models)
        swept = f"`{found.sweep}`" if found.sweep else ""
        lines.append(
            f"| `{found.key}` | {found.what} | {found.kept} | {found.ground} | {found.ending} "
            f"| {ERASURE_WORDS[found.on_erasure]} | {models} | {swept} |"
        )
    return "\n".join(lines) + "\n"
