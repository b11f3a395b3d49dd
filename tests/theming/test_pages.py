"""The pages of the editor, by a client: what each form writes into the draft, and what a colleague's change answers."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tenants.shared import queries as kept
from tenants.shared import scope
from tests.conftest import client_for
from tests.template import PORTAL
from theming import queries, services
from theming.tokens import Tokens

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
PLUM = Tokens(brand="#7D2A5D", dark="#5B1D43", soft="#F8EAF2", ink="#7D2A5D", accent="#E39AB8")
BLANK = {"brand": "", "dark": "", "soft": "", "ink": "", "accent": ""}


@pytest.fixture
def here(monkeypatch):
    """The hall's admin; looks are read by the connection that has the test's transaction."""
    monkeypatch.setattr(queries, "GATE", "default")
    kept.forget()
    return client_for(f"east.{PORTAL}", "east_admin", hall="east")


def post(client, name, data, seen="0.0"):
    return client.post(f"/staff/theme/{name}/", {**data, "seen": seen})


def drafted(east):
    with scope.hall(east):
        found = queries.draft(east)
        return found.parts if found else None


def png(colour="red"):
    made = BytesIO()
    Image.new("RGB", (64, 32), colour).save(made, "PNG")
    return made.getvalue()


def test_each_form_writes_its_parts_and_publishing_shows_them(here, east):
    assert post(here, "colours", {**BLANK, "brand": "#2e5f3c"}).status_code == 302
    assert (
        post(
            here, "pictures", {"logo": SimpleUploadedFile("a.svg", DRAWING), "motif": "M1 1h2"}, "0.1"
        ).status_code
        == 302
    )
    banner = {
        "title": "新大厅",
        "text": "搬到河边",
        "alt": "河",
        "picture": SimpleUploadedFile("a.png", png()),
    }
    assert post(here, "banner", banner, "0.2").status_code == 302
    notices = {
        "text_0": "周六不开门", "where_0": "everywhere", "from_0_year": "2020", "from_0_month": "1", "from_0_day": "2",
        "text_1": "过去的", "where_1": "home", "until_1_year": "2020", "until_1_month": "1", "until_1_day": "2",
    }  # fmt: skip
    assert post(here, "notices", notices, "0.3").status_code == 302
    footer = {
        "host": "东县人民政府",
        "undertaker": "",
        "icp": "皖ICP备12345678号-1",
        "police": "",
        "site_code": "3416210001",
    }
    assert post(here, "footer", footer, "0.4").status_code == 302

    found = drafted(east)
    assert (found["brand"], found["motif"], found["logo"]["kind"]) == ("#2E5F3C", "M1 1h2", "svg")
    assert (found["banner"]["title"], found["banner"]["picture"]["kind"]) == ("新大厅", "jpeg")
    assert found["notices"][0] == {
        "text": "周六不开门",
        "where": "everywhere",
        "from": "2020-01-02",
        "until": "",
    }
    assert "undertaker" not in found
    assert "周六不开门" not in here.get("/").content.decode()
    assert here.post("/staff/theme/publish/", {"seen": "0.5", "reason": "搬家"}).status_code == 302
    kept.forget()
    page = here.get("/").content.decode()
    for words in ("周六不开门", "新大厅", "搬到河边", "东县人民政府", "皖ICP备12345678号-1", "3416210001"):
        assert words in page
    assert "过去的" not in page
    assert found["logo"]["file"] in page


def test_whoever_was_overtaken_sees_both_values(here, east):
    post(here, "colours", {**BLANK, "brand": "#2E5F3C"})
    answer = post(here, "colours", {**BLANK, "brand": "#3C4788"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="#3C4788"' in page
    assert "#2E5F3C" in page
    assert 'name="seen" value="0.1"' in page
    assert drafted(east) == {"brand": "#2E5F3C"}


@pytest.mark.parametrize(
    ("group", "data", "words"),
    [
        ("colours", {**BLANK, "brand": "red;}b"}, "颜色要写成"),
        ("colours", {**BLANK, "brand": "x" * 2_000_00}, "最多 7 个字"),
        ("footer", {"icp": "皖ICP备1号"}, "要写成 皖ICP备"),
        ("footer", {"site_code": "12"}, "10 位数字"),
        ("notices", {"text_0": "x" * 201, "where_0": "home"}, "最多 200 个字"),
        (
            "notices",
            {"text_0": "x", "from_0_year": "2026", "from_0_month": "3", "from_0_day": "2",
             "until_0_year": "2026", "until_0_month": "3", "until_0_day": "1"},
            "不能比从哪天早",
        ),
        ("blocks", {"place_todo": "99"}, "错误"),
        ("pictures", {"motif": 'M0 0"/><script>'}, "路径"),
    ],
)  # fmt: skip
def test_a_bad_value_is_told_at_its_field_and_nothing_is_written(here, east, group, data, words):
    answer = post(here, group, data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert drafted(east) is None


def test_a_pale_colour_is_offered_its_nearest_and_a_forged_publication_is_refused(here, east):
    post(here, "colours", {**BLANK, "brand": "#7CC0DE"})
    page = here.get("/staff/theme/colours/").content.decode()
    assert 'name="take" value="brand"' in page
    refused = here.post("/staff/theme/publish/", {"seen": "0.1", "reason": "x"})
    assert (refused.status_code, "看不清" in refused.content.decode()) == (422, True)
    post(here, "colours", {"take": "brand"}, "0.1")

    assert here.post("/staff/theme/publish/", {"seen": "0.2", "reason": "x"}).status_code == 302
    with scope.hall(east):
        assert queries.readiness(east).is_ready


def test_blocks_are_moved_and_hidden_but_not_those_that_are_needed(here, east):
    now = [each["key"] for each in queries.CityLook().values["blocks"]]
    places = {f"place_{key}": str(number) for number, key in enumerate(now, start=1)}
    post(here, "blocks", {**places, "place_business": "1", "show_life": "on", "show_business": ""})

    blocks = drafted(east)["blocks"]
    assert [each["key"] for each in blocks][:3] == ["business", *now[:2]]
    assert {each["key"] for each in blocks if not each["hidden"]} == {
        "business",
        "life",
        "todo",
        "notices",
        "personal",
    }


def test_the_draft_is_shown_to_one_session_alone_and_kept_by_nobody(here, east):
    post(here, "footer", {"host": "草稿单位"})
    colleague, citizen = client_for(f"east.{PORTAL}", "east_admin", hall="east"), client_for(f"east.{PORTAL}")
    clerk = client_for(f"east.{PORTAL}", "east_window", hall="east")
    assert "草稿单位" not in here.get("/").content.decode()
    here.post("/staff/theme/preview/", {"do": "start"})

    for address in ("/", "/items/", "/clerk/", "/nowhere/"):
        answer = here.get(address)
        if answer.status_code == 200:
            assert "草稿单位" in answer.content.decode()
            assert answer["Cache-Control"] == "private, no-store"
    for other in (colleague, citizen, clerk):
        answer = other.get("/")
        assert "草稿单位" not in answer.content.decode()
        assert "正在看草稿外观" not in answer.content.decode()
    here.post("/staff/theme/preview/", {"do": "stop"})
    assert "草稿单位" not in here.get("/").content.decode()


def test_the_citys_look_is_set_by_its_admin_and_tells_what_halls_do(monkeypatch, east, now):
    monkeypatch.setattr(queries, "GATE", "default")
    with scope.city():
        services.publish(None, PLUM, now=now)
        services.publish(east, Tokens(**{**PLUM.__dict__, "brand": "#155A86"}), now=now)
    kept.forget()
    boss = client_for(PORTAL, "city_admin")
    colours = {**PLUM.__dict__, "brand": "#2E5F3C"}
    assert boss.post("/city/theme/colours/", {**colours, "seen": "1.0"}).status_code == 302
    assert boss.post("/city/theme/locks/", {"locks": ["accent", "host"], "seen": "1.1"}).status_code == 302
    page = boss.get("/city/theme/").content.decode()
    assert "按这份草稿发布以后算" in page
    assert boss.post("/city/theme/publish/", {"seen": "1.2", "reason": "新色"}).status_code == 302

    with scope.city():
        city = queries.city_now()
        assert (city.values["brand"], city.locks) == ("#2E5F3C", {"accent", "host"})
        assert [each.key for each in queries.reviews_of(queries.live(east), city)] == ["brand"]
    assert client_for(PORTAL, "inspector").get("/city/theme/").status_code == 403
