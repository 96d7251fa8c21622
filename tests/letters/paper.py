"""A letter to try things on, and what can be read off its printed pages."""

import io
from base64 import b64encode
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

from shared.letters import Facts, Letter, Paragraph, Sender, Signature, Term
from shared.letters.receipts import Request

NAME = "نورة بنت سالم الحربي"
ASSOCIATION = "جمعية رعاية الأيتام بالجموم"
REFERENCE = "JMM-2026-000001"
FOLLOW = f"https://athar.example.org/intake/follow?reference={REFERENCE}"
NOON = datetime(2026, 11, 22, 9, tzinfo=UTC)
UNSEEN = "\u200b\u200c\u200d\u2068\u2069\ufeff\u00ad"


def letter(**changes: Any) -> Letter:
    """An ordinary letter, with `changes`."""
    said: dict[str, Any] = {
        "sender": Sender(name=ASSOCIATION, note="ترخيص رقم 5343"),
        "number": REFERENCE,
        "day": date(2026, 11, 22),
        "subject": "إشعار",
        "addressee": NAME,
        "body": (Paragraph(parts=("نفيدكم بأن طلبكم رقم ", Term(term=REFERENCE), " رُفع إلى لجنة البحث.")),),
        "signatures": (Signature(title="مدير الفرع", name="سعد العتيبي"), Signature(title="رئيس القسم")),
        "follow": FOLLOW,
    }
    return Letter(**said | changes)


def english(*lines: str, **changes: Any) -> Letter:
    """A letter from left to right, where a machine reads off the page what stands there in its order."""
    said: dict[str, Any] = {
        "language": "en",
        "sender": Sender(name="Jamoum Orphan Care Association"),
        "subject": "Notice",
        "addressee": "Noura Al-Harbi",
        "body": tuple(Paragraph(parts=(line,)) for line in lines),
        "signatures": (),
    }
    return letter(**said | changes)


def request(**changes: Any) -> Request:
    said: dict[str, Any] = {
        "sender": Sender(name=ASSOCIATION),
        "reference": REFERENCE,
        "applicant": NAME,
        "service": "حقيبة مدرسية",
        "received_at": NOON,
        "follow": FOLLOW,
    }
    return Request(**said | changes)


def logo(*, kind: str = "PNG", side: int = 600) -> bytes:
    """A green disc, in base64."""
    drawn = io.BytesIO()
    image = Image.new("RGB", (side, side), "white")
    ImageDraw.Draw(image).ellipse((5, 5, side - 5, side - 5), fill=(31, 122, 79))
    image.save(drawn, kind)
    return b64encode(drawn.getvalue())


def pages(pdf: bytes) -> list[pypdfium2.PdfPage]:
    return list(pypdfium2.PdfDocument(pdf))


def text_of(pdf: bytes) -> str:
    """What stands on the pages, on one line a page: in order where it runs from left to right."""
    said = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages(pdf)]
    return "\n".join(said).translate(dict.fromkeys(map(ord, UNSEEN)))


def letters_of(text: str) -> Counter[str]:
    """How often each letter stands there. A page keeps joined letters, not the order in which they were typed.

    From right to left an opening bracket is drawn as its mirror.
    """
    seen = text.translate(str.maketrans(")]}>", "([{<"))
    return Counter(letter for letter in seen if not letter.isspace() and letter not in UNSEEN)


def shown_lack(pdf: bytes, *texts: str) -> Counter[str]:
    """The letters of `texts` that are not on the pages."""
    return sum((letters_of(text) for text in texts), Counter()) - letters_of(text_of(pdf))


def picture(page: pypdfium2.PdfPage) -> Image.Image:
    image: Image.Image = page.render(scale=2).to_pil()
    return image


def codes_of(pdf: bytes) -> list[str]:
    """What the QR codes on the pages say."""
    return [code.text for page in pages(pdf) for code in zxingcpp.read_barcodes(picture(page))]


def facts(letter: Letter) -> dict[str, str]:
    """The tables of a letter."""
    return {name: value for piece in letter.body if isinstance(piece, Facts) for name, value in piece.rows}


def sentences(letter: Letter) -> str:
    """The paragraphs of a letter, with their terms."""
    return "\n".join(
        "".join(part.term if isinstance(part, Term) else part for part in piece.parts)
        for piece in letter.body
        if isinstance(piece, Paragraph)
    )
