"""The proof that somebody looked for a person before he opens his file: short-lived, his own, and for that person.

It lies with whoever searched and nowhere else, sealed; nothing is lost when it runs out but the time of a search.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from services.intake.domain.names import parts_of, skeleton
from services.intake.domain.search import Sought, exact_key, what_is_sought
from shared.language.errors import SearchFirst
from shared.plumbing.identity import Scope
from shared.plumbing.seal import RING

LASTS = timedelta(minutes=30)
PARTS_AT_LEAST = 2
"""One part of a name finds half a country, and proves nothing."""


class SearchProof(BaseModel):
    """Who searched, until when it counts, and keyed hashes of what was sought."""

    model_config = ConfigDict(frozen=True)

    association_id: str
    person_id: str | None
    keys: tuple[str, ...]
    until: AwareDatetime


def prove_search(typed: str, *, scope: Scope, now: datetime) -> str | None:
    """The proof of a search for `typed`; none for what says too little to open a file by."""
    keys = _keys(typed)
    if not keys:
        return None
    proof = SearchProof(
        association_id=scope.association_id, person_id=scope.person_id, keys=tuple(keys), until=now + LASTS
    )
    return str(RING.seal(proof.model_dump_json()))


def check_searched(proof: str | None, *, keys: Collection[str], scope: Scope, now: datetime) -> None:
    """Raises `SearchFirst` unless `proof` is his own, still counts, and sought whom `keys` find."""
    refusal = SearchFirst(field="search", minutes=LASTS // timedelta(minutes=1))
    if proof is None:
        raise refusal
    try:
        shown = SearchProof.model_validate_json(RING.open(proof))
    except (InvalidToken, ValidationError):
        raise refusal from None
    own = (shown.association_id, shown.person_id) == (scope.association_id, scope.person_id)
    if not own or shown.until <= now or not set(shown.keys) <= set(keys):
        raise refusal


def _keys(typed: str) -> list[str]:
    sought, value = what_is_sought(typed)
    if sought is Sought.REFERENCE:
        return []
    if sought is not Sought.NAME:
        return [exact_key(sought, value)]
    sounds = {skeleton(part) for part in parts_of(value)}
    return [RING.index(f"sound:{sound}") for sound in sorted(sounds)] if len(sounds) >= PARTS_AT_LEAST else []
