"""Stories ② and ③ in a real browser, on a phone 360 px wide: with scripts and axe on every page, and with scripts off."""

from random import randint

import pytest

from tests.browser.looking import Walk, sign_in
from tests.journeys.steps import (
    HOUSING_ANSWERS,
    HOUSING_OF_BOTH,
    ONLY_CHILD_ANSWERS,
    code_shown,
)

pytestmark = [pytest.mark.needs("chromium", "fonts-noto-cjk"), pytest.mark.browser]
BOTH_WAYS = pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])


def submit(walk):
    """The last look, the tick and the button; return the number."""
    assert walk.look() == "看一遍再提交"
    walk.page.locator("[name=is_true]").check()
    assert walk.press("确认无误，提交") == "已提交"
    return "".join(filter(str.isdigit, walk.page.locator(".receipt .big").inner_text()))


@BOTH_WAYS
def test_a_resident_far_away_asks_for_proof_of_housing(phone, city, has_scripts):
    walk = Walk(phone(360, scripts=has_scripts), has_scripts=has_scripts)
    walk.page.goto(city.portal)
    walk.fill(q="无房证明")
    walk.press("搜索")
    walk.go("蒙城住房状况证明")
    walk.go("开始办理")
    walk.go("注册")
    walk.fill(phone=f"1990003{randint(0, 9999):04d}")
    walk.press("获取验证码")
    walk.fill(code=code_shown(walk.page.locator("main").inner_text()))
    walk.press("下一步")
    walk.fill(name="葛小满", id_number="341622199306189928", password="Ge-mengcheng-2026")
    walk.press("注册")
    walk.press("开始填")
    walk.go("接着办")
    walk.fill(**HOUSING_ANSWERS)
    if not has_scripts:
        # what the answer opens comes with the next page, and nothing is called missing before
        assert walk.press("保存，下一步", last=True) == "填表"
        assert walk.page.locator("#errors").count() == 0
    walk.fill(**HOUSING_OF_BOTH)
    assert walk.press("保存，下一步", last=True) == "传材料"
    walk.bring_papers()
    walk.fill(method="electronic")
    walk.press("保存，下一步")
    number = submit(walk)
    clerk = phone(360, scripts=has_scripts)
    clerk.goto(f"{city.hall('mengcheng')}/clerk/cases/{number}/")
    sign_in(clerk, city, "mengcheng_window")
    clerk.get_by_role("button", name="当场办好", exact=True).click()
    clerk.get_by_text("当场办好，已记下。").wait_for()
    walk.page.goto(f"{city.hall('mengcheng')}/cases/{number}/")
    walk.look()
    with walk.page.expect_download() as paper:
        walk.page.locator("a", has_text="下载住房情况查询证明").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF")
    assert walk.found == {}


@BOTH_WAYS
def test_a_proxy_takes_an_old_neighbours_papers(phone, city, has_scripts):
    hall = city.hall("qiaocheng")
    walk = Walk(phone(360, scripts=has_scripts), has_scripts=has_scripts)
    walk.page.goto(f"{hall}/proxy/")
    sign_in(walk.page, city, "proxy_huaxilou")
    # the two ways have a neighbour each: a draft that one left is not the other's
    neighbour = "郑传德" if has_scripts else "孙桂兰"
    walk.go(neighbour)
    walk.fill(q="独生子女光荣证")
    walk.press("搜索")
    walk.go("独生子女父母光荣证办理")
    walk.press("开始填")
    walk.go("接着办")
    walk.fill(**ONLY_CHILD_ANSWERS)
    walk.press("保存，下一步", last=True)
    assert f"代{neighbour}办" in walk.page.locator("main").inner_text()
    walk.bring_papers()
    walk.fill(method="proxy")
    walk.press("保存，下一步")
    number = submit(walk)
    window = phone(1280, scripts=has_scripts)
    window.goto(f"{hall}/clerk/cases/{number}/")
    sign_in(window, city, "qiaocheng_window")
    assert f"{'郑' if has_scripts else '孙'}" in window.locator("main").inner_text()
    assert "郑月梅" in window.locator("main").inner_text()
    assert walk.found == {}
