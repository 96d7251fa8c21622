"""Brings `locale/ar.po` of a folder up to its templates and Python: `python -m shared.ui.catalogue services/research`.

New words come in without an Arabic one, which a test refuses; words that nothing says any more go.
"""

import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

PLURAL = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
"""Zero, one, two, few, many, other, as CLDR orders them. Babel's own Arabic header swaps the last two."""
HEADER = f"""\
# Arabic words of these pages, written by hand; `python -m shared.ui.catalogue FOLDER` adds what is missing.
msgid ""
msgstr ""
"Language: ar\\n"
"Plural-Forms: {PLURAL}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
METHODS = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}


def said(folder: Path) -> Catalog:
    """Every word that the templates and the Python of `folder` say, without translation."""
    catalog = Catalog()
    # The folder's own path may hold the word `templates`; only what is inside counts.
    for _, _, message, comments, _ in extract_from_dir(
        folder, METHODS, OPTIONS, KEYWORDS, directory_filter=lambda _: True
    ):
        catalog.add(message, None, auto_comments=comments)
    return catalog


def known(folder: Path) -> Catalog:
    """The words of `locale/ar.po`, an empty catalogue where there is none yet."""
    path = folder / "locale" / "ar.po"
    if not path.exists():
        return Catalog(locale="ar", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="ar")


def update(folder: Path) -> list[str]:
    """Write `locale/ar.po` anew; the words that have no Arabic yet."""
    old, catalog = known(folder), Catalog(locale="ar", fuzzy=False)
    # Sets how many forms each word has.
    catalog.mime_headers = [("Plural-Forms", PLURAL)]
    for message in said(folder):
        if message.id:
            found = old.get(message.id)
            catalog.add(message.id, found.string if found else None)
    path = folder / "locale" / "ar.po"
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        # Without Babel's own header, which has the time of day in it.
        file.write(HEADER.encode())
        write_po(file, catalog, width=120, sort_output=True, omit_header=True)
    return [str(message.id) for message in catalog if message.id and not all(_forms(message.string))]


def _forms(string: object) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (str(string or ""),)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for words in update(Path(name)):
            sys.stdout.write(f"{name}: no Arabic yet for {words!r}\n")
