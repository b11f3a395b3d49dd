"""The main pages on small phones: no sideways scroll, no fault that axe finds, light enough for a slow line."""

import pytest

from tests.browser.looking import faults, too_wide, transferred

pytestmark = [pytest.mark.needs("chromium", "fonts-noto-cjk"), pytest.mark.browser]

BIRTH = "34202300100000"
MOST_BYTES = 50 * 1024

# page: (who, address); {hall} and {portal} are hosts, the rest is in `places`
PORTAL = {
    "portal": (None, "{portal}/"),
    "halls": (None, "{portal}/halls/?town=341621113"),
    "search": (None, "{portal}/search/?q=许可"),
    "sign-in": (None, "{portal}/sign-in/"),
    "register": (None, "{portal}/register/"),
    "verify": (None, "{portal}/verify/"),
    "me": ("citizen", "{portal}/me/"),
    "account": ("citizen", "{portal}/account/"),
    "city": ("city", "{portal}/city/"),
    "city reviews": ("city", "{portal}/city/reviews/"),
}
HALL = {
    "home": (None, "{hall}/"),
    "list": (None, "{hall}/items/"),
    "list of a theme": (None, "{hall}/items/?theme=national_personal:001"),
    "nothing found": (None, "{hall}/items/?q=没有这个"),
    "guide": (None, f"{{hall}}/items/{BIRTH}/"),
    "booking": (None, f"{{hall}}/items/{BIRTH}/book/"),
    "bookings": (None, "{hall}/bookings/"),
    "check in": (None, "{hall}/check-in/"),
    "screen": (None, "{hall}/screen/"),
    "track": (None, "{hall}/track/"),
    "staff sign-in": (None, "{hall}/sign-in/"),
    "missing": (None, "{hall}/nowhere/"),
    "apply": ("citizen", f"{{hall}}/items/{BIRTH}/apply/"),
    "draft": ("citizen", "{draft}"),
    "form": ("citizen", "{draft}form/1/"),
    "form preview": ("city", "{portal}/city/items/34013100100000/form/"),
    "files": ("citizen", "{draft}files/"),
    "delivery": ("citizen", "{draft}delivery/"),
    "check": ("citizen", "{draft}check/"),
    "case": ("citizen", "{case}"),
}
STAFF = {
    "desk": ("clerk", "{hall}/clerk/?queue=all"),
    "review": ("clerk", "{review}"),
    "refusing": ("clerk", "{review}not_accept/"),
    "counters": ("clerk", "{hall}/clerk/queue/"),
    "windows": ("staff", "{hall}/staff/windows/"),
    "windows of a day": ("staff", "{hall}/staff/windows/day/"),
    "staff items": ("staff", "{hall}/staff/items/"),
    "staff item": ("staff", f"{{hall}}/staff/items/{BIRTH}/?field=hours"),
    "staff first page": ("staff", "{hall}/staff/"),
    "staff reviews": ("staff", "{hall}/staff/reviews/"),
    "staff catalog": ("staff", "{hall}/staff/catalog/"),
    "staff policy": ("staff", "{hall}/staff/policy/"),
    "staff hide": ("staff", f"{{hall}}/staff/items/{BIRTH}/hide/"),
    "staff people": ("staff", "{hall}/staff/people/"),
    "new local item": ("staff", "{hall}/staff/items/new/"),
}
PAGES = {"portal": PORTAL, "hall": HALL, "staff": STAFF}
# axe has looked at these on the way of test_birth_registration
PASSED = frozenset(
    {"portal", "sign-in", "register", "home", "guide", "apply", "draft", "form", "files", "delivery", "check"}
)


def see(name, page):
    """What is wrong with the page that is open: too heavy, too wide at 360 or 320 px, or found by axe."""
    size = transferred(page)
    assert size > 1000
    seen = [f"{size} bytes"] if size > MOST_BYTES else []
    seen += too_wide(page)
    if name not in PASSED:
        seen += faults(page)
    page.set_viewport_size({"width": 320, "height": 740})
    return seen + too_wide(page)


@pytest.mark.parametrize("part", PAGES)
def test_pages_are_light_fit_small_phones_and_have_no_fault(phone, city, signed_in, part):
    people, places = signed_in
    where = {"portal": city.portal, "hall": city.hall("guoyang"), **places}
    found = {}
    for name, (who, address) in PAGES[part].items():
        page = phone(state=people.get(who))
        response = page.goto(address.format(**where))
        assert (name, response.status) == (name, 404 if name == "missing" else 200)
        found[name] = see(name, page)
        page.context.close()
    assert {name: seen for name, seen in found.items() if seen} == {}


@pytest.mark.parametrize("display", ["elder", "hc"])
def test_large_letters_and_high_contrast_fit_and_have_no_fault(phone, city, display):
    page = phone()
    found = {}
    for name in ("guide", "list", "track"):
        page.goto(HALL[name][1].format(hall=city.hall("guoyang")))
        if name == "guide":
            page.locator(f"form:has(input[name=switch][value={display}]) button").last.click()
            page.wait_for_selector(f"html.{display}")
        found[name] = [*too_wide(page), *faults(page)]
    assert {name: seen for name, seen in found.items() if seen} == {}
