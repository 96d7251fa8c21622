"""Personal data sealed: under the key of the person whom they are about, or where nobody is named, the installation's.

A text under a person's key is `p1.<key id>.<token>` and says so itself; one without that is the installation's. Both
open through `unseal`, so that releases and rows of before and after live side by side.
"""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from typing import Any, ClassVar, Final

from cryptography.fernet import Fernet, MultiFernet
from pydantic import BaseModel
from sqlalchemy import Connection, Dialect, Text, event, inspect
from sqlalchemy.orm import InstanceState, Mapper
from sqlalchemy.types import TypeDecorator

from shared.language.errors import PersonErased
from shared.language.events import SealedText
from shared.plumbing.person_seal import PREFIX, subject_of
from shared.plumbing.vault import VAULT


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

SCRUBBED: Final = "e1"
"""What stands in a column whose text was taken out: it opens to `ERASED`, as a text of a destroyed key does."""


class Erased(str):
    """What a list shows in place of words that nobody can read any more."""

    __slots__ = ()


ERASED: Final = Erased("مُحيت بياناته")


def readable(text: str) -> str:
    """The text, for whoever acts on it. Raises `PersonErased` where it only says that it is gone."""
    if isinstance(text, Erased):
        raise PersonErased
    return text


_subjects: ContextVar[set[str] | None] = ContextVar("subjects", default=None)


@contextmanager
def noting_subjects() -> Iterator[set[str]]:
    """Note whose texts are sealed or opened inside."""
    noted: set[str] = set()
    before = _subjects.set(noted)
    try:
        yield noted
    finally:
        _subjects.reset(before)


def _note(subject: str) -> None:
    if (noted := _subjects.get()) is not None:
        noted.add(subject)


def seal(what: BaseModel | str, *, subject: str | None = None) -> SealedText:
    """Seal under the key of the person `subject`; under the installation's where it is about nobody in particular.

    Raises `PersonErased`, `KeyUnknown`, or `PartDown` while the vault is away.
    """
    text = what if isinstance(what, str) else what.model_dump_json()
    if subject is None:
        return RING.seal(text)
    _note(subject)
    return SealedText(VAULT.key_of(subject).seal(text))


def seal_for_all(text: str, subjects: Iterable[str]) -> SealedText:
    """Seal what may be about each of them: it opens while none of them is erased."""
    for subject in sorted(subjects):
        text = seal(text, subject=subject)
    return SealedText(text) if text.startswith(PREFIX) else seal(text)


def unseal_all(sealed: str) -> str:
    """What `seal_for_all` sealed. Raises as `unseal`."""
    text = unseal(SealedText(sealed))
    while text.startswith(PREFIX):
        text = unseal(SealedText(text))
    return text


def unseal(sealed: SealedText) -> str:
    """The text. Raises `PersonErased` when its key is destroyed, and as `seal`; `InvalidToken` for a changed one."""
    if not sealed.startswith(PREFIX):
        return RING.open(sealed)
    subject = subject_of(sealed)
    _note(subject)
    return VAULT.key_of(subject).open(sealed)


def fingerprint(text: str, *, subject: str) -> str:
    """A hash of a person's data that can be made again only with his key. Raises as `seal`."""
    _note(subject)
    return VAULT.key_of(subject).fingerprint(text)


class SealedColumn(TypeDecorator[str]):
    """A text column that holds its value sealed, where no person is named: under the installation's key."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else RING.seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else RING.open(value)


class Of(str):
    """A text on its way into a `PersonalColumn`, sealed already; nobody's in a row from before persons had keys.

    Sealed here and not by the column: what a column raises, SQLAlchemy would tell as its own.
    """

    sealed: SealedText

    @classmethod
    def person(cls, subject: str | None, text: str) -> "Of":
        """Raises as `seal`."""
        made = cls(text)
        made.sealed = seal(text, subject=subject)
        return made


class PersonalColumn(TypeDecorator[str]):
    """A text column sealed under the key of the person in the row's `subject_id`.

    A text that does not say whose it is would be a bug and is not written; `_say_whose` says it for every row.
    """

    impl = Text
    cache_ok = True
    SUBJECT: ClassVar = "subject_id"

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        if isinstance(value, Erased):
            return SCRUBBED
        if not isinstance(value, Of):
            raise TypeError("a personal column was given a text that does not say whose it is")
        return value.sealed

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        if value == SCRUBBED:
            return ERASED
        try:
            return unseal(value)
        except PersonErased:
            return ERASED


_personal: dict[Mapper[Any], tuple[str, ...]] = {}


def personal_fields(mapper: Mapper[Any]) -> tuple[str, ...]:
    """The names of a model's fields that hold a person's words."""
    if mapper not in _personal:
        _personal[mapper] = tuple(
            prop.key for prop in mapper.column_attrs if isinstance(prop.columns[0].type, PersonalColumn)
        )
    return _personal[mapper]


@event.listens_for(Mapper, "before_insert")
@event.listens_for(Mapper, "before_update")
def _say_whose(mapper: Mapper[Any], _: Connection, row: Any) -> None:
    """In one place for every row of every service, so that none can be sealed under another key by mistake."""
    if not (fields := personal_fields(mapper)):
        return
    state: InstanceState[Any] = inspect(row)
    for field in fields:
        text = state.dict.get(field)
        changed = not state.has_identity or field in state.committed_state
        if changed and text is not None and not isinstance(text, Erased):
            # Beside SQLAlchemy's own bookkeeping: whether the field changed is for it to say.
            state.dict[field] = Of.person(getattr(row, PersonalColumn.SUBJECT), text)
