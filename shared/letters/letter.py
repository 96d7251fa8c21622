"""What a letter says. Everything in it is text as somebody typed it; none of it is markup."""

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Base64Bytes, BaseModel, ConfigDict, Field

Language = Literal["ar", "en"]

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Letters that turn the text around: one in a name could make the line about it read backwards."""
LONGEST_WORD = 30
"""A longer one may be broken after every twelfth letter, or it would run over the paper's edge."""
BREAK_AFTER = 12
BREAK = "\u200b"
JOINER = "\u200d"
LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def plain(text: str) -> str:
    """The text as typed, without control letters (lines stay) and letters that turn it around."""
    kept = (
        letter
        for letter in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        if letter == "\n" or (unicodedata.category(letter) not in {"Cc", "Cs", "Co", "Cn"} and letter not in TURNING)
    )
    return "".join(kept)


def breakable(text: str) -> str:
    """The text with places to break a word that no line could hold; signs that lie on a letter stay with it."""
    return LONG_WORD.sub(lambda word: _broken(word[0]), text)


def _broken(word: str) -> str:
    pieces: list[str] = []
    since = 0
    for letter in word:
        lies_on_it = unicodedata.category(letter)[0] == "M" or JOINER in {letter, pieces[-1] if pieces else ""}
        if since >= BREAK_AFTER and not lies_on_it:
            # Joiners on both sides: where no line ends here, Arabic letters stay joined.
            pieces.append(f"{JOINER}{BREAK}{JOINER}")
            since = 0
        pieces.append(letter)
        since += 1
    return "".join(pieces)


Line = Annotated[str, Field(max_length=300), AfterValidator(plain), AfterValidator(str.strip)]
Text = Annotated[str, Field(max_length=4000), AfterValidator(plain)]
"""Of several lines, and with the spaces at its ends: a term may follow."""


class Part(BaseModel):
    """What all parts share: they never change, and what they do not name is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Term(Part):
    """A name, number or date within a sentence: it keeps its own direction, and the sentence keeps its own."""

    term: Line


class Paragraph(Part):
    """Sentences, with the terms that stand in them."""

    kind: Literal["paragraph"] = "paragraph"
    parts: Annotated[tuple[Text | Term, ...], Field(max_length=50)]
    strong: bool = False


class Items(Part):
    """A list; numbered where it says so."""

    kind: Literal["items"] = "items"
    items: Annotated[tuple[Text, ...], Field(max_length=100)]
    numbered: bool = False


class Facts(Part):
    """A table of two columns: what it is, and how it stands."""

    kind: Literal["facts"] = "facts"
    rows: Annotated[tuple[tuple[Line, Text], ...], Field(max_length=40)]


Piece = Annotated[Paragraph | Items | Facts, Field(discriminator="kind")]


class Sender(Part):
    """Whose letter it is: the head of the paper."""

    name: Line
    note: Line = ""
    """The licence, or the branch."""
    footer: Line = ""
    """How the association is reached."""
    logo: Annotated[Base64Bytes, Field(max_length=2_000_000)] | None = None
    """PNG or JPEG, in base64."""


class Signature(Part):
    """Who signs, and as what; the name may be left to the pen."""

    title: Line
    name: Line = ""


class Letter(Part):
    """One official letter: number, date, attachments and subject as Saudi offices write them."""

    language: Language = "ar"
    sender: Sender
    number: Line
    day: date
    attachments: Annotated[int, Field(ge=0, le=999)] = 0
    subject: Line
    addressee: Line
    body: Annotated[tuple[Piece, ...], Field(max_length=60)]
    signatures: Annotated[tuple[Signature, ...], Field(max_length=2)] = ()
    follow: Annotated[str, Field(max_length=500, pattern=r"^https?://[!-~]+$")] | None = None
    """Where its reader follows the matter: printed as a QR code."""
