"""The papers of a request, by the checklist of its service: given, missing, and as they are valid today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.intake import store
from services.intake.domain.documents import Document, missing_documents, valid_until
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.pages.desk.on_file import on_file_of
from services.intake.seats import FRONT, WHO_STUDIES
from services.intake.use_cases.add_document import PAPERS_ARE_TAKEN_IN
from services.intake.use_cases.see_checklist import with_picture
from shared.language.calendar import riyadh_day
from shared.policy.pack import RequiredDocument


@dataclass(frozen=True)
class Paper:
    """A line of the checklist, and the paper that stands for it."""

    kind: str
    words: str
    required: bool
    missing: bool
    id: str | None
    issued_on: date | None
    until: date | None
    expired: bool
    has_file: bool


async def papers(desk: OnDesk) -> Mapping[str, Any]:
    """The checklist with what was given, and in one list what is missing today (`step.completeness`)."""
    today, case = riyadh_day(desk.now), desk.case
    documents = await store.documents_of(desk.session, case.id)
    filed = await with_picture(documents, scope=desk.who.scope, session=desk.session)
    newest = {document.kind: document for document in documents}
    taken = case.status in PAPERS_ARE_TAKEN_IN
    missing: tuple[str, ...] = ()
    if desk.service is not None and taken:
        missing = missing_documents(
            documents,
            service=desk.service,
            today=today,
            asked_again=case.missing,
            given_when_asked=case.given_when_asked,
        )
    demands = desk.service.documents if desk.service else ()

    def paper(kind: str, demand: RequiredDocument | None, document: Document | None) -> Paper:
        until = valid_until(document, demand) if document and demand else document.expires_on if document else None
        return Paper(
            kind=kind,
            words=desk.words(demand.name) if demand else kind,
            required=demand is not None and demand.required,
            missing=kind in missing,
            id=document.id if document else None,
            issued_on=document.issued_on if document else None,
            until=None if until == date.max else until,
            expired=until is not None and until < today,
            has_file=document is not None and document.id in filed,
        )

    listed = [paper(demand.kind, demand, newest.get(demand.kind)) for demand in demands]
    # A paper of a kind that the checklist asks for no more was given all the same.
    kinds = {demand.kind for demand in demands}
    listed += [paper(kind, None, document) for kind, document in newest.items() if kind not in kinds]
    adds = taken and desk.who.role in FRONT
    return {
        "papers": listed,
        "missing": [desk.paper(kind) for kind in missing],
        "given": sum(1 for one in listed if one.id is not None),
        "adds": adds,
        "on_file": len(await on_file_of(desk)) if adds and desk.service is not None else 0,
        "opens": desk.who.role in WHO_STUDIES,
        "add": desk.at("/documents"),
        "reuse": desk.at("/papers-on-file"),
    }
