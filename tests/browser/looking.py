"""What is looked at in a page: faults that axe finds, sideways scroll, how much was transferred."""

from pathlib import Path

import axe_playwright_python

from tests.journeys.steps import photo

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


PHOTO = {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": photo()}
# questions that are answered from a list
ROWS = {"residence", "purpose"}


class Walk:
    """One person's way through the pages: each page that is come to is looked at."""

    def __init__(self, page, *, has_scripts):
        self.page, self.has_scripts, self.found = page, has_scripts, {}

    def look(self):
        """Look at the page that is open."""
        heading = self.page.locator("h1").inner_text()
        if self.has_scripts and (seen := [*faults(self.page), *too_wide(self.page)]):
            self.found[heading] = seen
        return heading

    def go(self, words):
        """Tap the link with these words."""
        self.page.locator("a", has_text=words).first.click()
        return self.look()

    def press(self, words, within="main, header", *, last=False):
        """Press the first button with these words, or the last."""
        found = self.page.locator(within).get_by_role("button", name=words)
        (found.last if last else found.first).click()
        self.page.wait_for_load_state()
        return self.look()

    def fill(self, **fields):
        """Fill boxes, choose radios and rows."""
        for name, value in fields.items():
            box = self.page.locator(f"main [name='{name}']").first
            if box.get_attribute("type") == "radio":
                self.page.locator(f"main [name='{name}'][value='{value}']").check()
            elif name in ROWS:
                box.select_option(value)
            else:
                box.fill(value)

    def bring_papers(self):
        """Photograph each paper: scripts send it as it is chosen; without them the last one's button leads on."""
        without = self.page.locator(".up:not(:has(.got))")
        while left := without.count():
            waiting = without.first.get_attribute("id")
            self.page.locator(f"#{waiting} input[type=file]").set_input_files(PHOTO)
            if self.has_scripts:
                self.page.locator(f"#{waiting} .got").wait_for()
                self.look()
            else:
                self.press("上传，下一步" if left == 1 else "上传这份", within=f"#{waiting}")
        if self.has_scripts:
            self.press("下一步")
