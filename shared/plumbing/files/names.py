"""The name that a person's machine gave to a file: words for a person, never a place on our disk."""

import unicodedata
from urllib.parse import quote

LONGEST = 120


def plain_name(said: str) -> str | None:
    """Without folders, control letters and letters that turn the text around; `None` when nothing is left."""
    last = said.replace("\\", "/").rpartition("/")[2]
    letters = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" and letter != "\ufffd")
    return unicodedata.normalize("NFC", letters).strip(" .")[:LONGEST] or None


def disposition(*, kind: str, name: str | None, fallback: str) -> str:
    """A Content-Disposition (RFC 6266) that no quote in a name can end early."""
    said = f"; filename*=UTF-8''{quote(name, safe='')}" if name else ""
    return f'{kind}; filename="{fallback}"{said}'
