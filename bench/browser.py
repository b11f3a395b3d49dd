"""A browser without scripts, for tests and for counting what a way through the pages costs."""

import io
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import mechanicalsoup
import requests


class HostOnly(requests.Session):
    """A session that keeps cookies as browsers do: one without a Domain is its host's alone, and not its subdomains'."""

    POLICY = DefaultCookiePolicy(strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain)

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        """Prepare a request with the cookies of its own host."""
        prepared = super().prepare_request(request)
        prepared._cookies.set_policy(self.POLICY)  # type: ignore[attr-defined]
        prepared.headers.pop("Cookie", None)
        prepared.prepare_cookies(prepared._cookies)  # type: ignore[attr-defined]
        return prepared


class NotOnThePage(AssertionError):
    """There is no link or button with these words; what there is instead is said."""

    def __init__(self, browser: "Browser", tag: str, words: str) -> None:
        there = [found.get_text(" ", strip=True) for found in browser.page.find_all(tag)]
        super().__init__(f"no {words!r} on {browser.url}: {there}")


class Browser(mechanicalsoup.StatefulBrowser):  # type: ignore[misc]
    """Opens, reads, follows links, fills forms, as a person with an old phone would."""

    def __init__(self) -> None:
        super().__init__(session=HostOnly(), soup_config={"features": "html.parser"}, raise_on_404=False)

    @property
    def text(self) -> str:
        """What the page says, as one line."""
        return " ".join(self.page.get_text(" ").split())

    @property
    def h1(self) -> str:
        """The page's one heading."""
        (heading,) = self.page.find_all("h1")
        return " ".join(heading.get_text(" ").split())

    def go(self, words: str) -> Any:
        """Follow the link with these words. Raises NotOnThePage."""
        links = [
            link
            for link in self.page.find_all("a", href=True)
            if words in " ".join(link.get_text(" ").split())
        ]
        if not links:
            raise NotOnThePage(self, "a", words)
        return self.follow_link(links[0])

    def press(
        self,
        words: str,
        files: dict[str, tuple[str, bytes]] | None = None,
        *,
        within: str = "",
        **fields: Any,
    ) -> Any:
        """Fill the first form that has this button and press it. Raises NotOnThePage.

        `files`: field → (name, bytes); `within`: only of the forms in what this selector finds.
        """
        inside = self.page.select(f"{within} form") if within else None
        for number, form in enumerate(self.page.find_all("form")):
            if inside is not None and form not in inside:
                continue
            buttons = [
                button
                for button in form.find_all("button")
                if words in " ".join(button.get_text(" ").split())
            ]
            if not buttons:
                continue
            for control in form.select("fieldset[disabled] [name]"):
                # what a closed part of a form holds is not sent
                control["disabled"] = ""
            selected = self.select_form("form", nr=number)
            for name, value in fields.items():
                selected.set(name, value)
            for name, (filename, content) in (files or {}).items():
                self._attach(form, name, filename, content)
            selected.choose_submit(buttons[0])
            form["action"] = buttons[0].get("formaction") or form.get("action", "")
            return self.submit_selected()
        raise NotOnThePage(self, "button", words)

    def _attach(self, form: Any, name: str, filename: str, content: bytes) -> None:
        given = io.BytesIO(content)
        given.name = filename
        form.find("input", {"name": name, "type": "file"})["value"] = given
