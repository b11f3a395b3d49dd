"""What people of several journeys do: register, sign in, take a photo, fill in the form of a birth registration."""

import io
import random
import re

from PIL import Image

BIRTH, EIA = "34202300100000", "34011600200000"
NUMBER = re.compile(r"[0-9]{18}")


def photo():
    """A photo from a phone, small."""
    made = io.BytesIO()
    Image.new("RGB", (600, 400), (200, 200, 180)).save(made, "JPEG")
    return made.getvalue()


def new_phone():
    """An invented number that nobody has registered with."""
    return f"1990001{random.randint(0, 9999):04d}"


def code_shown(page_text):
    """The code that the demo shows in place of a text message."""
    return re.search(r"演示：验证码是 (\d{6})", page_text)[1]


def register(browser, *, name="张小牛", id_number="341621198605129916", password="Xiao-niu-2026"):
    """Register, from the portal's sign-in page on which one stands, and go on to where one was going."""
    browser.go("注册")
    browser.press("获取验证码", kind="personal", phone=new_phone())
    browser.press("下一步", code=code_shown(browser.text))
    browser.press("注册", name=name, id_number=id_number, password=password)


def sign_in(browser, city, username):
    """Sign in with the password of one of the demo's people, on the page that asks for it."""
    browser.press("登录", username=username, password=city.password(username))


def staff(browser, city, hall, username):
    """Come to work: sign in at one's own hall."""
    browser.open(f"{city.hall(hall)}/clerk/")
    sign_in(browser, city, username)
    return browser


BIRTH_ANSWERS = {
    "marriage": "first",
    "child_order": "1",
    "birth_date_year": "2026",
    "birth_date_month": "12",
    "birth_date_day": "20",
    "residence": "341621113",
    "address": "陶庄村 12 号",
}


# what the first answer opens
BIRTH_OPENED = {"spouse_name": "王大河", "spouse_id": "341621199403129939"}
# ② the paper is for a bank; who is married is asked about both
HOUSING_ANSWERS = {"purpose": "loan", "query_scope": "couple", "residence": "341622101"}
HOUSING_OF_BOTH = {"spouse_name": "葛春燕", "spouse_id": "341622198506129925"}
# ③ lost, and wanted again by a grandfather
ONLY_CHILD_ANSWERS = {
    "spouse_name": "李桂兰",
    "spouse_id": "341602194705129967",
    "child_name": "郑小宝",
    "child_id": "341602197203129936",
    "child_birth_date_year": "1972",
    "child_birth_date_month": "3",
    "child_birth_date_day": "12",
    "kind": "lost",
    "residence": "341602001",
}


def bring_papers(browser):
    """Photograph one paper after the other, from the page that lists them; the last leads on."""
    while waiting := [block for block in browser.page.select(".up") if not block.select(".got")]:
        button = "上传，下一步" if len(waiting) == 1 else "上传这份"
        browser.press(button, files={"upload": ("照片.jpg", photo())}, within=f"#{waiting[0]['id']}")


def answer_birth(browser):
    """Answer the questions; what an answer opens stands on the next page, where no script opens it."""
    browser.press("保存，下一步", **BIRTH_ANSWERS)
    browser.press("保存，下一步", **BIRTH_OPENED)


def fill_in_birth(browser):
    """Answer, upload and choose, from the page that says what to know first to the last look."""
    browser.press("开始填")
    browser.go("接着办")
    answer_birth(browser)
    browser.press("上传，下一步", files={"upload": ("身份证.jpg", photo())})
    browser.press("保存，下一步", method="electronic")


def receipt(browser):
    """Number and query code, from the receipt on which one stands."""
    number = NUMBER.search(browser.page.select_one(".receipt .big").get_text("").replace(" ", ""))[0]
    return number, browser.page.select_one(".receipt b").get_text(strip=True)
