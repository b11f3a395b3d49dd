"""Without a mouse: the order of focus is the order of reading, the focus is always seen, errors take it."""

import pytest

pytestmark = [pytest.mark.needs("chromium", "fonts-noto-cjk"), pytest.mark.browser]

FOCUSED = """() => {
    const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    return {name: e.name || e.id || e.textContent.trim(), top: Math.round(box.top + scrollY),
            ring: parseFloat(style.outlineWidth) >= 3 && style.outlineStyle !== 'none'};
}"""


def tab_to(page, name, most=40):
    """Press Tab until this is in focus; all that was in focus on the way."""
    way = []
    for _ in range(most):
        page.keyboard.press("Tab")
        way.append(page.evaluate(FOCUSED))
        if way[-1]["name"] == name:
            return way
    raise AssertionError(f"Tab never comes to {name}: {[step['name'] for step in way]}")


def test_a_form_is_filled_and_sent_by_keyboard_alone(phone, city):
    page = phone(360)
    page.goto(f"{city.portal}/sign-in/")
    way = tab_to(page, "username")
    assert way[0]["name"] == "跳到正文"
    assert [step["name"] for step in way if not step["ring"]] == []
    page.keyboard.type("chen")
    page.keyboard.press("Tab")
    page.keyboard.type("a wrong one")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # what was wrong is said first, and has the focus
    assert page.evaluate("document.activeElement.id") == "errors"
    assert page.title().startswith("错误：")
    tab_to(page, "password")
    page.keyboard.type(city.password("chen"))
    tab_to(page, "登录")
    with page.expect_navigation():
        page.keyboard.press("Space")
    assert "陈禾苗" in page.locator("header").inner_text()


def test_the_skip_link_leads_past_the_header(phone, city):
    page = phone(360)
    page.goto(f"{city.hall('guoyang')}/items/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_radios_dates_and_rows_are_answered_by_keyboard(phone, city, signed_in):
    people, places = signed_in
    page = phone(360, state=people["citizen"])
    page.goto(f"{places['draft']}form/1/")
    tab_to(page, "marriage")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "child_order")
    page.keyboard.press("Space")
    tab_to(page, "birth_date_year")
    for part in ("2026", "12", "20"):
        page.keyboard.type(part)
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "residence"
    # from the first of the list, whatever was filled in before
    page.keyboard.press("Home")
    for _ in range(14):
        page.keyboard.press("ArrowDown")
    tab_to(page, "address")
    page.keyboard.type("陶庄村")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{places['draft']}form/1/")
    values = {
        name: page.locator(f"[name={name}]").first.input_value()
        for name in ("birth_date_year", "address", "residence")
    }
    assert values == {"birth_date_year": "2026", "address": "陶庄村", "residence": "341621113"}
    assert page.locator("[name=marriage]:checked").input_value() == "again"
