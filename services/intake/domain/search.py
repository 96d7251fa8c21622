"""Under what a person is found again: his number, his mobile, and his name in all its spellings.

Only keyed hashes are kept: who reads the table learns no name, and who asks must know what he asks for.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Index
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.names import search_keys, weighed_keys
from services.intake.domain.people import Beneficiary, Mobile, western
from services.intake.domain.register.checked import mobile_of
from shared.language.errors import MobileWrong
from shared.plumbing.scope import scoped
from shared.plumbing.seal import RING

_REFERENCE = re.compile(r"^[A-Z]{2,8}-[0-9]{4}-[0-9]{4,9}$")
_NATIONAL_ID = re.compile(r"^[12][0-9]{9}$")
_MOBILE = TypeAdapter(Mobile)


class PersonSearchKey(IntakeTable, table=True):
    """One thing under which a person of an association is found."""

    __tablename__ = "person_search_keys"
    # With the association, which every statement names: else SQLite reads all keys that the association has.
    __table_args__ = (Index("search_keys_of_person", "person_id", "association_id", "key"), scoped())

    association_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True, foreign_key="beneficiaries.id")


class PersonBranch(IntakeTable, table=True):
    """A branch that has had a request of a person: the one to call. The whole association may know that much."""

    __tablename__ = "person_branches"
    __table_args__ = scoped()

    association_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True, foreign_key="beneficiaries.id")
    branch: str = Field(primary_key=True)


class Sought(StrEnum):
    """What was typed into the search box."""

    REFERENCE = "reference"
    NATIONAL_ID = "national_id"
    MOBILE = "mobile"
    NAME = "name"


def what_is_sought(typed: str) -> tuple[Sought, str]:
    """Which kind of thing `typed` is, and how it is kept."""
    plain = str(western(typed))
    compact = re.sub(r"[\s\-()\u200e\u200f\u2066-\u2069]", "", plain)
    if _REFERENCE.match(reference := re.sub(r"\s", "", plain).upper()):
        return Sought.REFERENCE, reference
    if _NATIONAL_ID.match(compact):
        return Sought.NATIONAL_ID, compact
    try:
        return Sought.MOBILE, _MOBILE.validate_python(compact)
    except ValidationError:
        pass
    try:
        return (Sought.MOBILE, mobile_of(compact)) if compact.startswith(("+", "00")) else (Sought.NAME, typed)
    except MobileWrong:
        return Sought.NAME, typed


def keys_of(person: Beneficiary) -> set[str]:
    """Every key under which the person is found."""
    exact = {exact_key(Sought.NATIONAL_ID, person.national_id)}
    if person.mobile is not None:
        exact.add(exact_key(Sought.MOBILE, person.mobile))
    return exact | {RING.index(key) for key in search_keys(person.name)}


def exact_key(sought: Sought, value: str) -> str:
    return RING.index(f"{sought}:{value}")


def name_keys(asked: str) -> Iterator[list[str]]:
    """The keys of a name that was asked for, the most telling first: two parts together, then each alone."""
    keys = [key for _, key in sorted(weighed_keys(asked), key=lambda key: -key[0])]
    pairs: list[str] = []
    parts: list[str] = []
    for key in keys:
        (pairs if key.split(":")[0].endswith("s") else parts).append(RING.index(key))
    yield from (stage for stage in (pairs, parts) if stage)
