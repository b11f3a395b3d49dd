"""What people write, made fit to keep; and what is masked before anybody else may read it. Pure.

Masking is a first pass by pattern. A clerk reads the result before it is published: no pattern knows every name.
"""

import re
import unicodedata
from collections.abc import Iterable

STARS = "***"
# digits as they are typed: with spaces, dashes or dots between, full width too
_GAP = r"[\s\-－—·.．]{0,2}"
_ID = re.compile(rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx](?![0-9])")
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
# 统一社会信用代码 of a sole trader 个体工商户: authority 9, kind 2
_SOLE_TRADER = re.compile(r"(?<![0-9A-Za-z])92[0-9A-HJ-NPQRTUWXY]{16}(?![0-9A-Za-z])", re.IGNORECASE)
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][·\s]?[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])")
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])[EGDPS][A-Z]?[0-9]{7,8}(?![0-9A-Za-z])", re.IGNORECASE)
_ACCOUNT = re.compile(r"((?:微信号?|[Qq][Qq]号?|支付宝)\s*(?:[:：是]|号码?)?\s*)[A-Za-z0-9_-]{5,}")
# phones, cards, numbers of cases: seven digits and more
_LONG = re.compile(rf"(?<![0-9])\+?[0-9](?:{_GAP}[0-9]){{6,}}[Xx]?")
_OFFICE = re.compile(r"(?<![0-9])0[0-9]{2,3}[-－—][0-9]{7,8}(?![0-9])")
_NUMERAL = r"[0-9零〇一二三四五六七八九十百]"
_HOUSE = re.compile(
    r"((?:路|街|道|巷|胡同|弄|村|庄|屯|小区|花园|社区|家园|苑|府|城|园|组|镇|乡)[^，。；、！？\s0-9]{0,6}?)"
    rf"({_NUMERAL}+\s*(?:号楼|号院|号|弄|栋|幢|座|单元|室|户|组|楼|层)(?:[^，。；！？\s]{{0,6}}?{_NUMERAL}+\s*(?:号楼|号|栋|幢|座|单元|室|户|楼|层)?)*)"
)
_NAMED = re.compile(
    r"((?:我叫|我是叫|姓名\s*[:：是]?|名字\s*[:：是叫]|(?:父亲|母亲|妻子|丈夫|儿子|女儿|孩子|老公|老婆|爱人|当事人|联系人)\s*(?:叫|[:：]))\s*)"
    r"[\u4e00-\u9fff·]{2,4}?(?=[，。,.;；、！!？?\s()（）]|的|在|要|想|身份|电话|手机|住|[0-9]|$)"
)


def clean(text: str) -> str:
    """Return the text as it is kept: plain line ends, no control or invisible character, nothing around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    # categories C*: control, format (bidirectional and zero-width ones among them), surrogate, private, unassigned
    kept = "".join(letter for letter in lines if letter == "\n" or unicodedata.category(letter)[0] != "C")
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def _narrow(text: str) -> str:
    """Return the text with full-width digits and letters made narrow, as long as before."""
    return "".join(
        chr(ord(letter) - 0xFEE0)
        if "０" <= letter <= "ｚ" and chr(ord(letter) - 0xFEE0).isalnum()
        else letter
        for letter in text
    )


def mask(text: str, names: Iterable[str] = (), *, keeps_offices: bool = False) -> str:
    """Return the text without what tells who somebody is; masked twice it is the same.

    ID numbers, phones and other long numbers, mail, plates, accounts, the sole trader's credit code, house numbers, names
    that are `names` or follow 我叫 and the like. `keeps_offices` leaves landlines with an area code: an answer names offices.
    """
    text = _narrow(clean(text))
    for name in sorted({each.strip() for each in names if len(each.strip()) > 1}, key=len, reverse=True):
        text = text.replace(name, f"{name[0]}*")
    for pattern in (_SOLE_TRADER, _MAIL, _ID, _PASSPORT, _PLATE):
        text = pattern.sub(STARS, text)
    text = _ACCOUNT.sub(rf"\1{STARS}", text)
    text = _NAMED.sub(r"\1**", text)
    if keeps_offices:
        offices = [found.span() for found in _OFFICE.finditer(text)]
        text = _LONG.sub(
            lambda found: found.group() if found.span() in offices else STARS,
            text,
        )
    else:
        text = _LONG.sub(STARS, text)
    return _HOUSE.sub(rf"\1{STARS}", text)
