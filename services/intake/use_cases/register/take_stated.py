"""What a request says of somebody who has a file already, and what of it becomes his file's.

A file changes by an act of whoever has it before him. What a request says otherwise is kept with the request, counts
for it, and stands as a difference at the file until somebody takes it in (`take_typed.py`).
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.people import Applicant, Beneficiary
from services.intake.domain.register.particulars import Registration, differing
from services.intake.store.people import confidential_to
from services.intake.store.register import is_seen
from services.intake.use_cases.register.tell_corrected import tell_corrected
from shared.plumbing.identity import Scope


class Said(StrEnum):
    """How far it counts against his file."""

    CHOSEN = "chosen"
    """By somebody who had the file before him: from now on the file says it."""
    AT_DESK = "at_desk"
    """His file's gaps are filled; what says otherwise is kept beside it."""
    UNSEEN = "unseen"
    """Nobody saw who says it, or what his file says: all of it is kept beside, and the file stays as it is."""
    KEPT = "kept"
    """It is kept already, and his file stays as it is."""


async def take_stated(
    known: Beneficiary,
    applicant: Applicant,
    *,
    said: Said,
    files: Collection[str],
    branch_id: str,
    scope: Scope,
    by: str,
    session: AsyncSession,
    now: datetime,
) -> Registration | None:
    """What is to be kept with the request, in no session yet; nothing where his file says the same.

    A file of another branch is not touched, nor one of which there are confidential cases alone: nobody here has seen
    what it says. Raises `PersonErased`.
    """
    # Of a stranger it is not asked: his form does the same work for whoever is known and whoever is not.
    touches = said in {Said.CHOSEN, Said.AT_DESK} and await _is_seen(known, files, scope=scope, session=session)
    if said is Said.CHOSEN and not touches:
        # What he had before him was merged into a file that he does not see.
        said = Said.AT_DESK
    if touches:
        before = known.contact
        if said is Said.CHOSEN:
            known.update(applicant)
        else:
            known.mobile, known.email = known.mobile or applicant.mobile, known.email or applicant.email
        if known.contact != before:
            await tell_corrected(known, session=session, now=now)
    if said in {Said.CHOSEN, Said.KEPT}:
        return None
    told = {"name": applicant.name, "mobile": applicant.mobile, "email": applicant.email}
    differs = differing(known, told, gaps=True)
    # A language that nobody named is the form's own, and says nothing.
    speaks = applicant.language if "language" in applicant.model_fields_set else known.language
    if said is Said.AT_DESK and not differs and speaks == known.language:
        return None
    return Registration(
        association_id=known.association_id,
        subject_id=known.id,
        typed=applicant.model_dump_json(exclude_unset=True, exclude_none=True),
        differs=differs,
        at_branch=branch_id,
        registered_by=by,
        registered_at=now,
    )


async def _is_seen(known: Beneficiary, files: Collection[str], *, scope: Scope, session: AsyncSession) -> bool:
    return await is_seen(session, known.id, scope=scope) and not await confidential_to(session, files, scope=scope)
