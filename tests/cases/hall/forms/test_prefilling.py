"""What is filled in for an applicant: from the account and from their own last application, never from another's."""

import pytest

from tests.cases.hall import making
from tests.cases.hall.forms.conftest import TWO, WHOLE
from tests.cases.hall.views.conftest import text
from tests.template import BIRTH, LICENCE, NOW


@pytest.fixture
def filed(made, inside):
    """A case that lin filed."""

    def file(**answers):
        from cases.hall.services import drafts

        with inside():
            case = making.draft()
            drafts.save_answers(case, {**WHOLE, **answers}, actor=making.actor("lin"), now=NOW)
            drafts.set_delivery(case, {"method": "window"}, actor=making.actor("lin"), now=NOW)
            from cases.hall.services import submit

            return submit.submit(
                case,
                actor=making.actor("lin"),
                applicant=making.applicant(),
                version=case.item_version,
                idempotency_key=f"draft-{case.pk}",
                now=NOW,
            )

    return file


def start(username, item=LICENCE):
    from cases.hall.services import drafts

    return drafts.start(item, actor=making.actor(username), applicant=making.applicant(username), now=NOW)


def test_a_new_draft_begins_with_the_last_answers_and_the_account(filed, inside):
    filed(contact_phone="13900001111")
    with inside():
        mine, hers, other_item = start("lin"), start("zhou"), start("lin", BIRTH)

    # the account's number, not the one that was typed last time
    assert mine.answers == {**WHOLE, "contact_phone": making.applicant().phone}
    assert mine.to_check == {**dict.fromkeys(WHOLE, "last"), "contact_phone": "account"}
    assert "spouse" not in hers.answers
    assert "children" not in hers.answers
    # the same question by name and type, in another item
    assert other_item.answers == {"spouse": "李四"}


def test_another_halls_cases_and_another_companys_are_no_source(filed, west):
    from tenants.shared import scope

    filed()
    with scope.hall(west):
        assert "spouse" not in start("lin", BIRTH).answers


def test_it_is_marked_must_be_looked_at_and_goes_by_one_tap(filed, lin, inside):
    from cases.hall.models import Case

    filed()
    path = lin.post(f"/items/{LICENCE}/apply/", {"able-of_age": "yes", "company": "self"})["Location"]
    page = text(lin.get(path))
    assert "替您先填了" in page
    assert page.count("请看一遍</span>") == 2
    assert "来自上次申请，请看对不对" in text(lin.get(f"{path}form/1/"))
    with inside():
        draft = Case.objects.get(state="draft")
        assert draft.answers["children"] == TWO

    # a page that was saved has been looked at, whatever is changed on it
    lin.post(f"{path}form/1/", {"spouse": "王五", "has_children": "yes"})
    assert "来自上次申请" not in text(lin.get(f"{path}form/1/"))
    lin.post(f"{path}clear/")
    with inside():
        draft.refresh_from_db()
        assert draft.answers == {"spouse": "王五", "has_children": True}
        assert draft.to_check == {}


def test_an_answer_that_the_form_no_longer_takes_is_left_out(filed, publish, inside):
    from tests.cases.hall.forms.conftest import FORM

    filed()
    publish([{**row, "type": "number"} if row["name"] == "spouse" else row for row in FORM])
    with inside():
        assert "spouse" not in start("lin").answers


def test_who_acts_for_another_gets_what_they_filed_for_that_one_and_nothing_else(inside):
    from cases.hall.services import drafts, submit
    from tests.cases.hall import mandating

    def file(key, spouse, username="zhou", mandate=None):
        person = making.actor(username)
        file = drafts.add_file(None, material_key="m1", upload=making.upload(), actor=person, now=NOW)
        return submit.file_case(
            item_code=BIRTH,
            raw_answers={"spouse": spouse},
            files={"m1": [file.pk]},
            raw_delivery="window",
            actor=person,
            applicant=None if mandate else making.applicant(username),
            company=None,
            idempotency_key=key,
            body={"key": key},
            mandate=mandate.pk if mandate else None,
            now=NOW,
        )

    with inside():
        mandating.term()
        mandate = mandating.in_force()
        other = mandating.in_force(
            mandating.facts("别家老人", mandating.id_number("341621194103072"), "13700000002")
        )
        file("own", "代办人的配偶")
        file("other", "别家的配偶", mandate=other)
        begun = drafts.start(BIRTH, actor=making.actor("zhou"), mandate=mandate.pk, now=NOW)
        assert (begun.answers, begun.to_check) == ({}, {})
        drafts.discard(begun, actor=making.actor("zhou"), now=NOW)

        file("his", "老汉的配偶", mandate=mandate)
        begun = drafts.start(BIRTH, actor=making.actor("zhou"), mandate=mandate.pk, now=NOW)
        assert (begun.answers, begun.to_check) == ({"spouse": "老汉的配偶"}, {"spouse": "last"})
        # and nothing of it comes into the proxy's own
        assert start("zhou", BIRTH).answers == {"spouse": "代办人的配偶"}
