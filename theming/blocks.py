"""The blocks of a hall's home page below the search, which is always first. Address, hours and phone always stand at its side.

Each block's template is `catalog_hall/home/<key>.html`: the app above knows what is in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Block:
    """One block. A hall may not hide what is `needed`: 政府信息公开条例 20 wants the items themselves and notices to be found."""

    key: str
    label: str | Promise
    needed: bool = False
    begins_hidden: bool = False


BLOCKS = {
    block.key: block
    for block in (
        Block("banner", _("横幅")),
        Block("todo", _("我的待办"), needed=True),
        Block("notices", _("通知"), needed=True),
        Block("bundles", _("一件事，一次看清")),
        Block("ways", _("怎么办方便（全程网办等）")),
        Block("popular", _("大家常办"), begins_hidden=True),
        Block("life", _("人生大事")),
        Block("business_life", _("企业大事")),
        Block("personal", _("个人办事"), needed=True),
        Block("business", _("企业办事"), needed=True),
    )
}


def arranged(asked: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return every block once, in the order that is asked for, then those not named; what is needed is never hidden.

    Raises KeyError for a block that there is none of.
    """
    wanted = {each["key"]: bool(each.get("hidden")) for each in asked}
    order = [*wanted, *(key for key in BLOCKS if key not in wanted)]
    return [
        {
            "key": key,
            "hidden": not BLOCKS[key].needed and wanted.get(key, BLOCKS[key].begins_hidden),
        }
        for key in order
    ]
