"""How likely two files are one person's: told by what both say."""

from datetime import date

import pytest

from services.intake.domain.register.duplicates import PROPOSED_FROM, Known, Sign, nearly, score

NOURA = Known("1000000008", "نورة بنت سالم الحربي", mobile="+966555000111", born_on=date(1989, 12, 10))


def proposed(one: Known, other: Known) -> bool:
    assert score(one, other)[0] == score(other, one)[0], "which was first makes no difference"
    return score(one, other)[0] >= PROPOSED_FROM


@pytest.mark.parametrize(
    "other",
    [
        Known("2468013579", "نوره سالم حربي", mobile="+966555000111"),
        Known("2468013579", "نورة سالم الحربي", born_on=date(1989, 12, 10)),
        Known("2468013579", "نورة سالم الحربي"),
        Known("1000000016", "نورة سالم"  , mobile="+966555000111"),
    ],
)  # fmt: skip
def test_who_says_nearly_the_same_is_proposed(other: Known) -> None:
    assert proposed(NOURA, other)


@pytest.mark.parametrize(
    "other",
    [
        Known("2468013579", "سارة سالم الحربي", mobile="+966555000111"),
        Known("2468013579", "نورة سالم الحربي", born_on=date(2001, 1, 1)),
        Known("2468013579", "محمد أحمد"),
        Known("2468013579", "خالد الغامدي", mobile="+966555000111"),
    ],
)
def test_sisters_bearers_of_one_name_and_sharers_of_a_mobile_are_not(other: Known) -> None:
    assert not proposed(NOURA, other)


def test_two_parts_of_a_name_alone_prove_nothing() -> None:
    assert not proposed(Known("1000000008", "محمد أحمد"), Known("2468013579", "محمد أحمد"))


def test_the_signs_say_why() -> None:
    points, signs = score(NOURA, Known("2468013579", "نورة سالم الحربي", mobile="+966555000111", iban="SA1"))
    assert (points >= PROPOSED_FROM, signs) == (True, [Sign.NAME, Sign.MOBILE])


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [("1000000008", "1000000016", True), ("1000000008", "1000000008", False), ("1000000008", "2123456789", False)],
)
def test_a_slip_of_the_hand_is_near(one: str, other: str, *, is_near: bool) -> None:
    assert nearly(one, other) is is_near
