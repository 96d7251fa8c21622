"""Every query of intake."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.deliveries import DeliveryProof
from services.intake.domain.desk import (
    Acknowledgement,
    Attestation,
    Circulation,
    Clarification,
    ReferenceCounter,
    ToolEdition,
)
from services.intake.domain.documents import Document
from services.intake.domain.files import DocumentFile
from services.intake.domain.people import Beneficiary
from services.intake.domain.trace import ClauseEvidence, TimelineEntry
from services.intake.store.imports import import_places
from services.intake.store.register import roots_of
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Clause, Tool
from shared.language.errors import CaseNotFound, CirculationNotFound, ClarificationNotFound, DocumentNotFound
from shared.plumbing.confidential_tables import confidential_cases
from shared.plumbing.database import insert_new
from shared.plumbing.identity import Scope
from shared.plumbing.scoped_session import conditions_in
from shared.plumbing.seal import RING
from shared.policy.adopted import pack_of


async def get_case(session: AsyncSession, case_id: str, *, scope: Scope) -> Case:
    """The case, held for change. Raises `CaseNotFound`, also for one that is not his to see; and `NotHandedIn`."""
    case = _in_scope(await find_case(session, case_id), scope)
    head_office = pack_of(case.association_id).head_office.id
    case.check_desk(by=scope.person_id, branch_id=scope.branch_id, head_office=head_office)
    return case


async def see_case(session: AsyncSession, case_id: str, *, scope: Scope) -> Case:
    """The case to be shown; whoever changes it meanwhile does not wait. Raises as `get_case`."""
    return _in_scope(await session.get(Case, case_id), scope)


async def hold_case(session: AsyncSession, case_id: str, *, scope: Scope) -> Case:
    """The same, held, for what is kept beside it. Raises as `see_case`."""
    return _in_scope(await find_case(session, case_id), scope)


def _in_scope(case: Case | None, scope: Scope) -> Case:
    if case is None or not scope.holds(association_id=case.association_id, branch_id=case.branch_id):
        raise CaseNotFound
    return case


async def named_case(session: AsyncSession, case_id: str) -> Case:
    """The case, held for change, that is known to be there."""
    return (await session.exec(select(Case).where(Case.id == case_id).with_for_update())).one()


async def find_case(session: AsyncSession, case_id: str) -> Case | None:
    """The case, whoever asks: for events and timers, which carry no scope."""
    return (await session.exec(select(Case).where(Case.id == case_id).with_for_update())).first()


async def case_named(session: AsyncSession, reference: str) -> str | None:
    """The id of the case with this reference."""
    return (await session.exec(select(Case.id).where(Case.reference == reference))).first()


async def list_cases(
    session: AsyncSession,
    *,
    scope: Scope,
    status: CaseStatus | None,
    branch_id: str | None = None,
    beneficiary_id: str | None = None,
    after: str,
    limit: int,
) -> list[Case]:
    """A page of the cases that the scope may see, oldest first."""
    query = select(Case).where(Case.association_id == scope.association_id, Case.id > after)
    if (branch := scope.branch_id if scope.branch_id is not None else branch_id) is not None:
        query = query.where(Case.branch_id == branch)
    if beneficiary_id is not None:
        query = query.where(col(Case.beneficiary_id).in_(await roots_of(session, [beneficiary_id])))
    if status is not None:
        query = query.where(Case.status == status)
    return list((await session.exec(query.order_by(Case.id).limit(limit))).all())


async def confidential_case(session: AsyncSession, case_id: str) -> Row[Any] | None:
    """That a case of the association is confidential, if it is; nothing of what is in it."""
    query = confidential_cases.select().where(
        confidential_cases.c.case_id == case_id, conditions_in(session, confidential_cases)
    )
    return (await (await session.connection()).execute(query)).first()


async def list_confidential(session: AsyncSession, *, after: str, limit: int) -> list[Row[Any]]:
    """A page of the cases that are confidential: that there are such, and since when."""
    query = (
        confidential_cases.select()
        .where(conditions_in(session, confidential_cases), confidential_cases.c.case_id > after)
        .order_by(confidential_cases.c.case_id)
        .limit(limit)
    )
    return list((await (await session.connection()).execute(query)).all())


async def find_beneficiary(session: AsyncSession, *, association_id: str, national_id: str) -> Beneficiary | None:
    query = select(Beneficiary).where(
        Beneficiary.association_id == association_id, Beneficiary.national_id_index == RING.index(national_id)
    )
    return (await session.exec(query.with_for_update())).first()


async def find_beneficiary_id(session: AsyncSession, *, association_id: str, national_id: str) -> str | None:
    """The same, and nothing of it is opened."""
    query = select(Beneficiary.id).where(
        Beneficiary.association_id == association_id, Beneficiary.national_id_index == RING.index(national_id)
    )
    return (await session.exec(query)).first()


async def get_beneficiary(session: AsyncSession, beneficiary_id: str) -> Beneficiary:
    return (await session.exec(select(Beneficiary).where(Beneficiary.id == beneficiary_id))).one()


async def next_number(session: AsyncSession, *, association_id: str, year: int) -> int:
    """The next running number of the association's year; given once, even to two that ask at the same time."""
    connection = await session.connection()
    await connection.execute(
        insert_new(ReferenceCounter.__table__, sqlite=connection.dialect.name == "sqlite").values(  # type: ignore[attr-defined]
            association_id=association_id, year=year, last=0
        )
    )
    number = await connection.scalar(
        update(ReferenceCounter)
        .where(col(ReferenceCounter.association_id) == association_id, col(ReferenceCounter.year) == year)
        .values(last=col(ReferenceCounter.last) + 1)
        .returning(col(ReferenceCounter.last))
    )
    return int(number or 0)


async def documents_of(session: AsyncSession, case_id: str) -> list[Document]:
    """The papers of a case, oldest first."""
    return list((await session.exec(select(Document).where(Document.case_id == case_id).order_by(Document.id))).all())


async def get_document(session: AsyncSession, *, case_id: str, document_id: str) -> Document:
    """Raises `DocumentNotFound`."""
    query = select(Document).where(Document.id == document_id, Document.case_id == case_id)
    if (found := (await session.exec(query)).first()) is None:
        raise DocumentNotFound
    return found


async def files_of(session: AsyncSession, document_id: str) -> list[DocumentFile]:
    """A document's files, the newest last; no document has more than `MOST_FILES`."""
    query = select(DocumentFile).where(DocumentFile.document_id == document_id).order_by(DocumentFile.id)
    return list((await session.exec(query)).all())


async def named_places(session: AsyncSession, places: Sequence[str]) -> set[str]:
    """Those of `places` that some row names."""
    papers = await session.exec(select(DocumentFile.place).where(col(DocumentFile.place).in_(places)))
    proofs = await session.exec(select(DeliveryProof.place).where(col(DeliveryProof.place).in_(places)))
    signed = await session.exec(select(Attestation.drawing_place).where(col(Attestation.drawing_place).in_(places)))
    kept = {*papers.all(), *proofs.all(), *(place for place in signed.all() if place is not None)}
    return kept | await import_places(session, places)


async def get_clarification(session: AsyncSession, *, case_id: str, clarification_id: str) -> Clarification:
    """Raises `ClarificationNotFound`."""
    query = select(Clarification).where(Clarification.id == clarification_id, Clarification.case_id == case_id)
    if (found := (await session.exec(query.with_for_update())).first()) is None:
        raise ClarificationNotFound
    return found


async def tool_in_force(session: AsyncSession, *, association_id: str, tool: Tool) -> ToolEdition | None:
    query = (
        select(ToolEdition)
        .where(ToolEdition.association_id == association_id, ToolEdition.tool == tool)
        .order_by(col(ToolEdition.id).desc())
        .limit(1)
    )
    return (await session.exec(query)).first()


async def has_tool_edition(session: AsyncSession, *, association_id: str, tool: Tool, edition: str) -> bool:
    query = select(ToolEdition.id).where(
        ToolEdition.association_id == association_id, ToolEdition.tool == tool, ToolEdition.edition == edition
    )
    return (await session.exec(query)).first() is not None


async def tools_in_force(session: AsyncSession, *, association_id: str, search: str) -> list[ToolEdition]:
    """The newest edition of each tool whose title or text holds `search`; an association has at most six tools."""
    newest = (
        select(func.max(col(ToolEdition.id)))
        .where(ToolEdition.association_id == association_id)
        .group_by(col(ToolEdition.tool))
    )
    query = select(ToolEdition).where(col(ToolEdition.id).in_(newest))
    if search:
        query = query.where(
            col(ToolEdition.title).contains(search, autoescape=True)
            | col(ToolEdition.text).contains(search, autoescape=True)
        )
    return list((await session.exec(query.order_by(col(ToolEdition.tool)))).all())


async def has_circulation(session: AsyncSession, *, association_id: str, edition: str) -> bool:
    query = select(Circulation.id).where(Circulation.association_id == association_id, Circulation.edition == edition)
    return (await session.exec(query)).first() is not None


async def get_circulation(session: AsyncSession, circulation_id: str, *, scope: Scope) -> Circulation:
    """Raises `CirculationNotFound`."""
    found = (await session.exec(select(Circulation).where(Circulation.id == circulation_id))).first()
    if found is None or found.association_id != scope.association_id:
        raise CirculationNotFound
    return found


async def find_acknowledgement(session: AsyncSession, *, circulation_id: str, person_id: str) -> Acknowledgement | None:
    return await session.get(Acknowledgement, (circulation_id, person_id))


async def timeline_of(session: AsyncSession, case_id: str) -> list[TimelineEntry]:
    """A case's file in the order of time: some tens of facts."""
    query = select(TimelineEntry).where(TimelineEntry.case_id == case_id)
    return list((await session.exec(query.order_by(col(TimelineEntry.at), col(TimelineEntry.event_id)))).all())


async def count_evidence(
    session: AsyncSession,
    *,
    association_id: str,
    clauses: Sequence[Clause],
    event: str,
    reference: str | None,
    at: datetime,
) -> None:
    """One more fact that shows each of `clauses` kept. In their order, so that two workers never wait in a circle."""
    if not clauses:
        return
    connection = await session.connection()
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    fact = {"association_id": association_id, "last_event": event, "last_reference": reference, "last_at": at}
    first = insert(ClauseEvidence).values([fact | {"clause": clause.value, "count": 1} for clause in clauses])
    await connection.execute(
        first.on_conflict_do_update(
            index_elements=["association_id", "clause"],
            set_={
                "count": col(ClauseEvidence.count) + 1,
                "last_event": first.excluded.last_event,
                "last_reference": func.coalesce(first.excluded.last_reference, col(ClauseEvidence.last_reference)),
                "last_at": first.excluded.last_at,
            },
        )
    )


async def evidence_of(session: AsyncSession, association_id: str) -> dict[str, ClauseEvidence]:
    query = select(ClauseEvidence).where(ClauseEvidence.association_id == association_id)
    return {row.clause: row for row in (await session.exec(query)).all()}
