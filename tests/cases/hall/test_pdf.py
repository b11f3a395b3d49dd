"""Documents: what they must say, that nothing in a value becomes a command, and that the paper always comes out."""

import io

import pytest
from pypdf import PdfReader

from cases.hall.files import inspect
from cases.hall.pdf import Kind, render

URL = "https://portal.example/verify/abcdefghijklmnopqrstuvwxyz012345/"
FACTS = {
    "hall": "东县网上办事大厅",
    "department": "东县卫生健康委员会",
    "number": "110105260228000177",
    "document_no": "东(南)准〔2026〕00001号",
    "item_code": "00010400200000",
    "item_name": "生育登记",
    "result_name": "生育服务登记证",
    "validity": "长期",
    "legal_basis": ["《人口与计划生育法》第十八条"],
    "holder": "张三",
    "holder_id": "110105********002X",
    "issued_on": "2026-03-04",
    "verify_url": URL,
    "is_demo": False,
}


def read(kind, **facts):
    return PdfReader(io.BytesIO(render(kind, {**FACTS, **facts})))


def words(document):
    """Return the text without spaces: a line may break anywhere in Chinese."""
    return "".join("".join(page.extract_text() for page in document.pages).split())


@pytest.mark.parametrize("kind", Kind)
def test_every_document_says_who_what_when_and_how_to_verify(kind):
    document = read(kind, reason="面积不够", competent_body="东县民政局")
    text = words(document)

    for name in (
        "hall",
        "department",
        "number",
        "document_no",
        "item_name",
        "holder",
        "holder_id",
        "verify_url",
    ):
        assert FACTS[name] in text
    assert "2026年3月4日" in text
    assert "演示数据" not in text
    assert len(document.pages) == 1
    width, height = document.pages[0].mediabox[2:]
    # A4 in points
    assert (round(width), round(height)) == (595, 842)


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        (
            "grant",
            {},
            ["准予决定书", "现决定准予", "依据《人口与计划生育法》第十八条", "生育服务登记证", "长期"],
        ),
        (
            "refuse",
            {"reason": "面积不够"},
            ["不予决定书", "理由：面积不够", "六十日内", "行政复议", "行政诉讼"],
        ),
        (
            "accept",
            {"promised_due": "2026-03-11", "statutory_due": "2026-04-01"},
            ["受理通知书", "承诺办结日期2026年3月11日", "法定办结日期2026年4月1日"],
        ),
        (
            "not_accept",
            {"reason": "不归我们办", "competent_body": "东县民政局"},
            ["不予受理决定书", "理由：不归我们办", "您可以向东县民政局申请", "行政复议"],
        ),
        ("certificate", {}, ["生育服务登记证", "持有人张三", "发证日期2026年3月4日"]),
        ("grant", {"title": "准予行政许可决定书"}, ["准予行政许可决定书"]),
    ],
)
def test_what_each_document_says(kind, facts, said):
    text = words(read(kind, **facts))

    assert [part for part in said if part not in text] == []


def test_what_does_not_apply_is_left_out():
    text = words(read("grant", validity="", result_name=None, legal_basis=[], holder_id="", verify_url=""))

    assert "有效期" not in text
    assert "发给的" not in text
    assert "依据" not in text
    assert "（）" not in text
    assert "验证" not in text
    assert "法定办结" not in words(read("accept", promised_due="2026-03-11", statutory_due=None))


def test_demonstration_data_is_marked_on_every_page():
    document = read("refuse", is_demo=True, reason="很长的理由。" * 600)

    assert len(document.pages) > 1
    assert all("演示数据，没有法律效力" in "".join(page.extract_text().split()) for page in document.pages)


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        "#panic()",
        '"]); panic() //',
        "*bold* _it_ $x^2$ `raw` <label> @ref = head \\",
        '#import "x.typ": *',
        "{{ facts }}",
        '","is_demo":true,"x":"',
    ],
)
def test_text_is_never_a_command(text):
    document = read("refuse", holder=text, item_name=text, reason=text)

    assert words(document).count("".join(text.split())) >= 3
    assert "演示数据" not in words(document)


def test_line_ends_and_invisible_characters_do_not_shape_the_paper():
    assert "张三李四：" in words(read("grant", holder="张\u202e三\0\r\n李\u200b四", holder_id=""))


def test_a_character_that_is_no_letter_of_the_font_is_drawn_as_its_code_point(caplog):
    # beyond the font's plane 2, of a private area, newer than this Python's tables, a picture
    document = read("grant", holder="李𪚥\ue123\U00031351😀")

    assert "李U+2A6A5U+E123U+31351U+1F600" in words(document)
    assert "方框是字库里没有的字" in words(document)
    assert is_archive(document)
    assert caplog.messages == []


# of 通用规范汉字表 and of plane 2, as they stand in names
@pytest.mark.parametrize("name", ["张𬭎", "㛃", "𠮷田", "𬀩", "䶮", "𬸚"])
@pytest.mark.parametrize("kind", ["grant", "certificate", "accept"])
def test_a_rare_name_is_printed(name, kind):
    document = read(kind, holder=name)

    assert name in words(document)
    assert "U+" not in words(document)
    assert is_archive(document)


def test_what_cannot_be_set_as_an_archive_file_is_set_all_the_same(monkeypatch, caplog):
    from theming import papers

    made = papers.typst.compile

    def refuse_archives(*args, **given):
        if given["pdf_standards"]:
            raise papers.CannotSet("no", "no")
        return made(*args, **given)

    monkeypatch.setattr(papers.typst, "compile", refuse_archives)

    assert "现决定准予" in words(read("grant"))
    # the log says which paper, and nothing of the person
    assert caplog.messages == ["document 东(南)准〔2026〕00001号 is no archive file"]


def is_archive(document):
    return b"<pdfaid:part>2</pdfaid:part>" in document.root_object["/Metadata"].get_data()


def test_it_is_an_archive_file_with_its_font_and_structure():
    document = read("grant")
    metadata = document.root_object["/Metadata"].get_data().decode()
    fonts = document.pages[0]["/Resources"]["/Font"].values()

    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert document.root_object["/MarkInfo"]["/Marked"].value is True
    assert document.root_object["/Lang"].startswith("zh")
    assert document.metadata.title == "准予决定书"
    assert all("NotoSansCJKsc" in str(font.get_object()["/BaseFont"]) for font in fonts)


def test_same_facts_give_the_same_bytes_and_a_file_that_we_would_take_ourselves():
    first, second = render("grant", FACTS), render("grant", FACTS)

    assert first == second
    assert inspect(io.BytesIO(first), "a.pdf").kind == "pdf"
    assert render("grant", {**FACTS, "number": "110105260228000185"}) != first


@pytest.mark.parametrize(
    ("kind", "facts"), [("other", {}), ("../grant", {}), ("grant", {"issued_on": "gestern"})]
)
def test_other_kinds_and_dates_are_refused(kind, facts):
    with pytest.raises(ValueError, match=r"is not a valid Kind|isoformat"):
        render(kind, {**FACTS, **facts})
