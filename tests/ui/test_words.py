"""Words in both languages: none missing, the right plural, the right language, days in both calendars."""

from datetime import date
from pathlib import Path

import pytest

from shared.ui.bidi import isolated, isolated_ltr, ltr, name, number
from shared.ui.catalogue import PLURAL, known, said
from shared.ui.days import long_day, short_day
from shared.ui.forms import Form, day_in, western
from shared.ui.language import Language, language_of, preferred
from tests.ui.rendering import drawn, request

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parents[1] for path in ROOT.glob("*/**/locale/ar.po") if ".venv" not in path.parts)


def test_every_folder_with_templates_has_its_words() -> None:
    with_pages = {path.parent for path in ROOT.glob("s*/*/templates")} | {ROOT / "athar" / "stack"}
    assert with_pages <= set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_word_that_is_said_has_its_arabic(folder: Path) -> None:
    arabic = known(folder)
    for message in said(folder):
        if message.id:
            found = arabic.get(message.id)
            assert found is not None, message.id
            assert not found.fuzzy, message.id
            forms = found.string if isinstance(found.string, tuple) else (found.string,)
            assert all(forms), message.id
            assert len(forms) == (6 if found.pluralizable else 1), message.id
            assert any("\u0600" <= letter <= "\u06ff" for letter in "".join(forms)), message.id
            assert not list(found.check()), message.id


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_arabic_is_left_of_what_nobody_says_any_more(folder: Path) -> None:
    words = {message.id for message in said(folder)}
    assert {message.id for message in known(folder) if message.id} - words == set()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_header_has_the_usual_order_of_plurals(folder: Path) -> None:
    assert PLURAL in (folder / "locale" / "ar.po").read_text()


@pytest.mark.parametrize(
    ("count", "arabic", "english"),
    [
        (0, "لا ينقص أي مستند", "0 documents are missing"),
        (1, "ينقص مستند واحد", "1 document is missing"),
        (2, "ينقص مستندان", "2 documents are missing"),
        (3, "تنقص 3 مستندات", "3 documents are missing"),
        (10, "تنقص 10 مستندات", "10 documents are missing"),
        (11, "ينقص 11 مستندًا", "11 documents are missing"),
        (99, "ينقص 99 مستندًا", "99 documents are missing"),
        (100, "ينقص 100 مستند", "100 documents are missing"),
        (103, "تنقص 103 مستندات", "103 documents are missing"),
    ],
)
def test_a_count_takes_the_form_that_the_language_has_for_it(count: int, arabic: str, english: str) -> None:
    assert drawn("{{ ui.missing(count) }}", count=count) == arabic
    assert drawn("{{ ui.missing(count) }}", Language.ENGLISH, count=count) == english


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-11, "متأخر 11 يومًا"),
        (-2, "متأخر يومين"),
        (0, "يستحق اليوم"),
        (1, "يستحق غدًا"),
        (2, "خلال يومين"),
        (5, "خلال 5 أيام"),
    ],
)
def test_what_is_due_is_said_in_words(days: int, words: str) -> None:
    assert words in drawn("{{ ui.due(days) }}", days=days)


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", Language.ARABIC),
        ("fr-FR,fr;q=0.9", Language.ARABIC),
        ("en-GB,en;q=0.9,ar;q=0.8", Language.ENGLISH),
        ("ar-SA,en;q=0.9", Language.ARABIC),
        ("fr,en;q=0.3,ar;q=0.7", Language.ARABIC),
        ("en;q=nonsense", Language.ARABIC),
        ("en;q=0", Language.ARABIC),
    ],
)
def test_the_browsers_preference_decides_and_arabic_where_it_has_none(accept: str, language: Language) -> None:
    assert preferred(accept) is language


def test_the_address_comes_before_the_cookie_and_the_cookie_before_the_browser() -> None:
    english = {"accept-language": "en"}
    assert language_of(request(headers=english)) is Language.ENGLISH
    assert language_of(request(headers=english | {"cookie": "athar_lang=ar"})) is Language.ARABIC
    assert language_of(request(query="lang=en", headers={"cookie": "athar_lang=ar"})) is Language.ENGLISH
    assert language_of(request(query="lang=<script>", headers=english)) is Language.ENGLISH


def test_a_day_stands_in_both_calendars_and_outside_of_the_tables_in_one() -> None:
    day = date(2026, 11, 24)
    assert long_day(day, language=Language.ARABIC) == (
        '<time datetime="2026-11-24">الثلاثاء 14 جمادى الآخرة 1448هـ الموافق 24 نوفمبر 2026م</time>'
    )
    assert "Tuesday 24 November 2026 (14 Jumada al-Akhirah 1448 AH)" in long_day(day, language=Language.ENGLISH)
    assert "1448/06/14هـ – 2026/11/24م" in short_day(day, language=Language.ARABIC)
    assert "هـ" not in long_day(date(1900, 1, 1), language=Language.ARABIC)


def test_an_id_inside_a_message_is_isolated_and_a_persons_word_escaped() -> None:
    html = drawn("{{ _('Request %(reference)s', reference=ltr('HL-2026-004127')) }}")
    assert html == 'الطلب رقم <bdi dir="ltr" class="code">HL-2026-004127</bdi>'
    assert "&lt;b&gt;" in drawn("{{ _('Request %(reference)s', reference='<b>') }}")
    assert name("<b>") == "<bdi>&lt;b&gt;</bdi>"
    assert ltr("<b>") == '<bdi dir="ltr" class="code">&lt;b&gt;</bdi>'
    assert isolated("نورة") == "\u2068نورة\u2069"
    assert isolated_ltr("HL-1") == "\u2066HL-1\u2069"
    assert number(1422) == "1,422"


@pytest.mark.parametrize(
    ("day", "month", "year", "expected"),
    [
        ("24", "11", "2026", date(2026, 11, 24)),
        ("14", "6", "1448", date(2026, 11, 24)),
        ("١٤", "٦", "١٤٤٨", date(2026, 11, 24)),
        (" 14 ", "06", "۱۴۴۸", date(2026, 11, 24)),
        ("", "", "", None),
    ],
)
def test_a_typed_day_may_be_hijri_or_gregorian_in_any_digits(
    day: str, month: str, year: str, expected: date | None
) -> None:
    assert day_in({"born_day": day, "born_month": month, "born_year": year}, "born") == expected


@pytest.mark.parametrize(
    "parts",
    [
        ("31", "2", "2026"),
        ("30", "13", "1448"),
        ("1", "1", "99"),
        ("x", "1", "2026"),
        ("", "1", "2026"),
        ("1", "1", "-200"),
        ("²", "1", "2026"),
    ],
)
def test_what_is_no_day_is_refused(parts: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_in(dict(zip(("born_day", "born_month", "born_year"), parts, strict=True)), "born")


def test_a_form_answers_for_what_was_chosen_once_or_more() -> None:
    form = Form(values={"one": "a", "many": ["a", "b"]})
    assert (form.chosen("one"), form.chosen("many"), form.chosen("none")) == ({"a"}, {"a", "b"}, set())
    assert (form.value("many"), form.value("none")) == ("a", "")
    assert western("٠٥٠۱") == "0501"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_folder_says_otherwise_what_all_pages_say(folder: Path) -> None:
    """The shared word would win, and the other stand in a file for nothing."""
    of_all = known(ROOT / "shared" / "ui")
    here = {message.id: message.string for message in known(folder) if message.id}
    assert {words: said for words, said in here.items() if (same := of_all.get(words)) and same.string != said} == {}
