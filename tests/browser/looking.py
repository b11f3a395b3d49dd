"""What is looked at in a page: faults that axe finds, sideways scroll, how much was transferred."""

from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# WCAG 2.2 A and AA, and what axe holds to be good practice
RUN = "() => axe.run(document, {resultTypes: ['violations']})"
TRANSFERRED = """() => performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
    .reduce((sum, entry) => sum + entry.transferSize, 0)"""
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
        .map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)} > ${width}`).slice(-5);
}"""


def faults(page):
    """What axe finds in the page as it stands: rule and the first places."""
    # evaluated by the browser's own door: the page's policy lets no script in
    page.evaluate(AXE)
    found = page.evaluate(RUN)["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
    ]


def too_wide(page):
    """The elements that make the page scroll sideways."""
    return page.evaluate(TOO_WIDE)


def transferred(page):
    """The bytes of the page and all that it asked for, with headers, as they came over the line."""
    return page.evaluate(TRANSFERRED)


def sign_in(page, city, username):
    """Fill in the form for name and password that is open."""
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(city.password(username))
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state()
