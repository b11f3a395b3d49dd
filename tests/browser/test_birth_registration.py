"""Story ① in a real browser, on a phone 360 px wide: with scripts and axe on every page, and with scripts off."""

import re
from random import randint

import pytest

from tests.browser.looking import Walk, sign_in
from tests.journeys.steps import BIRTH_ANSWERS, BIRTH_OPENED, photo

pytestmark = [pytest.mark.needs("chromium", "fonts-noto-cjk"), pytest.mark.browser]
HALL = "guoyang"


def apply_for_birth(walk, city):
    """From the portal's front page to the receipt."""
    walk.page.goto(city.portal)
    walk.look()
    walk.go("涡阳县网上办事大厅")
    walk.fill(q="生育证")
    walk.press("搜索")
    assert walk.go("生育登记") == "生育登记"
    walk.go("开始办理")
    walk.go("注册")
    walk.fill(phone=f"1990002{randint(0, 9999):04d}")
    walk.press("获取验证码")
    walk.fill(code=re.search(r"验证码是 (\d{6})", walk.page.locator("main").inner_text())[1])
    walk.press("下一步")
    walk.fill(name="陶小麦", id_number="341621199504169921", password="Tao-zhuang-2026")
    assert walk.press("注册") == "能不能在网上办"
    walk.press("开始填")
    walk.go("接着办")
    assert walk.press("保存，下一步") == "填表"
    assert walk.page.locator("#errors a").count() == 5
    walk.fill(**{**BIRTH_ANSWERS, "child_order": "2"})
    if not walk.has_scripts:
        # what an answer opens stands on the next page
        assert walk.press("保存，下一步") == "填表"
    walk.fill(**BIRTH_OPENED)
    assert walk.press("保存，下一步") == "已有子女"
    fill_in_children(walk)
    assert walk.press("保存，下一步") == "传材料"
    walk.page.locator("input[type=file]").first.set_input_files(
        {"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    if walk.has_scripts:
        # sent as soon as it is chosen
        walk.page.locator(".got", has_text="身份证.jpg").wait_for()
        walk.look()
        walk.press("下一步")
    else:
        walk.press("上传，下一步")
    walk.fill(method="electronic")
    assert walk.press("保存，下一步") == "看一遍再提交"
    walk.page.locator("[name=is_true]").check()
    assert walk.press("确认无误，提交") == "已提交"
    number = walk.page.locator(".receipt .big").inner_text().replace(" ", "").replace("\u2009", "")
    code = walk.page.locator(".receipt b").inner_text()
    walk.go("看进度")
    return number, code


def fill_in_children(walk):
    """One child, and a second one that was adopted, which asks for a day more; a third that is taken away again."""
    start = "children.{}.".format
    day = {"older_birth_date_year": "2019", "older_birth_date_month": "3", "older_birth_date_day": "9"}
    first = {"older_name": "陶一", **day, "older_kind": "born"}
    walk.fill(**{start(0) + name: value for name, value in first.items()})
    walk.press("再加一个孩子")
    second = {"older_name": "陶二", **day, "older_kind": "adopted"}
    walk.fill(**{start(1) + name: value for name, value in second.items()})
    if not walk.has_scripts:
        walk.press("保存，下一步")
    adopted = {"adopted_on_year": "2021", "adopted_on_month": "3", "adopted_on_day": "9"}
    walk.fill(**{start(1) + name: value for name, value in adopted.items()})
    walk.press("再加一个孩子")
    walk.press("删掉第 3 个孩子")
    assert walk.page.locator("[name='children.rows']").input_value() == "2"


def do_it_on_the_spot(page, city, number):
    """The window clerk completes it."""
    page.goto(f"{city.hall(HALL)}/clerk/cases/{number}/")
    sign_in(page, city, f"{HALL}_window")
    page.get_by_role("button", name="当场办好", exact=True).click()
    page.get_by_text("当场办好，已记下。").wait_for()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_villager_applies_on_her_phone_and_has_it_the_same_day(phone, city, has_scripts):
    walk = Walk(phone(360, scripts=has_scripts), has_scripts=has_scripts)
    number, code = apply_for_birth(walk, city)
    do_it_on_the_spot(phone(360, scripts=has_scripts), city, number)
    walk.page.goto(f"{city.hall(HALL)}/cases/{number}/")
    walk.look()
    with walk.page.expect_download() as paper:
        walk.page.locator("a", has_text="下载生育登记凭证").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF")
    walk.page.goto(f"{city.hall(HALL)}/track/")
    walk.fill(number=number, code=code)
    walk.press("查")
    assert "同意了" in walk.page.locator("main").inner_text()
    assert walk.go("我的办件") == "我的办件"
    assert "生育登记" in walk.page.locator("main").inner_text()
    assert walk.found == {}
