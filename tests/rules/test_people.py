"""A national id with its check digit, and a mobile in the one form that is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.intake.domain.people import Applicant, check_national_id
from shared.language.errors import NationalIdWrong

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def luhn_check_digit(nine: str) -> str:
    """ISO/IEC 7812-1 Annex B, from the right: every second digit doubled, beginning with the last of the nine."""
    total = 0
    for place, digit in enumerate(reversed(nine)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


nine_digits = st.builds(
    lambda first, rest: first + rest, st.sampled_from("12"), st.text("0123456789", min_size=8, max_size=8)
)


@given(nine_digits)
def test_of_the_ten_last_digits_one_is_right(nine: str) -> None:
    right = luhn_check_digit(nine)
    check_national_id(nine + right)
    for wrong in set("0123456789") - {right}:
        with pytest.raises(NationalIdWrong) as refused:
            check_national_id(nine + wrong)
        assert refused.value.field == "applicant.national_id"


@given(nine_digits, st.integers(0, 9), st.integers(1, 9))
def test_one_digit_that_was_misread_is_noticed(nine: str, place: int, shift: int) -> None:
    number = nine + luhn_check_digit(nine)
    misread = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(NationalIdWrong):
        check_national_id(misread)


@pytest.mark.parametrize(
    "number",
    ["", "1", "100000000", "10000000080", "0000000000", "3000000004", "100000000x", "abcdefghij", "1 00000008",
     "-100000008", "1000000008\n", "١٠٠٠٠٠٠٠٠٨", "²000000008"],
)  # fmt: skip
def test_what_is_not_ten_digits_from_1_or_2_is_refused(number: str) -> None:
    with pytest.raises(NationalIdWrong):
        check_national_id(number)


@pytest.mark.parametrize("digits", [ARABIC_INDIC, PERSIAN])
@pytest.mark.parametrize("number", ["1000000008", "2000000006"])
def test_an_id_typed_in_eastern_digits_is_kept_in_western_ones(number: str, digits: dict[int, int]) -> None:
    applicant = Applicant(national_id=f" {number.translate(digits)} ", name="نورة")
    assert applicant.national_id == number
    check_national_id(applicant.national_id)


@pytest.mark.parametrize(
    "typed",
    ["0555000111", "555000111", "+966555000111", "00966555000111", "966555000111", "٠٥٥٥٠٠٠١١١", "+٩٦٦٥٥٥٠٠٠١١١",
     "۰۵۵۵۰۰۰۱۱۱", " 0555000111 "],
)  # fmt: skip
def test_a_mobile_is_stored_in_one_form_however_it_is_typed(typed: str) -> None:
    assert Applicant(national_id="1000000008", name="نورة", mobile=typed).mobile == "+966555000111"


@pytest.mark.parametrize(
    "typed",
    ["", "0455000111", "055500011", "05550001111", "+971555000111", "0115550001", "055-500-0111", "0555000111x",
     "0५५५०००१११", "0555000111\n5", "٠٥٥٥٠٠٠١١"],
)  # fmt: skip
def test_what_is_no_saudi_mobile_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        Applicant(national_id="1000000008", name="نورة", mobile=typed)


def test_a_person_without_a_mobile_is_taken_all_the_same() -> None:
    assert Applicant(national_id="1000000008", name="نورة").mobile is None
