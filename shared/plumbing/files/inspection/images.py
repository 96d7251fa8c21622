"""Images: opened to the last point and written anew: what is not picture (places, hidden bytes) is left behind."""

import struct
import warnings
from contextlib import suppress
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from shared.plumbing.files.inspection.verdict import MOST_POINTS, Refused, not_plain, unreadable

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
QUALITY = 90
Image.MAX_IMAGE_PIXELS = MOST_POINTS

BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError)
"""How Pillow says that a file is not what its first bytes say."""


def clean_image(file: IO[bytes], data: bytes, out: IO[bytes], *, media_type: str) -> None:
    """Write the picture, and nothing else, to `out`. Raises `Refused`."""
    _check_end(data, media_type)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=[FORMATS[media_type]]) as image:
                _check_size(image)
                if media_type != "image/jpeg" and getattr(image, "n_frames", 1) > 1:
                    raise not_plain("it moves", "صورة متحركة")
                image.load()
                _write(_upright(image), out, media_type)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_large() from None
    except (*BROKEN, struct.error):
        raise unreadable() from None


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_POINTS:
        raise _too_large()


def _too_large() -> Refused:
    return Refused("image_too_large")


def _upright(image: Image.Image) -> Image.Image:
    # How a telephone was held stands among what is left behind.
    with suppress(*BROKEN, struct.error):
        return ImageOps.exif_transpose(image)
    return image


def _write(image: Image.Image, out: IO[bytes], media_type: str) -> None:
    plain = image.convert(_mode(image, media_type))
    plain.info.clear()
    if media_type == "image/png":
        plain.save(out, "PNG")
    elif media_type == "image/webp":
        plain.save(out, "WEBP", quality=QUALITY, method=4)
    else:
        plain.save(out, "JPEG", quality=QUALITY, subsampling=0)


def _mode(image: Image.Image, media_type: str) -> str:
    if image.mode.startswith(("I", "F")):
        return "L"
    clear = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    if clear and media_type != "image/jpeg":
        return "RGBA"
    return "L" if image.mode in {"1", "L"} else "RGB"


def _check_end(data: bytes, media_type: str) -> None:
    """Raises `Refused` when something follows the picture's own end."""
    end = {"image/jpeg": _end_of_jpeg, "image/png": _end_of_png, "image/webp": _end_of_webp}[media_type](data)
    rest = data[end:].strip(b"\0\r\n ")
    if rest and not (media_type == "image/jpeg" and _is_of_a_camera(rest)):
        raise not_plain("bytes after the end of the image", "بيانات بعد نهاية الصورة")


def _is_of_a_camera(rest: bytes) -> bool:
    """What telephones put behind a photograph: a second one, some film, their own notes. It is left behind."""
    return rest.startswith(b"\xff\xd8\xff") or b"ftyp" in rest[:8] or (b"SEFH" in rest and rest.endswith(b"SEFT"))


def _end_of_jpeg(data: bytes) -> int:
    """Where the picture ends: after the marker that ends it, outside of every segment (ITU T.81 annex B)."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            # The scan's own data: on to the next marker in it.
            at = data.find(b"\xff", at)
            if at < 0:
                break
            continue
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker in {0x00, 0x01, 0xFF} or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    if data[at : at + 2] == b"\xff\xd9":
        return at + 2
    raise unreadable()


def _end_of_png(data: bytes) -> int:
    at = 8
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return at
    raise unreadable()


def _end_of_webp(data: bytes) -> int:
    return 8 + int.from_bytes(data[4:8], "little")
