"""Made-up papers: images and PDFs as people send them, and as people send them who mean harm."""

import io
import zipfile
import zlib
from collections.abc import Mapping

from PIL import Image

GPS_WORD = b"ATHAR-HIDDEN-PLACE"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>"


def image(kind: str = "JPEG", *, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120).save(out, kind, **options)
    return out.getvalue()


def photograph() -> bytes:
    """As a telephone takes it: lying on its side, with the place and a word in its hidden part."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = GPS_WORD.decode()
    exif.get_ifd(0x8825)[1] = "N"
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste("black", (0, 0, 30, 40))
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=GPS_WORD)
    return out.getvalue()


def moving(kind: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30,000 points wide and high."""
    whole = image("PNG", size=(1, 1), mode="L")
    head = b"IHDR" + (30_000).to_bytes(4, "big") * 2 + whole[24:29]
    return whole[:8] + whole[8:12] + head + zlib.crc32(head).to_bytes(4, "big") + whole[33:]


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", bytes(5_000_000))
    return out.getvalue()


def pdf(
    *, catalog: bytes = b"", page: bytes = PAGE, more: Mapping[int, bytes] | None = None, content: bytes = b"BT ET"
) -> bytes:
    """A PDF of one page; `catalog` and `more` are what else somebody puts into it."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page,
        4: stream(content),
        **(more or {}),
    }
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, text in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    begins = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, begins)
    return bytes(out)


def stream(data: bytes, *, said: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<< /Filter /FlateDecode /Length %d %b >>\nstream\n%b\nendstream" % (len(packed), said, packed)


def hidden(harm: bytes, **options: bytes) -> bytes:
    """A PDF with an object in a packed stream of objects."""
    return pdf(more={9: stream(b"10 0 " + harm, said=b"/Type /ObjStm /N 1 /First 5", **options)})


HTML = b"<html><body><script>alert(1)</script></body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
