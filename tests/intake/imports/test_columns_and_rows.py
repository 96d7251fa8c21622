"""What a heading means and what a row has to be, by the rules that hold for whoever types it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.domain.imports.columns import check_columns, check_enough, guess, letter, targets_of
from services.intake.domain.imports.rows import CHANNEL_WORDS, MOST_OF_NAME, Fault, Plan, RowReader, Wanted
from services.intake.domain.imports.run import Import
from shared.language.clauses import Channel
from shared.language.errors import ColumnsLacking, ColumnUnknown, NameUnwritable
from shared.policy.adopted import pack_of
from tests.harness.desk import ASSOCIATION
from tests.intake.imports.lists import national_id

PACK = pack_of(ASSOCIATION)
SERVICE = PACK.services[0]
COLUMNS = {"national_id": 0, "name": 1, "mobile": 2, "email": 3, "language": 4, "service": 5, "channel": 6}
RIGHT = [national_id(1), "نورة بنت سالم", "0555000111", "n@example.org", "العربية", SERVICE.name.ar, "خطاب"]


def read(*cells: str, columns: dict[str, int] | None = None) -> Wanted | list[Fault]:
    plan = Plan(columns or COLUMNS, Channel.LETTER, None, None)
    return RowReader(plan, pack=PACK).read(cells)


def wanted(*cells: str, **options: Any) -> Wanted:
    found = read(*cells, **options)
    assert isinstance(found, Wanted), found
    return found


def faults(*cells: str, **options: Any) -> list[Fault]:
    found = read(*cells, **options)
    assert isinstance(found, list), found
    return found


def changed(place: int, cell: str) -> list[str]:
    return [*RIGHT[:place], cell, *RIGHT[place + 1 :]]


@pytest.mark.parametrize(
    "heads",
    [
        ["رقم الهوية", "الاسم", "الجوال", "الخدمة"],
        ["السجل المدنى", "اسم المستفيد:", "رقم الجوال*", "نوع الخدمه"],
        ["National ID", "Full name", "Mobile number", "SERVICE"],
        ["national_id", "name", "mobile", "service"],
        ["\ufeffالهُوية", "الاســـم", "جوال", "البرنامج"],
    ],
)
def test_headings_are_known_in_arabic_and_english_however_they_are_typed(heads: list[str]) -> None:
    assert guess(heads, pack=PACK) == {"national_id": 0, "name": 1, "mobile": 2, "service": 3}


def test_a_question_of_a_services_form_is_known_by_its_words() -> None:
    asked = SERVICE.form[0]
    assert guess([asked.name.ar], pack=PACK) == {f"form.{asked.id}": 0}
    assert guess([asked.name.en.upper()], pack=PACK) == {f"form.{asked.id}": 0}


def test_the_first_of_two_columns_with_one_meaning_counts() -> None:
    assert guess(["الاسم", "name", "لون"], pack=PACK) == {"name": 0}


def test_a_column_that_is_unknown_named_twice_or_not_there_is_refused() -> None:
    heads = ["a", "b"]
    for columns in ({"shoe_size": 0}, {"name": 2}, {"name": 0, "mobile": 0}):
        with pytest.raises(ColumnUnknown):
            check_columns(columns, heads=heads, pack=PACK)
    check_columns({"name": 1, "national_id": 0}, heads=heads, pack=PACK)


def test_without_a_column_for_the_id_and_the_name_nothing_is_checked() -> None:
    with pytest.raises(ColumnsLacking):
        check_enough({"name": 0})


def test_every_field_is_called_something_in_both_languages() -> None:
    assert all(one.ar and one.en for one in targets_of(PACK).values())
    assert set(CHANNEL_WORDS) == set(Channel)


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_a_column_is_called_as_the_spreadsheet_shows_it(place: int, letters: str) -> None:
    assert letter(place) == letters


def test_a_row_is_what_a_form_would_have_taken() -> None:
    row = wanted(*RIGHT)
    assert (row.applicant.mobile, row.applicant.language, row.channel) == ("+966555000111", "ar", Channel.LETTER)
    assert row.service is not None
    assert row.service.id == SERVICE.id


def test_arabic_indic_and_persian_digits_are_digits() -> None:
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    for digits in (arabic, persian):
        row = wanted(RIGHT[0].translate(digits), RIGHT[1], RIGHT[2].translate(digits), *RIGHT[3:])
        assert (row.applicant.national_id, row.applicant.mobile) == (RIGHT[0], "+966555000111")


def test_a_name_is_whole_or_refused_at_its_column_and_never_cut() -> None:
    assert wanted(*changed(1, "ن" * MOST_OF_NAME)).applicant.name == "ن" * MOST_OF_NAME
    for letters in (MOST_OF_NAME + 1, 301, 4_001):
        (fault,) = faults(*changed(1, "ن" * letters))
        assert fault.column == 1
        assert str(MOST_OF_NAME) in fault.ar


def test_a_name_that_the_desk_would_refuse_is_refused_at_its_column_before_anything_is_taken_in() -> None:
    for name in ("نورة 🌷 الحربي", '=HYPERLINK("http://x")'):
        (fault,) = faults(*changed(1, name))
        assert (fault.column, fault.ar) == (1, NameUnwritable(field="name").sentence("ar"))


def test_a_name_is_kept_with_single_blanks_as_at_the_desk() -> None:
    assert wanted(*changed(1, "  نورة   الحربي ")).applicant.name == "نورة الحربي"


def test_words_that_begin_like_a_formula_are_words() -> None:
    assert wanted(*changed(1, "@SUM نورة")).applicant.name.startswith("@SUM")


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        (0, ""),
        (0, "1000000000"),
        (0, "10000000080"),
        (0, "abc"),
        (1, ""),
        (1, "x"),
        (2, "12"),
        (3, "x"),
        (4, "فرنسي"),
        (5, "خدمة لا نقدمها"),
        (6, "حمام زاجل"),
    ],
)
def test_what_is_wrong_is_told_once_with_its_column_and_without_the_words(place: int, cell: str) -> None:
    (fault,) = faults(*changed(place, cell))
    assert fault.column == place
    assert not cell or len(cell) < 3 or cell not in fault.ar + fault.en
    assert any("\u0600" <= one <= "\u06ff" for one in fault.ar)


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    assert [fault.column for fault in faults("1", "", "2", "3", "4", "5", "6")] == [0, 1, 2, 3, 4, 5, 6]


def test_a_row_that_ends_early_lacks_what_it_does_not_say() -> None:
    (fault,) = faults(RIGHT[0])
    assert fault.column == 1


def test_answers_are_of_the_kind_that_their_question_asks_for() -> None:
    kinds = {one.kind: one for one in SERVICE.form}
    columns = COLUMNS | {f"form.{kinds['integer'].id}": 7}
    assert wanted(*RIGHT, "٤", columns=columns).form == {kinds["integer"].id: 4}
    assert wanted(*RIGHT, "", columns=columns).form == {}
    for cell in ("أربعة", "4.5", "--4", "9" * 16, "²"):
        (fault,) = faults(*RIGHT, cell, columns=columns)
        assert fault.column == 7


def test_a_channel_that_the_policy_does_not_adopt_is_refused() -> None:
    pack = pack_of("kharj-dawah")
    foreign = next(channel for channel in Channel if not pack.adopts(channel.clause))
    plan = Plan({"national_id": 0, "name": 1, "channel": 2}, Channel.LETTER, None, None)
    found = RowReader(plan, pack=pack).read([RIGHT[0], RIGHT[1], CHANNEL_WORDS[foreign][0]])
    assert isinstance(found, list)
    assert found[0].column == 2


def test_a_mark_says_nothing_without_the_files_key() -> None:
    row = wanted(*RIGHT)
    assert row.mark("one") == wanted(*RIGHT).mark("one") != row.mark("another")
    assert RIGHT[0] not in row.mark("one")


def test_an_import_that_ended_keeps_no_first_row_which_may_be_somebody() -> None:
    found = Import(
        association_id="a",
        heads='["1000000008", "نورة الحربي"]',
        channel=Channel.INTERVIEW,
        first_at=0,
        next_at=0,
        total=1,
        uploaded_by="p",
        uploaded_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    found.discard(at=datetime(2026, 11, 22, 1, tzinfo=UTC))
    assert found.headings == []
