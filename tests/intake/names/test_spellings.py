"""A name is the same person under each of his spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.names import PARTS_AT_MOST, likeness, parts_of, search_keys
from tests.intake.names.people import crowd, pairs

EVERYONE = list(dict.fromkeys([registered for _, registered in pairs()] + crowd()))


def test_there_are_two_hundred_pairs_of_spellings() -> None:
    assert len(set(pairs())) >= 200


@pytest.mark.parametrize(("typed", "registered"), pairs())
def test_the_right_person_is_likelier_than_everyone_else(typed: str, registered: str) -> None:
    rivals = [name for name in EVERYONE if search_keys(name) & search_keys(typed)]
    assert max(rivals, key=lambda name: likeness(typed, name)) == registered


@pytest.mark.parametrize(
    ("one", "other"),
    [("سعد", "سعود"), ("راشد", "رشيد"), ("حامد", "حمود"), ("نايف", "نواف"), ("علي", "علا"), ("محمد", "محمود")],
)
def test_different_names_that_sound_alike_stay_apart(one: str, other: str) -> None:
    assert parts_of(one) != parts_of(other)
    assert likeness(one, one) > likeness(one, other)


@pytest.mark.parametrize("nothing", ["", "   ", "بن", "🙂", "…", "ـــ", "\u200f"])
def test_what_holds_no_name_finds_nobody(nothing: str) -> None:
    assert search_keys(nothing) == set()
    assert likeness(nothing, "محمد علي") == 0


@given(st.text(max_size=300))
def test_whatever_is_typed_becomes_a_few_keys(typed: str) -> None:
    assert len(parts_of(typed)) <= PARTS_AT_MOST
    assert len(search_keys(typed)) <= 2 * (PARTS_AT_MOST + PARTS_AT_MOST * (PARTS_AT_MOST - 1) // 2)
    assert 0 <= likeness(typed, typed) <= 2
