"""One file on standard input, the clean one on standard output, the verdict on standard error; then the end.

It is looked at as a paper, or as a table where the argument says so.
"""

import io
import json
import resource
import sys
import zipfile
from typing import IO

MEMORY = 1_200_000_000
CPU_SECONDS = 30
WRITTEN = 80_000_000


def bound() -> None:
    """Whatever the file does to us, it ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(file: IO[bytes], out: IO[bytes]) -> dict[str, str]:
    """The verdict; what is taken is written to `out`."""
    # Not before the bounds: what is loaded here is what the file is fed to.
    import filetype

    from shared.plumbing.files.inspection.images import FORMATS, clean_image
    from shared.plumbing.files.inspection.pdf import check_pdf
    from shared.plumbing.files.inspection.verdict import Refused, not_plain, not_taken

    data = file.read()
    file.seek(0)
    kind = filetype.guess(data[:8192])
    media_type = kind.mime.replace("apng", "png") if kind else ""
    try:
        if media_type not in {*FORMATS, "application/pdf"}:
            raise not_taken()
        if zipfile.is_zipfile(io.BytesIO(data)):
            raise not_plain("an archive inside", "أرشيف مضمّن")
        if media_type == "application/pdf":
            check_pdf(data)
            out.write(data)
        else:
            clean_image(file, data, out, media_type=media_type)
    except Refused as refused:
        return {"refused": refused.code, "en": refused.en, "ar": refused.ar}
    except MemoryError:
        return {"refused": "image_too_large", "en": "", "ar": ""}
    out.flush()
    return {"type": media_type}


def look_at_table(file: IO[bytes], out: IO[bytes]) -> dict[str, str]:
    """The verdict; the rows are written to `out`."""
    from shared.plumbing.files.inspection.tables import MEDIA_TYPE, write_lines
    from shared.plumbing.files.inspection.verdict import Refused

    try:
        write_lines(file, out)
    except Refused as refused:
        return {"refused": refused.code, "en": refused.en, "ar": refused.ar}
    return {"type": MEDIA_TYPE}


if __name__ == "__main__":
    bound()
    its_look = look_at_table if sys.argv[1:] == ["table"] else look
    verdict = its_look(io.BytesIO(sys.stdin.buffer.read()), sys.stdout.buffer)
    sys.stderr.write(json.dumps(verdict))
