"""A letter on paper: what it says, in whose words, and nothing of it taken for an instruction."""

from datetime import date

import pytest
from pydantic import ValidationError

from shared.letters import Facts, Items, Letter, LetterNotPrinted, Paragraph, Press, Sender, Signature, Term, typeset
from shared.letters.letter import breakable, plain
from shared.letters.typesetting import LogoUnreadable
from tests.letters.paper import (
    ASSOCIATION,
    FOLLOW,
    NAME,
    REFERENCE,
    codes_of,
    english,
    letter,
    logo,
    pages,
    picture,
    shown_lack,
    text_of,
)

MARKUP = (
    '#import "x"; #panic("p") #read("/etc/passwd")',
    "$x^2$ *bold* _it_ `raw` <label> @ref",
    "= not a heading",
    "- not a list",
    "[#text(red)[x]] #{1+1} \\u{41} ~ --- \"q\" 's'",
    "// not a comment /* nor this */ https://example.org/a_b",
    "C:\\new\\table \\ \\# {{ name }} <b>b</b> %s",
)
LONG = "عبدالله" * 42


@pytest.mark.parametrize("typed", MARKUP)
def test_what_looks_like_markup_stands_on_the_page_as_it_was_typed(typed: str) -> None:
    said = text_of(typeset(english(typed)))
    assert typed in said


@pytest.mark.parametrize("typed", MARKUP)
def test_no_field_of_a_letter_is_read_as_markup(typed: str) -> None:
    everywhere = letter(
        sender=Sender(name=typed, note=typed, footer=typed),
        number=typed,
        subject=typed,
        addressee=typed,
        body=(
            Paragraph(parts=(typed, Term(term=typed)), strong=True),
            Items(items=(typed,)),
            Items(items=(typed,), numbered=True),
            Facts(rows=((typed, typed),)),
        ),
        signatures=(Signature(title=typed, name=typed),),
    )
    times = 13  # once in each place above
    assert shown_lack(typeset(everywhere), *[typed] * times) == {}


def test_every_letter_of_an_arabic_letter_is_on_the_page() -> None:
    printed = typeset(letter())
    assert shown_lack(printed, ASSOCIATION, NAME, "سعد العتيبي", "مدير الفرع", "السلام عليكم ورحمة الله وبركاته") == {}
    assert shown_lack(printed, REFERENCE, "12 جمادى الآخرة 1448هـ", "22 نوفمبر 2026م", "لا يوجد") == {}


@pytest.mark.parametrize("turning", ["\u202e", "\u202d", "\u2066", "\u2067", "\u2068", "\u202b"])
def test_a_letter_that_turns_the_text_around_turns_nothing(turning: str) -> None:
    turned = letter(addressee=f"نورة {turning}الحربي", subject=f"{turning}إشعار 2026")
    assert typeset(turned) == typeset(letter(addressee="نورة الحربي", subject="إشعار 2026"))


def test_control_letters_are_left_out_and_lines_are_kept() -> None:
    assert plain("أ\x00ب\x07ج\r\nد\ue000") == "أبج\nد"
    two_lines = typeset(english("first\nsecond"))
    assert "first second" in text_of(two_lines)
    assert typeset(english("first second")) != two_lines


def test_a_name_of_three_hundred_letters_stays_on_the_paper() -> None:
    long = LONG.ljust(300, "x")
    printed = typeset(
        letter(
            addressee=long,
            subject=long,
            sender=Sender(name=long),
            signatures=(Signature(title=long, name=long), Signature(title=long, name=long)),
            body=(Facts(rows=((long, long),)),),
        )
    )
    assert shown_lack(printed, *[long] * 9) == {}
    for page in pages(printed):
        image = picture(page).convert("L")
        for edge in ((0, 0, 20, image.height), (image.width - 20, 0, image.width, image.height)):
            assert image.crop(edge).getextrema() == (255, 255), "nothing is printed at the paper's edge"


def test_a_word_is_broken_between_letters_and_never_under_its_signs() -> None:
    assert breakable("كلمة عادية") == "كلمة عادية"
    assert breakable("x" * 30) == "x" * 30
    broken = breakable("مَ" * 40)
    assert broken.replace("\u200d\u200b\u200d", "") == "مَ" * 40
    assert "\u200d\u200b\u200dَ" not in broken
    assert "\u200b" in broken


def test_a_letter_the_font_lacks_does_not_stop_the_letter() -> None:
    assert shown_lack(typeset(letter(addressee="😀 نورة 😀 漢字")), "نورة") == {}


def test_the_same_letter_is_the_same_bytes() -> None:
    assert typeset(letter()) == typeset(letter())
    assert typeset(letter()) != typeset(letter(subject="إشعار آخر"))


def test_a_letter_is_kept_for_the_archive() -> None:
    printed = typeset(letter(sender=Sender(name=ASSOCIATION, logo=logo())))
    assert b"pdfaid:part>2<" in printed, "PDF/A-2b"
    assert b"/Lang" in printed


def test_the_code_on_the_page_leads_to_the_following_page() -> None:
    assert codes_of(typeset(letter())) == [FOLLOW]
    assert codes_of(typeset(letter(follow=None))) == []


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://a b", "ftp://x", "https://مثال", "https://" + "a" * 600]
)
def test_a_code_holds_a_web_address_alone(address: str) -> None:
    with pytest.raises(ValidationError):
        letter(follow=address)


def test_a_long_letter_numbers_its_pages() -> None:
    body = tuple(Paragraph(parts=(f"Paragraph {n}. " + "Words of it. " * 40,)) for n in range(20))
    printed = typeset(english(body=body))
    count = len(pages(printed))
    assert count > 2
    for number, page in enumerate(pages(printed), start=1):
        assert f"Page {number} of {count}" in " ".join(page.get_textpage().get_text_bounded().split())


def test_an_english_letter_is_made_by_the_same_template() -> None:
    said = text_of(typeset(english("Your request went up.", attachments=2)))
    for words in ("Subject: Notice", "To: Noura Al-Harbi", "22 November 2026", "1448 AH", "Attachments 2"):
        assert words in said


def test_a_day_outside_the_hijri_tables_is_written_in_the_gregorian_calendar() -> None:
    said = text_of(typeset(english("x", day=date(2090, 1, 1))))
    assert "1 January 2090" in said
    assert "AH" not in said


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_logo_stands_in_the_head(kind: str) -> None:
    green = typeset(letter(sender=Sender(name=ASSOCIATION, logo=logo(kind=kind))))
    (page,) = pages(green)
    colours = picture(page).crop((0, 0, 1191, 300)).getcolors(1 << 20) or []
    assert sum(count for count, colour in colours if abs(colour[1] - 122) < 12 and colour[0] < 80) > 2000


def test_what_is_no_picture_is_no_logo() -> None:
    for bad in (b"PHN2Zz4=", logo()[:400], logo(kind="GIF")):
        with pytest.raises(LogoUnreadable):
            typeset(letter(sender=Sender(name=ASSOCIATION, logo=bad)))


def test_a_letter_has_bounds() -> None:
    for too_much in (
        {"subject": "x" * 301},
        {"attachments": -1},
        {"body": ({"kind": "paragraph", "parts": ("x" * 4001,)},)},
        {"body": tuple(Items(items=("x",)) for _ in range(61))},
        {"signatures": tuple(Signature(title="x") for _ in range(3))},
        {"unknown": 1},
    ):
        with pytest.raises(ValidationError) as refused:
            letter(**too_much)
        assert "xxx" not in str(refused.value), "what somebody typed is not repeated where it may be logged"


async def test_the_largest_letter_that_there_is_is_printed_in_its_bounds() -> None:
    whole = letter(body=tuple(Items(items=("كلمات " * 600,) * 4) for _ in range(60)))
    printed = await Press().print(whole)
    assert printed.startswith(b"%PDF-")


async def test_the_press_prints_what_the_typesetter_sets() -> None:
    assert await Press().print(letter()) == typeset(letter())


async def test_a_letter_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(LetterNotPrinted):
        await Press(seconds=0.001).print(letter())


async def test_a_letter_that_cannot_be_printed_says_nothing_of_what_is_in_it(caplog: pytest.LogCaptureFixture) -> None:
    bad = letter(sender=Sender(name=ASSOCIATION, logo=b"PHN2Zz4="))
    with pytest.raises(LetterNotPrinted) as refused:
        await Press().print(bad)
    assert NAME not in str(refused.value) + caplog.text


def test_a_letter_travels_to_the_press_whole() -> None:
    whole = letter(sender=Sender(name=ASSOCIATION, logo=logo()))
    assert Letter.model_validate_json(whole.model_dump_json()) == whole
