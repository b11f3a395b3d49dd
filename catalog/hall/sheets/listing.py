"""Lists of a shared item that a hall changes row by row: what the sheet's rows want, as overrides ``materials.<key>``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from catalog.shared import labels
from catalog.shared.policy import ROW_LISTS, Freedom, Rule, Shape, rule_of
from catalog.shared.sheets import comparing, kinds
from catalog.shared.sheets.comparing import Conflict
from catalog.shared.sheets.kinds import REASON
from catalog.shared.sheets.staging import FileItem, Row

Place = tuple[str, int, str]
_NOTHING: dict[Shape, Any] = {Shape.TEXT: "", Shape.BOOLEAN: False}


class Planned(Protocol):
    """The plan of one shared item, as far as its lists are concerned."""

    item: FileItem
    there: Any
    reason: str

    def tell(self, place: Place, reason: str) -> None:
        """Note an error."""

    def want(self, name: str, value: Any, place: Place, reason: str) -> None:
        """Note a change."""

    def doubt(self, conflict: Conflict, value: Any, place: Place, reason: str) -> None:
        """Note a conflict."""


def is_row_list(name: str) -> bool:
    """Say whether a hall changes this list row by row."""
    return name in ROW_LISTS


def lists(plan: Planned) -> None:
    """Note what the file wants of every list that is changed row by row."""
    item = plan.item
    emptied: dict[str, list[Row]] = {
        name: [] for name in item.sheets if plan.there.effective.get(name) and item.is_emptied(name)
    }
    for name, rows in {**emptied, **item.lists}.items():
        if is_row_list(name):
            _List(plan, name, rows).note()


@dataclass
class _Known:
    """The rows of a list by key: the city's, the effective ones, those that were exported."""

    city: dict[str, dict[str, Any]]
    now: dict[str, dict[str, Any]]
    exported: dict[str, dict[str, Any]] | None


class _List:
    def __init__(self, plan: Planned, name: str, rows: Sequence[Row]) -> None:
        self.plan, self.name, self.rows = plan, name, rows
        self.rule = rule_of(f"{name}.x")
        self.kind = kinds.of_list(name, of_hall=True)
        there, exported = plan.there, plan.item.exported or {}
        self.known = _Known(
            _by_key(there.city[name]),
            _by_key(there.effective[name]),
            _by_key(exported[name]) if name in exported else None,
        )
        self.wanted: dict[str, dict[str, Any]] = {}
        self.told: dict[str, Row] = {}

    def note(self) -> None:
        """Look at each row, at rows that went, and at their order."""
        for row in self.rows:
            key = str(row.values.get("key") or "")
            if key not in self.known.city:
                reason = _("市里的“%(field)s”里没有这一条，本厅不能加") % {"field": labels.field(self.name)}
                self.plan.tell(self._place(row), reason)
            elif key in self.told:
                self.plan.tell(self._place(row), _("这一条的键和上面的重复"))
            else:
                self.told[key] = row
                self._row(key, row)
        self._gone()
        self._order()
        for key, value in self.wanted.items():
            self._wish(key, value)

    def _own(self, key: str) -> dict[str, Any]:
        row = self.plan.there.own.get(f"{self.name}.{key}")
        return dict(row.value) if row is not None and isinstance(row.value, dict) else {}

    def _row(self, key: str, row: Row) -> None:
        own = self.wanted.get(key) or self._own(key)
        now = self.known.now.get(key)
        if now is None:
            # hidden here, and the file has it: shown again
            shown = {name: value for name, value in own.items() if name != "hidden"}
            self.wanted[key] = shown
            return
        columns = {column.attribute for column in self.kind.columns} - {"code", "item_name", REASON}
        made = comparing.laid_over(
            now, {name: value for name, value in row.values.items() if name in columns}
        )
        if comparing.same_row(made, now):
            return
        was = (self.known.exported or {}).get(key)
        for name in sorted(made.keys() | now.keys()):
            if comparing.same_row({name: made.get(name)}, {name: now.get(name)}):
                continue
            rule = (self.rule.rows or {}).get(name)
            if rule is None or rule.freedom is Freedom.LOCKED:
                if was is None or not comparing.same_row({name: made.get(name)}, {name: was.get(name)}):
                    place = (row.sheet, row.number, self.kind.header(name) or self.kind.title)
                    self.plan.tell(place, self._locked(name))
                continue
            self.wanted[key] = own = {**own, name: _value(rule, made.get(name))}

    def _locked(self, name: str) -> str:
        return _("“%(field)s”由市里统一，本厅不能改") % {"field": self.kind.header(name) or name}

    def _gone(self) -> None:
        """A row that was exported, is there, and is not in the file any more: this hall does without it."""
        for key in self.known.exported or {}:
            if key in self.known.now and key not in self.told:
                self.wanted[key] = {**(self.wanted.get(key) or self._own(key)), "hidden": True}

    def _order(self) -> None:
        """Rows in another order than exported: each gets its place."""
        before = [key for key in (self.known.exported or self.known.now) if key in self.told]
        after = [key for key in self.told if key in before]
        if before == after:
            return
        places = {key: number for number, key in enumerate(self.known.city, start=1)}
        for number, key in enumerate(self.told, start=1):
            value = self.wanted.get(key) or self._own(key)
            moved = {name: each for name, each in value.items() if name != "position"}
            if places[key] != number:
                moved["position"] = number
            if moved != value:
                self.wanted[key] = moved

    def _wish(self, key: str, value: dict[str, Any]) -> None:
        name = f"{self.name}.{key}"
        row = self.told.get(key)
        place = self._place(row or self.rows[0]) if row or self.rows else self._head()
        reason = str((row.values.get(REASON) if row else "") or "") or self.plan.reason
        now, was = self.known.now.get(key), (self.known.exported or {}).get(key)
        wanted = value or dict.fromkeys(self._own(key))
        if self.known.exported is None or comparing.same_row(now, was):
            self.plan.want(name, self._or_city(key, value), place, reason)
        else:
            shown = {**(self.known.city[key]), **wanted}
            self.plan.doubt(Conflict(name, shown, now, was), self._or_city(key, value), place, reason)

    def _or_city(self, key: str, value: dict[str, Any]) -> dict[str, Any]:
        """Return the override, or the city's own values where nothing is left of it: that gives the row back."""
        if value:
            return value
        return {
            name: self.known.city[key].get(name, _NOTHING.get((self.rule.rows or {})[name].shape))
            for name in self._own(key)
        }

    def _place(self, row: Row) -> Place:
        return row.sheet, row.number, self.kind.columns[3].header

    def _head(self) -> Place:
        row = self.plan.item.first
        return row.sheet, row.number, labels.field(self.name)


def _value(rule: Rule, value: Any) -> Any:
    return _NOTHING.get(rule.shape) if value is None else value


def _by_key(rows: Any) -> dict[str, dict[str, Any]]:
    return {str(row.get("key")): dict(row) for row in rows or [] if isinstance(row, Mapping)}
