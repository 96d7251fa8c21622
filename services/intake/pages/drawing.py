"""A drawn signature on its way from a page: a small picture in a field, looked at before anything is written."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any

from fastapi import Request

from shared.language import errors
from shared.plumbing import browser
from shared.plumbing.files.check import REFUSALS as OF_A_PICTURE
from shared.ui.language import mark

PNG = "data:image/png;base64,"
LONGEST_DRAWING = 120_000
DRAWING_UNFIT = mark("The drawing could not be read. Draw it again, or write your name.")


def drawing_in(given: Mapping[str, Any]) -> bytes | None:
    """The drawn signature as it arrived. Raises `ValueError` for what is no picture of ours."""
    typed = str(given.get("drawing", ""))
    if not typed:
        return None
    if not typed.startswith(PNG) or len(typed) > LONGEST_DRAWING:
        raise ValueError("no drawing of our page")
    try:
        return b64decode(typed.removeprefix(PNG), validate=True)
    except NotBase64:
        raise ValueError("no drawing of our page") from None


async def look_at_drawing(request: Request, body: bytes) -> bytes | errors.Refusal | None:
    """The drawing as it is kept: looked at, and written anew, like any file that comes from outside."""
    try:
        drawing = drawing_in(browser.form_fields(body))
    except ValueError:
        return errors.FileUnreadable()
    if drawing is None:
        return None
    runtime = request.app.state.runtime
    if runtime.settings.files_folder is None:
        return errors.FileUnreadable()
    with runtime.cabinet.spool() as raw, runtime.cabinet.spool() as clean:
        raw.write(drawing)
        try:
            kind = await runtime.inspectors.clean(raw, clean)
        except OF_A_PICTURE as refusal:
            return refusal
        if kind != "image/png":
            return errors.FileUnreadable()
        clean.seek(0)
        cleaned: bytes = clean.read()
        return cleaned
