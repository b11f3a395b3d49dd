"""Two items of 新生儿出生一件事 applied for at once, on a phone 360 px wide: with scripts and axe, and with scripts off."""

import pytest

from tests.browser.looking import Walk, sign_in
from tests.journeys.steps import BIRTH_ANSWERS, BIRTH_OPENED

pytestmark = [pytest.mark.needs("chromium", "fonts-noto-cjk"), pytest.mark.browser]
HALL, BIRTH, INSURANCE = "guoyang", "34202300100000", "34203600200000"
INSURED = {
    "insured_kind": "resident",
    "start_month_year": "2026",
    "start_month_month": "3",
    "start_month_day": "1",
}


@pytest.mark.parametrize(
    ("username", "has_scripts"), [("wang", True), ("li", False)], ids=["with scripts", "without scripts"]
)
def test_two_items_at_once_and_followed_as_one(phone, city, username, has_scripts):
    walk = Walk(phone(360, scripts=has_scripts), has_scripts=has_scripts)
    page = walk.page
    page.goto(f"{city.hall(HALL)}/bundles/newborn/")
    assert walk.look() == "新生儿出生一件事"
    page.locator("a", has_text="一次办几项").first.click()
    sign_in(page, city, username)
    assert walk.look() == "要办哪几项"
    for box in page.locator("main input[value=no]").all():
        box.check()
    walk.fill(**{f"part-{BIRTH}": "yes"})
    assert walk.press("开始填") == "要办哪几项"
    assert "至少选两项" in page.locator("#errors").inner_text()
    walk.fill(**{f"part-{INSURANCE}": "yes"})
    assert walk.press("开始填") == "新生儿出生一件事"

    walk.go("接着办")
    walk.fill(**BIRTH_ANSWERS)
    if not has_scripts:
        # what an answer opens stands on the next page
        assert walk.press("保存，下一步") == "填表（1/2）"
    walk.fill(**BIRTH_OPENED)
    assert walk.press("保存，下一步") == "城乡居民基本医疗保险参保登记"
    walk.fill(**INSURED)
    assert walk.press("保存，下一步") == "传材料"
    assert "用在：生育登记" in page.locator("main").inner_text()
    walk.bring_papers()
    page.locator("main [name=method]").first.check()
    assert walk.press("保存，下一步") == "看一遍再提交"
    assert "一起办 2 项" in page.locator("main").inner_text()
    page.locator("[name=is_true]").check()
    assert walk.press("确认无误，提交") == "已提交"
    assert "一共 2 项，各部门分别办" in page.locator("main").inner_text()
    assert walk.go("看进度") == "新生儿出生一件事"
    assert "2 项中 0 项办结，都在办" in page.locator("main").inner_text()
    assert walk.go("我的办件") == "我的办件"
    assert page.locator("main a", has_text="新生儿出生一件事").count() == 1
    assert walk.found == {}
