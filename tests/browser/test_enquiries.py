"""Asking and answering on a small phone, with scripts and without: no sideways scroll, no fault that axe finds."""

import pytest

from tests.browser.looking import faults, sign_in, too_wide

pytestmark = [pytest.mark.needs("chromium", "fonts-noto-cjk"), pytest.mark.browser]

BIRTH = "34202300100000"


def looked_at(page, scripts):
    """What is wrong with the page that is open; without scripts nothing can look into it."""
    if not scripts:
        return []
    found = [*too_wide(page), *faults(page)]
    page.set_viewport_size({"width": 320, "height": 740})
    found += too_wide(page)
    page.set_viewport_size({"width": 360, "height": 740})
    return found


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_a_question_is_asked_on_a_phone(city, phone, scripts):
    page, found = phone(360, scripts=scripts), {}
    page.goto(f"{city.hall('guoyang')}/items/{BIRTH}/")
    page.get_by_role("link", name="有不明白的？问我们").click()
    sign_in(page, city, "chen")
    page.wait_for_url("**/ask/**")
    press(page, "下一步")
    assert page.locator("#errors").is_visible()
    found["error"] = looked_at(page, scripts)
    page.locator("textarea[name=text]").fill("孩子在外地出生\n能办吗？")
    press(page, "下一步")
    found["public"] = looked_at(page, scripts)
    page.get_by_text("可以公开", exact=True).click()
    press(page, "下一步")
    found["check"] = looked_at(page, scripts)
    press(page, "确认无误，提交")
    assert page.get_by_role("heading", name="您的咨询收到了").is_visible()
    found["receipt"] = looked_at(page, scripts)
    page.goto(f"{city.hall('guoyang')}/enquiries/")
    found["list"] = looked_at(page, scripts)
    page.goto(f"{city.hall('guoyang')}/complain/")
    page.get_by_text("一位工作人员", exact=True).click()
    press(page, "下一步")
    assert page.locator("textarea[name=who]").is_visible()
    found["complaint"] = looked_at(page, scripts)
    page.goto(f"{city.hall('guoyang')}/answers/")
    found["answers"] = looked_at(page, scripts)
    assert {name: faults_found for name, faults_found in found.items() if faults_found} == {}


def test_the_desk_of_questions_on_a_phone(city, phone):
    page, found = phone(360), {}
    page.goto(f"{city.hall('guoyang')}/clerk/enquiries/")
    sign_in(page, city, "guoyang_window")
    page.wait_for_url("**/clerk/enquiries/**")
    found["desk"] = looked_at(page, True)
    page.locator("td.hd a").first.click()
    page.wait_for_load_state()
    found["one"] = looked_at(page, True)
    page.goto(f"{city.hall('guoyang')}/clerk/enquiries/?queue=answered")
    page.locator("td.hd a").first.click()
    page.wait_for_load_state()
    found["answered"] = looked_at(page, True)
    assert {name: faults_found for name, faults_found in found.items() if faults_found} == {}
