"""Stories ③ and ⑤: a proxy in a village takes an old neighbour's papers and files from there, on a weak line, text first;
the neighbour is told, and takes the mandate back in the middle of a form: nothing is lost."""

import re
from urllib.parse import urlsplit

import pytest

from tests.journeys.steps import BIRTH_ANSWERS, NUMBER, photo, receipt, sign_in, staff
from tests.plugins.city import Browser

HALL, PROXY, NEIGHBOUR = "guoyang", "proxy_yimen", "陶广才"


@pytest.fixture
def at_roster(city, browser):
    """The proxy, come into the hall by the portal, at the roster."""
    browser.open(f"{city.hall(HALL)}/proxy/")
    sign_in(browser, city, PROXY)
    assert (urlsplit(browser.url).hostname.split(".")[0], browser.h1) == (HALL, "我代办的人")
    return browser


def begin(browser, name=NEIGHBOUR):
    """From the roster to the first page of the form."""
    browser.go(name)
    assert browser.h1 == name
    browser.press("搜索", q="生育登记")
    browser.go("生育登记")
    assert f"代{name}办" in browser.text
    browser.press("开始填")
    browser.go("接着办")


def test_a_proxy_files_for_a_neighbour_and_the_desk_sees_who_did_it(city, at_roster):
    browser = at_roster
    for words in (NEIGHBOUR, "341621********", "有效", "在办 0 件"):
        assert words in browser.text
    begin(browser)
    # the line breaks before the photo: what was typed is there when the proxy comes back by the roster
    browser.press("保存，下一步", **BIRTH_ANSWERS)
    assert f"代{NEIGHBOUR}办" in browser.text
    browser.open(f"{city.hall(HALL)}/proxy/")
    assert "没提交 1 件" in browser.text
    browser.go(NEIGHBOUR)
    browser.go("生育登记")
    browser.go("接着办")
    browser.press("上传这份", files={"upload": ("身份证.jpg", photo())})
    browser.press("下一步")
    browser.press("保存，下一步", method="proxy")
    assert (browser.h1, f"代{NEIGHBOUR}办" in browser.text) == ("看一遍再提交", True)
    assert re.search(r"341621\*{8}\d{4}", browser.text)
    browser.press("确认无误，提交", is_true=True)
    number, _code = receipt(browser)
    assert NUMBER.fullmatch(number)
    browser.go("看进度")
    assert "陶桂英替申请人办的" in browser.text

    with Browser() as opened:
        clerk = staff(opened, city, HALL, f"{HALL}_window")
        clerk.open(f"{city.hall(HALL)}/cases/{number}/")
        assert "陶桂英代办" in clerk.text
        clerk.go("看委托")
        assert "签字的委托书" in clerk.text


def test_a_mandate_ended_in_mid_form_leaves_a_clear_page_and_the_draft(city, at_roster):
    browser = at_roster
    name = "陶李氏"
    begin(browser, name)
    browser.press("保存，下一步", **BIRTH_ANSWERS)
    upload_page = browser.url
    with Browser() as other:
        other.open(f"{city.hall(HALL)}/proxy/")
        sign_in(other, city, PROXY)
        other.go(name)
        other.go("看委托，不代办了")
        other.press("结束委托")
        assert "已收回" in other.text
    answer = browser.session.get(upload_page)
    assert answer.status_code == 403
    assert "委托已经收回或到期" in answer.text
    browser.open(f"{city.hall(HALL)}/proxy/")
    assert name not in browser.text
