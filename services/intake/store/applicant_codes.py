"""Every query about codes for applicants, and the one that finds a case by what its applicant knows."""

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.applicant_codes import IN_A_WINDOW, ApplicantCode
from services.intake.domain.case import Case
from services.intake.domain.search import PersonSearchKey
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import CodePurpose


async def case_known_by(session: AsyncSession, *, reference: str, key: str) -> str | None:
    """The case with this reference whose applicant is found under `key`, handed in.

    One query, whatever fits or not: a wrong fact takes as long as a reference that was never given.
    """
    query = (
        select(Case.id)
        .join(
            PersonSearchKey,
            (col(PersonSearchKey.person_id) == col(Case.beneficiary_id))
            & (col(PersonSearchKey.association_id) == col(Case.association_id)),
        )
        .where(Case.reference == reference, PersonSearchKey.key == key, Case.status != CaseStatus.DRAFT)
    )
    return (await session.exec(query)).first()


async def get_code(session: AsyncSession, code_id: str) -> ApplicantCode | None:
    """The code, held for change."""
    return (await session.exec(select(ApplicantCode).where(ApplicantCode.id == code_id).with_for_update())).first()


async def codes_of_case(session: AsyncSession, case_id: str, *, purpose: CodePurpose) -> list[ApplicantCode]:
    """The newest codes of a case, the newest first: as many as its pace counts."""
    query = (
        select(ApplicantCode)
        .where(ApplicantCode.case_id == case_id, ApplicantCode.purpose == purpose)
        .order_by(col(ApplicantCode.id).desc())
        .limit(IN_A_WINDOW)
    )
    return list((await session.exec(query)).all())


async def drop_code(session: AsyncSession, code_id: str) -> None:
    await session.exec(delete(ApplicantCode).where(col(ApplicantCode.id) == code_id))
