"""A filter of a list that somebody keeps for himself under a name."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from re import fullmatch
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from shared.language import errors
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped

MOST_FILTERS = 50


class Filtered(StrEnum):
    """A list that is filtered."""

    CASES = "cases"
    RIGHTS = "rights"
    MESSAGES = "messages"
    REVIEWS = "reviews"


FIELDS: dict[Filtered, frozenset[str]] = {
    Filtered.CASES: frozenset({"status", "branch"}),
    Filtered.RIGHTS: frozenset({"only_open"}),
    Filtered.MESSAGES: frozenset({"case_id"}),
    Filtered.REVIEWS: frozenset({"status"}),
}
"""By what a list is filtered. Nobody is looked for by a saved filter: none keeps a person's name or number."""
VALUES = {
    "status": "[a-z_]{1,40}",
    "branch": "[a-z][a-z0-9_]{0,60}",
    "only_open": "true|false",
    "case_id": "[0-9a-f-]{36}",
}
"""What a filter may say of each: codes alone, so that nothing else is kept in its place."""


class SavedFilter(IntakeTable, table=True):
    """One filter of one person."""

    __tablename__ = "saved_filters"
    __table_args__ = (
        UniqueConstraint("association_id", "person_id", "of_list", "name"),
        Index("saved_filters_page", "association_id", "person_id", "id"),
        scoped(),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    person_id: str
    of_list: Filtered = Field(sa_type=coded(Filtered))
    name: str
    query: str
    saved_at: datetime


def plain_query(query: str, *, of_list: Filtered) -> str:
    """The query as it is kept. Raises `Malformed` for one that asks what the list is not filtered by."""
    try:
        asked = parse_qsl(query.removeprefix("?"), keep_blank_values=True, strict_parsing=bool(query), max_num_fields=5)
    except ValueError:
        asked = [("", "")]
    if not all(name in FIELDS[of_list] and (not said or fullmatch(VALUES[name], said)) for name, said in asked):
        known = ", ".join(sorted(FIELDS[of_list]))
        refusal = errors.Malformed(field="query", name="query", why=f"this list is filtered by: {known}")
        refusal.facts_ar = {"why": f"تُصفّى هذه القائمة بـ: {known}"}
        raise refusal
    return urlencode(asked)


def check_room(filters: Collection[SavedFilter], *, of_list: Filtered, name: str) -> None:
    """Raises `TooManyFilters` or `FilterNameTaken`."""
    if any((one.of_list, one.name) == (of_list, name) for one in filters):
        raise errors.FilterNameTaken(field="name")
    if len(filters) >= MOST_FILTERS:
        raise errors.TooManyFilters(limit=MOST_FILTERS)
