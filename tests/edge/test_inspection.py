"""A file is what its bytes are, and nothing besides: asked in the very process that production asks."""

import io
import zlib

import pytest
from PIL import Image

from shared.language import errors
from shared.plumbing.files.check import Inspectors
from tests.edge import papers


async def clean(data: bytes) -> tuple[str, bytes]:
    """What is taken of `data`: its type and its bytes."""
    import tempfile

    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as out:
        file.write(data)
        media_type = await Inspectors().clean(file, out)
        out.seek(0)
        return media_type, out.read()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_an_image_is_taken_and_written_anew(kind: str) -> None:
    sent = papers.image(kind, size=(300, 200))
    media_type, kept = await clean(sent)
    assert media_type == f"image/{kind.lower()}"
    assert opened(kept).size == (300, 200)
    assert opened(kept).format == kind


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
async def test_every_way_of_colour_is_taken(mode: str) -> None:
    media_type, kept = await clean(papers.image("PNG", mode=mode))
    assert (media_type, opened(kept).size) == ("image/png", (64, 48))


async def test_a_photograph_in_print_colours_is_taken() -> None:
    media_type, kept = await clean(papers.image("JPEG", mode="CMYK"))
    assert (media_type, opened(kept).mode) == ("image/jpeg", "RGB")


async def test_the_place_of_a_photograph_is_left_behind_and_it_stands_upright() -> None:
    sent = papers.photograph()
    assert papers.GPS_WORD in sent
    _, kept = await clean(sent)
    assert papers.GPS_WORD not in kept
    assert len(opened(kept).getexif()) == 0
    assert opened(kept).size == (40, 60)


async def test_a_telephones_film_behind_its_photograph_is_cut_off() -> None:
    one = papers.image()
    _, alone = await clean(one)
    for film in (one, b"\0\0\0\x18ftypmp42" + bytes(3000), b"SEFH" + bytes(50) + b"SEFT"):
        _, kept = await clean(one + film)
        assert kept == alone


async def test_a_plain_pdf_is_kept_as_it_is() -> None:
    sent = papers.pdf()
    assert await clean(sent) == ("application/pdf", sent)


@pytest.mark.parametrize(
    "data",
    [papers.SVG, papers.HTML, b"GIF89a" + bytes(50), papers.archive(), b"MZ" + bytes(100), b"x", b"%!PS-Adobe-3.0\n"],
    ids=["svg", "html", "gif", "zip bomb", "program", "letter", "postscript"],
)
async def test_what_is_no_paper_is_refused_by_its_bytes(data: bytes) -> None:
    with pytest.raises(errors.FileTypeNotTaken):
        await clean(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xe0" + papers.HTML,
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + papers.SVG * 20,
        papers.image()[:200],
        papers.image("PNG")[:-30],
        papers.image("WEBP")[:-10],
        b"%PDF-1.7\n" + papers.HTML,
        b"%PDF-1.7\n" + papers.HTML + b"\nstartxref\n9\n%%EOF",
        papers.pdf()[:-20],
    ],
    ids=["html as jpeg", "svg as jpeg", "cut jpeg", "cut png", "cut webp", "html as pdf", "no pages", "cut pdf"],
)
async def test_what_only_begins_like_a_paper_is_refused(data: bytes) -> None:
    with pytest.raises((errors.FileUnreadable, errors.FileNotPlain)):
        await clean(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("behind", [papers.HTML, b"#!/bin/sh\n", papers.archive()], ids=["html", "script", "archive"])
async def test_two_files_in_one_are_refused(kind: str, behind: bytes) -> None:
    with pytest.raises(errors.FileNotPlain):
        await clean(papers.image(kind) + behind)


async def test_a_pdf_with_something_behind_its_end_is_refused() -> None:
    for behind in (papers.HTML, papers.archive()):
        with pytest.raises(errors.FileNotPlain):
            await clean(papers.pdf() + behind)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_an_image_that_moves_is_refused(kind: str) -> None:
    with pytest.raises(errors.FileNotPlain):
        await clean(papers.moving(kind))


async def test_an_image_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(errors.ImageTooLarge):
        await clean(papers.bomb())


async def test_a_telephones_largest_photograph_is_taken() -> None:
    _, kept = await clean(papers.image("JPEG", size=(8160, 6120), mode="RGB"))
    assert opened(kept).size == (8160, 6120)


HARM = {
    "javascript": b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
    "javascript in other letters": b"<< /S /J#61v#61Script /JS (1) >>",
    "launch": b"<< /S /Launch /F (cmd.exe) >>",
    "file inside": b"<< /Type /Filespec /EF << /F 8 0 R >> /Type /EmbeddedFile >>",
    "form": b"<< /S /SubmitForm /F (https://example.org) >>",
    "xfa": b"<< /XFA [ (config) 8 0 R ] >>",
    "film": b"<< /Subtype /RichMedia >>",
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
async def test_a_pdf_that_acts_is_refused_wherever_the_action_lies(harm: bytes) -> None:
    for sent in (papers.pdf(catalog=b"/OpenAction " + harm), papers.pdf(more={9: harm}), papers.hidden(harm)):
        with pytest.raises(errors.FileNotPlain):
            await clean(sent)


async def test_a_locked_pdf_is_refused() -> None:
    with pytest.raises(errors.FileNotPlain):
        await clean(papers.pdf(catalog=b"/Encrypt 9 0 R"))


async def test_objects_packed_in_a_way_that_is_not_opened_are_refused() -> None:
    for filter_ in (b"/ASCIIHexDecode", b"[ /ASCII85Decode /FlateDecode ]", b"[/Fl#61teDecode /LZWDecode]", b"5 0 R"):
        packed = b"<< /Type /ObjStm /N 1 /First 5 /Filter " + filter_ + b" /Length 4 >>\nstream\n3c3c\nendstream"
        with pytest.raises(errors.FileNotPlain):
            await clean(papers.pdf(more={9: packed}))


async def test_a_pdf_packed_beyond_measure_is_refused() -> None:
    zeros = zlib.compress(bytes(50_000_000), 9)
    one = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(zeros), zeros)
    with pytest.raises(errors.FileNotPlain):
        await clean(papers.pdf(more=dict.fromkeys(range(9, 14), one)))


async def test_a_scan_of_many_pages_in_full_colour_is_taken() -> None:
    page = papers.stream(bytes(range(256)) * 40_000)
    media_type, _ = await clean(papers.pdf(more=dict.fromkeys(range(9, 19), page)))
    assert media_type == "application/pdf"


async def test_a_refusal_says_in_both_languages_what_is_in_the_file() -> None:
    with pytest.raises(errors.FileNotPlain) as refused:
        await clean(papers.pdf(catalog=HARM["javascript"]))
    assert "a script" in refused.value.sentence("en")
    assert "نص برمجي" in refused.value.sentence("ar")
