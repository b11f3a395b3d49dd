"""A hall's own wordings: one person drafts, another publishes, nothing is lost on the way."""

from datetime import date, timedelta

import pytest

from cases.hall.services import layouts
from cases.hall.services.layouts import Wording
from tests.cases.hall.making import NOW, actor
from tests.template import LICENCE

pytestmark = pytest.mark.usefixtures("in_east")


def staff():
    return actor("east_staff", ["branch_staff"])


def admin():
    return actor("east_admin", ["branch_staff"])


def saved(body="{事项}收下了", *, seen=0, by=None, code="", **given):
    return layouts.save(
        "accept", code, Wording({"body": body}, {}, **given), seen=seen, by=by or staff(), now=NOW
    )


def test_a_broken_text_is_refused_with_its_line_and_nothing_is_saved():
    from cases.hall.paperwork import PaperDraft

    with pytest.raises(layouts.BadTexts) as raised:
        saved("第一行\n{没有的}")

    assert "第 2 行：没有“{没有的}”" in raised.value.problems["body"][0]
    assert PaperDraft.objects.count() == 0


def test_whoever_edits_does_not_publish_and_another_does():
    saved()
    with pytest.raises(layouts.SamePerson):
        layouts.publish("accept", "", seen=1, by=staff(), now=NOW)

    version = layouts.publish("accept", "", seen=1, by=admin(), now=NOW)

    assert (version.version, version.starts_on, version.edited_by_name, version.published_by_name) == (
        1, date(2026, 3, 2), "东事项", "东管理",
    )  # fmt: skip
    with pytest.raises(layouts.NoDraft):
        layouts.publish("accept", "", seen=1, by=admin(), now=NOW)


def test_who_read_an_older_draft_overwrites_and_publishes_nothing():
    saved()
    saved("新的", seen=1, by=admin())

    for action in (
        lambda: saved("我的", seen=1),
        lambda: saved("我的", seen=0),
        lambda: layouts.publish("accept", "", seen=1, by=staff(), now=NOW),
    ):
        with pytest.raises(layouts.ChangedMeanwhile, match="东管理刚保存过"):
            action()


def test_what_changes_nothing_is_not_published_and_an_empty_one_brings_the_standard_back():
    from cases.hall.queries import layouts as wordings

    saved("")
    with pytest.raises(layouts.NothingChanged):
        layouts.publish("accept", "", seen=1, by=admin(), now=NOW)
    saved(seen=1)
    first = layouts.publish("accept", "", seen=2, by=admin(), now=NOW)
    assert wordings.in_force("accept", LICENCE, date(2026, 3, 2)) == first

    saved("")
    layouts.publish("accept", "", seen=1, by=admin(), now=NOW)

    assert wordings.in_force("accept", LICENCE, date(2026, 3, 2)) is None


def test_a_later_version_holds_from_its_day_and_the_one_before_until_then():
    from cases.hall.queries import layouts as wordings

    saved("一")
    first = layouts.publish("accept", "", seen=1, by=admin(), now=NOW)
    saved("二", starts_on=date(2026, 4, 1))
    second = layouts.publish("accept", "", seen=1, by=admin(), now=NOW)

    assert [
        wordings.in_force("accept", LICENCE, date(2026, 3, 31) + timedelta(days=days)) for days in (0, 1)
    ] == [first, second]


def test_a_version_is_never_changed_by_the_hall():
    from django.db import DatabaseError, transaction

    from cases.hall.paperwork import PaperVersion

    saved()
    layouts.publish("accept", "", seen=1, by=admin(), now=NOW)

    for change in (
        lambda: PaperVersion.objects.update(note="x"),
        lambda: PaperVersion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()
