"""A real Chromium, without network but this machine, and people who are signed in."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.looking import sign_in

ARGUMENTS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="package")
def chromium():
    """The machine's own Chromium, started once, and stopped when these tests are done."""
    # its loop runs in this thread, where Django would let nobody near a database
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def phone(chromium):
    """``phone(width, scripts=True, state=None)``: a new page of a small phone, with nothing kept from before."""
    contexts = []

    def make(width=360, *, scripts=True, state=None, **more):
        context = chromium.new_context(
            viewport={"width": width, "height": 740},
            java_script_enabled=scripts,
            storage_state=state,
            locale="zh-CN",
            **more,
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def signed_in(chromium, city):
    """The cookies of people who came in: a citizen with a draft and a case, and staff of the hall. And where those are."""
    people, places = {}, {}
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{city.hall('guoyang')}/items/34202300100000/apply/")
    sign_in(page, city, "chen")
    page.locator("main form button").first.click()
    page.wait_for_url("**/drafts/**")
    places["draft"] = page.url.split("#")[0]
    page.goto(f"{city.portal}/me/")
    page.locator("main a[href*='%2Fcases%2F']").first.click()
    page.wait_for_url("**/cases/**")
    places["case"] = page.url
    people["citizen"] = context.storage_state()
    context.close()
    for name, username in (("clerk", "guoyang_window"), ("staff", "guoyang_staff"), ("city", "city_admin")):
        context = chromium.new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(f"{city.portal}/city/" if name == "city" else f"{city.hall('guoyang')}/clerk/")
        sign_in(page, city, username)
        if name == "clerk":
            page.goto(f"{city.hall('guoyang')}/clerk/?queue=new")
            places["review"] = city.hall("guoyang") + page.locator("td.hd a").first.get_attribute("href")
        people[name] = context.storage_state()
        context.close()
    return people, places
