"""Why a look is not changed; each text says what to do."""

from django.utils.translation import gettext as _


class ThemeRefused(Exception):
    """It is not done; the text is for whoever asked."""


class ChangedMeanwhile(ThemeRefused):
    """A colleague was quicker: what the reader saw is not what is there."""

    def __init__(self, person_name: str = "") -> None:
        self.person_name = person_name
        who = person_name or _("同事")
        super().__init__(_("您打开这一页以后，{name}改过外观。看过现在的，再保存一次").format(name=who))


class Locked(ThemeRefused):
    """The city keeps this part for itself."""


class CannotRead(ThemeRefused):
    """Colours that cannot be told apart are not published; `lines` name the pairs."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("；".join(lines))


class NothingChanged(ThemeRefused):
    """What would be published is what is in force."""
