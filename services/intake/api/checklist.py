"""The checklist beside the papers, papers on file, and bringing what is missing (`step.completeness`)."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.intake.api.days import check_day_has_come
from services.intake.api.views import FRONT, READERS, Body, CaseView, Code, DocumentView, Line, NewDocument, shown
from services.intake.domain.checklist import Agreement, Item, ItemState
from services.intake.use_cases.complete_case import (
    CompleteCase,
    GivenPaper,
    PaperOnFile,
    ReusePaper,
    complete_case,
    reuse_paper,
)
from services.intake.use_cases.see_checklist import see_checklist, see_papers_on_file
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="papers")


class OnFile(Body):
    """A paper on file, and who agreed that it serves this request."""

    model_config = shown(
        {
            "document_id": "0197f9c0-0000-7000-8000-000000000000",
            "agreed": "applicant",
            "agreed_name": "نورة بنت سالم الحربي",
        }
    )

    document_id: Code
    agreed: Agreement
    agreed_name: Line

    @property
    def paper(self) -> PaperOnFile:
        return PaperOnFile(**self.model_dump())


class Completion(Body):
    """What is missing, all of it together."""

    model_config = shown(
        {"papers": [{"kind": "national_id", "number": "1000000008", "issued_on": "2024-01-01"}], "on_file": []}
    )

    papers: Annotated[tuple[NewDocument, ...], Field(max_length=50)] = ()
    on_file: Annotated[tuple[OnFile, ...], Field(max_length=50)] = ()


class PaperView(BaseModel):
    """One paper: its last day where it has one, and whether it is one that was on file."""

    id: str
    issued_on: date
    expires_on: date | None
    valid_until: date | None
    valid: bool
    on_file: bool


class ItemView(BaseModel):
    """One item of the checklist as it stands today."""

    kind: str
    ar: str
    en: str
    required: bool
    at_least: int
    state: ItemState
    papers: list[PaperView]


class ChecklistView(BaseModel):
    """The checklist of the service; `missing` is the one list that the applicant is told."""

    items: list[ItemView]
    missing: list[str]
    complete: bool


class OnFileView(BaseModel):
    """A paper in another request of the same person, without its number."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    case_id: str
    kind: str
    issued_on: date
    expires_on: date | None


def _item(item: Item) -> ItemView:
    demand = item.demand
    papers = [
        PaperView(
            **DocumentView.model_validate(line.document).model_dump(exclude={"kind"}),
            valid_until=line.valid_until,
            valid=line.valid,
            on_file=line.source_id is not None,
        )
        for line in item.papers
    ]
    return ItemView(
        kind=demand.kind,
        ar=demand.name.ar,
        en=demand.name.en,
        required=demand.required,
        at_least=demand.at_least,
        state=item.state,
        papers=papers,
    )


@router.get("/cases/{case_id}/checklist", summary="The checklist of a request as it stands today")
@refuses(errors.CaseNotFound, errors.ServiceUnknown)
async def show_checklist(
    case_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*READERS)]
) -> ChecklistView:
    items = [_item(item) for item in await see_checklist(case_id, scope=who.scope, session=session, now=now)]
    missing = [item.kind for item in items if item.state is ItemState.MISSING]
    return ChecklistView(items=items, missing=missing, complete=not missing)


@router.get("/cases/{case_id}/papers-on-file", summary="Valid papers of the same person that this request may use")
@refuses(errors.CaseNotFound, errors.ServiceUnknown)
async def list_papers_on_file(
    case_id: str, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> list[OnFileView]:
    found = await see_papers_on_file(case_id, scope=who.scope, session=session, now=now)
    return [OnFileView.model_validate(document) for document in found]


@router.post("/cases/{case_id}/papers-on-file", status_code=201, summary="Use a paper on file, as its owner agreed")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.ServiceUnknown, errors.PaperNotReusable)
async def post_paper_on_file(
    case_id: str, on_file: OnFile, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> DocumentView:
    command = ReusePaper(case_id=case_id, paper=on_file.paper, by=who)
    return DocumentView.model_validate(await reuse_paper(command, session=session, now=now))


@router.post("/cases/{case_id}/completion", summary="Bring what is missing, all at once; it is checked at once")
@refuses(
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.StepOutOfOrder,
    errors.ServiceUnknown,
    errors.DocumentNotOnChecklist,
    errors.DocumentExpired,
    errors.PaperNotReusable,
)
async def post_completion(
    case_id: str, completion: Completion, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> CaseView:
    """All of it or nothing: a paper that is refused leaves the request as it was."""
    for paper in completion.papers:
        check_day_has_come(paper.issued_on, field="issued_on", now=now)
    command = CompleteCase(
        case_id=case_id,
        papers=tuple(GivenPaper(**paper.model_dump()) for paper in completion.papers),
        on_file=tuple(one.paper for one in completion.on_file),
        by=who,
    )
    return CaseView.model_validate(await complete_case(command, session=session, now=now))
