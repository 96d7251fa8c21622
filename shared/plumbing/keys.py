"""The keys that sign tokens, over time: published before one signs, retired after its last token has ended.

The signing file holds one private JWK, or a set of them with `signs_from` and `retires_at` (seconds since 1970). The
verification file, and intake's public door, hold the public halves with their `retires_at`.
"""

import json
import logging
import os
import time
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.language.errors import PartDown
from shared.plumbing.identity import Verifier, kid_of, make_signing_key

LOOK_EVERY_SECONDS = 2.0
FETCH_EVERY_SECONDS = 60.0
FETCH_SECONDS = 3.0
SIGNS_FROM, RETIRES_AT = "signs_from", "retires_at"

log = logging.getLogger("athar.keys")


def read_keys(path: Path) -> list[dict[str, Any]]:
    """The keys in a file, the oldest first. Raises `ValueError` where it holds none."""
    try:
        document = json.loads(path.read_text())
    except ValueError:
        # A stop in the middle of `write_in_place`: the whole text lies beside it.
        document = json.loads(_whole(path).read_text())
    keys: list[dict[str, Any]] = document.get("keys", [document])
    if not keys:
        raise ValueError(f"{path.name} holds no key")
    return keys


class SigningKeys:
    """Intake's private keys: which one signs now."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._keys: list[tuple[float, OKPKey]] = []

    def current(self, *, now: datetime) -> OKPKey:
        """The newest key whose time has come. Raises `OSError` or `ValueError` for a file that cannot be read."""
        stat = self._path.stat()
        if self._seen != (stat.st_mtime_ns, stat.st_size):
            # The pair of this file alone: a JWK's own members are all that a key is made of.
            self._keys = [(float(key.get(SIGNS_FROM, 0)), OKPKey.import_key(_bare(key))) for key in self._read()]
            self._seen = (stat.st_mtime_ns, stat.st_size)
        return max((pair for pair in self._keys if pair[0] <= now.timestamp()), key=lambda pair: pair[0])[1]

    def _read(self) -> list[dict[str, Any]]:
        return read_keys(self._path)


@cache
def signing_keys_in(path: Path) -> SigningKeys:
    """The keys of a file, read once and again when it changes."""
    return SigningKeys(path)


class TrustedKeys(Verifier):
    """A verifier that looks for newer keys: in a file that changes, or at intake's public door."""

    def __init__(self, *, file: Path | None, url: str | None) -> None:
        self._file, self._url = file, url
        self._looked = self._fetched = float("-inf")
        self._seen: tuple[int, int] | None = None
        super().__init__({"keys": []})
        if file is not None:
            self._look_into(file)

    async def refresh(self, token: str) -> None:
        """Look again when the last look is a while ago. Raises `PartDown` while nothing was ever found."""
        at = time.monotonic()
        if at - self._looked < LOOK_EVERY_SECONDS:
            if not self.kids:
                raise PartDown
            return
        self._looked = at
        if self._file is not None:
            try:
                self._look_into(self._file)
            except (OSError, ValueError, KeyError, JoseError) as error:
                # Half written or away for a moment: what we hold stays good.
                log.warning("the verification keys cannot be read: %s", type(error).__name__)
        elif self._url is not None and (at - self._fetched > FETCH_EVERY_SECONDS or kid_of(token) not in self.kids):
            await self._fetch(self._url)
            self._fetched = at

    def _look_into(self, file: Path) -> None:
        stat = file.stat()
        if self._seen != (stat.st_mtime_ns, stat.st_size):
            self.take({"keys": read_keys(file)})
            self._seen = (stat.st_mtime_ns, stat.st_size)

    async def _fetch(self, url: str) -> None:
        try:
            async with httpx.AsyncClient(timeout=FETCH_SECONDS) as client:
                answer = await client.get(url)
            self.take(answer.raise_for_status().json())
        except (httpx.HTTPError, ValueError, KeyError, TypeError, JoseError) as error:
            log.warning("intake's keys cannot be fetched: %s", type(error).__name__)
            if not self.kids:
                raise PartDown from None


def rotate(signing: Path, verification: Path, *, now: datetime, wait: timedelta, keep: timedelta) -> str:
    """Add a new key that signs `wait` from now, and retire the ones before it `keep` after that; the new key's id.

    The public half is written first. A stop in between leaves a public key that nobody signs with, which harms nothing.
    """
    begins = int((now + wait).timestamp())
    ends = begins + int(keep.total_seconds())
    old = [key for key in read_keys(signing) if key.get(RETIRES_AT, ends) > now.timestamp()]
    for key in old:
        key[RETIRES_AT] = min(key.get(RETIRES_AT, ends), ends)
    new = make_signing_key()
    keys = [*old, {**new.as_dict(private=True), SIGNS_FROM: begins}]
    public = [_public(key) for key in keys]
    known = {key["kid"] for key in public}
    # A key that only verifies here (of a signer elsewhere) is not ours to drop.
    others = [
        key
        for key in read_keys(verification)
        if key.get("kid") not in known and key.get(RETIRES_AT, ends) > now.timestamp()
    ]
    write_in_place(verification, json.dumps({"keys": [*others, *public]}))
    write_in_place(signing, json.dumps({"keys": keys}))
    return str(new.kid)


def write_in_place(path: Path, text: str) -> None:
    """Write a file that containers have mounted by itself: a renamed one would not reach them.

    The whole text lies beside it until it is written, so that a stop in between loses no key.
    """
    whole = _whole(path)
    descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    with path.open("r+") as file:
        file.write(text)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
    whole.unlink()


def _whole(path: Path) -> Path:
    return path.with_suffix(".whole")


def _public(key: dict[str, Any]) -> dict[str, Any]:
    public: dict[str, Any] = dict(OKPKey.import_key(_bare(key)).as_dict(private=False))
    return public | ({RETIRES_AT: key[RETIRES_AT]} if RETIRES_AT in key else {})


def _bare(key: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in key.items() if name not in {SIGNS_FROM, RETIRES_AT}}
