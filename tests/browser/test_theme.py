"""Dressing a hall in a real browser: by keyboard, without scripts, and what a citizen meanwhile sees."""

import pytest

from tests.browser.looking import faults, sign_in, too_wide, transferred

pytestmark = [pytest.mark.needs("chromium", "fonts-noto-cjk"), pytest.mark.browser]

HALL, ADMIN = "lixin", "lixin_admin"
MOST_BYTES = 50 * 1024
PALE, OLD = "#D9B87A", "#7A4C10"


def brand(page):
    """The colour of the header that is drawn."""
    return page.evaluate("getComputedStyle(document.querySelector('.bar')).backgroundColor")


def press(page, words):
    """Tab to the first button with these words, and press Enter."""
    for _step in range(120):
        page.keyboard.press("Tab")
        if words in page.evaluate(
            "document.activeElement.tagName == 'BUTTON' ? document.activeElement.textContent : ''"
        ):
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            return
    raise AssertionError(f"no button {words!r} is reached by Tab")


def test_a_draft_is_looked_at_by_its_editor_alone_and_a_pale_one_is_not_published(city, phone):
    """Without scripts: a pale colour, the nearest that passes, the preview, the end of it, and the draft thrown away."""
    hall = city.hall(HALL)
    page, citizen = phone(1280, scripts=False), phone()
    page.goto(f"{hall}/sign-in/?next=/staff/theme/colours/")
    sign_in(page, city, ADMIN)
    page.locator("[data-colour=brand]").fill(PALE)
    page.locator("[data-colour=brand]").press("Enter")
    page.wait_for_load_state()
    assert "看不清" in page.locator("main").inner_text()

    page.goto(f"{hall}/staff/theme/")
    page.locator("input[name=reason]").fill("秋收")
    page.locator("main").get_by_role("button", name="发布").click()
    page.wait_for_load_state()
    assert "对比度" in page.locator("#errors").inner_text()

    page.goto(f"{hall}/staff/theme/colours/")
    page.locator("button[name=take]").click()
    page.wait_for_load_state()
    taken = page.locator("[data-colour=brand]").input_value()
    assert taken not in {PALE, OLD}
    page.goto(f"{hall}/staff/theme/preview/")
    page.get_by_role("button", name="开始预览").click()
    page.wait_for_load_state()
    page.get_by_role("link", name="大厅首页").click()
    page.wait_for_load_state()
    assert "正在看草稿外观" in page.locator("body").inner_text()
    assert page.locator("link[href*='/staff/theme/draft-']").count() == 1

    citizen.goto(f"{hall}/")
    assert "正在看草稿外观" not in citizen.locator("body").inner_text()
    assert brand(citizen) == "rgb(122, 76, 16)"

    page.get_by_role("button", name="结束预览").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="扔掉草稿").click()
    page.wait_for_load_state()
    assert "草稿扔了" in page.locator("main").inner_text()


@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_of_the_look_is_clean_and_light(city, phone, width):
    hall = city.hall(HALL)
    page = phone(width)
    page.goto(f"{hall}/sign-in/?next=/staff/theme/")
    sign_in(page, city, ADMIN)
    found = {}
    for name in (
        "",
        "colours/",
        "pictures/",
        "banner/",
        "notices/",
        "blocks/",
        "footer/",
        "preview/",
        "history/",
        "history/1/",
        "reviews/",
    ):
        page.goto(f"{hall}/staff/theme/{name}")
        seen = [*faults(page), *too_wide(page)]
        if transferred(page) > MOST_BYTES:
            seen.append(f"{transferred(page)} bytes")
        if seen:
            found[name] = seen

    assert found == {}


def test_with_scripts_the_page_takes_the_colour_while_it_is_typed(city, phone):
    hall = city.hall(HALL)
    page = phone(1280)
    page.goto(f"{hall}/sign-in/?next=/staff/theme/colours/")
    sign_in(page, city, ADMIN)
    box = page.locator("[data-colour=brand]")
    box.fill("#336633")
    assert brand(page) == "rgb(51, 102, 51)"
    line = page.locator("[data-ground=brand][data-front=white]")
    assert line.locator("b").inner_text() == "6.79"
    box.fill("#EEEEEE")
    assert line.locator(".tag").inner_text() == "看不清，要 4.5"


def test_a_block_is_moved_and_hidden_by_keyboard(city, phone):
    hall = city.hall(HALL)
    page = phone(scripts=False)
    page.goto(f"{hall}/sign-in/?next=/staff/theme/blocks/")
    sign_in(page, city, ADMIN)
    page.locator("select[name=place_business]").select_option("1")
    press(page, "存进草稿")
    assert "存进草稿了" in page.locator("main").inner_text()
    assert page.locator("select").first.get_attribute("name") == "place_business"
    page.goto(f"{hall}/staff/theme/")
    press(page, "扔掉草稿")


@pytest.mark.parametrize("display", ["hc", "elder"])
@pytest.mark.parametrize("key", ["shizhi", "qiaocheng", "guoyang", "mengcheng", "lixin", "jingkai"])
def test_each_halls_look_holds_in_high_contrast_and_large_letters(city, phone, key, display):
    page = phone()
    page.context.add_cookies([{"name": "display", "value": display, "url": city.hall(key)}])
    page.goto(f"{city.hall(key)}/")

    assert page.locator(f"html.{display}").count() == 1
    assert [*faults(page), *too_wide(page)] == []
    if display == "hc":
        assert brand(page) == "rgb(0, 0, 0)"
