"""What somebody who wants to break it tries first, over HTTP against the loaded city."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.journeys.steps import BIRTH, fill_in_birth, photo, receipt, register, sign_in, staff
from tests.plugins.city import Browser

HALL, OTHER = "guoyang", "mengcheng"


def begin(city, browser):
    """Register, and come to the page before an application."""
    browser.open(f"{city.hall(HALL)}/items/{BIRTH}/apply/")
    register(browser)


def file_birth(city, browser):
    """File one application; number and query code."""
    begin(city, browser)
    fill_in_birth(browser)
    browser.press("确认无误，提交", is_true=True)
    return receipt(browser)


@pytest.fixture
def second():
    """Another person's browser."""
    with Browser() as opened:
        yield opened


def test_submit_pressed_three_times_at_once_is_one_case(city, browser):
    begin(city, browser)
    fill_in_birth(browser)
    form = browser.page.find("button", string="确认无误，提交").find_parent("form")
    sent = {field["name"]: field.get("value", "") for field in form.find_all("input")} | {"is_true": "on"}
    url, cookies = (
        browser.url.split("#")[0],
        browser.session.cookies.get_dict(f"{HALL}.{city.name}.localhost"),
    )

    def press(_):
        return requests.post(url, data=sent, cookies=cookies, headers={"Referer": url}, timeout=30)

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(press, range(3)))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.url.split("#")[0] for answer in answers}) == 1
    (number,) = {answer.url.split("/cases/")[1][:18] for answer in answers}
    browser.open(f"{city.portal}/me/")
    assert browser.text.replace(" ", "").count(number) == 1


def test_of_two_clerks_the_second_sees_who_was_faster_and_keeps_what_was_typed(city, browser, second):
    with Browser() as citizen:
        number, _code = file_birth(city, citizen)
    staff(browser, city, HALL, f"{HALL}_approver").open(f"{city.hall(HALL)}/clerk/cases/{number}/")
    staff(second, city, HALL, f"{HALL}_window").open(f"{city.hall(HALL)}/clerk/cases/{number}/not_accept/")
    browser.press("当场办好")
    answer = second.press("不予受理", reason="材料是别人的身份证", competent="")
    assert answer.status_code == 409
    assert "高若水刚处理了这件" in second.text
    assert second.page.find("textarea", {"name": "reason"}).get_text(strip=True) == "材料是别人的身份证"
    browser.refresh()
    assert "没有受理" not in browser.text


def test_an_unknown_host_leads_to_the_portal(city, browser):
    browser.open(f"http://nowhere.{city.name}.localhost:{city.port}/items/")
    assert browser.page.title.get_text() == "没有这个大厅"
    (link,) = [a for a in browser.page.find_all("a") if a.get_text() == "选大厅"]
    assert browser.open(link["href"]).status_code == 200
    assert browser.h1 == "您要办什么事？"


def test_a_number_of_another_hall_is_like_one_that_never_was(city, browser, second):
    with Browser() as citizen:
        number, code = file_birth(city, citizen)
        citizen.open(f"{city.hall(OTHER)}/items/")
        foreign = citizen.open(f"{city.hall(OTHER)}/cases/{number}/")
        invented = citizen.open(f"{city.hall(OTHER)}/cases/{'9' * 18}/")
        own = citizen.open(f"{city.hall(HALL)}/cases/{number}/")
    assert (foreign.status_code, invented.status_code, own.status_code) == (404, 404, 200)
    clerk = staff(browser, city, OTHER, f"{OTHER}_window")
    assert clerk.open(f"{city.hall(OTHER)}/clerk/cases/{number}/").status_code == 404
    clerk.open(f"{city.hall(OTHER)}/clerk/?queue=all")
    clerk.press("找办件", q=number)
    assert "没找到" in clerk.text
    second.open(f"{city.hall(OTHER)}/track/")
    second.press("查", number=number, code=code)
    assert "编号或查询码不对" in second.text
    assert "生育登记" not in second.text


def test_a_clerks_cookie_opens_nothing_in_another_hall(city, browser):
    staff(browser, city, HALL, f"{HALL}_window")
    session = browser.session.cookies.get("session", domain=f"{HALL}.{city.name}.localhost")
    at_home, abroad = (
        requests.get(
            f"{city.hall(hall)}/clerk/", cookies={"session": session}, allow_redirects=False, timeout=30
        )
        for hall in (HALL, OTHER)
    )
    assert (at_home.status_code, abroad.status_code) == (200, 302)
    assert abroad.headers["Location"].startswith("/sign-in/")
    portal = requests.get(
        f"{city.portal}/me/", cookies={"session": session}, allow_redirects=False, timeout=30
    )
    assert portal.headers["Location"].startswith("/sign-in/")


def test_a_clerk_who_comes_by_the_portal_is_a_citizen(city, browser):
    browser.open(f"{city.portal}/sign-in/")
    sign_in(browser, city, f"{HALL}_window")
    browser.open(f"{city.hall(HALL)}/come-in/?next=/clerk/")
    assert "这一页要用" in browser.text
    assert browser.h1 == "这一页打不开"


def test_five_wrong_codes_lock_a_number_for_a_while_and_the_right_one_too(city, browser):
    with Browser() as citizen:
        number, code = file_birth(city, citizen)
    wrong = "AAAAAA" if code != "AAAAAA" else "BBBBBB"
    browser.open(f"{city.hall(HALL)}/track/")
    for left in (4, 3, 2, 1):
        browser.press("查", number=number, code=wrong)
        assert f"还能试 {left} 次" in browser.text
    browser.press("查", number=number, code=wrong)
    assert browser.press("查", number=number, code=code).status_code == 429
    assert "试错太多" in browser.text
    assert "同意了" not in browser.text


def test_an_archive_under_another_name_is_refused(city, browser):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "a")
    begin(city, browser)
    browser.press("开始填")
    browser.go("传材料")
    for name in ("报告.pdf", "照片.jpg"):
        browser.press("上传，下一步", files={"upload": (name, packed.getvalue())})
        assert "身份证：只能传 JPG、PNG" in browser.text
        assert browser.page.select(".got") == []
    browser.press("上传，下一步", files={"upload": ("照片.jpg", photo())})
    browser.go("上一步")
    assert "照片.jpg" in browser.text
