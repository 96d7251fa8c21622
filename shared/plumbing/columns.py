"""Column types that all services share."""

from enum import StrEnum

from sqlalchemy import Enum


def coded(kind: type[StrEnum]) -> Enum:
    """A text column that holds the enum's own codes, not the names of its members, and refuses any other."""
    return Enum(kind, native_enum=False, length=40, values_callable=lambda members: [m.value for m in members])
