"""What papers people keep, and which materials of an item each is good for.

An item's material is known by its name (the field's standard names, "法定代表人身份证" among them): a kind fits where the
name speaks of it and asks for the paper itself, not for a statement about it. Papers that show who somebody is are marked with
hall, case and purpose wherever anybody but their owner looks at them.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHER = "other"
# made of the paper, not the paper: a statement that it was lost, an application for it
_ABOUT = ("声明", "申请表", "申请书", "承诺书", "复印件领取", "遗失", "委托书")


@dataclass(frozen=True)
class Kind:
    """A kind of paper: its code, what it is called, by which words a material speaks of it."""

    code: str
    label: Promise | str
    words: tuple[str, ...]
    is_identity: bool = False


KINDS = (
    Kind("id_card", _("身份证"), ("身份证",), is_identity=True),
    Kind("household", _("户口簿"), ("户口簿", "户口本", "居民户口"), is_identity=True),
    Kind("residence", _("居住证"), ("居住证",), is_identity=True),
    Kind("passport", _("护照"), ("护照",), is_identity=True),
    Kind("social_card", _("社会保障卡"), ("社会保障卡", "社保卡"), is_identity=True),
    Kind("marriage", _("结婚证"), ("结婚证",), is_identity=True),
    Kind("divorce", _("离婚证"), ("离婚证",), is_identity=True),
    Kind("birth", _("出生医学证明"), ("出生医学证明",), is_identity=True),
    Kind("disability", _("残疾人证"), ("残疾人证",), is_identity=True),
    Kind("driving", _("驾驶证"), ("驾驶证",), is_identity=True),
    Kind("vehicle", _("行驶证"), ("行驶证",)),
    Kind("bank_card", _("银行卡"), ("银行卡",), is_identity=True),
    Kind("degree", _("学历、学位证书"), ("学历", "毕业证", "学位证")),
    Kind("property", _("不动产权证书"), ("不动产权", "房产证", "房屋所有权证")),
    Kind("business_licence", _("营业执照"), ("营业执照",)),
    Kind(OTHER, _("别的证件、证书"), ()),
)
BY_CODE = {kind.code: kind for kind in KINDS}


def kinds_of(material_name: str) -> tuple[Kind, ...]:
    """Return the kinds that a material of this name may be."""
    if any(word in material_name for word in _ABOUT):
        return ()
    return tuple(kind for kind in KINDS if any(word in material_name for word in kind.words))


def kind_of(material_name: str) -> Kind:
    """Return the kind under which a paper for a material of this name is kept."""
    return next(iter(kinds_of(material_name)), BY_CODE[OTHER])


def is_identity(material_name: str) -> bool:
    """Whether papers for a material of this name show who somebody is."""
    return any(kind.is_identity for kind in kinds_of(material_name))


def fits(kind: str, label: str, material_name: str) -> bool:
    """Whether a kept paper is good for a material of this name: by its kind, or because it is called so."""
    return label == material_name or any(known.code == kind for known in kinds_of(material_name))
