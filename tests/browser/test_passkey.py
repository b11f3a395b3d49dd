"""A real browser makes a passkey and signs in with it: the device is Chromium's own virtual authenticator."""

import pytest

from tests.browser.looking import faults, sign_in, too_wide, transferred

pytestmark = [
    pytest.mark.needs("chromium", "fonts-noto-cjk"),
    pytest.mark.browser,
    # a clerk has a second factor afterwards, until it is taken away at the end
    pytest.mark.spoils,
]
PAGE_BYTES = 50 * 1024


@pytest.fixture
def device(phone):
    """A new page of a phone that has an authenticator with a fingerprint, and what its passkeys are."""
    page = phone(360)
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.passkeys = lambda: tools.send("WebAuthn.getCredentials", made)["credentials"]
    page.forget = lambda: tools.send("WebAuthn.clearCredentials", made)
    return page


def seen(page):
    assert faults(page) == []
    assert too_wide(page) == []
    assert transferred(page) <= PAGE_BYTES


def test_a_clerk_makes_a_passkey_and_signs_in_with_it(device, city):
    page, hall = device, city.hall("guoyang")
    page.goto(f"{hall}/account/security/")
    sign_in(page, city, "guoyang_approver")
    assert page.locator("h1").inner_text() == "登录和安全"
    seen(page)
    page.get_by_role("link", name="加一个通行密钥").click()
    page.locator("input[name=password]").fill(city.password("guoyang_approver"))
    page.get_by_role("button", name="是我，继续").click()
    page.locator("input[name=name]").fill("工作手机")
    seen(page)
    page.get_by_role("button", name="加上这个设备").click()
    page.wait_for_selector("h1:has-text('记下您的恢复码')")
    seen(page)
    codes = page.locator("ol.big li").all_inner_texts()
    assert len(codes) == 10
    (made,) = page.passkeys()
    assert made["rpId"] == f"{city.name}.localhost"
    page.get_by_role("link", name="记好了，继续").click()
    assert page.get_by_text("工作手机").first.is_visible()

    # signed out, the password is not enough any more
    page.get_by_role("button", name="退出", exact=True).first.click()
    page.goto(f"{hall}/clerk/")
    sign_in(page, city, "guoyang_approver")
    assert page.locator("h1").inner_text() == "登录第 2 步"
    seen(page)
    page.goto(f"{hall}/clerk/")
    assert page.url.startswith(f"{hall}/sign-in/?next=")
    sign_in(page, city, "guoyang_approver")
    page.get_by_role("button", name="用通行密钥").click()
    page.wait_for_url(f"{hall}/clerk/**")

    # the device is lost: a recovery code lets in, and the passkey is taken away
    page.get_by_role("button", name="退出", exact=True).first.click()
    page.forget()
    page.goto(f"{hall}/clerk/")
    sign_in(page, city, "guoyang_approver")
    page.get_by_role("button", name="用通行密钥").click()
    page.wait_for_selector("[data-failed]:not([hidden])")
    page.get_by_role("link", name="用恢复码登录").click()
    page.locator("input[name=code]").fill(codes[0])
    page.get_by_role("button", name="登录").click()
    assert "还剩 9 个" in page.locator("main").inner_text()
    page.get_by_role("button", name="删掉").click()
    assert "还没有开" in page.locator("main").inner_text()


def test_whoever_does_nothing_is_warned_and_led_out(phone, city):
    page, hall = phone(1280), city.hall("guoyang")
    page.clock.install()
    page.goto(f"{hall}/staff/people/")
    sign_in(page, city, "guoyang_head")
    box = page.locator("[data-idle]")
    assert box.is_hidden()
    page.route("**/account/session/", lambda route: route.fulfill(json={"left": 100}))
    page.clock.fast_forward("14:00")
    box.wait_for(state="visible")
    assert "接着用" in box.inner_text()
    page.route("**/account/session/", lambda route: route.fulfill(json={"left": 900}))
    box.get_by_role("button").click()
    box.wait_for(state="hidden")
    page.route("**/account/session/", lambda route: route.fulfill(status=401, json={"left": 0}))
    page.clock.fast_forward("15:00")
    page.wait_for_url("**/sign-in/?next=%2Fstaff%2Fpeople%2F&why=idle")
    assert "已替您退出" in page.locator("main").inner_text()


def test_without_scripts_codes_do_the_same(phone, city):
    page = phone(360, scripts=False)
    page.goto(f"{city.hall('guoyang')}/account/security/passkey/")
    sign_in(page, city, "guoyang_staff")
    page.locator("input[name=password]").fill(city.password("guoyang_staff"))
    page.get_by_role("button", name="是我，继续").click()
    assert page.locator("form[data-passkey]").is_hidden()
    assert "这个浏览器用不了通行密钥" in page.locator("main").inner_text()
    page.get_by_role("link", name="改用验证器的动态码").click()
    assert page.locator("img[alt*=二维码]").is_visible()
