"""What every table and rule of feedback stands on."""

from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.language.errors import Malformed


class FeedbackTable(SQLModel, registry=registry()):
    """The tables of feedback."""


def malformed(field: str, *, ar: str, en: str) -> Malformed:
    """The refusal of one field, with its reason in both languages."""
    refusal = Malformed(field=field, name=field, why=en)
    refusal.facts_ar = {"why": ar}
    return refusal
