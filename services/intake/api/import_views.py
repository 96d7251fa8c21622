"""What an import looks like."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.intake.api.views import Body, Code, shown
from services.intake.domain.imports.columns import letter, targets_of
from services.intake.domain.imports.run import Import, ImportRow, ImportStatus, Known, Outcome
from shared.language.clauses import Channel
from shared.policy.adopted import pack_of


class Columns(Body):
    """Which column fills which field, counted from 0; what holds where a row says nothing; and who is known already."""

    model_config = shown(
        {
            "columns": {"national_id": 0, "name": 1, "mobile": 2},
            "known": "leave",
            "channel": "letter",
            "branch_id": None,
            "service_id": None,
        }
    )

    columns: Annotated[dict[Code, Annotated[int, Field(ge=0, le=500)]], Field(max_length=200)]
    known: Known = Known.LEAVE
    channel: Channel
    branch_id: Code | None = None
    service_id: Code | None = None


class ColumnView(BaseModel):
    """A column of the table, and the field that it fills; a column without one is not taken."""

    place: int
    letter: str
    heading: str
    target: str | None


class TargetView(BaseModel):
    """A field that a column may fill."""

    id: str
    ar: str
    en: str


class ImportView(BaseModel):
    """Where an import stands: rows done of their total, and what became of them, in a check what would."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    status: ImportStatus
    file_name: str | None
    known: Known
    channel: Channel
    default_branch: str | None
    default_service: str | None
    total: int
    rows_done: int
    rows_new: int
    rows_updated: int
    rows_left: int
    rows_refused: int
    uploaded_by: str
    uploaded_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class ImportPage(BaseModel):
    """A page of imports, oldest first; `next` is the `after` of the following page."""

    items: list[ImportView]
    next: str | None


class ImportFile(ImportView):
    """An import with its columns, and the fields that there are."""

    columns: list[ColumnView]
    targets: list[TargetView]


class FaultView(BaseModel):
    """Why a row was not taken: the column, and what to do."""

    column: str | None
    heading: str | None
    ar: str
    en: str


class RowView(BaseModel):
    """What became of a row; nothing of what stands in it."""

    number: int
    trial: bool
    outcome: Outcome
    reference: str | None
    faults: list[FaultView]


class RowPage(BaseModel):
    """A page of rows in the file's order; `next` is the `after` of the following page."""

    items: list[RowView]
    next: int | None


def file_view(found: Import) -> ImportFile:
    filled = {place: target for target, place in found.columns.items()}
    columns = [
        ColumnView(place=place, letter=letter(place), heading=heading, target=filled.get(place))
        for place, heading in enumerate(found.headings)
    ]
    targets = [
        TargetView(id=one.id, ar=one.ar, en=one.en) for one in targets_of(pack_of(found.association_id)).values()
    ]
    plain = ImportView.model_validate(found)
    return ImportFile(**plain.model_dump(), columns=columns, targets=targets)


def row_view(row: ImportRow, *, headings: list[str]) -> RowView:
    faults = []
    for fault in row.faults:
        place = fault["column"]
        heading = headings[place] if place is not None and place < len(headings) else None
        column = None if place is None else letter(place)
        faults.append(FaultView(column=column, heading=heading, ar=fault["ar"], en=fault["en"]))
    return RowView(number=row.number, trial=row.trial, outcome=row.outcome, reference=row.reference, faults=faults)
