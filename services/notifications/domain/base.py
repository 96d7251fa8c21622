"""What all of notifications' tables share."""

from enum import StrEnum

from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class NotificationsTable(SQLModel, registry=registry()):
    """The tables of notifications."""


class Language(StrEnum):
    """The language in which a person is written to."""

    ARABIC = "ar"
    ENGLISH = "en"
