"""A form of parts (RFC 7578), read as it arrives: its texts are kept, the bytes of its files handed on."""

from collections.abc import Callable

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from shared.language.errors import Malformed

MEDIA_TYPE = b"multipart/form-data"
TEXTS_BYTES = 16_384
"""What the texts of a form may hold together, their names and headers with them."""
MOST_PARTS = 100

Begins = Callable[[str, bytes | None], None]
"""Told the name of a part and the name of its file, which a text has not; it raises what speaks against the part."""


def boundary_of(content_type: str) -> bytes | None:
    """What stands between the parts of a form; `None` for a body that is no form of parts."""
    kind, options = parse_options_header(content_type)
    return options.get(b"boundary", b"") if kind == MEDIA_TYPE else None


def texts_in(body: bytes, *, content_type: str) -> dict[str, str]:
    """The texts of a form of parts; empty for what is no such form."""
    boundary = boundary_of(content_type)
    if boundary is None:
        return {}
    try:
        parts = Parts(boundary, begins=lambda *_: None)
        parts.write(body)
        parts.check_whole()
    except Malformed:
        return {}
    return parts.texts


class Parts:
    """The reader of one form."""

    def __init__(self, boundary: bytes, *, begins: Begins) -> None:
        """Raises `Malformed` for a form without a boundary that can be one."""
        self.texts: dict[str, str] = {}
        self._begins = begins
        self._file, self._text = bytearray(), bytearray()
        self._header, self._value, self._headers = bytearray(), bytearray(), dict[bytes, bytes]()
        self._name, self._is_file = "", False
        self._count, self._kept, self._ended = 0, 0, False
        if not boundary:
            raise malformed("the form names no boundary", "النموذج بلا حد فاصل")
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._on_part,
                    "on_header_field": lambda data, start, end: self._keep(self._header, data[start:end]),
                    "on_header_value": lambda data, start, end: self._keep(self._value, data[start:end]),
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": self._on_headers,
                    "on_part_data": lambda data, start, end: self._on_data(data[start:end]),
                    "on_part_end": self._on_part_end,
                    "on_end": self._on_end,
                },
            )
        except FormParserError:
            raise malformed("the form cannot be read", "لا يُقرأ النموذج") from None

    def write(self, piece: bytes) -> bytes:
        """What of a file is in this piece. Raises `Malformed`, and what `begins` raises."""
        try:
            self._parser.write(piece)
        except FormParserError:
            raise malformed("the form cannot be read", "لا يُقرأ النموذج") from None
        file, self._file = bytes(self._file), bytearray()
        return file

    def check_whole(self) -> None:
        """Raises `Malformed` for a form that was cut off."""
        if not self._ended:
            raise malformed("it ended before it was whole", "انقطع قبل أن يكتمل")

    def _on_part(self) -> None:
        self._count += 1
        if self._count > MOST_PARTS:
            raise malformed(f"more than {MOST_PARTS} parts", f"أكثر من {MOST_PARTS} جزء")
        self._headers, self._text = {}, bytearray()

    def _keep(self, where: bytearray, data: bytes) -> None:
        self._kept += len(data)
        if self._kept > TEXTS_BYTES:
            raise malformed(f"more than {TEXTS_BYTES} bytes beside the file", f"أكثر من {TEXTS_BYTES} بايت غير الملف")
        where.extend(data)

    def _on_header_end(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header, self._value = bytearray(), bytearray()

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        filename = options.get(b"filename")
        self._name = options.get(b"name", b"").decode("utf-8", errors="replace")
        self._is_file = filename is not None
        self._begins(self._name, filename)

    def _on_data(self, data: bytes) -> None:
        if self._is_file:
            self._file.extend(data)
        else:
            self._keep(self._text, data)

    def _on_part_end(self) -> None:
        if not self._is_file:
            self.texts[self._name] = self._text.decode("utf-8", errors="replace")

    def _on_end(self) -> None:
        self._ended = True


def malformed(why: str, why_ar: str, *, field: str = "file") -> Malformed:
    """The refusal of a form, with its reason in both languages."""
    refusal = Malformed(field=field, name=field, why=why)
    refusal.facts_ar = {"why": why_ar}
    return refusal
