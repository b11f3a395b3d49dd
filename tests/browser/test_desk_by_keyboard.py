"""A case from the list to the end without a mouse: Tab and Enter alone, then with single keys."""

import pytest

from tests.browser.looking import faults, sign_in, too_wide
from tests.browser.test_keyboard import tab_to

pytestmark = [pytest.mark.needs("chromium", "fonts-noto-cjk"), pytest.mark.browser]

AT = "document.activeElement"
CASES = "/clerk/?queue=new"


def clerk(phone, city, username, *, scripts=True, width=1280):
    page = phone(width, scripts=scripts)
    page.goto(f"{city.hall('guoyang')}/clerk/")
    sign_in(page, city, username)
    return page


def press(page, name, most=120):
    """Tab to what is called so and press Enter; every stop on the way is seen."""
    way = tab_to(page, name, most)
    assert [step["name"] for step in way if not step["ring"]] == []
    with page.expect_navigation():
        page.keyboard.press("Enter")


def loaded(page, mark):
    """Wait for the page that has this, and for its scripts: a key that is pressed before them is nobody's."""
    page.wait_for_selector(mark)
    page.wait_for_load_state()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_files_of_a_case_are_looked_at_by_keyboard(scripts, phone, city):
    page = clerk(phone, city, "guoyang_window", scripts=scripts)
    page.goto(f"{city.hall('guoyang')}{CASES}")
    press(page, page.locator("td.hd a").first.inner_text())
    assert page.locator(".view-page img").evaluate("e => e.complete && e.naturalWidth > 100")
    names = [link.inner_text() for link in page.locator(".files a").all()]
    assert len(names) > 1
    tab_to(page, "下一份", 120)
    page.keyboard.press("Enter")
    page.wait_for_url("**file=**")
    page.wait_for_selector("text=第 2 份，共")
    assert "queue=new" in page.url
    assert page.locator(".view-page img").count() == 1


def test_single_keys_turn_pages_and_bring_acts_into_focus_and_are_off_in_fields(phone, city):
    page = clerk(phone, city, "guoyang_window")
    page.goto(f"{city.hall('guoyang')}{CASES}")
    page.locator("td.hd a").first.click()
    loaded(page, "#viewer")
    state = page.locator(".status .tag").first.inner_text()
    page.keyboard.press("j")
    loaded(page, "text=第 2 份，共")
    page.keyboard.press("k")
    loaded(page, "text=第 1 份，共")
    page.keyboard.press("?")
    assert page.evaluate("document.getElementById('keys').open")
    page.keyboard.press("r")
    # in focus, and nothing done
    assert page.evaluate(f"{AT}.textContent") == "要求补材料"
    assert page.locator(".status .tag").first.inner_text() == state
    page.keyboard.press("Enter")
    page.wait_for_url("**/request_correction/**")
    page.locator("summary", has_text="写明哪里不对").first.click()
    box = page.locator("textarea").first
    box.focus()
    page.keyboard.type("ajkr?")
    assert box.input_value() == "ajkr?"


def test_a_ready_text_goes_into_the_reason_at_once(phone, city):
    page = clerk(phone, city, "guoyang_window")
    page.goto(f"{city.hall('guoyang')}{CASES}")
    page.locator("td.hd a").first.click()
    page.wait_for_selector("#viewer")
    page.goto(page.url.split("?")[0] + "not_accept/")
    page.locator("select[name=text]").select_option(label="申请人不够条件")
    assert "具体条件见办事指南" in page.locator("textarea[name=reason]").input_value()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_pages_of_a_clerk_have_no_faults(width, phone, city):
    page = clerk(phone, city, "guoyang_window", width=width)
    page.goto(f"{city.hall('guoyang')}{CASES}")
    assert faults(page) == []
    address = city.hall("guoyang") + page.locator("td.hd a").first.get_attribute("href").split("?")[0]
    for place in ("", "?done=accept", "not_accept/", "request_correction/", "mend/"):
        page.goto(address + place)
        assert (place, faults(page), too_wide(page)) == (place, [], [])
    page.goto(f"{city.hall('guoyang')}{CASES}")
    page.locator("#batch-act").select_option("accept")
    page.locator("button[name=all]").click()
    page.wait_for_load_state()
    assert "件能办" in page.locator("h1").inner_text()
    assert (faults(page), too_wide(page)) == ([], [])


def test_a_whole_case_by_tab_and_enter_alone(phone, city):
    window = clerk(phone, city, "guoyang_window")
    window.goto(f"{city.hall('guoyang')}{CASES}")
    address = city.hall("guoyang") + window.locator("td.hd a").last.get_attribute("href").split("?")[0]
    window.goto(address)
    press(window, "受理")
    assert "受理，已记下。" in window.locator(".note.ok").inner_text()
    approver = clerk(phone, city, "guoyang_approver")
    for act in ("开始审查", "同意"):
        approver.goto(address)
        press(approver, act)
    window.goto(address)
    press(window, "移交")
    window.wait_for_url("**/hand_over/**")
    press(window, "移交")
    assert "移交送达，已记下。" in window.locator(".note.ok").inner_text()
    assert window.locator(".note.ok .btn").count() == 1
