"""Looks to begin with: prepared colours that pass every pair (theming.contrast), for a hall that has none of its own yet."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from theming.tokens import Tokens


@dataclass(frozen=True)
class Look:
    """A prepared look: its name to choose by, and its five colours."""

    label: Promise
    tokens: Tokens


PREPARED: dict[str, Look] = {
    "slate": Look(_("石青"), Tokens("#1F5673", "#143B50", "#E7F0F5", "#1F5673", "#8FB8CC")),
    "pine": Look(_("松绿"), Tokens("#2F5D50", "#1E4037", "#E7F2EE", "#2B564A", "#9CCBB8")),
    "ochre": Look(_("赭石"), Tokens("#7B3F1D", "#582B12", "#F9EEE6", "#74391A", "#E0A878")),
    "plum": Look(_("黛紫"), Tokens("#4B3F72", "#332A52", "#EFECF6", "#4B3F72", "#B7A6E0")),
    "navy": Look(_("藏蓝"), Tokens("#27406B", "#1A2C4B", "#E9EEF7", "#27406B", "#E0B65A")),
    "crimson": Look(_("绛红"), Tokens("#8A2B2B", "#641D1D", "#FBEDEC", "#822727", "#E7B3A5")),
}
