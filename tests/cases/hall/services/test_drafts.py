"""Drafts: kept in the account, changed page by page, refreshed when the item changes, thrown away."""

import pytest

from tests.cases.hall.making import GUIDE, LICENCE, NOW, actor, applicant, draft, submitted, upload
from tests.conftest import _hall

pytestmark = pytest.mark.usefixtures("in_east")


def start(item=LICENCE, username="lin"):
    from cases.hall.services import drafts

    return drafts.start(item, actor=actor(username), applicant=applicant(username), company=None, now=NOW)


def files(case):
    from cases.hall.services import attachments

    return list(attachments.current(case).order_by("material_key").values_list("material_key", "name"))


def test_a_draft_is_taken_up_again_by_its_owner_alone():
    case = start()

    assert start() == case
    assert start(username="zhou") != case


def test_a_draft_shows_on_its_owners_page_of_all_halls():
    from cases.shared.models import Pointer

    case = start()

    pointer = Pointer.objects.get(case=case.pk)
    assert (pointer.state, pointer.turn, pointer.number, pointer.item_name) == (
        "draft",
        "applicant",
        "",
        "小餐馆许可",
    )


def test_answers_of_one_page_leave_those_of_another():
    from cases.hall.services import drafts

    case = drafts.save_answers(
        start(), {"spouse": "李四", "married_on": "2020-05-01"}, actor=actor("lin"), now=NOW
    )
    case = drafts.save_answers(case, {"married_on": None}, actor=actor("lin"), now=NOW)

    assert case.answers == {"spouse": "李四"}


def test_personal_data_is_not_readable_in_the_table():
    from django.db import connection

    case = submitted()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_hall_case WHERE id = %s", [case.pk])
        row = str(cursor.fetchone())
    for secret in ("11010519491231002X", "林小禾", "李四", "13900000000", case.query_code):
        assert secret not in row
    assert case.number in row


def test_a_new_file_takes_the_place_of_the_old_and_a_removed_one_is_gone():
    from django.core.files.storage import storages

    from cases.hall.services import drafts

    case = start()
    first = drafts.add_file(case, material_key="m1", upload=upload("一.jpg"), actor=actor("lin"), now=NOW)
    second = drafts.add_file(case, material_key="m1", upload=upload("二.jpg"), actor=actor("lin"), now=NOW)
    assert files(case) == [("m1", "二.jpg")]
    assert storages["cases"].exists(second.path)
    assert first.path != second.path
    assert first.path.startswith(_hall("east").role + "/2026/")

    drafts.remove_file(second, actor=actor("lin"), now=NOW)

    assert files(case) == []


def test_a_material_off_the_list_is_not_taken():
    from cases.hall.files import FileRefused
    from cases.hall.services import drafts

    case = start()

    with pytest.raises(FileRefused, match="不要这份"):
        drafts.add_file(case, material_key="m9", upload=upload(), actor=actor("lin"), now=NOW)

    assert files(case) == []


def test_waiting_files_are_limited(monkeypatch):
    from cases.hall.files import FileRefused
    from cases.hall.models import CaseFile
    from cases.hall.services import attachments, drafts

    monkeypatch.setattr(attachments, "MOST_WAITING", 2)
    for _ in range(2):
        drafts.add_file(None, material_key="", upload=upload(), actor=actor("lin"), now=NOW)

    with pytest.raises(FileRefused):
        drafts.add_file(None, material_key="", upload=upload(), actor=actor("lin"), now=NOW)

    assert CaseFile.objects.count() == 2


def test_a_submitted_case_is_no_draft_any_more():
    from cases.hall.services import drafts

    case = submitted()

    for change in (
        lambda: drafts.save_answers(case, {"spouse": "王五"}, actor=actor("lin"), now=NOW),
        lambda: drafts.set_delivery(case, {"method": "ems"}, actor=actor("lin"), now=NOW),
        lambda: drafts.add_file(case, material_key="m1", upload=upload(), actor=actor("lin"), now=NOW),
        lambda: drafts.discard(case, actor=actor("lin"), now=NOW),
        lambda: drafts.refresh(case, actor=actor("lin"), now=NOW),
    ):
        with pytest.raises(drafts.NotADraft, match=case.number):
            change()

    case.refresh_from_db()
    assert (case.answers, case.delivery, len(files(case))) == ({"spouse": "李四"}, {"method": "window"}, 1)


def test_a_discarded_draft_leaves_nothing():
    from cases.hall.models import Case, CaseFile
    from cases.hall.services import drafts
    from cases.shared.models import Pointer

    case = draft()

    drafts.discard(case, actor=actor("lin"), now=NOW)

    assert (Case.objects.count(), CaseFile.objects.count(), Pointer.objects.count()) == (0, 0, 0)


def test_an_item_that_cannot_be_applied_for_has_no_draft():
    from cases.hall.models import Case
    from cases.hall.services import drafts

    for item in (GUIDE, "99999999999999"):
        with pytest.raises(drafts.NotOffered):
            start(item)

    assert Case.objects.count() == 0


def hide_a_material(code=LICENCE):
    """Let the hall drop a paper, as its staff would."""
    from catalog.hall.models import Override

    base = {
        "key": "m1",
        "name": "身份证",
        "type": "1",
        "form": "2",
        "source": "10",
        "originals": 1,
        "copies": 0,
        "necessity": "required",
        "exempt": False,
    }
    Override.objects.create(
        code=code, field="materials.m1", value={"hidden": True}, base=base, reason="不用了", person=actor("east_staff").person_id, person_name="东事项", made_at=NOW
    )  # fmt: skip


def test_what_changed_in_the_item_is_shown_before_it_is_submitted():
    from cases.hall.models import Case
    from cases.hall.services import drafts, submit

    case = draft()
    seen = case.item_version
    hide_a_material()

    with pytest.raises(drafts.ItemChanged) as refusal:
        submit.submit(
            case, actor=actor("lin"), applicant=applicant(), version=seen, idempotency_key="k", now=NOW
        )
    assert refusal.value.changes == ["少交一份材料：身份证"]
    assert Case.objects.get().state == "draft"

    assert drafts.refresh(case, actor=actor("lin"), now=NOW) == ["少交一份材料：身份证"]
    assert drafts.refresh(case, actor=actor("lin"), now=NOW) == []
    assert [row["key"] for row in case.item["materials"]] == ["m2"]
    filed = submit.submit(
        case,
        actor=actor("lin"),
        applicant=applicant(),
        version=case.item_version,
        idempotency_key="k",
        now=NOW,
    )
    assert filed.state == "submitted"


def test_a_running_case_keeps_the_promise_it_was_made_under():
    case = submitted()

    hide_a_material()

    case.refresh_from_db()
    assert [row["key"] for row in case.item["materials"]] == ["m1", "m2"]


def test_what_is_missing_is_said_all_at_once_and_nothing_is_filed():
    from cases.hall.models import Event
    from cases.hall.services import submit

    case = start()

    with pytest.raises(submit.Incomplete) as refusal:
        submit.submit(
            case,
            actor=actor("lin"),
            applicant=applicant(),
            version=case.item_version,
            idempotency_key="k",
            now=NOW,
        )

    assert (refusal.value.fields, refusal.value.materials) == (
        {"spouse": "请填配偶姓名"},
        {"m1": "请上传身份证"},
    )
    case.refresh_from_db()
    assert (case.state, case.number, Event.objects.count()) == ("draft", None, 0)


def test_a_key_of_another_application_is_refused():
    from cases.hall.services import submit

    def press(case):
        return submit.submit(
            case,
            actor=actor("lin"),
            applicant=applicant(),
            version=case.item_version,
            idempotency_key="k",
            now=NOW,
        )

    first = press(draft())
    second = draft()

    with pytest.raises(submit.OtherBody):
        press(second)

    second.refresh_from_db()
    assert (press(first), second.state) == (first, "draft")


def test_a_hall_that_takes_nothing_takes_no_draft_and_no_case(monkeypatch):
    from cases.hall.models import Case
    from cases.hall.queries import place
    from cases.hall.services import drafts, submit

    case = draft()
    monkeypatch.setattr(place, "TAKING", frozenset())

    with pytest.raises(drafts.HallNotTaking, match="查进度、取证件照常"):
        start()
    with pytest.raises(submit.HallNotTaking):
        submit.submit(
            case,
            actor=actor("lin"),
            applicant=applicant(),
            version=case.item_version,
            idempotency_key="k",
            now=NOW,
        )

    assert list(Case.objects.values_list("state", flat=True)) == ["draft"]


def test_a_draft_is_not_filed_for_a_company_that_was_left_meanwhile():
    from accounts.models import Agency, Company
    from cases.hall.services import submit
    from tests.template import REPORT, USCC

    case = draft(REPORT, "agent", company=Company.objects.get(uscc=USCC))
    Agency.objects.update(is_active=False)

    with pytest.raises(submit.Incomplete) as refusal:
        submit.submit(
            case,
            actor=actor("agent"),
            applicant=applicant("agent"),
            version=case.item_version,
            idempotency_key="k",
            now=NOW,
        )

    assert refusal.value.fields == {"company": "您没有登记替这家企业办事，请先登记"}
    Agency.objects.update(is_active=True)
    filed = submit.submit(
        case,
        actor=actor("agent"),
        applicant=applicant("agent"),
        version=case.item_version,
        idempotency_key="k",
        now=NOW,
    )
    assert (filed.state, filed.company_uscc) == ("submitted", USCC)
