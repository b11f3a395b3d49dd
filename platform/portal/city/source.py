"""A folder's CSV and YAML files as rows that know their line, and the list of what is wrong with them."""

import csv
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Problem:
    """One fault of the data: where it stands, what is wrong, what to write instead."""

    file: str
    line: int
    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.text}"


class BadData(Exception):
    """The folder cannot be loaded; `problems` are all its faults, at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Entry(dict[str, Any]):
    """A mapping that knows the file and the line where it begins."""

    file: str = ""
    line: int = 0

    def at(self, file: str, line: int) -> "Entry":
        """Return itself, placed."""
        self.file, self.line = file, line
        return self


@dataclass
class Source:
    """A folder being read; faults are gathered in `problems`, and reading goes on."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def fault(self, entry: Entry, name: str, text: str) -> None:
        """Note a fault of an entry's field."""
        self.problems.append(Problem(entry.file, entry.line, name, text))

    def finish(self) -> None:
        """Raise BadData when there was any fault."""
        if self.problems:
            raise BadData(sorted(self.problems, key=lambda problem: (problem.file, problem.line)))

    def table(self, name: str, columns: str) -> list[Entry]:
        """Return the rows of a CSV file (UTF-8, comma, header); `columns` are the only ones it may have."""
        expected = columns.split()
        try:
            with (self.folder / name).open(encoding="utf-8-sig", newline="") as lines:
                reader = csv.DictReader(lines)
                head = list(reader.fieldnames or [])
                self._check_head(name, head, expected)
                if sorted(head) != sorted(expected):
                    return []
                return [self._row(name, reader.line_num, row) for row in reader]
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.problems.append(Problem(name, 1, "-", _("读不了这个文件：%(why)s") % {"why": error}))
            return []

    def _check_head(self, name: str, head: list[str], expected: list[str]) -> None:
        for column in head:
            if column not in expected or head.count(column) > 1:
                self.problems.append(
                    Problem(
                        name,
                        1,
                        column,
                        _("没有这一列或写了两次，可用的列：%(names)s") % {"names": "、".join(expected)},
                    )
                )
        for column in expected:
            if column not in head:
                self.problems.append(Problem(name, 1, column, _("缺这一列，请加上")))

    def _row(self, name: str, line: int, row: dict[str | Any, str | Any]) -> Entry:
        if None in row or None in row.values():
            self.problems.append(Problem(name, line, "-", _("列数和表头不一样，含逗号的值要加双引号")))
        return Entry({str(key): (value or "") for key, value in row.items() if key is not None}).at(
            name, line
        )

    def document(self, name: str) -> Any:
        """Return a YAML file's value; its mappings are entries. An unreadable file is a fault and gives None."""
        try:
            with (self.folder / name).open(encoding="utf-8") as text:
                loader = _Loader(text)
                loader.file = name
                try:
                    return loader.get_single_data()
                finally:
                    loader.dispose()
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or str(error)
            self.problems.append(
                Problem(
                    name, mark.line + 1 if mark else 1, "-", _("读不了这个文件：%(why)s") % {"why": reason}
                )
            )
            return None

    def entries(self, name: str) -> list[Entry]:
        """Return a YAML file that is a list of mappings."""
        value = self.document(name)
        if isinstance(value, list) and all(isinstance(each, Entry) for each in value):
            return value
        if value is not None:
            self.problems.append(Problem(name, 1, "-", _("这个文件要是一张列表，每项以“- ”开头")))
        return []

    def mapping(self, name: str) -> Entry:
        """Return a YAML file that is one mapping."""
        value = self.document(name)
        if isinstance(value, Entry):
            return value
        if value is not None:
            self.problems.append(Problem(name, 1, "-", _("这个文件要是“键: 值”的形式")))
        return Entry().at(name, 1)

    def only(self, entry: Entry, needed: str, optional: str = "") -> bool:
        """Check an entry's keys, given as words: all of `needed`, none beyond both. Return whether they are right."""
        known, before = {*needed.split(), *optional.split()}, len(self.problems)
        for key in entry:
            if key not in known:
                self.fault(
                    entry, str(key), _("没有这一项，可用的：%(names)s") % {"names": "、".join(sorted(known))}
                )
        for key in needed.split():
            if entry.get(key) in (None, ""):
                self.fault(entry, key, _("没有填，请填上"))
        return len(self.problems) == before


class _Loader(yaml.SafeLoader):
    """Mappings as entries; a key written twice is an error and not a silent loss."""

    file = ""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Entry:
    entry = Entry().at(loader.file, node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in entry:
            raise yaml.constructor.ConstructorError(
                None, None, _("“%(key)s”写了两次") % {"key": key}, key_node.start_mark
            )
        entry[str(key)] = loader.construct_object(value_node, deep=True)
    return entry


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
