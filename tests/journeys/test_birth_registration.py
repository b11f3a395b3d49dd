"""Story ①: a villager registers, enters her county's hall without noticing, applies for what everybody calls 准生证;
it is done the same day, and she can show it to anybody."""

import io
import re
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from tests.journeys.steps import fill_in_birth, receipt, register, staff
from tests.plugins.city import Browser

HALL = "guoyang"


def host(browser):
    return urlsplit(browser.url).hostname.split(".")[0]


def apply_for_birth(city, browser):
    """From the portal's front page to the receipt."""
    browser.open(city.portal)
    assert browser.h1 == "您要办什么事？"
    browser.go("涡阳")
    assert host(browser) == HALL
    browser.press("搜索", q="准生证")
    assert browser.page.select_one(".names a").get_text(strip=True) == "生育登记"
    browser.go("生育登记")
    for words in ("当场办好", "不收费", "不用跑", "怀孕或刚生了孩子"):
        assert words in browser.text
    browser.go("开始办理")
    assert (host(browser), browser.h1) == (city.name, "登录")
    register(browser, name="陶小麦", id_number="341621199504169921", password="Tao-zhuang-2026")
    # back in the hall, at the page that was asked for, and signed in there
    assert (host(browser), browser.h1) == (HALL, "能不能在网上办")
    assert "陶小麦" in browser.text
    fill_in_birth(browser)


@pytest.fixture
def clerk(city):
    with Browser() as opened:
        yield staff(opened, city, HALL, f"{HALL}_window")


def check_and_submit(browser):
    """The last look, and the one button."""
    assert browser.h1 == "看一遍再提交"
    for words in (
        "陶小麦",
        "341621 19950416 9921",
        "王大河",
        "2026年12月20日",
        "涡阳县义门镇",
        "陶庄村 12 号",
        "身份证.jpg",
        "电子证照",
    ):
        assert words in browser.text
    browser.press("确认无误，提交")
    assert "请勾上" in browser.text
    browser.press("确认无误，提交", is_true=True)
    assert browser.h1 == "已提交"
    assert re.search(r"最晚(预计 \d{4}年)?\d+月\d+日", browser.text)
    return receipt(browser)


def do_it_on_the_spot(clerk, number):
    """The window clerk finds it among what waits for her, sees the whole ID number, and completes it."""
    clerk.press("找办件", q=number)
    clerk.go("生育登记")
    assert "341621 19950416 9921" in clerk.text
    clerk.press("当场办好")
    assert "当场办好，已记下。" in clerk.text


def download(browser):
    """The paper of the case on whose page one stands: its text and the code under its QR code."""
    assert "同意了" in browser.text
    assert "341621********9921" in browser.text
    assert "341621 19950416 9921" not in browser.text
    paper = browser.session.get(f"{browser.url.split('#')[0]}result.pdf")
    assert (paper.status_code, paper.headers["Content-Type"]) == (200, "application/pdf")
    assert paper.headers["Content-Disposition"].startswith("attachment")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    return text, re.search(r"/verify/([A-Za-z0-9_-]{20,43})/", text)[1]


def test_a_villager_has_her_registration_the_same_day(city, browser, clerk):
    apply_for_birth(city, browser)
    number, query_code = check_and_submit(browser)
    assert number.startswith("341621")
    browser.go("看进度")
    assert "等工作人员看" in browser.text

    do_it_on_the_spot(clerk, number)

    browser.refresh()
    text, code = download(browser)
    for words in (
        "生育登记凭证",
        "陶小麦",
        "341621********9921",
        number,
        "演示数据，没有法律效力",
    ):
        assert words in text

    # her husband follows it without an account, and anybody may check the paper: neither learns more than it says
    with Browser() as anybody:
        anybody.open(f"{city.hall(HALL)}/track/")
        anybody.press("查", number=number, code=query_code)
        assert "同意了" in anybody.text
        assert "陶小麦" not in anybody.text
        anybody.open(f"{city.portal}/verify/")
        anybody.press("查", code=code)
        for words in ("有效", "生育登记", "陶*", "涡阳县网上办事大厅"):
            assert words in anybody.text
        assert "陶小麦" not in anybody.text

    browser.go("我的办件")
    assert (host(browser), browser.h1) == (city.name, "我的办件")
    assert "生育登记" in browser.text
    browser.go("生育登记")
    assert (host(browser), browser.h1) == (HALL, "生育登记")
