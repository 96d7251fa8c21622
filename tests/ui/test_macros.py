"""Each part of a page: what it says, what it escapes, and what a reader by ear or keyboard is told."""

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from shared.language.case_lifecycle import CaseStatus
from shared.language.errors import NationalIdWrong
from shared.language.roles import Role
from shared.ui import Form, Frame, Language, Visitor
from shared.ui.icons import icon
from shared.ui.look import HERE
from shared.ui.words import ROLES, STATUSES
from tests.ui.rendering import drawn, page

HOSTILE = "<script>alert(1)</script>\"'&"

EVERYWHERE = [
    "{{ ui.field('x', words, form=form, hint=words) }}",
    "{{ ui.textarea('x', words, form=form, hint=words) }}",
    "{{ ui.select('x', words, [(words, words)], form=form, empty=words) }}",
    "{{ ui.radios('x', words, [(words, words, words)], form=form) }}",
    "{{ ui.checkboxes('x', words, [(words, words)], form=form, hint=words) }}",
    "{{ ui.file('x', words, form=form, hint=words) }}",
    "{{ ui.date('x', words, form=form, hint=words) }}",
    "{{ ui.faces('x', words, form=form, hint=words) }}",
    "{{ ui.drawing('x', words, words, form) }}",
    "{{ ui.errors(form) }}{{ ui.titled(words, form) }}",
    "{{ ui.button(words, name=words, value=words) }}{{ ui.link_button(words, words) }}",
    "{% call ui.form(words, token=words, offline=words, title=words) %}{{ words }}{% endcall %}",
    "{{ ui.tag(words) }}{{ ui.notice(words) }}{{ ui.empty(words, words) }}",
    "{{ ui.heading(words, words, back=words) }}",
    "{% call ui.card(words, words, id=words) %}{{ words }}{% endcall %}",
    "{{ ui.summary([(words, words, (words, words, words)), (words, ltr(words)), (words, name(words))]) }}",
    "{{ ui.masked(words, words, words) }}",
    "{{ ui.tasks([(words, words, words, 'bad'), (words, words, words, None)]) }}",
    "{{ ui.progress([words, words], 1) }}",
    "{{ ui.figures([(words, words, words, 'good')]) }}",
    "{{ ui.confirm(words, [(words, words)], [words], words, words, words, token=words) }}",
    "{% call(row) ui.table(words, [words], [1]) %}{{ ui.td(words, words) }}{% endcall %}",
    "{{ ui.pages(newer=words, older=words, count=3) }}",
    "{{ ui.chips(words, [(words, words, words)], words, words) }}",
    "{% call ui.filters(words, words) %}{{ words }}{% endcall %}",
    "{{ ui.bars(words, [(words, 3)]) }}{{ ui.funnel(words, [(words, 3)]) }}",
    "{{ ui.columns(words, [words], [(words, [3])]) }}",
]


@pytest.mark.parametrize("source", EVERYWHERE)
@pytest.mark.parametrize("language", Language)
def test_no_macro_lets_a_persons_words_become_markup(source: str, language: Language) -> None:
    form = Form(values={"x": HOSTILE, "x_day": HOSTILE}, errors={"x": HOSTILE})
    html = drawn(source, language, words=HOSTILE, form=form)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    # Nor out of an attribute: every quote of his is written as a character reference.
    assert "\"'" not in html
    assert "onerror" not in html


def test_every_macro_is_in_the_list_of_those_tried_for_escaping() -> None:
    tried = set(re.findall(r"ui\.(\w+)", " ".join(EVERYWHERE)))
    texts = [(HERE / "templates" / "ui" / f"{name}.html").read_text() for name in ("forms", "show", "lists", "charts")]
    macros = {name for text in texts for name in re.findall(r"{% macro (\w+)\(", text) if not name.startswith("_")}
    without_words = {"status", "timeline", "due", "missing", "print_button"}
    assert macros - tried == without_words


def test_a_timeline_escapes_what_was_written_and_shows_both_calendars() -> None:
    from datetime import UTC, datetime

    from shared.ui.gallery import Entry

    entries = [Entry(HOSTILE, HOSTILE, HOSTILE, datetime(2026, 11, 24, 21, 30, tzinfo=UTC))]
    html = drawn("{{ ui.timeline(entries) }}", entries=entries)
    assert "<script" not in html
    assert '<time datetime="2026-11-25T00:30:00+03:00">1448/06/15هـ – 2026/11/25م · 00:30</time>' in html


def test_nothing_of_a_page_is_inline_style_or_script() -> None:
    templates = list(HERE.glob("templates/**/*.html")) + list(Path(HERE.parents[1]).glob("services/*/templates/*.html"))
    assert len(templates) > 15
    for path in templates:
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", text), path
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), path


def test_no_rule_of_the_sheet_knows_left_or_right() -> None:
    sheet = (HERE / "static" / "athar.css").read_text()
    # The two that follow a direction by name, and what has no logical form: the place of a background.
    known = re.sub(r'\[dir="rtl"\][^{]*{[^}]*}|background: [^;]*;', "", sheet)
    assert re.findall(r"(?:margin|padding|border|inset)-(?:left|right)|(?<![\w-])(?:left|right):", known) == []


def test_a_field_keeps_what_was_typed_and_says_what_is_wrong_with_it() -> None:
    form = Form(values={"mobile": "05123"}, errors={"mobile": "الرقم ناقص"})
    html = drawn("{{ ui.field('mobile', 'الجوال', form=form, kind='phone', hint='مثال') }}", form=form)
    assert 'value="05123"' in html
    assert 'aria-describedby="h-mobile e-mobile"' in html
    assert 'aria-invalid="true"' in html
    assert 'type="tel" inputmode="tel" dir="ltr"' in html
    assert re.search(r'id="e-mobile"><span class="hidden">خطأ:</span> الرقم ناقص', html)


def test_a_password_is_never_written_back() -> None:
    form = Form(values={"secret": "open-sesame"})
    assert "open-sesame" not in drawn("{{ ui.field('secret', 'x', form=form, kind='password') }}", form=form)


def test_the_error_summary_leads_to_the_field_with_the_words_at_the_field() -> None:
    form = Form(errors={"born": "لا يوجد هذا اليوم"})
    html = drawn("{{ ui.errors(form) }}{{ ui.date('born', 'تاريخ الميلاد', form=form) }}", form=form)
    assert '<a href="#f-born">لا يوجد هذا اليوم</a>' in html
    assert html.count("لا يوجد هذا اليوم") == 2
    assert 'id="f-born" name="born_day"' in html
    assert 'role="alert"' in html
    assert drawn("{{ ui.errors(no_form) }}").strip() == ""


def test_a_refusal_of_the_domain_comes_back_at_its_field_in_the_readers_language() -> None:
    refusal = NationalIdWrong()
    refusal.field = "national_id"
    form = Form.refused({"national_id": "123"}, refusal, language=Language.ENGLISH, beside="name")
    assert form.error("national_id") == refusal.sentence("en")
    assert form.value("national_id") == "123"


def test_a_date_is_a_group_of_three_inputs_with_labels() -> None:
    html = drawn("{{ ui.date('born', 'تاريخ الميلاد') }}")
    assert html.count("<input") == html.count("<label") == 3
    assert re.findall(r'name="(\w+)"', html) == ["born_day", "born_month", "born_year"]
    assert "<legend>تاريخ الميلاد</legend>" in html


def test_a_tag_says_in_words_what_its_colour_says() -> None:
    assert drawn("{{ ui.status('referred') }}") == '<span class="tag study">مرفوع</span>'
    assert drawn("{{ ui.status('referred') }}", Language.ENGLISH) == '<span class="tag study">Referred</span>'


def test_every_status_and_role_has_its_word() -> None:
    assert set(STATUSES) == {status.value for status in CaseStatus}
    assert {role.value for role in Role} <= set(ROLES)


def test_a_masked_value_shows_the_way_to_see_it_and_says_of_what() -> None:
    html = drawn("{{ ui.masked('1••••472', '/show', 'رقم الهوية') }}")
    assert '<bdi dir="ltr" class="code">1••••472</bdi>' in html
    assert '<a href="/show">إظهار<span class="hidden"> رقم الهوية</span></a>' in html


def test_a_bar_chart_is_a_table_with_its_figures() -> None:
    html = drawn("{{ ui.bars('مساعدات', [('إيجار', 412), ('غذاء', 206)]) }}")
    assert re.findall(r'width="([\d.]+)"', html) == ["100.0", "50.0"]
    assert "412" in html
    assert 'aria-hidden="true"' in html
    funnel = drawn("{{ ui.funnel('x', [('مستلمة', 200), ('مسلمة', 50)]) }}")
    assert "25%" in funnel


def test_columns_run_from_where_reading_begins_and_bring_their_table() -> None:
    source = "{{ ui.columns('x', ['وارد', 'منجز'], [('أ1', [4, 2]), ('أ2', [8, 6])]) }}"
    arabic, english = drawn(source), drawn(source, Language.ENGLISH)
    first = [float(re.findall(r'class="series-1" x="([\d.]+)"', html)[0]) for html in (arabic, english)]
    assert first[0] > 200 > first[1]
    assert arabic.count("<td>") == 4
    assert "عرض الأرقام جدولًا" in arabic


def test_an_empty_chart_is_drawn_empty() -> None:
    assert "<table" in drawn("{{ ui.bars('x', []) }}{{ ui.columns('x', ['a'], []) }}{{ ui.funnel('x', [('a', 0)]) }}")


def test_a_table_keeps_its_meaning_where_it_is_shown_as_cards() -> None:
    html = drawn(
        "{% call(row) ui.table('طلبات', ['المستفيد', 'الحالة'], [1, 2]) %}{{ ui.td('الحالة', 'مستلم') }}{% endcall %}"
    )
    assert 'role="table"' in html
    assert html.count('<tr role="row" data-row>') == 2
    assert 'data-label="الحالة"' in html
    assert html.count('scope="col"') == 2


def test_pages_have_no_link_where_there_is_no_page() -> None:
    assert 'rel="next"' not in drawn("{{ ui.pages() }}")
    assert '<a class="button plain" href="?before=1" rel="next">' in drawn("{{ ui.pages(older='?before=1') }}")


def test_the_navigation_shows_what_the_role_may_go_to() -> None:
    from shared.ui.frame import Place

    places = (
        Place("all", "Home", "/", "house"),
        Place("votes", "Keys", "/votes", "house", frozenset({Role.COMMITTEE_CHAIR})),
    )
    for role, sees in ((Role.DELEGATE, False), (Role.COMMITTEE_CHAIR, True)):
        frame = Frame(visitor=Visitor("Noura", role, "Hail"), places=places)
        assert ('href="/votes"' in page("ui/offline.html", frame=frame)) is sees
    assert [place.key for place in Frame(places=places).navigation()] == ["all"]


def test_a_fact_that_a_page_forgot_is_a_mistake_and_not_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        drawn("{{ no_such_fact }}")


def test_icons_are_decoration_and_turn_with_the_direction() -> None:
    assert 'aria-hidden="true"' in icon("house")
    assert 'class="icon flip"' in icon("arrow-left")
    assert "style=" not in icon("send")
