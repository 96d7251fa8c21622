"""An import from its upload to its end: where it stands, how far it has come, and what became of each row."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from services.intake.domain.base import IntakeTable
from services.intake.domain.imports.rows import Fault, Plan
from shared.language.clauses import Channel
from shared.language.errors import ImportOutOfOrder
from shared.plumbing.columns import coded
from shared.plumbing.origin import new_id
from shared.plumbing.scope import scoped, within
from shared.plumbing.seal import SealedColumn


class ImportStatus(StrEnum):
    """Where an import stands."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    DISCARDED = "discarded"


class Known(StrEnum):
    """What becomes of the particulars of a person who has a file already."""

    UPDATE = "update"
    LEAVE = "leave"


class Outcome(StrEnum):
    """What became of a row; in a check, what would."""

    NEW = "new"
    UPDATED = "updated"
    LEFT = "left"
    REFUSED = "refused"


S = ImportStatus
AT_WORK = frozenset({S.CHECKING, S.RUNNING})
ENDED = frozenset({S.DONE, S.DISCARDED})
MAY = {
    S.UPLOADED: ("check, name columns, discard", "الفحص، تحديد الأعمدة، التخلي عنه"),
    S.CHECKING: ("stop", "الإيقاف"),
    S.CHECKED: ("start, check, name columns, discard", "البدء، الفحص، تحديد الأعمدة، التخلي عنه"),
    S.RUNNING: ("stop", "الإيقاف"),
    S.STOPPED: ("go on, discard", "المتابعة، التخلي عنه"),
    S.DONE: ("nothing more", "لا شيء بعد"),
    S.DISCARDED: ("nothing more", "لا شيء بعد"),
}


class Import(IntakeTable, table=True):
    """One table that somebody sent, and the work of taking it in. Its file goes with its end."""

    __tablename__ = "imports"
    __table_args__ = (Index("imports_page", "association_id", "id"), scoped())

    id: str = Field(default_factory=new_id, primary_key=True)
    association_id: str
    status: ImportStatus = Field(default=S.UPLOADED, sa_type=coded(ImportStatus))
    file_name: str | None = Field(default=None, sa_type=SealedColumn)
    place: str | None = Field(default=None, unique=True)
    """Where its lines lie, sealed; `None` once they are gone."""
    key: str | None = Field(default=None, sa_type=SealedColumn, sa_column_kwargs={"name": "sealed_key"})
    """What opens them (base64). It goes at the end, before the file: what a copy still holds opens no more."""
    heads: str = Field(sa_type=SealedColumn)
    """The first row: it should hold headings, and may hold anything."""
    columns: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    known: Known = Field(default=Known.LEAVE, sa_type=coded(Known))
    channel: Channel = Field(sa_type=coded(Channel))
    default_branch: str | None = None
    default_service: str | None = None
    first_at: int
    """The byte at which the first row begins."""
    next_at: int
    """The byte at which the next row begins: it commits with what the rows before it made."""
    total: int
    rows_done: int = 0
    rows_new: int = 0
    rows_updated: int = 0
    rows_left: int = 0
    rows_refused: int = 0
    turn: int = 0
    """Counts the starts: a page that was set before a stop does nothing after it."""
    uploaded_by: str
    uploaded_at: datetime
    started_by: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def headings(self) -> list[str]:
        heads: list[str] = json.loads(self.heads)
        return heads

    @property
    def is_trial(self) -> bool:
        return self.status is S.CHECKING

    @property
    def plan(self) -> Plan:
        return Plan(
            columns=self.columns, channel=self.channel, branch_id=self.default_branch, service_id=self.default_service
        )

    def choose(
        self,
        columns: Mapping[str, int],
        *,
        known: Known,
        channel: Channel,
        branch_id: str | None,
        service_id: str | None,
    ) -> None:
        """Say what the columns are. What was checked before counts no more. Raises `ImportOutOfOrder`."""
        self._be(S.UPLOADED, S.CHECKED)
        self.columns, self.known, self.channel = dict(columns), known, channel
        self.default_branch, self.default_service = branch_id, service_id
        self.status = S.UPLOADED

    def check(self) -> None:
        """Go through all rows and write nothing but the report. Raises `ImportOutOfOrder`."""
        self._be(S.UPLOADED, S.CHECKED)
        self._begin_at_first_row()
        self.status = S.CHECKING
        self.turn += 1

    def start(self, *, by: str, at: datetime) -> None:
        """Take the rows in, from the first or from where it stopped. Raises `ImportOutOfOrder` before a whole check."""
        self._be(S.CHECKED, S.STOPPED)
        if self.status is S.CHECKED:
            self._begin_at_first_row()
            self.started_by, self.started_at = by, at
        self.status = S.RUNNING
        self.turn += 1

    def stop(self) -> None:
        """Go no further; what was taken in stays. Raises `ImportOutOfOrder`."""
        self._be(*AT_WORK)
        self.status = S.UPLOADED if self.is_trial else S.STOPPED

    def discard(self, *, at: datetime) -> None:
        """Give the rest up; what was taken in stays. Raises `ImportOutOfOrder`."""
        self._be(S.UPLOADED, S.CHECKED, S.STOPPED)
        self._end(S.DISCARDED, at=at)

    def is_at(self, *, turn: int, rows_done: int) -> bool:
        """Whether the page that was set then is the one that is due now."""
        return self.status in AT_WORK and (self.turn, self.rows_done) == (turn, rows_done)

    def step(self, outcomes: Sequence[Outcome], *, next_at: int, at: datetime) -> None:
        """A page is through."""
        self.rows_done += len(outcomes)
        self.next_at = next_at
        self.rows_new += outcomes.count(Outcome.NEW)
        self.rows_updated += outcomes.count(Outcome.UPDATED)
        self.rows_left += outcomes.count(Outcome.LEFT)
        self.rows_refused += outcomes.count(Outcome.REFUSED)
        if self.rows_done < self.total:
            return
        if self.is_trial:
            self.status = S.CHECKED
        else:
            self._end(S.DONE, at=at)

    def _begin_at_first_row(self) -> None:
        self.next_at = self.first_at
        self.rows_done = self.rows_new = self.rows_updated = self.rows_left = self.rows_refused = 0

    def _end(self, status: ImportStatus, *, at: datetime) -> None:
        self.status, self.ended_at, self.key = status, at, None
        # A list without headings begins with somebody, who would lie here under no key of his own.
        self.heads = "[]"

    def _be(self, *allowed: ImportStatus) -> None:
        if self.status not in allowed:
            en, ar = MAY[self.status]
            refusal = ImportOutOfOrder(status=self.status.value, may=en)
            refusal.facts_ar = {"status": STATUSES_AR[self.status], "may": ar}
            raise refusal


STATUSES_AR = {
    S.UPLOADED: "مرفوع",
    S.CHECKING: "قيد الفحص",
    S.CHECKED: "مفحوص",
    S.RUNNING: "قيد الاستيراد",
    S.STOPPED: "موقوف",
    S.DONE: "مكتمل",
    S.DISCARDED: "متخلًّى عنه",
}


class ImportRow(IntakeTable, table=True):
    """What became of one row. Its number is its key: no row is taken in twice. It holds no word of the row itself."""

    __tablename__ = "import_rows"
    __table_args__ = (Index("import_rows_mark", "import_id", "mark", "number"), within("imports", by="import_id"))

    import_id: str = Field(primary_key=True, foreign_key="imports.id")
    number: int = Field(primary_key=True)
    """As the person sees it in the file."""
    trial: bool
    outcome: Outcome = Field(sa_type=coded(Outcome))
    mark: str | None = None
    """By which the same row is known again; unreadable once the import's key is gone."""
    reference: str | None = None
    """Of the request that it became."""
    faults: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)

    @property
    def id(self) -> str:
        """In whose order the report goes on."""
        return f"{self.number:09}"

    @classmethod
    def refused(cls, import_id: str, number: int, faults: Sequence[Fault], *, trial: bool) -> "ImportRow":
        stored = [fault.stored() for fault in faults]
        return cls(import_id=import_id, number=number, trial=trial, outcome=Outcome.REFUSED, faults=stored)
