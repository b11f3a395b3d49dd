"""A day at the desk, without scripts: a group and its rule, a claim, a filter that is kept, columns, a list to take away."""

import re

import pytest

from tests.journeys.steps import staff
from tests.plugins.city import Browser

HALL = "guoyang"


@pytest.fixture
def people(city):
    """Browsers of the hall's admin, of its clerk at the window and of its approver, signed in."""
    opened = {post: Browser() for post in ("admin", "window", "approver")}
    for post, browser in opened.items():
        staff(browser, city, HALL, f"{HALL}_{post}")
    yield opened
    for browser in opened.values():
        browser.close()


def numbers(browser):
    """The numbers of the cases on the list that is open."""
    cells = [" ".join(cell.get_text("").split()) for cell in browser.page.select(".tb .hd .meta")]
    return [re.sub(r"\D", "", cell) for cell in cells]


def test_a_day_at_the_desk(city, people):
    admin, window, approver = people["admin"], people["window"], people["approver"]
    admin.open(f"{city.hall(HALL)}/staff/")
    admin.go("分组派件")
    admin.go("加一个组")
    mine = next(
        label.find("input")["value"]
        for label in admin.page.select("label.choice")
        if "窗口受理" in label.get_text()
    )
    admin.press("存下", name="民政组", posts=mine)
    group = admin.page.find("input", {"name": "group"})["value"]
    admin.press("加上", department="民政局", group=group)
    assert "民政局" in admin.page.select_one(".tb").get_text()
    admin.press("按规则重新派")
    assert re.search(r"\d+ 件换了组", admin.text)

    window.open(f"{city.hall(HALL)}/clerk/")
    before = numbers(window)
    window.press("领取")
    assert "您在办" in window.text
    held = re.search(r"/cases/(\d{18})/", window.url)[1]
    approver.open(window.url)
    assert "正在办" in approver.text

    window.open(f"{city.hall(HALL)}/clerk/?queue=all")
    window.press("只看这些", holder="me")
    assert numbers(window) == [held]
    assert held in before
    window.press("存下现在的筛选", name="我手里的")
    window.press("就看这几列", columns=("clock", "holder"))
    window.open(f"{city.hall(HALL)}/clerk/")
    assert [head.get_text() for head in window.page.select(".tb th")] == [
        "选",
        "事项和编号",
        "时限",
        "谁在办",
    ]
    window.go("我手里的")
    assert numbers(window) == [held]
    window.press("导出 Excel 表格")
    assert "正在做" in window.text

    window.open(f"{city.hall(HALL)}/clerk/cases/{held}/")
    window.press("放回去")
    assert numbers(window) == before
