"""A proxy's pages without scripts: asking, proving, the name on every page, the clear page after the end; the admin's."""

import re

import pytest
from django.conf import settings
from django.utils import timezone

from tests.cases.hall import mandating
from tests.cases.hall.making import upload
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, PERSON_ID, REPORT


def text(response):
    return response.content.decode()


@pytest.fixture
def mandate(east, inside):
    with inside():
        mandating.term(now=timezone.now())
        return mandating.in_force(now=timezone.now())


@pytest.fixture
def inside(east):
    from tenants.shared import scope

    return lambda: scope.hall(east)


@pytest.fixture
def zhou(east, hall_client):
    return hall_client(east, "zhou")


def test_a_mandate_is_asked_for_and_proved_by_the_code_that_the_neighbour_reads_out(zhou, east, inside):
    with inside():
        mandating.term(now=timezone.now())
    who = {"name": "陶老汉", "id_number": mandating.id_number(), "phone": mandating.NEIGHBOUR_PHONE}
    terms = {"powers": ["fill", "submit"], "lasts": "90", "item": LICENCE}
    page = zhou.post("/proxy/new/", {**who, **terms})["Location"]
    assert "等本人确认" in text(zhou.get(page))
    code = re.search(r"验证码是 (\d{6})", text(zhou.post(f"{page}code/")))[1]
    wrong = zhou.post(f"{page}confirm/", {"code": "000000" if code != "000000" else "111111"})
    assert "验证码不对，还能试 4 次" in text(wrong)
    assert zhou.post(f"{page}confirm/", {"code": code})["Location"] == page
    assert "有效" in text(zhou.get(page))
    assert f"/items/{LICENCE}/apply/?for={page.split('/')[2]}" in text(zhou.get(page))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("name", "", "请填姓名"), ("id_number", "1", "身份证号要 18 位"), ("lasts", "9", "请选一种")],
)
def test_each_mistake_is_said_at_its_box(zhou, inside, field, value, says):
    with inside():
        mandating.term(now=timezone.now())
    sent = {
        "name": "陶老汉",
        "id_number": mandating.id_number(),
        "powers": ["fill"],
        "lasts": "90",
        field: value,
    }
    response = zhou.post("/proxy/new/", sent)
    assert field in response.context["form"].errors
    assert says in text(response)


def test_the_principals_name_stands_on_every_page_and_nothing_in_the_session(zhou, mandate, east):
    from accounts.sessions import SessionStore

    apply = f"/items/{LICENCE}/apply/?for={mandate.pk}"
    assert "代陶老汉办" in text(zhou.get(apply))
    draft = zhou.post(apply)["Location"]
    for page in ("", "form/1/", "delivery/", "files/", "check/"):
        assert "代陶老汉办" in text(zhou.get(f"{draft}{page}")), page
    zhou.post(f"{draft}form/1/", {"spouse": "李四"})
    zhou.post(f"{draft}files/m1/add/", {"upload": upload()})
    zhou.post(f"{draft}delivery/", {"method": "window"})
    check = zhou.get(f"{draft}check/")
    assert mandating.id_number() not in text(check)
    sent = {"version": check.context["case"].item_version, "key": "k", "is_true": "on"}
    receipt = zhou.post(f"{draft}check/", sent)["Location"]
    case = receipt.removesuffix("receipt/")
    for page in (receipt, case, f"{case}files/", f"{case}act/withdraw/", f"{case}clock/"):
        assert "代陶老汉办" in text(zhou.get(page)), page
    session = SessionStore(zhou.cookies[settings.SESSION_COOKIE_NAME].value, hall="east")
    kept = str(dict(session.items()))
    assert str(PERSON_ID["zhou"]) in kept
    assert str(mandate.pk) not in kept
    assert str(mandate.principal.person) not in kept


def test_after_the_end_the_form_that_was_open_leads_to_a_clear_page_and_keeps_what_was_saved(
    zhou, mandate, inside
):
    from cases.hall.models import Case
    from cases.hall.services import mandates

    draft = zhou.post(f"/items/{LICENCE}/apply/?for={mandate.pk}")["Location"]
    zhou.post(f"{draft}form/1/", {"spouse": "李四", "later": "1"})
    with inside():
        mandates.end(mandate.pk, actor=actor("east_staff", ["hall_admin"]), now=timezone.now())
    for answer in (zhou.post(f"{draft}form/1/", {"spouse": "王五"}), zhou.get(f"{draft}check/")):
        assert answer.status_code == 403
        assert "委托已经收回或到期" in text(answer)
    with inside():
        assert Case.objects.get().answers == {"spouse": "李四"}
    assert zhou.get(f"/items/{LICENCE}/apply/?for={mandate.pk}").status_code == 403
    assert "这份委托不能用了" in text(zhou.get(f"/proxy/{mandate.pk}/"))


def test_anothers_mandate_opens_nothing_by_guessing(east, hall_client, mandate, west):
    lin = hall_client(east, "lin")
    assert lin.get(f"/items/{LICENCE}/apply/?for={mandate.pk}").status_code == 404
    assert hall_client(west, "zhou").get(f"/items/{LICENCE}/apply/?for={mandate.pk}").status_code == 404
    assert hall_client(east, "zhou").get(f"/items/{LICENCE}/apply/?for=nothing").status_code == 404


def test_an_item_that_wants_the_person_says_so_before_anything_is_filled_in(zhou, mandate):
    from catalog.shared.models import SharedItem
    from tenants.shared import scope

    with scope.city():
        SharedItem.objects.filter(code=BIRTH).update(proxy_allowed=False)
    page = text(zhou.get(f"/items/{BIRTH}/apply/?for={mandate.pk}"))
    assert "这件事要本人办，不能代办" in page
    assert "开始填" not in page


def test_the_portal_shows_both_sides_and_the_claim(portal_client, mandate):
    assert "您代办的人" in text(portal_client("zhou").get("/me/"))
    from tests.cases.hall.services.test_joining import become

    become("lin")
    page = text(portal_client("lin").get("/me/"))
    assert "有人替您办过事" in page
    assert "%2Fmandates%2Fclaim%2F" in page


def test_somebody_who_registers_claims_and_takes_the_draft_over(east, hall_client, zhou, mandate):
    from tests.cases.hall.services.test_joining import become

    draft = zhou.post(f"/items/{LICENCE}/apply/?for={mandate.pk}")["Location"]
    become("lin")
    lin = hall_client(east, "lin")
    assert lin.get(draft).status_code == 404
    code = re.search(r"验证码是 (\d{6})", text(lin.post("/mandates/claim/")))[1]
    assert lin.post("/mandates/claim/", {"code": code})["Location"] == "/mandates/"
    page = text(lin.get(draft))
    assert "我自己接着办" in page
    assert zhou.get(draft).status_code == 200
    take_over = re.search(r'action="(/mandates/cases/[^"]+)"', page)[1]
    assert lin.post(take_over)["Location"] == draft
    assert zhou.get(draft).status_code == 403


def test_the_admin_appoints_once_and_ends_with_all_mandates(east, hall_client, inside):
    from cases.hall.models import Mandate

    admin = hall_client(east, "east_admin")
    sent = {"who": "zhou", "town": "349901100", "years": "1"}
    assert admin.post("/staff/proxies/", sent)["Location"] == "/staff/proxies/"
    assert "他已经是代办员" in text(admin.post("/staff/proxies/", sent))
    assert "没有这个账号" in text(admin.post("/staff/proxies/", {**sent, "who": "nobody"}))
    with inside():
        mandating.in_force(now=timezone.now())
    end = re.search(r'action="(/staff/proxies/[^"]+/end/)"', text(admin.get("/staff/proxies/")))[1]
    admin.post(end)
    with inside():
        assert Mandate.objects.get().ended_at is not None
    assert "已结束" in text(admin.get("/staff/proxies/"))


def test_the_admin_sees_figures_and_what_is_worth_a_look(east, hall_client, inside):
    now = timezone.now()
    with inside():
        mandating.term(now=now)
        for number in range(3):
            who = mandating.facts(
                f"邻居{number}", mandating.id_number(f"34162119400307{number}81"), "13900000001"
            )
            mandating.filed(mandating.in_force(who, now=now), LICENCE, now=now)
    page = text(hall_client(east, "east_admin").get("/staff/proxies/figures/"))
    assert "3 人同一个号，经 1 位代办人" in page
    assert page.count("周远 替 邻*") == 3
    assert "还没有代办的件" not in page


def test_only_whom_the_representative_authorised_files_what_wants_the_person(
    east, hall_client, portal_client
):
    from accounts.models import Company, Person
    from catalog.shared.models import SharedItem
    from tenants.shared import scope
    from tests.template import PERSON_ID, USCC

    with scope.city():
        SharedItem.objects.filter(code=REPORT).update(proxy_allowed=False)
    agent = hall_client(east, "agent")
    assert "示例酿酒" not in text(agent.get(f"/items/{REPORT}/apply/"))
    boss = Person.objects.get(pk=PERSON_ID["lin"])
    window = hall_client(east, "east_window")
    sent = {
        "uscc": USCC,
        "name": "示例酿酒有限公司",
        "representative": boss.name,
        "id_number": boss.id_number,
        "phone": "13900000001",
    }
    assert "对不上" in text(window.post("/staff/companies/", sent))
    assert "登记好了" in text(window.post("/staff/companies/", {**sent, "phone": boss.phone}))
    assert Company.objects.get().representative_id == boss.pk
    # who had only declared acts no more, whatever the item
    assert "示例酿酒" not in text(agent.get(f"/items/{LICENCE}/apply/"))
    portal = portal_client("lin")
    agents = f"/account/companies/{USCC}/agents/"
    portal.post(agents, {"name": "钱经办", "phone": "13900000002", "lasts": "90"})
    assert "示例酿酒" in text(agent.get(f"/items/{REPORT}/apply/"))
    assert portal_client("agent").get(agents).status_code == 404
    portal.post(f"{agents}{PERSON_ID['agent']}/end/")
    assert "示例酿酒" not in text(agent.get(f"/items/{REPORT}/apply/"))


@pytest.mark.parametrize(
    ("powers", "status"), [(["fill", "submit"], 403), (["fill", "submit", "collect"], 200)]
)
def test_the_result_is_given_to_a_proxy_who_may_collect_it(inside, zhou, powers, status):
    from tests.cases.hall.making import act

    now = timezone.now()
    with inside():
        mandating.term(now=now)
        case = mandating.filed(mandating.in_force(now=now, powers=powers), LICENCE, now=now)
        for step in ("accept", "review", "grant"):
            case = act(case, step, now=now)
    answer = zhou.get(f"/cases/{case.number}/result.pdf")
    assert answer.status_code == status
    assert (answer.content[:5] == b"%PDF-") == (status == 200)
