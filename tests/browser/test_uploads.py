"""A file is sent from a phone 360 px wide over a line that breaks; and the same without scripts."""

import pytest

from tests.browser.looking import faults, too_wide
from tests.data import samples

pytestmark = [pytest.mark.needs("chromium", "fonts-noto-cjk"), pytest.mark.browser]
LARGE = {"name": "身份证.png", "mimeType": "image/png", "buffer": samples.noise(900, 800)}


def begin(phone, signed_in, **more):
    people, places = signed_in
    page = phone(360, state=people["citizen"], **more)
    page.goto(f"{places['draft']}files/")
    return page


def block(page):
    return page.locator(".up").first


def clear(page):
    while (button := block(page).get_by_role("button", name="删掉")).count():
        button.first.click()
        page.wait_for_load_state()


def test_a_broken_line_costs_a_part_and_not_the_file(phone, signed_in):
    page = begin(phone, signed_in)
    clear(page)
    sent = []

    def cut(route):
        sent.append(route.request.headers["upload-offset"])
        # the second part never arrives, once
        if len(sent) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(
        "**/uploads/*/", lambda route: cut(route) if route.request.method == "PUT" else route.continue_()
    )
    assert [*faults(page), *too_wide(page)] == []
    block(page).locator("input[type=file]").set_input_files(LARGE)
    block(page).get_by_text("身份证.png").wait_for()

    # what was here was not sent again
    assert len(sent) == len(LARGE["buffer"]) // 1024**2 + 2
    assert sent[1] == sent[2] == str(1024**2)
    assert block(page).locator(".tag.ok").inner_text() == "已传"
    assert [*faults(page), *too_wide(page)] == []


def test_a_line_that_stays_away_leaves_a_button_to_go_on(phone, signed_in):
    page = begin(phone, signed_in)
    clear(page)
    page.clock.install()
    page.route("**/uploads/*/", lambda route: route.abort("internetdisconnected"))
    block(page).locator("input[type=file]").set_input_files(LARGE)
    for _wait in range(3):
        page.get_by_text("马上接着传").wait_for()
        page.clock.run_for(9_000)
    again = page.get_by_role("button", name="接着传")
    again.wait_for()
    assert [*faults(page), *too_wide(page)] == []
    page.unroute("**/uploads/*/")
    again.click()
    block(page).get_by_text("身份证.png").wait_for()


def test_without_scripts_the_form_sends_it_whole_and_pages_are_put_in_order(phone, signed_in):
    page = begin(phone, signed_in, scripts=False)
    clear(page)
    two = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": samples.photo(400, 300)} for n in (1, 2)]
    block(page).locator("input[type=file]").set_input_files(two)
    block(page).get_by_role("button", name="上传，下一步").click()
    page.get_by_role("link", name="上一步").click()
    assert block(page).get_by_role("link", name="1.pdf").count() == 1
    block(page).get_by_role("link", name="看一看").click()
    page.get_by_role("button", name="往后挪").click()
    page.get_by_role("button", name="向右转").first.click()
    assert page.locator(".leaves li").count() == 2
    page.get_by_role("link", name="好了").click()
    assert block(page).get_by_role("link", name="1.pdf").count() == 1
