"""The steps of an application, and how far this draft has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.hall.forms.questions import Page, pages
from cases.hall.models import Case, CaseFile
from cases.hall.views import shown
from catalog.shared import questions


@dataclass(frozen=True)
class Step:
    """One line of the task list."""

    key: str
    number: int
    total: int
    title: str
    url: str
    is_done: bool
    is_optional: bool = False
    is_waiting: bool = False
    is_to_check: bool = False

    @property
    def word(self) -> str:
        """The word of its tag."""
        if self.is_waiting:
            return _("等前一步")
        if self.is_to_check:
            return _("请看一遍")
        if self.is_done:
            return _("可不填") if self.is_optional else _("已填")
        return _("没填")

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        if self.is_waiting or (self.is_optional and self.is_done):
            return "neutral"
        return "ok" if self.is_done else "warn"

    @property
    def is_last(self) -> bool:
        """Whether it is the last look before submitting."""
        return self.key == "check"


def steps(case: Case, files: Sequence[CaseFile]) -> list[Step]:
    """Return all steps of this draft; the last one waits for the others."""
    form = case.item.get("form") or []
    rows = questions.nested(form)
    asked = {row["name"] for row, _known in questions.asked(rows, case.answers)}
    missing = {row["name"] for row in questions.missing(rows, case.answers)}
    to_check = asked & set(case.to_check)
    parts = [_form_step(case, page, missing, to_check) for page in pages(form) if page.names & asked]
    blocks = shown.blocks(case, files)
    if blocks:
        needed = [block for block in blocks if block.is_needed]
        is_done = all(block.files for block in needed)
        url = reverse("draft-files", args=[case.pk])
        has_none = not any(block.files for block in blocks)
        parts.append(("files", _("传材料"), url, is_done, not needed and has_none, False))
    url = reverse("draft-delivery", args=[case.pk])
    parts.append(("delivery", _("领取方式"), url, bool(case.delivery), False, False))
    total = len(parts) + 1
    found = [
        Step(key, number, total, title, url, is_done, is_optional, is_to_check=is_to_check)
        for number, (key, title, url, is_done, is_optional, is_to_check) in enumerate(parts, 1)
    ]
    is_ready = all(step.is_done for step in found)
    url = reverse("draft-check", args=[case.pk]) if is_ready else ""
    return [*found, Step("check", total, total, _("看一遍再提交"), url, False, is_waiting=not is_ready)]


def _form_step(
    case: Case, page: Page, missing: set[str], to_check: set[str]
) -> tuple[str, str, str, bool, bool, bool]:
    is_done = not page.names & (missing | to_check)
    needed = any(row.get("required") or questions.fewest(row) for row in page.fields)
    is_empty = not page.names & set(case.answers)
    url = reverse("draft-form", args=[case.pk, page.number])
    is_to_check = bool(page.names & to_check) and not page.names & missing
    return f"form-{page.number}", page.title, url, is_done, not needed and is_empty, is_to_check


def first_open(found: Sequence[Step]) -> Step:
    """Return the step to go on with."""
    return next((step for step in found if not step.is_done and not step.is_waiting), found[-1])


def place(found: Sequence[Step], key: str, case: Case) -> tuple[Step, str]:
    """Return this step and the address before it: the task list stands before the first."""
    index = next(number for number, step in enumerate(found) if step.key == key)
    return found[index], found[index - 1].url if index else reverse("draft", args=[case.pk])


def after(found: Sequence[Step], key: str, case: Case, *, goes_back: bool = False) -> str:
    """Return where to go on to: the next step, or the last look when one came from there; the task list when it waits."""
    index = next(number for number, step in enumerate(found) if step.key == key)
    onward = found[-1] if goes_back else found[min(index + 1, len(found) - 1)]
    return onward.url or reverse("draft", args=[case.pk])


def goes_back(query: Mapping[str, str]) -> bool:
    """Whether this page was opened from the last look, to change one thing."""
    return query.get("back") == "check"
