"""The tags that show fields, errors, clocks and pages."""

from datetime import date
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Engine
from django.test import RequestFactory

from theming.widgets import IdNumberInput, ThreeBoxDateField

ENGINE = Engine(
    app_dirs=True,
    builtins=["django.templatetags.i18n", "django.templatetags.static", "theming.templatetags.ui"],
)


class ChildForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=4)
    number = forms.CharField(label="身份证号", widget=IdNumberInput, help_text="18 位")
    born = ThreeBoxDateField(label="出生日期")
    sex = forms.ChoiceField(label="性别", choices=[("", "---"), ("1", "男"), ("2", "女")])
    town = forms.ChoiceField(
        label="乡镇", choices=[(str(n), f"镇{n}") for n in range(8)], widget=forms.RadioSelect
    )
    papers = forms.MultipleChoiceField(
        label="证件", choices=[("a", "甲"), ("b", "乙")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="备注", required=False)
    is_true = forms.BooleanField(label="内容属实")
    step = forms.CharField(widget=forms.HiddenInput, initial="2")


def shown(source, **context):
    return ENGINE.from_string(source).render(Context(context))


def field(name, form):
    return shown("{% field bound %}", bound=form[name])


def assert_order(html, *parts):
    places = [html.index(part) for part in parts]
    assert places == sorted(places), html


def test_field_is_label_hint_error_input_in_this_order():
    html = field("number", ChildForm({}))

    assert_order(
        html,
        '<label class="lb" for="id_number">身份证号',
        'id="id_number_hint">18 位',
        "错误：请填身份证号",
        "<input",
    )
    assert 'aria-describedby="id_number_hint id_number_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocapitalize="characters"' in html


def test_field_without_error_says_nothing_of_one():
    html = field("number", ChildForm())

    assert "错误" not in html
    assert "aria-invalid" not in html
    assert 'aria-describedby="id_number_hint"' in html


def test_an_optional_field_says_so():
    assert "（可不填）" in field("note", ChildForm())
    assert "（可不填）" not in field("name", ChildForm())


def test_few_choices_are_rows_and_many_a_list():
    few, many = field("sex", ChildForm(initial={"sex": "2"})), field("town", ChildForm())

    assert few.count('type="radio"') == 2
    assert 'value="2" checked' in few
    assert '<fieldset><legend class="lb">性别' in few.replace("\n", "")
    assert "<select" in many
    assert "radio" not in many


def test_checkbox_rows_keep_what_was_chosen():
    html = field("papers", ChildForm({"papers": ["b"]}))

    assert html.count('type="checkbox"') == 2
    assert 'value="b" checked' in html
    assert 'value="a" checked' not in html


def test_a_date_is_three_boxes_and_keeps_what_was_typed():
    html = field("born", ChildForm({"born_year": "2026", "born_month": "2", "born_day": "30"}))

    assert_order(
        html,
        "没有这一天，例如 2026 年 3 月 12 日",
        'name="born_year"',
        'name="born_month"',
        'name="born_day"',
    )
    assert 'value="30"' in html
    assert html.count('inputmode="numeric"') == 3
    assert html.count('aria-invalid="true"') == 3


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ({"born_year": "2026", "born_month": "3", "born_day": "4"}, date(2026, 3, 4)),
        ({"born": "2026-03-04"}, date(2026, 3, 4)),
        ({"born_year": "26", "born_month": "3", "born_day": "4"}, None),
        ({"born_year": "2026", "born_month": "3"}, None),
        ({"born_year": "2026-03", "born_month": "3", "born_day": "1"}, None),
        ({}, None),
    ],
)
def test_a_date_is_read_from_boxes_or_from_one_iso_value(typed, read):
    form = ChildForm(typed)

    form.is_valid()

    assert form.cleaned_data.get("born") == read
    assert ("born" in form.errors) is (read is None)


def test_hidden_fields_have_no_label():
    assert field("step", ChildForm()).strip() == '<input type="hidden" name="step" value="2" id="id_step">'


def test_what_people_typed_is_escaped():
    html = field("name", ChildForm({"name": '"><script>'}))

    assert "<script" not in html


def test_error_summary_counts_leads_and_takes_the_focus():
    form = ChildForm(
        {
            "step": "2",
            "number": "1",
            "name": "张三李四王",
            "sex": "1",
            "town": "1",
            "papers": ["a"],
            "is_true": "on",
        }
    )
    html = shown("{% error_summary form others %}", form=form, others=["这件已经提交过"])

    assert "有 3 处要改" in html
    assert 'id="errors" role="alert" tabindex="-1" autofocus' in html
    assert '<a href="#id_name">姓名：最多 4 个字</a>' in html
    assert '<a href="#id_born_year">请填出生日期</a>' in html
    assert "<li>这件已经提交过</li>" in html
    assert 'id="id_born_year"' in field("born", form)
    assert shown("{% error_prefix form %}", form=form) == "错误："


def test_error_summary_of_a_choice_names_it_and_leads_to_its_first_row():
    form = ChildForm({})
    html = shown("{% error_summary form %}", form=form)

    assert '<a href="#id_sex_0">性别：请选一种</a>' in html
    assert 'id="id_sex_0"' in field("sex", form)
    assert '<a href="#id_is_true">内容属实：请勾上这一项</a>' in html


def test_error_summary_of_a_good_or_fresh_form_is_nothing():
    assert shown("{% error_summary form %}{% error_prefix form %}", form=ChildForm()).strip() == ""


@pytest.mark.parametrize(
    ("kind", "sign", "colour"),
    [("ok", "●", "ok"), ("warn", "◆", "warn"), ("danger", "▲", "danger"), ("lawbreach", "▲", "law"),
     ("paused", "■", "paused"), ("expected", "◎", "info"), ("stopped", "○", "neutral")],
)  # fmt: skip
def test_clock_has_sign_word_colour_and_date(kind, sign, colour):
    clock = SimpleNamespace(kind=kind, label="剩 4 天", date=date(2026, 3, 4))
    html = shown("{% clock_tag clock %}", clock=clock)

    assert f'class="tag {colour}"><span aria-hidden="true">{sign}</span> 剩 4 天' in html
    assert '<time datetime="2026-03-04">3月4日 周三</time>' in html
    assert shown("{% clock_tag clock %}", clock=vars(clock)) == html


def test_clock_may_lack_a_date_or_be_absent():
    assert "<time" not in shown("{% clock_tag clock %}", clock={"kind": "stopped", "label": "已停"})
    assert shown("{% clock_tag clock %}", clock=None).strip() == ""


def test_state_has_a_word_and_a_callers_word_wins():
    assert shown('{% state_tag "correction" %}') == '<span class="tag warn">等您补材料</span>'
    assert shown('{% state_tag "delivering" "已寄出" %}') == '<span class="tag ok">已寄出</span>'


def test_pagination_keeps_the_query_of_the_address():
    request = RequestFactory().get("/items/", {"q": "生育 登记", "page": "2"})
    html = shown("{% pagination page %}", page=Paginator(range(50), 20).page(2), request=request)

    assert "第 2 页，共 3 页" in html
    assert "?q=%E7%94%9F%E8%82%B2+%E7%99%BB%E8%AE%B0&amp;page=1" in html
    assert "page=3" in html


def test_one_page_has_no_pagination():
    html = shown("{% pagination page %}", page=Paginator([1], 20).page(1), request=RequestFactory().get("/"))

    assert html.strip() == ""


def test_crumbs_end_with_the_page_itself():
    html = shown('{% crumbs "办事" "/items/" "生育登记" %}')

    assert '<a href="/items/">办事</a>' in html
    assert '<span aria-current="page">生育登记</span>' in html


def test_motif_is_drawn_for_the_eye_only():
    html = shown("{% motif %}", motif_paths=["M1 1h2"])

    assert 'aria-hidden="true"' in html
    assert '<path d="M1 1h2"/>' in html
    assert shown("{% motif %}").strip() == ""
