"""One kind of cell each: what it shows, and what may stand in it. Widgets of django-import-export with our words.

`clean` takes what Excel, WPS or a csv left there (a number stored as text, a date as its serial number, full-width
digits) and raises ValueError with the sentence for the one who filled it in; None is an empty cell.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from catalog.shared.queries import themes
from catalog.shared.rows import is_condition

Words = str | Promise
LONGEST = 32_000
# stands for a text that no cell holds; read back, it says nothing of the field
TOO_LONG = "（太长，表格里放不下，请在网页上改）"
# day 0 of Excel's and WPS's calendar, counting the 29 February 1900 that never was
SERIAL_START = date(1899, 12, 30)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_RISKY = re.compile("'*[=+\\-@＝＋－＠\t\r]")
_GUARDED = re.compile("'+[=+\\-@＝＋－＠\t\r]")
_YES = {"是", "有", "能", "对", "√", "true", "yes", "y", "1", "1.0"}
_NO = {"否", "无", "没有", "不能", "不", "×", "false", "no", "n", "0", "0.0"}
_DATE = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?(?:\s.*)?")


def tidy(text: str) -> str:
    """Return a text as sheets can hold it: line ends of one kind, no control characters, no blanks around it."""
    if text.isprintable():
        return text.strip()
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_risky(text: str) -> bool:
    """Say whether a spreadsheet program could take this text for a formula."""
    return _RISKY.match(text) is not None


def guarded(text: str) -> str:
    """Return a text of a csv so that no program takes it for a formula: an apostrophe before it. `unguarded` takes it away."""
    return f"'{text}" if is_risky(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def text_of(value: Any) -> str:
    """Return what a cell says as text: a number that is whole without its point, a date as 2026-03-02."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    return tidy(str(value))


def narrow(text: str) -> str:
    """Return a text with half-width letters and digits and without blanks: for codes, numbers, headers."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


class TextCell(Widget):  # type: ignore[misc]
    """Any text."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str | None:
        """Return the text. Raises ValueError for one that no cell can hold."""
        text = text_of(value)
        if len(text) > LONGEST:
            raise ValueError(_("最多 %(n)s 个字") % {"n": LONGEST})
        return text or None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Return the text."""
        return tidy(str(value)) if value not in (None, "") else None


class CodeCell(Widget):  # type: ignore[misc]
    """The 14 digits of an item, also where a program took them for a number."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str | None:
        """Return the code, leading zeros that a number lost put back. Raises ValueError."""
        text = narrow(text_of(value)).lstrip("'")
        if isinstance(value, int | float) and not isinstance(value, bool):
            text = text.zfill(14)
        if re.fullmatch(r"[\d.]+[eE]\+?\d+", text):
            raise ValueError(_("编码变成了科学计数法，后几位可能丢了，请把这一列设成文本再填"))
        return text or None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Return the code as text."""
        return str(value)


class NumberCell(Widget):  # type: ignore[misc]
    """A number from 0 to a limit, whole or an amount with two decimals."""

    def __init__(self, limit: int, *, is_whole: bool = True) -> None:
        super().__init__(coerce_to_string=False)
        self.limit, self.is_whole = limit, is_whole

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | float | None:
        """Return the number. Raises ValueError."""
        text = narrow(text_of(value)).replace(",", "").lstrip("'")
        if not text:
            return None
        pattern = r"\d{1,9}(\.0+)?" if self.is_whole else r"\d{1,9}(\.\d{1,2}0*)?"
        if not re.fullmatch(pattern, text) or float(text) > self.limit:
            wanted = _("要填 0 到 %(n)s 的整数") if self.is_whole else _("要填 0 到 %(n)s 的数，最多两位小数")
            raise ValueError(wanted % {"n": self.limit})
        number = float(text)
        return int(number) if number.is_integer() else number

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Return the number."""
        return value


class FlagCell(Widget):  # type: ignore[misc]
    """是 or 否."""

    choices = ("是", "否")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool | None:
        """Return whether. Raises ValueError."""
        text = narrow(text_of(value)).lower()
        if not text:
            return None
        if text in _YES or text in _NO:
            return text in _YES
        raise ValueError(_("只能填是或否"))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Return 是, 否, or nothing where nobody said."""
        return None if value is None or value == "" else _("是") if value else _("否")


class ChoiceCell(Widget):  # type: ignore[misc]
    """One of several codes, shown in words and read from words or code."""

    def __init__(self, known: Mapping[Any, Words]) -> None:
        super().__init__(coerce_to_string=False)
        self.known = known
        self._found: dict[str | None, dict[str, Any]] = {}

    @property
    def choices(self) -> tuple[str, ...]:
        """The words, for a drop-down."""
        return tuple(str(label) for label in self.known.values())

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the code. Raises ValueError that lists the words."""
        text = narrow(text_of(value))
        return self.find(text) if text else None

    def find(self, text: str) -> Any:
        """Return the code of a word or code. Raises ValueError."""
        language = get_language()
        if language not in self._found:
            words = {narrow(str(label)).lower(): code for code, label in self.known.items()}
            self._found[language] = {**words, **{str(code).lower(): code for code in self.known}}
        found = self._found[language]
        if text.lower() in found:
            return found[text.lower()]
        for code in self.known:
            if text.isdecimal() and str(code).isdecimal() and int(text) == int(code):
                return code
        raise ValueError(_("只能从这些里选：%(words)s") % {"words": "、".join(self.choices)})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Return the words of the code."""
        return None if value in (None, "") else str(self.known.get(value, value))


class ListCell(Widget):  # type: ignore[misc]
    """Several texts in one cell, a line each or between 、; written as JSON where that would not be read back alike."""

    def __init__(self, separators: str = "、；;,，\n", joined: str = "、") -> None:
        super().__init__(coerce_to_string=False)
        self.separators, self.joined = separators, joined

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str] | None:
        """Return the entries. Raises ValueError for one that may not be there."""
        text = text_of(value)
        if not text:
            return None
        if text.startswith("["):
            listed = _as_json(text)
            if isinstance(listed, list) and all(isinstance(entry, str) for entry in listed):
                return [self.entry(entry) for entry in listed if tidy(entry)]
        parts = re.split(f"[{re.escape(self.separators)}]", text)
        return [self.entry(part) for part in parts if tidy(part)]

    def entry(self, text: str) -> str:
        """Return one entry's value. Raises ValueError."""
        return tidy(text)

    def word(self, value: str) -> str:
        """Return one entry's words."""
        return tidy(str(value))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Return the entries in one cell."""
        entries = [str(entry) for entry in value or [] if tidy(str(entry))]
        if not entries:
            return None
        plain = self.joined.join(self.word(entry) for entry in entries)
        try:
            is_read_back = self.clean(plain) == [tidy(entry) for entry in entries]
        except ValueError:
            is_read_back = False
        return plain if is_read_back else json.dumps([tidy(entry) for entry in entries], ensure_ascii=False)


class ChoicesCell(ListCell):
    """Several codes of a list, in words."""

    def __init__(self, known: Mapping[str, Words]) -> None:
        super().__init__("、；;,，\n|")
        self.one = ChoiceCell(known)

    def entry(self, text: str) -> str:
        """Return the code of one entry. Raises ValueError."""
        return str(self.one.find(narrow(text)))

    def word(self, value: str) -> str:
        """Return the words of one code."""
        return str(self.one.render(value))


class ThemesCell(ListCell):
    """Themes by name; a name that two lists have is told apart by its key `list:code` in brackets."""

    def entry(self, text: str) -> str:
        """Return the key of one theme. Raises ValueError for a name that two lists have."""
        text = tidy(text)
        key = text.rpartition("（")[2].rstrip("）") if text.endswith("）") else text
        if ":" in key:
            return key
        found = [
            f"{theme.list}:{theme.code}" for theme in themes() if theme.name == text and not theme.maps_to
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValueError(_("没有“%(name)s”这个专题") % {"name": text})
        raise ValueError(
            _("有几个专题叫“%(name)s”，请写明是哪个：%(keys)s") % {"name": text, "keys": "、".join(found)}
        )

    def word(self, value: str) -> str:
        """Return the theme's name and key."""
        named = {f"{theme.list}:{theme.code}": theme.name for theme in themes()}
        return f"{named[value]}（{value}）" if value in named else value


class OptionsCell(Widget):  # type: ignore[misc]
    """The options of a question, one a line: value=words, or the words alone."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[dict[str, str]] | None:
        """Return the options. Raises ValueError."""
        text = text_of(value)
        if not text:
            return None
        listed = _as_json(text) if text.startswith("[") else None
        if isinstance(listed, list):
            return listed
        found = []
        for part in re.split("[\n；;]", text):
            name, sign, label = (tidy(piece) for piece in part.partition("="))
            if name:
                found.append({"value": name, "label": label if sign else name})
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Return the options in one cell."""
        if not value:
            return None
        lines = [f"{row.get('value')}={row.get('label')}" for row in value if isinstance(row, dict)]
        plain = "\n".join(lines)
        return plain if self.clean(plain) == value else json.dumps(value, ensure_ascii=False)


class ConditionCell(Widget):  # type: ignore[misc]
    """When a question is asked: the earlier question's name and the answers that open it, question=value、value."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dict[str, Any] | None:
        """Return the condition. Raises ValueError."""
        text = text_of(value)
        if not text:
            return None
        found = _as_json(text) if text.startswith("{") else None
        if found is None:
            question, _sign, listed = (tidy(piece) for piece in text.partition("="))
            values = [tidy(part) for part in re.split("[、；;\n]", listed) if tidy(part)]
            found = {"question": question, "values": values}
        if not is_condition(found):
            raise ValueError(_("写前面一个问题的字段和它的答案，例如 marriage=first、again"))
        return dict(found)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Return the condition in one cell."""
        if not value:
            return None
        plain = f"{value['question']}={'、'.join(value['values'])}"
        return plain if self.clean(plain) == value else json.dumps(value, ensure_ascii=False)


class DateCell(Widget):  # type: ignore[misc]
    """A day: as a date, its serial number, 2026-3-2, 2026年3月2日 or 20260302. Kept as text, 2026-03-02."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str | None:
        """Return the day. Raises ValueError."""
        if isinstance(value, datetime | date):
            return value.isoformat()[:10]
        text = narrow(text_of(value))
        if not text:
            return None
        try:
            if re.fullmatch(r"\d{5}", text):
                return (SERIAL_START + timedelta(days=int(text))).isoformat()
            parts = _DATE.fullmatch(text)
            if parts is None:
                raise ValueError
            return date(int(parts[1]), int(parts[2]), int(parts[3])).isoformat()
        except ValueError:
            raise ValueError(_("没有这一天，例如 2026-03-12")) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Return the day as text: every program reads it alike."""
        return str(value) if value else None


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
