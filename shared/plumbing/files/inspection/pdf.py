"""PDF: kept as it is, so it has to be a paper and nothing else (ISO 32000-2): no script, no action, no file inside.

Every place that may begin a stream is inflated and read, whatever is said before it: what is said may be a lie.
"""

import re
import zlib
from collections.abc import Iterator

from shared.plumbing.files.inspection.verdict import not_plain, unreadable

HEAD = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n ]")
END = re.compile(rb"startxref\s+([0-9]{1,10})\s+%%EOF\s*\Z")
PLACE = re.compile(rb"\s*(?:xref\b|[0-9]+\s+[0-9]+\s+obj\b)")
TAIL = 1_024
STREAM = re.compile(rb"stream\r?\n")
PAGE = re.compile(rb"/Page(?![A-Za-z0-9_])")
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
MOST_STREAMS = 20_000
MOST_INFLATED = 200_000_000
"""Ten megabytes of scanned pages come to fifty; of a bomb, to ten thousand."""
WINDOW, OVERLAP = 1_000_000, 100
READ = 65_536

HARM = re.compile(
    rb"/(?:(JavaScript|Rendition)|(EmbeddedFiles?|FileAttachment|GoToE|Collection)|(Launch)"
    rb"|(SubmitForm|ImportData|XFA(?=\s*[\[0-9]))|(RichMedia|Movie|Sound)|(Encrypt))(?![A-Za-z0-9_])"
)
"""Each name long enough not to stand among compressed bytes by chance."""
WORDS = (
    ("a script", "نص برمجي"),
    ("a file inside", "ملف مضمّن"),
    ("a program to start", "تشغيل برنامج"),
    ("a form that sends data", "نموذج يُرسل بيانات"),
    ("film or sound", "فيديو أو صوت"),
    ("a lock", "قفل بكلمة مرور"),
)

FILTER = re.compile(rb"/Filter(?![A-Za-z])(?:\s|%[^\r\n]*[\r\n])*(\[[^\]]*\]|/[A-Za-z0-9]+|[0-9]+\s+[0-9]+\s+R)")
OPENED = frozenset((b"FlateDecode", b"DCTDecode", b"JPXDecode", b"CCITTFaxDecode", b"JBIG2Decode"))
"""What packs objects, and we open it; and what packs images, which hold no objects."""


def check_pdf(data: bytes) -> None:
    """Raises `Refused` when it is no PDF, or more than one."""
    if HEAD.match(data) is None:
        raise unreadable()
    tail = END.search(data[-TAIL:])
    if tail is None:
        if b"%%EOF" in data:
            raise not_plain("bytes after the end of the paper", "بيانات بعد نهاية المستند")
        raise unreadable()
    begins = int(tail.group(1))
    if PLACE.match(data[begins : begins + 64]) is None:
        raise unreadable()
    has_page = _read(data)
    if b"/ObjStm" in _spelt_out(data):
        _check_filters(data)
    left = MOST_INFLATED
    for number, found in enumerate(STREAM.finditer(data)):
        if number > MOST_STREAMS:
            raise not_plain("too many parts", "أجزاء كثيرة جدًا")
        before = b""
        for window in _inflated(data, found.end()):
            left -= len(window)
            if left < 0:
                raise not_plain("data packed beyond all measure", "بيانات مضغوطة بإفراط")
            has_page = _read(before + window) or has_page
            before = window[-OVERLAP:]
    if not has_page:
        raise unreadable()


def _read(text: bytes) -> bool:
    """Whether a page is in there. Raises `Refused` for what does harm."""
    plain = _spelt_out(text)
    if (found := HARM.search(plain)) is not None:
        raise not_plain(*WORDS[(found.lastindex or 1) - 1])
    return PAGE.search(plain) is not None


def _inflated(data: bytes, start: int) -> Iterator[bytes]:
    machine = zlib.decompressobj()
    try:
        for at in range(start, len(data), READ):
            packed = data[at : at + READ]
            while packed and not machine.eof:
                if window := machine.decompress(packed, WINDOW):
                    yield window
                packed = machine.unconsumed_tail
            if machine.eof:
                return
    except zlib.error:
        # Not packed, or no longer: what it holds in clear was read with the rest.
        return


def _check_filters(data: bytes) -> None:
    """Objects may lie in a stream; where some do, nothing may be packed in a way that we do not open."""
    for found in FILTER.finditer(_spelt_out(data)):
        names = re.findall(rb"[^\s/\[\]]+", found.group(1))
        if not OPENED.issuperset(names):
            raise not_plain("parts that cannot be looked into", "أجزاء لا يمكن فحصها")


def _spelt_out(text: bytes) -> bytes:
    """Names with their `#4a` as letters: so may every name be written (ISO 32000-2 §7.3.5)."""
    return HEX.sub(lambda found: bytes([int(found.group(1), 16)]), text) if b"#" in text else text
