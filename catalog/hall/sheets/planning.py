"""The plan of an import into a hall: overrides of shared items, items of its own, and which shared items it takes.

Rows of shared items carry effective values. A changed one becomes an override as `overrides.set_value` would make it;
back at the city's value it is given back; what is the city's alone is refused with the policy's sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor
from catalog.hall.models import Adoption, EffectiveItem, LocalItem, Override
from catalog.hall.services import adoption, local, overrides
from catalog.hall.services.values import BadValue
from catalog.hall.sheets import listing, overriding
from catalog.hall.sheets.exporting import effective_values
from catalog.shared import labels
from catalog.shared.codes import LOCAL_ORIGIN
from catalog.shared.policy import Freedom, rule_of
from catalog.shared.queries import city_values_of, value_of
from catalog.shared.sheets import comparing, kinds, planning
from catalog.shared.sheets.cells import tidy
from catalog.shared.sheets.comparing import Conflict
from catalog.shared.sheets.kinds import ACTION, ADOPTION, MARK, OVERRIDES, REASON, RESET
from catalog.shared.sheets.marks import Origin
from catalog.shared.sheets.planning import CHANGED, CONFLICT, NEW, SAME, Chooser, Line, Step, changed_line
from catalog.shared.sheets.staging import FileItem, Problems, Row

LIMIT = ("promised_days", "promised_unit")
_GIVE_BACK: Any = object()


@dataclass(frozen=True)
class Own:
    """One thing that is written: an override to set or to give back, or an item to take."""

    code: str
    field: str = ""
    value: Any = None
    reason: str = ""
    is_reset: bool = False


@dataclass
class There:
    """What stands here of one shared item: the city's values, the effective ones, this hall's overrides by field."""

    city: dict[str, Any] | None
    effective: dict[str, Any]
    own: dict[str, Override]
    is_adopted: bool


@dataclass
class Wish:
    """What the file wants of one item, field by field, with the row and column to point at and the reason given."""

    changes: dict[str, Any] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    # set on the sheet of overrides, where the city's own value is no wish
    explicit: set[str] = field(default_factory=set)

    def add(self, name: str, value: Any, place: tuple[str, int, str], reason: str) -> bool:
        """Note a wish; return whether another sheet wants something else."""
        if name in self.values and self.values[name] != value:
            return False
        self.values[name], self.places[name] = value, place
        self.reasons[name] = reason or self.reasons.get(name, "")
        return True


class HallPlanner:
    """A hall's: to be used in its scope."""

    def __init__(self, here: Origin) -> None:
        self.here = here
        self.book = kinds.book(of_hall=True)

    def plan(self, batch: Sequence[FileItem], problems: Problems, choose: Chooser) -> Step:
        """Plan the hall's own items and what it makes of shared ones."""
        step = Step()
        good = [item for item in batch if planning.is_code(item, problems)]
        own = [item for item in good if item.code.startswith(LOCAL_ORIGIN)]
        for item in own:
            for row in item.others:
                problems.add(row.sheet, row.number, labels.field("code"), _("%(code)s 是本厅自己的事项，请在“事项”表里改") % {"code": item.code})  # fmt: skip
        planning.plan_editions(
            local.SHELF, [item for item in own if not item.others], self.book, step, problems, choose
        )
        shared = [item for item in good if not item.code.startswith(LOCAL_ORIGIN)]
        found = _there([item.code for item in shared])
        for item in shared:
            _Shared(item, found[item.code], self.book, step, problems).plan(choose)
        return step

    def write(self, step: Step, *, by: Actor, now: datetime, note: str) -> dict[str, int]:
        """Take items, set and give back overrides, save drafts."""
        taken = [own.code for own in step.own if not own.field]
        if taken:
            adoption.adopt(taken, by=by, now=now)
        changes = [
            overrides.Change(own.code, own.field, own.value, own.reason)
            for own in step.own
            if own.field and not own.is_reset
        ]
        resets = [(own.code, own.field) for own in step.own if own.is_reset]
        if changes or resets:
            overrides.set_many(changes, resets, by=by, now=now)
        return local.save_many(step.proposals, by=by, now=now, note=note) if step.proposals else {}


def _there(codes: list[str]) -> dict[str, There]:
    """Return what stands here of these shared items. Four queries."""
    cities = city_values_of(codes)
    adopted = set(Adoption.objects.filter(code__in=codes).values_list("code", flat=True))
    effective = {item.code: effective_values(item) for item in EffectiveItem.objects.filter(code__in=codes)}
    own: dict[str, dict[str, Override]] = {}
    for row in Override.objects.filter(code__in=codes):
        own.setdefault(row.code, {})[row.field] = row
    return {
        code: There(
            cities.get(code),
            effective.get(code) or cities.get(code) or {},
            own.get(code, {}),
            code in adopted,
        )
        for code in codes
    }


class _Shared:
    """The plan of one shared item."""

    def __init__(
        self, item: FileItem, there: There, book: Sequence[kinds.Kind], step: Step, problems: Problems
    ) -> None:
        self.item, self.there, self.book, self.step, self.problems = item, there, book, step, problems
        self.wish = Wish()
        self.reason = str((item.head.values.get(REASON) if item.head else "") or "")

    def plan(self, choose: Chooser) -> None:
        """Add the item's part to the step."""
        item, there = self.item, self.there
        errors = self.problems.count
        is_new = self._taken()
        if is_new is None:
            return
        if there.effective and there.city is not None:
            self._fields()
            listing.lists(self)
        for row in item.others:
            if row.kind == OVERRIDES:
                self._override(row)
        name = str(there.effective.get("name", ""))
        changes = self.wish.changes
        is_open = planning.settle(item, name, changes, self.wish.conflicts, self.book, self.step, choose)
        done = [own for each in changes if (own := self._own(each)) is not None]
        kind = CONFLICT if self.wish.conflicts else NEW if is_new else CHANGED if changes else SAME
        self.step.counts[kind] += 1
        if self.problems.count > errors or is_open:
            return
        self.step.own += [Own(item.code)] * is_new + done
        if is_new:
            self.step.lines.append(
                Line(NEW, item.code, name, item.first.sheet, item.first.number, text=_("认领这个事项"))
            )
        if done:
            self.step.lines.append(changed_line(item, name, [own.field for own in done]))

    def _taken(self) -> bool | None:
        """Return whether the file takes the item, None where it may not speak of it at all."""
        there, rows = self.there, [row for row in self.item.others if row.kind == ADOPTION]
        if there.is_adopted:
            return False
        row = rows[0] if rows else self.item.first
        if there.city is None:
            reason = _("全市目录里没有在用的 %(code)s；本厅自己的事项用 99 开头的编码") % {
                "code": self.item.code
            }
        elif rows:
            return True
        else:
            reason = _("本厅没有认领 %(code)s，要认领请写进“认领”表") % {"code": self.item.code}
        self.problems.add(row.sheet, row.number, labels.field("code"), reason)
        return None

    def tell(self, place: tuple[str, int, str], reason: str) -> None:
        """Note an error."""
        self.problems.add(*place, reason)

    def _fields(self) -> None:
        effective, exported = self.there.effective, self.item.exported or {}
        told = comparing.told_fields(self.item, effective, can_be_empty=planning.can_be_empty(LocalItem))
        told = {name: value for name, value in told.items() if not listing.is_row_list(name)}
        for name in [name for name in told if name not in LIMIT and rule_of(name).freedom is Freedom.LOCKED]:
            value = told.pop(name)
            if comparing.same(name, value, effective[name]) or comparing.same(
                name, value, exported.get(name, effective[name])
            ):
                continue  # the city changed it meanwhile: not this file's doing
            self.tell(
                planning.place(self.item, name, self.book),
                _("“%(field)s”由市里统一，本厅不能改") % {"field": labels.field(name)},
            )
        self._limit(told)
        changes, conflicts = comparing.weigh(told, effective, None, self.item)
        for name, value in changes.items():
            self.want(name, value, planning.place(self.item, name, self.book), self.reason)
        for conflict in conflicts:
            self.doubt(
                conflict, conflict.file, planning.place(self.item, conflict.field, self.book), self.reason
            )

    def _limit(self, told: dict[str, Any]) -> None:
        """Take number and unit of the promise as one value, as an override has it."""
        effective, exported = self.there.effective, self.item.exported or {}
        given = {name: told.pop(name, effective[name]) for name in LIMIT}
        if all(given[name] == effective[name] for name in LIMIT):
            return
        was = {name: exported.get(name, effective[name]) for name in LIMIT}
        value, place = _as_limit(given), planning.place(self.item, LIMIT[0], self.book)
        if was == {name: effective[name] for name in LIMIT}:
            self.want(LIMIT[0], value, place, self.reason)
        else:
            self.doubt(
                Conflict(LIMIT[0], value, _as_limit(effective), _as_limit(was)), value, place, self.reason
            )

    def want(self, name: str, value: Any, place: tuple[str, int, str], reason: str) -> None:
        """Note a change. It goes before what another sheet still says as it was exported."""
        self._yield(name)
        if self.wish.add(name, value, place, reason):
            self.wish.changes[name] = value
        else:
            self.tell(place, _("这一项在“分厅改动”表和别的表里写得不一样，请改成一样的"))

    def doubt(self, conflict: Conflict, value: Any, place: tuple[str, int, str], reason: str) -> None:
        """Note a conflict; `value` is what is wanted if the file is to win."""
        name, is_untouched = conflict.field, conflict.file == conflict.exported
        if is_untouched and name in self.wish.values:
            return
        self._yield(name)
        if not self.wish.add(name, value, place, reason):
            self.tell(place, _("这一项在“分厅改动”表和别的表里写得不一样，请改成一样的"))
        elif name not in self.wish.changes and all(each.field != name for each in self.wish.conflicts):
            self.wish.conflicts.append(conflict)

    def _yield(self, name: str) -> None:
        """Forget a conflict over a value that the file has as it was exported."""
        kept = [each for each in self.wish.conflicts if each.field != name or each.file != each.exported]
        if len(kept) < len(self.wish.conflicts):
            self.wish.conflicts = kept
            del self.wish.values[name]

    def _override(self, row: Row) -> None:
        city = self.there.city
        place = (row.sheet, row.number, kinds.overrides().header("value"))
        name = overriding.field_of(
            str(row.values.get("field") or ""), str(row.values.get("label") or ""), city or {}
        )
        if not name:
            self.tell(
                (row.sheet, row.number, kinds.overrides().header("field")),
                _("没有这个字段，或这个字段不分条"),
            )
            return
        current = self.there.own.get(name)
        if row.values.get(ACTION) == RESET:
            if current is not None:
                self.want(name, _GIVE_BACK, place, "")
            return
        said = str(row.values.get("value") or "")
        was = self._was(row, name)
        now = tidy(overriding.written(name, current.value)) if current else None
        if said == now:
            return
        if city is None:
            self.tell(place, _("市里现在没有用 %(code)s，先不能改") % {"code": self.item.code})
            return
        try:
            value = overriding.read(name, said, unit=city["promised_unit"])
        except ValueError as problem:
            self.tell(place, str(problem))
            return
        self.wish.explicit.add(name)
        reason = str(row.values.get(REASON) or "")
        if was is None or was[0] == now:
            self.want(name, value, place, reason)
        else:
            database = current.value if current else value_of(city, name)
            self.doubt(Conflict(name, value, database, was[1]), value, place, reason)

    def _was(self, row: Row, name: str) -> tuple[str, Any] | None:
        mark = row.values.get(MARK)
        if not isinstance(mark, dict) or mark.get("field") != name:
            return None
        return tidy(overriding.written(name, mark.get("value"))), mark.get("value")

    def _own(self, name: str) -> Own | None:
        """Return what is written for a wish, None when it may not be, which is told."""
        value, place = self.wish.values[name], self.wish.places[name]
        city, code = self.there.city, self.item.code
        if value is _GIVE_BACK or city is None:
            return Own(code, name, is_reset=True)
        base = value_of(city, name)
        try:
            checked = overrides.checked(name, value, base, unit=city["promised_unit"])
        except overrides.SameAsCity as same:
            if name in self.wish.explicit:
                self.tell(place, _("%(same)s；要还给市里，请在“操作”里写“恢复”") % {"same": same})
                return None
            return Own(code, name, is_reset=True)
        except (overrides.BreaksPolicy, BadValue) as refusal:
            self.tell(place, str(refusal))
            return None
        reason = self.wish.reasons[name].strip()
        if not reason:
            self.tell((place[0], place[1], kinds.overrides().header(REASON)), _("请写明为什么改"))
            return None
        return Own(code, name, checked, reason)


def _as_limit(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"days": values["promised_days"], "unit": values["promised_unit"]}
