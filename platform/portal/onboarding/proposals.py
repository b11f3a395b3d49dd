"""What a new hall's answers could be, from what is known of the city: to be changed freely."""

import re

from django.utils.translation import gettext as _

from catalog.shared.pinyin import syllables
from tenants.shared import naming
from tenants.shared.divisions import towns
from tenants.shared.enums import Level
from tenants.shared.models import Hall
from tenants.shared.queries import city, halls

# what ends the name of a place and says nothing of it in a key
_ENDINGS = re.compile("(网上办事大厅|办事大厅|政务服务|经济开发区|开发区|新区|自治县|县|区|市)+$")


def key_of(text: str) -> str:
    """Return a key for a name in Chinese: its pinyin, as much as a key may hold; empty where it says nothing."""
    letters = "".join(syllables(_ENDINGS.sub("", text.strip()) or text.strip()))
    return re.sub(r"[^a-z0-9]", "", letters).lstrip("0123456789")[: naming.LONGEST_KEY]


def free_key(text: str) -> str:
    """Return a key for a name that no hall has yet: a number follows one that is taken."""
    key = key_of(text)
    for number in range(1, 10):
        tried = key if number == 1 else f"{key[: naming.LONGEST_KEY - 1]}{number}"
        if naming.is_key(tried) and not naming.key_fault(tried):
            return tried
    return key


def host_of(key: str) -> str:
    """Return the host name right below the portal's that goes with a key."""
    return f"{key}.{city().portal_domain}"


def counties() -> list[tuple[str, str]]:
    """Return the counties that the city's towns lie in, code and name, and the city itself first."""
    known = {town_.code[:6]: town_.county_name for town_ in towns()}
    return [(city().code, city().name), *sorted(known.items())]


def division_of(name: str, level: str) -> str:
    """Return the code of the county that a hall's name begins with; of the city for a hall of the city; else empty."""
    if level == Level.CITY:
        return city().code
    return next((code for code, county in counties()[1:] if name.startswith(county)), "")


def case_prefix_of(division_code: str) -> str:
    """Return six free digits for case numbers: the division's own, else the next of the city's that nobody has (from 71)."""
    taken = {hall.case_prefix for hall in halls()}
    if re.fullmatch(r"[0-9]{6}", division_code) and division_code not in taken:
        return division_code
    tried = (f"{city().code[:4]}{number}" for number in range(71, 100))
    return next((number for number in tried if number not in taken), "")


def document_prefix_of(short_name: str, level: str) -> str:
    """Return what begins the numbers of a hall's documents: the city's sign, and the hall's first character in brackets."""
    first = next((hall for hall in halls() if hall.level == Level.CITY), None)
    sign = first.document_prefix if first is not None else city().name[:1]
    return sign if level == Level.CITY else f"{sign}({short_name[:1]})"


def department_prefix_of(division_code: str, short_name: str, level: str) -> str:
    """Return what stands before the names of a hall's departments: the county's name, of a zone its own."""
    county = dict(counties()).get(division_code, "")
    return short_name if level == Level.ZONE or not county else county


def same_level(level: str) -> Hall | None:
    """Return the first hall of this level, else the city's first hall: what a new one could be like."""
    known = halls()
    return next((hall for hall in known if hall.level == level), known[0] if known else None)


def hall_choices() -> list[tuple[str, str]]:
    """Return every hall as a choice, by key."""
    return [("", _("请选一个大厅")), *((hall.key, hall.name) for hall in halls())]
