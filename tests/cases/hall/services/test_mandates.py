"""Mandates: what proves one, what it allows at every act, how it ends, and that nothing is lost by it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.services import codes
from cases.hall.models import Case, Mandate, Outbox, Principal, ProxyTerm
from cases.hall.queries import access
from cases.hall.services import (
    attachments,
    authority,
    corrections,
    drafts,
    mandates,
    proofs,
    submit,
    terms,
    transition,
)
from cases.shared.models import MandatePointer, Pointer
from tenants.hall.models import Post
from tests.cases.hall import mandating
from tests.cases.hall.making import act, upload
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW, PERSON_ID

pytestmark = pytest.mark.usefixtures("in_east")


@pytest.fixture(autouse=True)
def _term(in_east):
    mandating.term()
    mandating.number_of("lin", "110105198007021231")


def told():
    texts = [row.text for row in Outbox.objects.order_by("created_at", "id")]
    return sorted(text for text in texts if "代办" in text)


def test_a_signed_paper_puts_a_mandate_in_force_and_the_principal_is_told():
    mandate = mandating.in_force()

    assert (mandate.proof, mandate.confirmed_at, mandate.paper.content_type) == ("paper", NOW, "image/jpeg")
    assert told() == ["您委托代办员办要办的事，到5月31日。随时能收回，不是您的意思请拨12345。"]
    pointer = MandatePointer.objects.get(mandate=mandate.pk)
    assert (pointer.principal, pointer.is_confirmed, pointer.principal_masked[:2]) == (
        mandate.principal.person,
        True,
        "陶*",
    )


def test_what_is_no_photo_proves_nothing():
    from django.core.files.uploadedfile import SimpleUploadedFile

    from cases.hall.files import FileRefused

    mandate = mandating.asked()
    with pytest.raises(FileRefused):
        proofs.by_paper(mandate, SimpleUploadedFile("委托书.jpg", b"MZ\x90"), actor=actor("zhou"), now=NOW)
    assert Mandate.objects.get().confirmed_at is None


def test_the_code_of_a_phone_that_is_nobodys_account_proves_one_item(monkeypatch):
    mandate = mandating.asked(item_code=LICENCE)
    code = proofs.send_code(mandate, actor=actor("zhou"), address="", now=NOW)
    with pytest.raises(codes.WrongCode):
        proofs.by_code(mandate, "000000" if code != "000000" else "111111", actor=actor("zhou"), now=NOW)
    assert proofs.by_code(mandate, code, actor=actor("zhou"), now=NOW).proof == "code"


@pytest.mark.parametrize(
    ("who", "terms", "why"),
    [
        ({"phone": ""}, {"item_code": LICENCE}, "没有留手机号"),
        ({"phone": "13900000001"}, {"item_code": LICENCE}, "留的是您自己的手机号"),
        # lin's phone with another's ID number: a neighbour's, or one that passed to lin
        ({"phone": "13900000000"}, {"item_code": LICENCE}, "这个手机号是别人注册的"),
        ({}, {}, "他没有账号，委托所有事项或超过 90 天的"),
        ({}, {"item_code": LICENCE, "until": NOW.date() + timedelta(days=91)}, "他没有账号"),
    ],
)
def test_a_code_alone_does_not_prove_more(who, terms, why):
    mandate = mandating.asked(mandating.facts(**who), **terms)
    with pytest.raises(proofs.PaperNeeded, match=why):
        proofs.send_code(mandate, actor=actor("zhou"), address="", now=NOW)
    assert Mandate.objects.get().confirmed_at is None


def test_a_phone_that_many_people_gave_proves_for_none_of_them():
    for number in range(2):
        mandating.asked(mandating.facts(f"邻居{number}", mandating.id_number(f"34162119400307{number}")[:18]))
    mandate = mandating.asked(item_code=LICENCE)
    with pytest.raises(proofs.PaperNeeded, match="好几个人"):
        proofs.send_code(mandate, actor=actor("zhou"), address="", now=NOW)


def test_a_proxy_cannot_lead_the_codes_of_somebody_known_to_another_phone():
    mandating.asked()
    with pytest.raises(mandates.NotGiven) as refusal:
        mandating.asked(mandating.facts(phone="13700000002"))
    assert set(refusal.value.fields) == {"phone"}
    assert Principal.objects.get().phone == mandating.NEIGHBOUR_PHONE


def test_somebody_with_an_account_agrees_there_or_by_their_own_phone():
    lin = mandating.facts("林小禾", "110105198007021231", "13900000000")
    mandate = mandating.asked(lin)
    assert mandate.principal.person == PERSON_ID["lin"]
    with pytest.raises(PermissionDenied):
        mandates.agree(mandate.pk, actor=actor("zhou"), now=NOW)
    assert mandates.agree(mandate.pk, actor=actor("lin"), now=NOW).proof == "account"
    with pytest.raises(mandates.NotWaiting):
        mandates.agree(mandate.pk, actor=actor("lin"), now=NOW)


def test_only_a_towns_proxy_asks_and_not_beyond_the_term():
    with pytest.raises(mandates.NoTerm):
        mandating.asked(username="lin")
    with pytest.raises(mandates.NotGiven, match="任期"):
        mandating.asked(until=NOW.date() + timedelta(days=366))


def test_a_mandate_that_is_not_proved_allows_nothing():
    mandate = mandating.asked()
    with pytest.raises(access.MandateOver):
        drafts.start(LICENCE, actor=actor("zhou"), mandate=mandate.pk, now=NOW)
    assert not Case.objects.exists()


def test_a_case_filed_under_a_mandate_is_the_principals_and_says_who_did_it():
    mandate = mandating.in_force()
    case = mandating.filed(mandate, LICENCE)
    event = case.events.get()

    assert (case.person, case.proxy, case.applicant_masked[:2]) == (
        mandate.principal.person,
        PERSON_ID["zhou"],
        "陶*",
    )
    assert (event.actor, event.actor_name, event.actor_post, event.mandate_id) == (
        PERSON_ID["zhou"],
        "周远",
        "applicant",
        mandate.pk,
    )
    assert Pointer.objects.get(case=case.pk).person == mandate.principal.person
    assert set(case.files.values_list("person", flat=True)) == {mandate.principal.person}
    assert told()[:2] == [
        "代办员替您开始办了小餐馆许可，不是您的意思请拨12345。",
        "代办员替您提交了小餐馆许可，不是您的意思请拨12345。",
    ]


def test_an_item_that_wants_the_person_refuses_proxies():
    from catalog.hall.queries import effective_item
    from catalog.shared.models import SharedItem

    mandate = mandating.in_force()
    case = mandating.begun(mandate, LICENCE)
    Case.objects.filter(pk=case.pk).update(item={**case.item, "proxy_allowed": False})
    with pytest.raises(authority.InPersonOnly):
        drafts.save_answers(case, {"spouse": "王五"}, actor=actor("zhou"), now=NOW)
    assert effective_item(LICENCE).proxy_allowed
    assert SharedItem._meta.get_field("proxy_allowed").default is True


ACTS = {
    "fill": lambda case: drafts.save_answers(case, {"spouse": "王五"}, actor=actor("zhou"), now=NOW),
    "deliver": lambda case: drafts.set_delivery(case, {"method": "ems"}, actor=actor("zhou"), now=NOW),
    "upload": lambda case: drafts.add_file(
        case, material_key="m2", upload=upload(), actor=actor("zhou"), now=NOW
    ),
    "remove": lambda case: drafts.remove_file(case.files.get(), actor=actor("zhou"), now=NOW),
    "refresh": lambda case: drafts.refresh(case, actor=actor("zhou"), now=NOW),
    "discard": lambda case: drafts.discard(case, actor=actor("zhou"), now=NOW),
    "submit": lambda case: submit.submit(
        case, actor=actor("zhou"), applicant=None, version=case.item_version, idempotency_key="k", now=NOW
    ),
}


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("ender", ["proxy", "admin", "term", "day", "take_over"])
def test_after_its_end_no_act_on_the_draft_is_taken_and_nothing_is_lost(name, ender):
    mandate = mandating.in_force()
    case = mandating.begun(mandate, LICENCE)
    if ender == "proxy":
        mandates.end(mandate.pk, actor=actor("zhou"), now=NOW)
    elif ender == "admin":
        mandates.end(mandate.pk, actor=actor("east_staff", ["hall_admin"]), now=NOW)
    elif ender == "term":
        from cases.hall.models import ProxyTerm
        from cases.hall.services import terms

        terms.end(ProxyTerm.objects.get().pk, by=actor("east_staff", ["hall_admin"]), now=NOW)
    elif ender == "day":
        Mandate.objects.update(since=NOW.date() - timedelta(days=9), until=NOW.date() - timedelta(days=1))
    else:
        Principal.objects.update(person=PERSON_ID["lin"])
        Case.objects.update(person=PERSON_ID["lin"])
        mandates.take_over(case, actor=actor("lin"), now=NOW)
    before = Case.objects.values("answers", "delivery", "state", "updated_at").get()
    with pytest.raises(access.MandateOver):
        ACTS[name](case)
    assert Case.objects.values("answers", "delivery", "state", "updated_at").get() == before
    assert case.files.filter(removed_at=None).count() == 1


@pytest.mark.parametrize(("powers", "allowed"), [(["fill"], "fill"), (["submit"], "submit")])
def test_a_mandate_allows_what_it_says_and_no_more(powers, allowed):
    mandate = mandating.in_force()
    case = mandating.begun(mandate, LICENCE)
    Mandate.objects.update(powers=powers)
    other = {"fill": "submit", "submit": "fill"}[allowed]
    with pytest.raises(authority.NotInMandate):
        ACTS[other](case)
    ACTS[allowed](case)


def test_a_mandate_for_one_item_opens_no_other():
    mandate = mandating.in_force(item_code=LICENCE)
    with pytest.raises(authority.NotInMandate):
        drafts.start(BIRTH, actor=actor("zhou"), mandate=mandate.pk, now=NOW)


def test_whoever_is_proxy_is_no_clerk_of_the_same_case():
    # pages look at the real clock
    now = timezone.now()
    case = mandating.filed(mandating.in_force(now=now), LICENCE, now=now)
    with pytest.raises(transition.NotAllowed, match="您自己办的"):
        act(case, "accept", username="zhou", posts=["window"])
    assert (
        transition.open_actions(
            access.case_for(actor("zhou", ["window"]), case.number), actor("zhou", ["window"])
        )
        != []
    )
    mandates.end(Mandate.objects.get().pk, actor=actor("zhou"), now=NOW)
    # not after the mandate has ended either
    with pytest.raises(transition.NotAllowed, match="您自己办的"):
        act(case, "accept", username="zhou", posts=["window"])


@pytest.mark.parametrize("left", [{"starts_on": date(2099, 1, 1)}, {"suspended_at": NOW}, {}])
def test_who_is_at_the_desk_or_will_be_is_appointed_no_proxy(left):
    Post.objects.filter(person=PERSON_ID["east_window"], role="window").update(**left)
    with pytest.raises(terms.NotAppointed, match="办件的岗位"):
        mandating.term("east_window")
    assert not ProxyTerm.objects.filter(person=PERSON_ID["east_window"]).exists()
    # who keeps the hall's items in order decides on no case
    assert mandating.term("east_staff").pk


def test_a_clerk_of_the_case_becomes_no_proxy_in_it_though_the_post_is_over():
    case = act(mandating.filed(mandating.in_force(), LICENCE), "pre_review")
    Post.objects.filter(person=PERSON_ID["east_window"]).update(is_active=False, ended_at=NOW)
    helper = mandating.term("east_window")
    assert helper.name == "东窗口"
    with pytest.raises(authority.NotInMandate):
        mandating.in_force(username="east_window", case=case)


def test_the_proxy_corrects_adds_and_withdraws_for_the_principal():
    case = mandating.filed(mandating.in_force(), LICENCE)
    points = [{"kind": "material", "key": "m1", "verdict": "unclear"}]
    case = act(case, "request_correction", data={"points": points})
    corrections.add_file(case, material_key="m1", upload=upload("新.jpg"), actor=actor("zhou"), now=NOW)
    case = transition.apply(case, "resubmit", by=actor("zhou"), now=NOW)
    attachments.add_later(case, material_key="m2", upload=upload(), actor=actor("zhou"), now=NOW)
    case.refresh_from_db()
    case = transition.apply(case, "withdraw", by=actor("zhou"), now=NOW)

    by_proxy = case.events.exclude(mandate=None).order_by("sequence")
    assert list(by_proxy.values_list("action", flat=True)) == ["submit", "resubmit", "add_file", "withdraw"]
    said = sorted(text[:7] for text in told() if text.startswith("代办员"))
    assert said == ["代办员替您开始", "代办员替您提交", "代办员替您撤回", "代办员替您补交", "代办员替您补交"]


def test_a_mandate_for_one_case_opens_that_case_alone():
    from tests.cases.hall.making import submitted

    now = timezone.now()
    case, other = submitted(LICENCE, "lin", now), submitted(BIRTH, "lin", now)
    with pytest.raises(access.Http404):
        access.case_for(actor("zhou"), case.number)
    terms = mandates.Terms(until=now.date() + timedelta(days=30), case=case)
    mandate = mandates.give("周远", "13900000001", terms, actor=actor("lin"), now=now)
    assert access.case_for(actor("zhou"), case.number).acted_for == "林小禾"
    with pytest.raises(access.Http404):
        access.case_for(actor("zhou"), other.number)
    mandates.end(mandate.pk, actor=actor("lin"), now=now)
    with pytest.raises(access.MandateOver):
        access.case_for(actor("zhou"), case.number)


@pytest.mark.parametrize(("name", "phone"), [("周远远", "13900000001"), ("周远", "13900000099")])
def test_nobody_learns_by_a_mandate_who_a_phone_belongs_to(name, phone):
    terms = mandates.Terms(until=NOW.date() + timedelta(days=30))
    with pytest.raises(mandates.NotGiven, match="对不上"):
        mandates.give(name, phone, terms, actor=actor("lin"), now=NOW)


def test_a_stranger_ends_nobodys_mandate():
    mandate = mandating.in_force()
    with pytest.raises(PermissionDenied):
        mandates.end(mandate.pk, actor=actor("lin"), now=NOW)
    with pytest.raises(PermissionDenied):
        mandates.end(mandate.pk, actor=actor("east_staff", ["branch_staff"]), now=NOW)
    assert Mandate.objects.get().ended_at is None


def test_filing_in_one_go_is_once_for_the_proxy_whoever_the_principal():
    first = mandating.in_force()
    second = mandating.in_force(
        mandating.facts("王奶奶", mandating.id_number("341621194104082"), "13700000002")
    )

    def file(mandate):
        waiting = drafts.add_file(None, material_key="m1", upload=upload(), actor=actor("zhou"), now=NOW)
        return submit.file_case(
            item_code=LICENCE,
            raw_answers={"spouse": "李四"},
            files={"m1": [waiting.pk]},
            raw_delivery={"method": "window"},
            actor=actor("zhou"),
            applicant=None,
            company=None,
            idempotency_key="one",
            body={"item": LICENCE, "mandate": str(mandate.pk)},
            mandate=mandate.pk,
            now=NOW,
        )

    case = file(first)
    assert file(first).pk == case.pk
    assert (case.person, case.files.get().person) == (first.principal.person,) * 2
    with pytest.raises(submit.OtherBody):
        file(second)
    with pytest.raises(access.MandateOver):
        submit.file_case(
            item_code=LICENCE, raw_answers={}, files={}, raw_delivery=None, actor=actor("zhou"), applicant=None,
            company=None, idempotency_key="two", body={}, mandate=uuid4(), now=NOW,
        )  # fmt: skip
