"""Personal data under the installation's key: in every database column and every event that holds them."""

import hmac
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from pydantic import BaseModel
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from shared.language.events import SealedText


class KeyRing:
    """The keys of this process. The first seals, all of them open, so keys rotate without downtime."""

    def __init__(self) -> None:
        self._fernet: MultiFernet | None = None
        self._index_key = b""
        self._oldest = b""

    def hold(self, keys: Sequence[str]) -> None:
        """Take the keys, newest first. Raises `ValueError` when one is no Fernet key or none is given."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        # The oldest key finds people, so that adding a newer key does not lose them.
        self._index_key = blake2b(keys[-1].encode(), digest_size=32).digest()
        self._oldest = keys[-1].encode()

    def seal(self, text: str) -> SealedText:
        return SealedText(self._held().encrypt(text.encode()).decode())

    def open(self, sealed: str) -> str:
        """The text. Raises `cryptography.fernet.InvalidToken` when it was sealed by no key of this ring."""
        return self._held().decrypt(sealed.encode()).decode()

    def index(self, text: str) -> str:
        """A keyed hash by which a sealed value can be found without being read."""
        self._held()  # without keys it would be a hash that anybody can make
        return blake2b(text.encode(), key=self._index_key, digest_size=24).hexdigest()

    def key_for(self, purpose: str) -> bytes:
        """A key of 32 bytes for `purpose` alone, of the oldest key: what it signed holds when newer ones come."""
        self._held()
        return hmac.digest(self._oldest, purpose.encode(), "sha256")

    def _held(self) -> MultiFernet:
        if self._fernet is None:
            raise RuntimeError("the key ring holds no keys yet")
        return self._fernet


RING = KeyRing()


def seal(what: BaseModel | str) -> SealedText:
    return RING.seal(what if isinstance(what, str) else what.model_dump_json())


def unseal(sealed: SealedText) -> str:
    return RING.open(sealed)


class SealedColumn(TypeDecorator[str]):
    """A text column that holds its value sealed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else RING.seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else RING.open(value)
