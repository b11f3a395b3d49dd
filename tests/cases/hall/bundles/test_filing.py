"""Several items applied for at once: one draft, one submission, a case in each department."""

import pytest

from cases.hall.enums import State
from cases.hall.models import Case, CaseFile, Event, Outbox, ParentCase
from cases.hall.queries import bundles, items
from cases.hall.services import attachments, drafts, submit
from cases.hall.services.bundles import drafting
from cases.shared.models import Pointer
from catalog.hall.services import overrides
from tests.cases.hall.bundles.making import BOTH, KEY, begun, draft, file_at_once, filed
from tests.cases.hall.bundles.making import submit as hand_in
from tests.cases.hall.making import BIRTH, LICENCE, NOW, REPORT, actor, applicant, upload
from tests.template import PERSON_ID

STAFF = ("east_staff", ["branch_staff"])


def override(code, field, value):
    overrides.set_value(code, field, value, by=actor(*STAFF), reason="测试", now=NOW)


def test_the_draft_asks_what_its_items_ask_once(in_east):
    case = begun()

    assert (case.state, case.bundle, case.item_name) == (State.DRAFT, KEY, "开小餐馆一件事")
    assert [(row["name"], row["section"]) for row in case.item["form"]] == [
        ("spouse", "几项都要填的"),
        ("married_on", "几项都要填的"),
    ]
    assert [(row["key"], row["note"]) for row in case.item["materials"]] == [
        ("m1", "用在：出生登记、小餐馆许可"),
        ("m2", "用在：出生登记、小餐馆许可"),
    ]
    assert case.codes == list(BOTH)


def test_the_same_draft_takes_another_choice_and_keeps_what_was_typed(in_east):
    case = draft()
    override(LICENCE, "hidden", True)
    with pytest.raises(drafts.NotOffered):
        begun()

    overrides.reset(LICENCE, "hidden", by=actor(*STAFF), now=NOW)
    again = begun(tuple(reversed(BOTH)))
    assert (again.pk, again.answers, attachments.current(again).count()) == (case.pk, {"spouse": "李四"}, 1)
    assert again.codes == list(BOTH)


def test_one_item_alone_is_applied_for_by_itself(in_east):
    with pytest.raises(drafting.TooFew):
        begun((BIRTH,))
    with pytest.raises(drafts.NotOffered):
        begun((BIRTH, REPORT))
    assert Case.objects.count() == 0


def test_it_is_another_draft_than_the_items_own(in_east):
    whole = begun()
    own = drafts.start(BIRTH, actor=actor("lin"), applicant=applicant(), now=NOW)

    assert own.pk != whole.pk
    assert own.bundle == ""


def test_submitting_makes_a_parent_and_a_case_in_each_department(in_east):
    case = draft()
    parent, (birth, licence) = hand_in(case), list(Case.objects.order_by("number"))

    assert (birth.pk, birth.item_code, birth.department) == (case.pk, BIRTH, "卫健委")
    assert (licence.item_code, licence.department) == (LICENCE, "市场监管局")
    assert {birth.state, licence.state} == {State.SUBMITTED}
    assert {birth.parent, licence.parent} == {parent}
    assert birth.answers == licence.answers == {"spouse": "李四"}
    assert birth.query_code == licence.query_code
    assert len({parent.number, birth.number, licence.number}) == 3
    assert parent.number < birth.number < licence.number
    assert [event.action for event in Event.objects.all()] == ["submit", "submit"]
    # each keeps the promise of its own item
    assert [case.item["promised_days"] for case in (birth, licence)] == [0, 5]
    assert [case.item_version for case in (birth, licence)] == [
        items.applicable(code).version for code in BOTH
    ]
    assert "parts" not in birth.item


def test_it_is_told_once_with_the_number_of_the_whole(in_east):
    parent, children = filed()

    told = list(Outbox.objects.values_list("text", flat=True))
    assert told == [
        f"开小餐馆一件事已提交，编号{parent.number}，查询码{children[0].query_code}。最晚3月9日答复。"
    ]


def test_files_are_stored_once_and_each_child_has_its_own_row(in_east):
    _parent, (birth, licence) = filed()

    rows = list(CaseFile.objects.order_by("case__number"))
    assert [row.case for row in rows] == [birth, licence]
    assert len({row.path for row in rows}) == 1


def test_submitting_again_gives_the_same_parent(in_east):
    case = draft()

    assert hand_in(case) == hand_in(case)
    assert (ParentCase.objects.count(), Case.objects.count()) == (1, 2)


def test_what_is_missing_is_said_at_once_and_nothing_is_filed(in_east):
    case = begun()

    with pytest.raises(submit.Incomplete) as problem:
        hand_in(case)
    assert (set(problem.value.fields), set(problem.value.materials)) == ({"spouse"}, {"m1"})
    assert (Case.objects.get().state, ParentCase.objects.count()) == (State.DRAFT, 0)


def test_an_item_that_the_hall_changed_meanwhile_is_shown_first(in_east):
    case = draft()
    override(LICENCE, "promised_days", 3)

    with pytest.raises(submit.ItemChanged):
        hand_in(case)
    assert drafting.refresh(case, actor=actor("lin"), now=NOW) == ["小餐馆许可：期限变为 3 个工作日"]
    _parent, (_birth, licence) = hand_in(case), list(Case.objects.order_by("number"))
    assert licence.item["promised_days"] == 3


def test_a_change_after_submission_changes_no_child(in_east):
    _parent, (_birth, licence) = filed()
    override(LICENCE, "promised_days", 3)

    licence.refresh_from_db()
    assert licence.item["promised_days"] == 5


def test_an_item_hidden_meanwhile_falls_out_and_too_few_are_refused(in_east):
    case = draft()
    override(LICENCE, "hidden", True)

    with pytest.raises(submit.ItemChanged, match="本厅不办“小餐馆许可”了"):
        hand_in(case)
    with pytest.raises(drafting.TooFew):
        drafting.refresh(case, actor=actor("lin"), now=NOW)
    assert ParentCase.objects.count() == 0


def test_in_one_go_with_a_key_that_gives_the_same_again(in_east):
    by = actor("lin")
    file = drafts.add_file(None, material_key="m1", upload=upload(), actor=by, now=NOW)

    parent = file_at_once("k", files=[file.pk])
    assert file_at_once("k", files=[file.pk]) == parent
    assert parent.children.count() == 2
    with pytest.raises(submit.OtherBody):
        file_at_once("k", files=[file.pk], spouse="王五")
    # nor may the key be another application's
    with pytest.raises(submit.OtherBody):
        submit.file_case(
            item_code=BIRTH,
            raw_answers={"spouse": "李四"},
            files={},
            raw_delivery="window",
            actor=by,
            applicant=applicant(),
            company=None,
            idempotency_key="k",
            body={},
            now=NOW,
        )
    assert Case.objects.count() == 2


def test_a_name_that_no_item_asks_for_is_refused(in_east):
    from cases.hall.services.bundles import filing

    with pytest.raises(submit.Incomplete) as problem:
        filing.file_whole(
            key=KEY,
            codes=BOTH,
            raw_answers={"spouse": "李四", "colour": "红"},
            files={"m9": ["00000000-0000-0000-0000-000000000001"]},
            raw_delivery="window",
            actor=actor("lin"),
            applicant=applicant(),
            company=None,
            idempotency_key="k",
            body={},
            now=NOW,
        )
    assert (set(problem.value.fields), set(problem.value.materials)) == ({"colour"}, {"m9"})


def test_pointers_name_the_parent(in_east):
    parent, children = filed()

    rows = Pointer.objects.filter(person=PERSON_ID["lin"])
    assert {(row.case, row.parent, row.parent_number, row.parent_name) for row in rows} == {
        (child.pk, parent.pk, parent.number, "开小餐馆一件事") for child in children
    }


def test_a_discarded_draft_leaves_nothing(in_east):
    drafts.discard(draft(), actor=actor("lin"), now=NOW)

    assert (Case.objects.count(), CaseFile.objects.count(), Pointer.objects.count()) == (0, 0, 0)


def test_the_order_that_the_bundle_declares_is_kept(in_east):
    from catalog.shared.models import Bundle

    bundle = Bundle.objects.get(key=KEY)
    bundle.steps[1]["after"] = [BIRTH, REPORT]

    assert bundles.waits(bundle, BOTH) == {LICENCE: [BIRTH]}
