"""A letter set by `typst`: its template and fonts come with us, so the same letter is the same bytes everywhere."""

import io
import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Literal

import fontpkg_ibm_plex_sans_arabic
import segno
import typst
from PIL import Image

from shared.letters.days import gregorian_words, hijri_words
from shared.letters.letter import Letter, breakable

TEMPLATE = Path(__file__).with_name("template.typ")
FONTS = Path(fontpkg_ibm_plex_sans_arabic.__file__).parent / "files"
LOGO_POINTS = 400
MOST_LOGO_POINTS = 25_000_000
FOR_THE_ARCHIVE: Literal["a-2b"] = "a-2b"
"""PDF/A-2b (ISO 19005-2): a letter that can be read in thirty years."""


class LogoUnreadable(Exception):
    """The association's logo is no PNG or JPEG that can be opened."""


def typeset(letter: Letter) -> bytes:
    """The letter as a PDF. Raises `LogoUnreadable`. It takes a processor's time: an event loop asks `Press`."""
    at_noon = datetime.combine(letter.day, time(12), tzinfo=UTC)
    try:
        made = _compiler(letter).compile(format="pdf", timestamp=at_noon, pdf_standards=[FOR_THE_ARCHIVE])
    except typst.TypstError:
        # The archive's standard takes no letter that the font does not have, and somebody's name may hold an emoji.
        made = _compiler(letter).compile(format="pdf", timestamp=at_noon)
    return _one(made)


def pictures(letter: Letter, *, ppi: float = 110) -> list[bytes]:
    """The pages as PNG, to be looked at."""
    made = _compiler(letter).compile(format="png", ppi=ppi)
    return [_one(page) for page in (made if isinstance(made, list) else [made])]


def _compiler(letter: Letter) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])
    # The whole letter goes in as one text of JSON: the template reads it as values, and never as its own language.
    said = {"letter": json.dumps(_said(letter), ensure_ascii=False)}
    return typst.Compiler(input=TEMPLATE.read_bytes(), font_paths=fonts, ignore_system_fonts=True, sys_inputs=said)


def _said(letter: Letter) -> dict[str, Any]:
    said: dict[str, Any] = _breakable(letter.model_dump(mode="json", exclude={"sender": {"logo"}, "follow": True}))
    said["title"], said["author"] = letter.subject, letter.sender.name
    said["hijri"] = hijri_words(letter.day, language=letter.language)
    said["gregorian"] = gregorian_words(letter.day, language=letter.language)
    said["year"] = [letter.day.year, letter.day.month, letter.day.day]
    said["logo"] = None if letter.sender.logo is None else list(_small(letter.sender.logo))
    said["follow"] = letter.follow
    said["qr"] = None if letter.follow is None else _qr(letter.follow)
    return said


def _breakable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _breakable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_breakable(one) for one in value]
    return breakable(value) if isinstance(value, str) else value


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawn.getvalue().decode()


def _small(logo: bytes) -> bytes:
    """Drawn anew, no larger than it is printed: what else lay in the file stays behind."""
    drawn = io.BytesIO()
    try:
        with Image.open(io.BytesIO(logo), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_LOGO_POINTS:
                raise LogoUnreadable
            image.thumbnail((LOGO_POINTS, LOGO_POINTS))
            image.convert("RGBA").save(drawn, "PNG")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise LogoUnreadable from error
    return drawn.getvalue()


def _one(made: bytes | list[bytes] | None) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no document")
    return made
