"""Stylesheet, scripts and fonts: named by a hash of what is in them, so that a browser keeps them for ever."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import TopologicalSorter
from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
AT = "/ui/"
"""The same address below every service: one origin, one copy in the browser."""
FONTS = {"plex-regular.ttf": "IBMPlexSansArabic-Regular.ttf", "plex-semibold.ttf": "IBMPlexSansArabic-SemiBold.ttf"}
"""As their package has them: the licence (OFL) reserves the name Plex for what was not cut."""
MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "webmanifest": "application/manifest+json",
}
FOR_EVER = "public, max-age=31536000, immutable"
WORKER = "sw.js"
NAMING = frozenset({".css", ".js", ".webmanifest"})
"""Kinds of files that name others."""


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    name: str
    body: bytes

    @cached_property
    def hashed(self) -> str:
        stem, _, kind = self.name.rpartition(".")
        return f"{stem}.{hashlib.sha256(self.body).hexdigest()[:10]}.{kind}"

    @cached_property
    def packed(self) -> bytes:
        return gzip.compress(self.body, 9, mtime=0)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.name.rpartition(".")[2]]


@cache
def assets() -> dict[str, Asset]:
    """All of them, by their plain names."""
    fonts = files("fontpkg_ibm_plex_sans_arabic") / "files"
    found = {name: Asset(name, (fonts / source).read_bytes()) for name, source in FONTS.items()}
    paths = {path.name: path for path in FOLDER.iterdir()}
    for path in _in_order(paths):
        body = path.read_bytes()
        if path.suffix in NAMING:
            for name, asset in found.items():
                body = body.replace(f'"{name}"'.encode(), f'"{AT}{asset.hashed}"'.encode())
        if path.name == WORKER:
            kept = [AT + asset.hashed for asset in found.values()]
            body = body.replace(b"FILES_OF_THIS_RELEASE", json.dumps(kept).encode())
        found[path.name] = Asset(path.name, body)
    return found


def _in_order(paths: Mapping[str, Path]) -> Iterable[Path]:
    """What names others comes after them: a script after those it imports, the stylesheet the fonts, the worker all.

    Raises `graphlib.CycleError` for scripts that import each other.
    """
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, path in sorted(paths.items()):
        others = sorted(set(paths) - {name})
        if name != WORKER:
            text = path.read_text() if path.suffix in NAMING else ""
            others = [other for other in others if f'"{other}"' in text]
        order.add(name, *others)
    return [paths[name] for name in order.static_order()]


def address(name: str) -> str:
    """Where a file is, by its plain name. Raises `KeyError`."""
    return AT + (name if name == WORKER else assets()[name].hashed)


def answer(request: Request, asked: str) -> Response | None:
    """The file by its hashed name; `None` where there is none.

    A hash of another release, as while one is rolled out, gets this release's file, which is then not kept.
    """
    stem, _, kind = asked.rpartition(".")
    plain = f"{stem.rpartition('.')[0] or stem}.{kind}"
    asset = assets().get(plain)
    if asset is None or (asked == plain and plain != WORKER):
        return None
    headers = {
        "Cache-Control": FOR_EVER if asked == asset.hashed else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if plain == WORKER:
        # Its address cannot change, and it serves all of this origin.
        headers["Service-Worker-Allowed"] = "/"
    body = asset.body
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = asset.packed, "gzip"
    return Response(body, media_type=asset.media_type, headers=headers)
