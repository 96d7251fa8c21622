"""The library beside a request: the tools of the policy in force and the common answers, found by their words.

An index of our own words in a table of ours, not each database's full-text engine: so both give the same answers, a
scope holds in it as in any table, and Arabic is folded by the same rules as names are. A word is kept by its stem, so
that «بالزيارات» finds «زيارة»: light stemming, as Larkey, Ballesteros and Connell published it (light10, 2007).
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.names import folded_words
from services.intake.domain.people import western
from shared.language.clauses import Tool
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped
from shared.plumbing.seal import SealedColumn

PASSAGE_LETTERS = 600
WORD_LETTERS = 40
WORDS_AT_MOST = 8

_AND = re.compile(r"^و(?=...)")
_THE = re.compile(r"^(?:ال|بال|كال|فال|لل)(?=..)")
_JOINED = re.compile(r"^[بلكف](?=....)")
_ENDING = re.compile(r"(?<=..)(?:ها|ان|ات|ون|ين|يه|ه|ي)$")
_ARABIC = re.compile("[\u0600-\u06ff]")


class Passage(IntakeTable, table=True):
    """Some lines of a text in force, as a search shows them."""

    __tablename__ = "passages"
    __table_args__ = scoped()

    association_id: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    """`tool:research_guide`, or `guide:` and the id of a common answer."""
    number: int = Field(primary_key=True)
    title: str
    text: str


class PassageWord(IntakeTable, table=True):
    """That a word stands in a passage, and how often."""

    __tablename__ = "passage_words"
    __table_args__ = (Index("passage_words_of_source", "association_id", "source"), scoped())

    association_id: str = Field(primary_key=True)
    word: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    times: int


class ToolFile(IntakeTable, table=True):
    """The document that an edition of a tool was published from. The newest of an edition is shown."""

    __tablename__ = "tool_files"
    __table_args__ = (Index("tool_files_edition", "edition_id", "id"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    edition_id: str = Field(foreign_key="tool_editions.id")
    place: str = Field(unique=True)
    key: str = Field(sa_type=SealedColumn, sa_column_kwargs={"name": "sealed_key"})
    """About nobody: under the installation's key."""
    media_type: str
    size: int
    digest: str
    name: str | None = None
    kept_by: str
    kept_at: datetime


def source_of_tool(tool: Tool) -> str:
    return f"tool:{tool.value}"


def source_of_entry(entry_id: str) -> str:
    return f"guide:{entry_id}"


def passages_of(text: str) -> Iterator[str]:
    """The text in pieces that a person reads at a glance: its lines, and long lines by so many letters."""
    for line in text.splitlines():
        piece = ""
        for word in line.split():
            if piece and len(piece) + len(word) >= PASSAGE_LETTERS:
                yield piece
                piece = ""
            piece = f"{piece} {word}" if piece else word
        if piece:
            yield piece


def stem(word: str) -> str:
    """A folded word without «و», the article, one letter that is joined to it, and one ending.

    A letter of the word itself may go with them: it goes wherever the word stands, so that it is found all the same.
    """
    if not _ARABIC.search(word):
        return word
    for part in (_AND, _THE, _JOINED, _ENDING):
        word = part.sub("", word)
    return word


def words_in(text: str) -> Counter[str]:
    """The stems of a text, and how often each stands in it."""
    return Counter(stem(word)[:WORD_LETTERS] for word in folded_words(str(western(text))))


def asked_words(asked: str) -> list[str]:
    """What a search has to find, all of it; the ninth word and later are left out."""
    return list(words_in(asked))[:WORDS_AT_MOST]
