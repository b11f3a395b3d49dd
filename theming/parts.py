"""What a look is made of, declared once: each part's name, group and what its value may be. No ORM.

A hall stores the parts that it sets; for every other the city's holds. Notices alone are added: the city's stand
before the hall's own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from theming import contrast
from theming.blocks import BLOCKS, arranged
from theming.tokens import check_motif

COLOURS = ("brand", "dark", "soft", "ink", "accent")
FOOTER = ("host", "undertaker", "icp", "police", "site_code")
PLACES = {"home": gettext_lazy("大厅首页"), "everywhere": gettext_lazy("每一页")}
MOST_NOTICES, MOST_NOTICE, MOST_NAME = 5, 200, 60
MOST_TITLE, MOST_TEXT, MOST_ALT = 30, 120, 60
PICTURE_KINDS = ("png", "jpeg", "svg")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PROVINCES = "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀贵黔云滇藏陕陇甘青宁新蒙"
# 非经营性互联网信息服务备案管理办法: eight digits, ten (with the year) since 2019; `-1` is one site of several
ICP = re.compile(rf"[{_PROVINCES}]ICP备(\d{{8}}|\d{{10}})号(-\d{{1,3}})?")
# 计算机信息网络国际联网安全保护管理办法: a division code and eight digits
POLICE = re.compile(rf"[{_PROVINCES}]公网安备 ?\d{{14}}号")
# 政府网站标识码编制规则: a division code and four digits; ministries have bm and eight
SITE_CODE = re.compile(r"\d{10}|bm\d{8}")


@dataclass(frozen=True)
class Part:
    """One part: `check` returns the value as it is stored or raises ValidationError; `empty` is what holds where nobody said."""

    key: str
    group: str
    label: str | Promise
    check: Callable[[Any], Any]
    empty: Any = ""
    is_added: bool = False


def _colour(value: Any) -> str:
    if not isinstance(value, str) or not contrast.COLOUR.fullmatch(value):
        raise ValidationError(_("颜色要写成 #155A86 这样"))
    return value.upper()


def _motif(value: Any) -> str:
    text = _text(value, 1024)
    check_motif(text)
    return text


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValidationError(_("这里要写文字"))
    text = value.replace("\r\n", "\n").strip()
    if len(text) > most:
        raise ValidationError(_("最多 {n} 个字").format(n=most))
    return text


def _line(value: Any, most: int) -> str:
    return " ".join(_text(value, most).split())


def _picture(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if (
        not isinstance(value, dict)
        or set(value) != {"file", "kind", "width", "height"}
        or not _DIGEST.fullmatch(str(value["file"]))
        or value["kind"] not in PICTURE_KINDS
        or not all(isinstance(value[side], int) and 0 < value[side] <= 4000 for side in ("width", "height"))
    ):
        raise ValidationError(_("这张图片不能用，请重新传"))
    return dict(value)


def _banner(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) - {"title", "text", "picture", "alt"}:
        raise ValidationError(_("横幅不能用，请重新填"))
    made = {
        "title": _line(value.get("title", ""), MOST_TITLE),
        "text": _text(value.get("text", ""), MOST_TEXT),
        "picture": _picture(value.get("picture")),
        "alt": _line(value.get("alt", ""), MOST_ALT),
    }
    if made["picture"] is None:
        made["alt"] = ""
    return made if made["title"] or made["text"] or made["picture"] else None


def _notices(value: Any) -> list[dict[str, str]]:
    if not isinstance(value, list) or len(value) > MOST_NOTICES:
        raise ValidationError(_("最多 {n} 条通知").format(n=MOST_NOTICES))
    return [made for each in value if (made := _notice(each))["text"]]


def _notice(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or value.get("where", "home") not in PLACES:
        raise ValidationError(_("通知不能用，请重新填"))
    days = {name: _day(value.get(name, "")) for name in ("from", "until")}
    if days["from"] and days["until"] and days["until"] < days["from"]:
        raise ValidationError(_("到哪天不能比从哪天早"))
    return {"text": _line(value.get("text", ""), MOST_NOTICE), "where": value.get("where", "home"), **days}


def _day(value: Any) -> str:
    if not value:
        return ""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValidationError(_("没有这一天，例如 2026 年 3 月 12 日")) from None


def _blocks(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > 2 * len(BLOCKS):
        raise ValidationError(_("首页的栏目不能用，请重新排"))
    try:
        return arranged(value)
    except (KeyError, TypeError):
        raise ValidationError(_("首页的栏目不能用，请重新排")) from None


def _number(form: re.Pattern[str], words: str | Promise) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        text = _line(value, MOST_NAME)
        if text and not form.fullmatch(text):
            raise ValidationError(str(words))
        return text

    return check


def _name(value: Any) -> str:
    return _line(value, MOST_NAME)


PARTS: tuple[Part, ...] = (
    Part("brand", "colours", gettext_lazy("页头和主按钮"), _colour, "#24302C"),
    Part("dark", "colours", gettext_lazy("按钮按下时"), _colour, "#141C19"),
    Part("soft", "colours", gettext_lazy("浅底色"), _colour, "#EDF0ED"),
    Part("ink", "colours", gettext_lazy("标题"), _colour, "#24302C"),
    Part("accent", "colours", gettext_lazy("页头下的线"), _colour, "#C9A24B"),
    Part("motif", "pictures", gettext_lazy("首页的线描图案"), _motif),
    Part("logo", "pictures", gettext_lazy("标志"), _picture, None),
    Part("banner", "banner", gettext_lazy("首页横幅"), _banner, None),
    Part("notices", "notices", gettext_lazy("通知"), _notices, [], is_added=True),
    Part("blocks", "blocks", gettext_lazy("首页栏目"), _blocks, arranged([])),
    Part("host", "footer", gettext_lazy("主办单位"), _name),
    Part("undertaker", "footer", gettext_lazy("承办单位"), _name),
    Part("icp", "footer", gettext_lazy("ICP 备案号"), _number(ICP, gettext_lazy("要写成 皖ICP备12345678号-1 这样"))),
    Part("police", "footer", gettext_lazy("公安备案号"), _number(POLICE, gettext_lazy("要写成 皖公网安备34160002000001号 这样"))),
    Part("site_code", "footer", gettext_lazy("政府网站标识码"), _number(SITE_CODE, gettext_lazy("标识码是 10 位数字"))),
)  # fmt: skip
BY_KEY = {part.key: part for part in PARTS}
GROUPS: dict[str, str | Promise] = {
    "colours": gettext_lazy("颜色"),
    "pictures": gettext_lazy("标志和图案"),
    "banner": gettext_lazy("首页横幅"),
    "notices": gettext_lazy("通知"),
    "blocks": gettext_lazy("首页栏目"),
    "footer": gettext_lazy("页脚"),
}
# what the city may lock: a notice is each hall's own word
LOCKABLE = tuple(part.key for part in PARTS if not part.is_added)


def of_group(group: str) -> tuple[Part, ...]:
    """Return the parts of a group, in their order."""
    return tuple(part for part in PARTS if part.group == group)


def checked(key: str, value: Any) -> Any:
    """Return the value of a part as it is stored. Raises ValidationError, or KeyError for no part."""
    return BY_KEY[key].check(value)


def usable(values: Any) -> dict[str, Any]:
    """Return what can be used of stored values: what somebody broke by hand is left out, so that the city's holds."""
    found: dict[str, Any] = {}
    for key, value in values.items() if isinstance(values, Mapping) else ():
        try:
            found[key] = checked(key, value)
        except (KeyError, ValidationError):
            continue
    return found


def words(key: str, value: Any) -> str:
    """Return a value for people: what the review and the history show."""
    if key == "notices":
        return "\n".join(f"{each['text']}（{PLACES[each['where']]}）" for each in value) or _("没有")
    if key == "blocks":
        named = [str(BLOCKS[each["key"]].label) for each in value if not each["hidden"]]
        hidden = [str(BLOCKS[each["key"]].label) for each in value if each["hidden"]]
        return "、".join(named) + (_("；不显示：") + "、".join(hidden) if hidden else "")
    if key == "banner" and value:
        picture = _("有图片") if value["picture"] else ""
        return "\n".join(text for text in (value["title"], value["text"], picture) if text)
    if key == "logo" and value:
        return _("图片，{width} × {height}").format(width=value["width"], height=value["height"])
    if key == "motif" and value:
        return _("线描图案，{n} 条线").format(n=len(value.splitlines()))
    return str(value) if value else _("没有")
