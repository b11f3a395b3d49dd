"""Why a step of a case is not taken: each refusal tells what is possible or what is missing."""

from datetime import datetime

from django.utils.translation import gettext as _


class NotAllowed(Exception):
    """The step is not for this person; the text says why."""


class NotOpen(NotAllowed):
    """The case's present state has no such step; the text says what is possible."""


class UnknownAction(NotAllowed):
    """The table knows no step of this name."""


class ReasonNeeded(Exception):
    """The step needs a reason that the applicant can read."""


class DataNeeded(Exception):
    """The step needs facts that are missing or wrong: `fields` says which, each with a sentence."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(_("有几处要改"))
        self.fields = fields


class SomebodyWasFaster(Exception):
    """Since the caller saw the case somebody has acted on it: who, what, when, and where the case stands now."""

    def __init__(self, name: str, action: str, at: datetime, *, state: str = "", revision: int = 0) -> None:
        super().__init__(
            _("%(name)s刚处理了这件：%(action)s") % {"name": name or _("申请人"), "action": action}
        )
        self.name, self.action, self.at = name, action, at
        self.case_state, self.case_revision = state, revision
