"""A word is looked for as it is written, with whatever is joined to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.library import WORD_LETTERS, WORDS_AT_MOST, asked_words, stem, words_in
from services.intake.domain.names import folded_words

ARABIC = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآئؤءًٌٍَُِّْـ ", max_size=60)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("زيارة", "بالزيارات"),
        ("زيارة", "بزيارةٍ"),
        ("إيجار", "والإيجار"),
        ("مستفيد", "للمستفيدين"),
        ("اجتماعي", "الاجتماعيّة"),
        ("كفالة", "الكفالات"),
        ("بيانات", "البيانات"),
        ("أسرة", "للأُسْرَةِ"),
        ("دخل", "دخـــل"),
        ("30", "٣٠"),
        ("Guide", "guide"),
    ],
)
def test_a_word_finds_itself_in_another_dress(asked: str, written: str) -> None:
    assert asked_words(asked) == asked_words(written) != []


@pytest.mark.parametrize(("asked", "written"), [("زيارة", "زكاة"), ("لجنة", "جنة"), ("بحث", "حث"), ("قرار", "إقرار")])
def test_a_short_word_keeps_its_letters(asked: str, written: str) -> None:
    assert asked_words(asked) != asked_words(written)


@given(text=ARABIC)
def test_nothing_that_was_a_word_becomes_nothing(text: str) -> None:
    assert sum(words_in(text).values()) == len(folded_words(text))
    assert all(0 < len(word) <= WORD_LETTERS for word in words_in(text))
    assert all(stem(word) for word in folded_words(text))


@given(text=ARABIC)
def test_a_text_finds_itself(text: str) -> None:
    asked = asked_words(text)
    assert len(asked) <= WORDS_AT_MOST
    assert set(asked) <= set(words_in(text))
