"""Story ②: a resident of 蒙城 who works far away needs what everybody calls 无房证明; at once, and the bank checks it."""

import io
import re

import pytest
from pypdf import PdfReader

from tests.journeys.steps import (
    HOUSING_ANSWERS,
    HOUSING_OF_BOTH,
    bring_papers,
    receipt,
    register,
    staff,
)
from tests.plugins.city import Browser

HALL = "mengcheng"


@pytest.fixture
def clerk(city):
    with Browser() as opened:
        yield staff(opened, city, HALL, f"{HALL}_window")


def apply_for_proof(city, browser):
    """From the portal's search over all halls to the receipt."""
    browser.open(city.portal)
    browser.press("搜索", q="无房证明")
    assert browser.text.index("住房状况证明") < browser.text.index("商品房转移登记")
    browser.go("蒙城 住房状况证明")
    for words in ("蒙城县网上办事大厅", "当场办好", "不收费", "不用跑"):
        assert words in browser.text
    browser.go("开始办理")
    register(browser, name="葛小满", id_number="341622199306189928", password="Ge-mengcheng-2026")
    browser.press("开始填")
    browser.go("接着办")
    # what one answer opens is asked before anything of it is called missing
    browser.press("保存，下一步", **HOUSING_ANSWERS)
    assert (browser.h1, browser.page.select("#errors")) == ("填表", [])
    browser.press("保存，下一步", **HOUSING_ANSWERS, **HOUSING_OF_BOTH)
    bring_papers(browser)
    browser.press("保存，下一步", method="electronic")
    for words in ("葛小满", "本人和配偶", "葛春燕", "蒙城县双涧镇", "照片.jpg"):
        assert words in browser.text
    assert "未成年子女" not in browser.text.split("看一遍再提交")[-1].split("本人和配偶")[-1]
    browser.press("确认无误，提交", is_true=True)
    return receipt(browser)


def test_a_resident_has_proof_of_housing_at_once_and_a_bank_checks_it(city, browser, clerk):
    number, _code = apply_for_proof(city, browser)
    assert number.startswith("341622")
    browser.go("看进度")
    clerk.open(f"{city.hall(HALL)}/clerk/cases/{number}/")
    clerk.press("当场办好")
    assert "当场办好，已记下。" in clerk.text

    browser.refresh()
    assert "同意了" in browser.text
    paper = browser.session.get(f"{browser.url.split('#')[0]}result.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    for words in ("住房情况查询证明", "葛小满", "341622********9928", number):
        assert words in text
    # it lies among what she keeps, and among what she was told
    browser.open(f"{city.portal}/me/messages/")
    assert "住房状况证明" in browser.text
    with Browser() as bank:
        bank.open(f"{city.portal}/verify/")
        bank.press("查", code=re.search(r"/verify/([A-Za-z0-9_-]{20,43})/", text)[1])
        assert "有效" in bank.text
        assert "葛*" in bank.text
        assert "葛小满" not in bank.text
