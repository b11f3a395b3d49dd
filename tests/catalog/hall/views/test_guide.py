"""The guide of an item, when to come for it, and what is said where another hall has it."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from catalog.hall import pdf
from catalog.hall.models import Adoption
from catalog.hall.services import local, overrides
from catalog.hall.views import papers
from tenants.hall.models import Department, Office
from tenants.shared import scope
from tenants.shared.enums import HallState
from tenants.shared.queries import forget
from tests.template import BIRTH, GUIDE, LICENCE, NOW
from theming import papers as shared_papers


def read(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def test_a_guide_says_who_how_long_how_much_and_where(hall_client, east):
    page = read(hall_client(east), f"/items/{LICENCE}/")

    for said in (
        "小餐馆许可",
        "5 个工作日",
        "20 元",
        "跑 1 次",
        "核对原件",
        "个人、企业都能办",
        "身份证",
        "原件 1 份",
        "城东路 1 号",
        "周一至周五 8:30–12:00",
    ):
        assert said in page
    assert "本厅</span>" not in page, "whose value it is concerns staff"


def test_a_guide_without_an_address_falls_back_to_the_office(hall_client, east):
    assert "东县政务服务中心" in read(hall_client(east), f"/items/{BIRTH}/")


def test_nobody_asks_one_query_and_none_of_the_gate(hall_client, east, django_assert_num_queries):
    client = hall_client(east)
    client.get("/items/")

    with django_assert_num_queries(0, using="gate"), django_assert_num_queries(7):
        # savepoint, scope, item, office and codes of departments, leave, release: the last two are kept for five seconds
        read(client, f"/items/{LICENCE}/")
    with django_assert_num_queries(5):
        read(client, f"/items/{LICENCE}/")


def test_the_summary_comes_first(hall_client, east, change_city):
    change_city(
        LICENCE, materials=[
            *({"key": f"m{n}", "name": f"材料{n}", "necessity": "required"} for n in range(6)),
            {"key": "spared", "name": "营业执照", "exempt": True},
            {"key": "may", "name": "委托书", "necessity": "optional"},
        ]
    )  # fmt: skip
    page = read(hall_client(east), f"/items/{LICENCE}/")

    places = [page.index(said) for said in (
        "<h1>小餐馆许可</h1>", "多久办好", "要交多少钱", "要跑几次", "谁能办", "开始办理", "材料0、材料1、材料2、材料3等 6 样",
        "到哪里办", 'id="bring"',
    )]  # fmt: skip
    assert places == sorted(places)
    change_city(LICENCE, materials=[])
    assert "什么都不用带" in read(hall_client(east), f"/items/{LICENCE}/")


def test_the_details_say_all_that_the_standard_asks_for(hall_client, east, change_city):
    change_city(
        LICENCE, service_objects=["1", "2"], body_nature="3", entrusted_by="示例市市场监管局", power_source="delegated",
        joint_bodies=["消防队"], intermediary="检测机构", quantity_limit="每年 10 家", annual_inspection="每年年报", channels=["window", "online"],
        online_steps=["1", "4"], in_hall=False, result_kind="licence", result_sample="/sample.pdf", result_validity="五年", result_electronic=True,
        service_scope="全市", statutory_note="资料补齐后算", tolerance_allowed=True, pledge_allowed=True, proxy_allowed=False,
        special_procedures=[{"key": "s", "kind": "听证", "days": 20, "basis": "许可法"}],
        materials=[
            {"key": "m", "name": "申请表", "type": "2", "source": "10", "blank_form": "https://example.org/form.pdf", "sample": "见墙上", "seal": "盖公章",
             "acceptance": "填全", "basis": "示例条例", "necessity": "later", "grace_days": 5},
        ],
    )  # fmt: skip
    page = read(hall_client(east), f"/items/{LICENCE}/?print=1")

    for said in (
        "自然人、企业法人", "受委托组织", "示例市市场监管局", "上级下放", "消防队", "检测机构", "每年 10 家", "每年年报", "窗口办理、网上办理",
        "互联网咨询、互联网受理", "不在大厅", "证照", '<a href="/sample.pdf" rel="noopener">/sample.pdf</a>', "有效期：五年", "登记凭证（有电子版）", "全市",
        "20 个工作日", "资料补齐后算", "听证，最多 20 天", "许可法", "写一份承诺书代替证明", "要本人办", "先收下，5 个工作日内补", "申请表格文书", "申请人自备",
        '<a href="https://example.org/form.pdf" rel="noopener">', "见墙上", "盖公章", "填全", "工本费 20 元", "示例收费文件",
    ):  # fmt: skip
        assert said in page, said
    assert "<details>" not in page, "printed whole"
    assert f"/items/{LICENCE}/qr.svg" in page


@pytest.mark.parametrize(
    "sample", ["javascript:alert(1)", "//evil.example/x", "data:text/html,x", '"><script>alert(1)</script>']
)
def test_what_is_no_address_is_no_link(hall_client, east, change_city, sample):
    change_city(LICENCE, result_sample=sample)
    page = read(hall_client(east), f"/items/{LICENCE}/")

    assert f'href="{sample}"' not in page
    assert "<script>alert" not in page


def test_the_implementing_code_is_the_departments_when_it_has_one(hall_client, east, west):
    at_hall = f"11450721MB155808114{LICENCE[:12]}"
    assert at_hall in read(hall_client(east), f"/items/{LICENCE}/")
    with scope.hall(east):
        Department.objects.filter(short_name="市场监管局").update(uscc="91350100M000100Y43")
    forget()

    assert f"91350100M000100Y434{LICENCE[:12]}" in read(hall_client(east), f"/items/{LICENCE}/")
    assert at_hall in read(hall_client(west), f"/items/{LICENCE}/")
    body = hall_client(east).get(f"/api/v1/items/{LICENCE}/").json()
    assert body["implementing_code"] == f"91350100M000100Y434{LICENCE[:12]}"


def test_a_guide_says_when_it_was_changed(hall_client, east, west, staff):
    later = NOW + timedelta(days=2)
    with scope.hall(east):
        overrides.set_value(LICENCE, "phone", "0500-1", by=staff, reason="换号", now=later)

    assert "2026年3月4日（星期三）更新" in read(hall_client(east), f"/items/{LICENCE}/")
    assert "2026年3月2日（星期一）更新，第 1 版" in read(hall_client(west), f"/items/{LICENCE}/")


def test_a_guide_on_paper(hall_client, east, west, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)
    texts = {}
    for hall in (east, west):
        response = hall_client(hall).get(f"/items/{LICENCE}/guide.pdf")
        assert response.status_code == 200
        assert (response["Content-Type"], response["Content-Disposition"]) == (
            "application/pdf", f'attachment; filename="{LICENCE}.pdf"'
        )  # fmt: skip
        texts[hall.key] = "".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)

    for said in (
        "东县网上办事大厅",
        "小餐馆许可",
        "3 个工作日",
        "身份证",
        "示例条例第一条",
        f"http://east.city.localhost/items/{LICENCE}/",
    ):
        assert said in texts["east"], said
    assert "2026年3月2日更新" in texts["east"]
    assert "5 个工作日" in texts["west"]


def test_one_version_is_made_once_and_nobody_has_many_made(hall_client, east, monkeypatch, change_city):
    made = []
    monkeypatch.setattr(pdf, "guide", lambda **facts: made.append(facts["name"]) or b"%PDF-")
    monkeypatch.setattr(papers, "LIMIT", 2)
    client = hall_client(east)
    for code in (LICENCE, LICENCE, BIRTH, LICENCE):
        assert client.get(f"/items/{code}/guide.pdf").content == b"%PDF-"
    assert made == ["小餐馆许可", "出生登记"]

    refused = client.get(f"/items/{GUIDE}/guide.pdf")
    assert (refused.status_code, len(made)) == (429, 2)
    assert "后再下载" in refused.content.decode()
    # what is made already is still given
    assert client.get(f"/items/{LICENCE}/guide.pdf").status_code == 200


def test_an_overridden_guide_is_a_new_paper(hall_client, east, staff):
    before = hall_client(east).get(f"/items/{LICENCE}/guide.pdf").content
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)

    assert hall_client(east).get(f"/items/{LICENCE}/guide.pdf").content != before


def test_a_long_name_and_strange_letters_fit_on_paper(hall_client, east, change_city):
    change_city(
        LICENCE,
        name="很长很长的一个事项名称" * 18,
        summary="#set page(width: 1pt)\n*𠮷*\u200b",
        faq=[{"question": "问", "answer": "\x07"}],
    )

    content = hall_client(east).get(f"/items/{LICENCE}/guide.pdf").content
    assert "#set page(width: 1pt)" in "".join(
        page.extract_text() for page in PdfReader(BytesIO(content)).pages
    )


def test_the_qr_code_is_the_address_of_the_guide(hall_client, east, staff):
    response = hall_client(east).get(f"/items/{LICENCE}/qr.svg")
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert response.content.decode() == shared_papers.qr(
        f"http://east.city.localhost/items/{LICENCE}/", light="#fff"
    )
    with scope.hall(east):
        overrides.set_value(LICENCE, "hidden", True, by=staff, reason="不归我们", now=NOW)

    for path in ("qr.svg", "guide.pdf", "feedback/"):
        assert hall_client(east).get(f"/items/{LICENCE}/{path}").status_code == 404


@pytest.mark.parametrize("display", ["elder", "hc", "elder hc"])
def test_a_guide_in_elder_mode_has_its_button_first_and_the_help(hall_client, east, display):
    client = hall_client(east)
    client.cookies["display"] = display
    page = read(client, f"/items/{LICENCE}/")

    assert (page.index("开始办理") < page.index("多久办好")) is ("elder" in display)


def test_staff_see_whose_each_value_is(hall_client, east, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "promised_days", 3, by=staff, reason="人手够", now=NOW)

    page = read(hall_client(east, "east_staff"), f"/items/{LICENCE}/")

    assert "3 个工作日" in page
    assert page.count('<span class="tag info no-print">本厅</span>') == 1
    assert page.count('<span class="tag neutral no-print">市里</span>') > 5


def test_only_an_item_that_can_be_applied_for_in_an_open_hall_has_the_button(hall_client, east):
    assert "开始办理" in read(hall_client(east), f"/items/{LICENCE}/")
    assert "开始办理" not in read(hall_client(east), f"/items/{GUIDE}/")


@pytest.mark.parametrize(
    ("state", "is_taking"), [("open", True), ("rehearsal", True), ("frozen", False), ("closing", False)]
)
def test_a_hall_that_takes_nothing_has_no_button(rf, east, state, is_taking, settings):
    from catalog.hall.queries import effective_item
    from catalog.hall.views import guide

    settings.ROOT_URLCONF = settings.HALL_URLCONF
    request = rf.get("/")
    request.hall_state = HallState(state)
    with scope.hall(east):
        item = effective_item(LICENCE)

    assert bool(guide.apply_url(request, item)) is is_taking


def test_demonstration_values_are_marked(hall_client, east, change_city):
    assert "演示数据" not in read(hall_client(east), f"/items/{LICENCE}/")
    change_city(LICENCE, demonstration=["promised_days", "materials"])

    page = read(hall_client(east), f"/items/{LICENCE}/")

    assert page.count("演示数据") == 3
    assert "承诺时限、材料" in page


def test_a_hidden_item_is_for_staff_alone(hall_client, east, west, staff):
    with scope.hall(east):
        overrides.set_value(LICENCE, "hidden", True, by=staff, reason="不归我们", now=NOW)

    for client in (hall_client(east), hall_client(east, "lin"), hall_client(east, "west_staff")):
        assert "本厅不办“小餐馆许可”" in read(client, f"/items/{LICENCE}/", 404)
        assert "本厅不办“小餐馆许可”" in read(client, f"/items/{LICENCE}/book/", 404)
    assert "只有工作人员能看" in read(hall_client(east, "east_staff"), f"/items/{LICENCE}/")
    read(hall_client(west), f"/items/{LICENCE}/")


def test_in_the_wrong_hall_the_town_leads_to_the_right_one(hall_client, east):
    with scope.hall(east):
        Adoption.objects.filter(code=LICENCE).delete()
    client = hall_client(east)

    asked = read(client, f"/items/{LICENCE}/", 404)
    assert "西镇" in asked
    assert "去这个大厅" not in asked
    found = read(client, f"/items/{LICENCE}/?town=349902100", 404)
    assert "西县西镇归西县网上办事大厅" in found
    assert f"http://west.city.localhost/items/{LICENCE}/" in found
    assert "归本厅，但这一项不在本厅办" in read(client, f"/items/{LICENCE}/?town=349901100", 404)
    assert "去这个大厅" not in read(client, f"/items/{LICENCE}/?town=1", 404)


@pytest.mark.parametrize("code", ["34999999999900", "abc", "99200000000100"])
def test_what_no_catalogue_knows_is_a_plain_404(hall_client, east, code):
    assert "没有这个页面" in read(hall_client(east), f"/items/{code}/", 404)


def test_a_local_item_of_one_hall_is_nothing_in_another(hall_client, east, west, staff, second):
    fields = {
        "name": "芍药节摊位报名",
        "type": "20",
        "department": "卫健委",
        "audience": "personal",
        "kind": "instant",
        "promised_days": 0,
    }
    with scope.hall(east):
        code = local.draft(fields, by=staff, now=NOW).code
    assert hall_client(west).get(f"/items/{code}/").status_code == 404
    with scope.hall(east):
        local.publish(code, by=second, now=NOW)

    assert "芍药节摊位报名" in read(hall_client(east), f"/items/{code}/")
    assert "芍药节" not in read(hall_client(west), f"/items/{code}/", 404)


def test_booking_says_where_and_when(hall_client, east):
    page = read(hall_client(east), f"/items/{LICENCE}/book/")

    assert "城东路 1 号" in page
    assert "8:30–12:00" in page
    assert "身份证" in page


def test_a_hall_without_an_office_still_shows_its_guide(hall_client, east):
    with scope.hall(east):
        Office.objects.all().delete()

    read(hall_client(east), f"/items/{BIRTH}/")
    read(hall_client(east), "/")
