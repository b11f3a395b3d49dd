"""Stories ③ and ⑤: a proxy in a village takes an old neighbour's papers and files from there, on a weak line, text first;
the neighbour is told, and takes the mandate back in the middle of a form: nothing is lost."""

import re
from urllib.parse import urlsplit

import pytest

from tests.journeys.steps import (
    NUMBER,
    ONLY_CHILD_ANSWERS,
    answer_birth,
    bring_papers,
    photo,
    receipt,
    sign_in,
    staff,
)
from tests.journeys.test_environmental_report import today, working_days_after
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
    answer_birth(browser)
    assert f"代{NEIGHBOUR}办" in browser.text
    browser.open(f"{city.hall(HALL)}/proxy/")
    assert "没提交 1 件" in browser.text
    browser.go(NEIGHBOUR)
    browser.go("生育登记")
    browser.go("接着办")
    browser.press("上传，下一步", files={"upload": ("身份证.jpg", photo())})
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


def test_an_old_neighbours_certificate_is_brought_home_in_two_days(city, browser):
    """③: 郑店村, 花戏楼: the papers go to the proxy, and come back with her."""
    hall = city.hall("qiaocheng")
    browser.open(f"{hall}/proxy/")
    sign_in(browser, city, "proxy_huaxilou")
    browser.go("郑传德")
    browser.press("搜索", q="独生子女光荣证")
    browser.go("独生子女父母光荣证办理")
    browser.press("开始填")
    browser.go("接着办")
    browser.press("保存，下一步", **ONLY_CHILD_ANSWERS)
    assert "代郑传德办" in browser.text
    bring_papers(browser)
    browser.press("保存，下一步", method="proxy")
    browser.press("确认无误，提交", is_true=True)
    number, code = receipt(browser)

    with Browser() as window, Browser() as approver:
        staff(window, city, "qiaocheng", "qiaocheng_window")
        staff(approver, city, "qiaocheng", "qiaocheng_approver")
        page = f"{hall}/clerk/cases/{number}/"
        window.open(page)
        window.press("受理")
        for act in ("开始审查", "同意"):
            approver.open(page)
            approver.press(act)
        window.open(page)
        window.go("移交")
        window.press("移交", method="proxy", proxy="郑月梅")
        browser.open(f"{hall}/cases/{number}/")
        assert "郑月梅会送到家" in browser.text
        home_by = working_days_after(today(), 2)
        assert f"{home_by.month}月{home_by.day}日" in browser.text.split("会送到家")[1][:60]
        window.open(page)
        window.press("已送达")
    # his daughter far away follows it by number and code
    with Browser() as daughter:
        daughter.open(f"{hall}/track/")
        daughter.press("查", number=number, code=code)
        assert "已办好" in daughter.text


def test_a_proxy_uploads_instead_of_travelling(city, browser):
    """⑤: 刘小庙村, 魏岗镇: photos from the village, no road to town; what is typed can wait."""
    hall = city.hall("qiaocheng")
    browser.open(f"{hall}/proxy/")
    sign_in(browser, city, "proxy_weigang")
    browser.go("马秀英")
    browser.press("搜索", q="高龄津贴")
    browser.go("高龄津贴")
    assert "代马秀英办" in browser.text
    browser.press("开始填")
    browser.go("传材料")
    bring_papers(browser)
    # every photo is in the hall, and nothing was typed yet: that can wait for the evening
    browser.open(f"{hall}/proxy/")
    assert "没提交 1 件" in browser.text
    browser.go("马秀英")
    browser.go("高龄津贴")
    assert "传材料 已填" in browser.text


def test_a_mandate_ended_in_mid_form_leaves_a_clear_page_and_the_draft(city, at_roster):
    browser = at_roster
    name = "陶李氏"
    begin(browser, name)
    answer_birth(browser)
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
