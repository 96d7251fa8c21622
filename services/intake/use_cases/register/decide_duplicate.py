"""Two files are looked at side by side: merged, told apart, or the decision taken back."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.people import Beneficiary
from services.intake.domain.register.duplicates import ProposedDuplicate, Side, score
from services.intake.domain.register.particulars import PersonParticulars
from services.intake.store import register as store
from services.intake.store.register import duplicates as duplicate_store
from services.intake.use_cases.register.find_duplicates import known, propose
from services.intake.use_cases.register.own_key import give_key
from shared.language.errors import FileElsewhere, PersonNotFound, SamePerson
from shared.plumbing import outbox
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.seal import readable
from shared.policy.adopted import pack_of


@dataclass(frozen=True)
class SideOf:
    """One of the two: his file where it may be seen, else the branches to call and nothing else."""

    person: Beneficiary | None
    particulars: PersonParticulars | None
    branches: list[str]


class ProposeDuplicate(BaseModel):
    """Say that two files may be one person's."""

    model_config = ConfigDict(frozen=True)

    one_id: str
    other_id: str
    by: Principal


class DecideDuplicate(BaseModel):
    """Merge the two into the one that is kept; where none is, they are two people."""

    model_config = ConfigDict(frozen=True)

    proposal_id: str
    keep: Side | None
    reason: str
    by: Principal


class UndoDecision(BaseModel):
    """Take back what was decided of a pair."""

    model_config = ConfigDict(frozen=True)

    proposal_id: str
    reason: str
    by: Principal


async def propose_duplicate(command: ProposeDuplicate, *, session: AsyncSession, now: datetime) -> ProposedDuplicate:
    """Keep it, with what the files say of it. Raises `PersonNotFound` or `SamePerson`."""
    files = [
        await store.see_person(session, person_id, scope=command.by.scope)
        for person_id in (command.one_id, command.other_id)
    ]
    roots = {(await store.root_of(session, file)).id for file in files}
    if len(roots) == 1:
        raise SamePerson(field="other")
    theirs = await store.particulars_of_all(session, [file.id for file in files])
    for file in files:
        readable(file.name)
        give_key(file, now=now)
    await session.flush()
    one, other = files
    points, signs = score(known(one, theirs.get(one.id)), known(other, theirs.get(other.id)))
    return await propose(one, other, points=points, signs=signs, by=command.by.person_id, session=session, now=now)


async def see_pair(proposal_id: str, *, scope: Scope, session: AsyncSession) -> tuple[ProposedDuplicate, list[SideOf]]:
    """A pair side by side. Raises `DuplicateNotFound`."""
    proposal = await duplicate_store.see_proposal(session, proposal_id, scope=scope)
    sides = []
    for person_id in (proposal.one_id, proposal.other_id):
        branches = await store.branches(session, person_id, scope=scope)
        if scope.branch_id is not None and scope.branch_id not in branches:
            sides.append(SideOf(None, None, branches))
            continue
        person = await store.see_person(session, person_id, scope=scope)
        sides.append(SideOf(person, await store.particulars_of(session, person_id), branches))
    return proposal, sides


async def decide_duplicate(command: DecideDuplicate, *, session: AsyncSession, now: datetime) -> ProposedDuplicate:
    """Decide. Raises `DuplicateNotFound`, `DuplicateDecided`, `SamePerson`, `FileElsewhere` or `PersonErased`."""
    proposal, files = await _hold(command.proposal_id, by=command.by, session=session)
    by = command.by.person_id
    for file in files:
        readable(file.name)
    if command.keep is None:
        proposal.tell_apart(reason=command.reason, by=by, at=now)
    else:
        for file in files:
            give_key(file, now=now)
        told = proposal.merge(files, keep=command.keep, reason=command.reason, by=by, at=now)
        await outbox.tell(session, told, at=now)
    return proposal


async def undo_decision(command: UndoDecision, *, session: AsyncSession, now: datetime) -> ProposedDuplicate:
    """Take it back; a merge is undone whole. Raises `DuplicateNotFound`, `DuplicateUndecided` or `FileElsewhere`."""
    proposal, files = await _hold(command.proposal_id, by=command.by, session=session)
    told = proposal.undo(files, reason=command.reason, by=command.by.person_id, at=now)
    if told is not None:
        await outbox.tell(session, told, at=now)
    return proposal


async def _hold(
    proposal_id: str, *, by: Principal, session: AsyncSession
) -> tuple[ProposedDuplicate, list[Beneficiary]]:
    proposal = await duplicate_store.get_proposal(session, proposal_id, scope=by.scope)
    for person_id in (proposal.one_id, proposal.other_id):
        if not await store.is_seen(session, person_id, scope=by.scope):
            raise elsewhere(await store.branches(session, person_id, scope=by.scope), association_id=by.association_id)
    files = await duplicate_store.hold_pair(session, proposal)
    if len(files) != 2:
        raise PersonNotFound
    return proposal, files


def elsewhere(ids: list[str], *, association_id: str) -> FileElsewhere:
    """The refusal that names the branches to call."""
    ar, en = branch_names(ids, association_id=association_id)
    return FileElsewhere(branches=en, branches_ar=ar)


def branch_names(ids: list[str], *, association_id: str) -> tuple[str, str]:
    """The branches by name, in Arabic and in English."""
    names = [branch.name for branch in pack_of(association_id).branches if branch.id in ids]
    return "، ".join(name.ar for name in names), ", ".join(name.en for name in names)
