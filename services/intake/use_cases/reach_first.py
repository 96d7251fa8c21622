"""Whom a branch may reach before he asks: looked for page by page, proposed once, acted on or dismissed.

A look begins when a branch asks for it and comes again each day. A page is one transaction of the worker, which also
sets the next: a stop in between makes it come again, and what it had proposed stands under its mark already.
"""

from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.proposals import EXPIRES_WITHIN, Proposal, Way, fitting_services, propose
from services.intake.store import proposals as proposal_store
from services.intake.store.register import roots_of
from services.intake.store.transfers import closing_of
from services.intake.timers import LookAhead
from shared.language.calendar import riyadh_day
from shared.language.errors import BranchUnknown
from shared.language.events import ProposalKind
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.timers import cancel_timer, set_timer
from shared.policy.adopted import pack_of

A_PAGE = 200
LOOKED_FOR = (ProposalKind.DOCUMENT_EXPIRING, ProposalKind.SERVICE_FITS)
"""A follow-up falls due by a timer of its own, which proposes it."""


class Look(BaseModel):
    """Look through what a branch has."""

    model_config = ConfigDict(frozen=True)

    branch: str | None
    by: Principal


class ActOn(BaseModel):
    """Reach him, by a message or by speaking to him."""

    model_config = ConfigDict(frozen=True)

    proposal_id: str
    way: Way
    note: str | None
    by: Principal


class Dismiss(BaseModel):
    """Leave it, and say why."""

    model_config = ConfigDict(frozen=True)

    proposal_id: str
    reason: str
    by: Principal


async def look(command: Look, *, session: AsyncSession, now: datetime) -> None:
    """Begin to look, today and each day; asked twice on a day it is done once. Raises `BranchUnknown`, `ForeignBranch`.

    What it finds is proposed within moments, a page after the other.
    """
    scope = command.by.scope
    pack = pack_of(scope.association_id)
    branch = command.branch or scope.branch_id or pack.head_office.id
    scope.check_branch(branch)
    if pack.branch(branch) is None:
        raise BranchUnknown(field="branch_id", branch=branch)
    for kind in LOOKED_FOR:
        first = LookAhead(association_id=pack.id, branch=branch, kind=kind, day=riyadh_day(now))
        # Today's may be set already, for later in the day.
        await cancel_timer(session, first)
        await set_timer(session, first, due_at=now, now=now)


async def look_at_page(timer: LookAhead, *, session: AsyncSession, now: datetime) -> None:
    """Propose what the page has; then the next page, or the next day. A branch that has closed is looked at no more."""
    if await closing_of(session, association_id=timer.association_id, branch=timer.branch) is not None:
        return
    find = _papers if timer.kind is ProposalKind.DOCUMENT_EXPIRING else _services
    proposals, after = await find(timer, session=session, now=now)
    await proposal_store.keep_new(session, proposals)
    if after is not None:
        await set_timer(session, timer.model_copy(update={"after": after}), due_at=now, now=now)
        return
    tomorrow = timer.model_copy(update={"day": riyadh_day(now) + timedelta(days=1), "after": ""})
    await set_timer(session, tomorrow, due_at=now + timedelta(days=1), now=now)


async def act_on(command: ActOn, *, session: AsyncSession, now: datetime) -> Proposal:
    """Reach him. A message goes to who agreed to be written to (notifications asks his consent).

    Raises `ProposalNotFound`, `ProposalSettled` or `NothingToSend`.
    """
    proposal, case = await _held(command.proposal_id, by=command.by, session=session)
    told = proposal.act(case, way=command.way, reason=command.note, by=command.by.person_id, at=now)
    await outbox.tell(session, told, at=now)
    return proposal


async def dismiss(command: Dismiss, *, session: AsyncSession, now: datetime) -> Proposal:
    """Leave it. Raises `ProposalNotFound` or `ProposalSettled`."""
    proposal, case = await _held(command.proposal_id, by=command.by, session=session)
    told = proposal.dismiss(case, reason=command.reason, by=command.by.person_id, at=now)
    await outbox.tell(session, told, at=now)
    return proposal


async def propose_follow_up(case: Case, *, session: AsyncSession, now: datetime) -> None:
    """The day has come to ask how it went: beside the message to him, the branch sees it."""
    day = riyadh_day(now)
    proposal = propose(case, ProposalKind.FOLLOW_UP_DUE, mark=f"{case.id}:{day.isoformat()}", at=now, due_on=day)
    await proposal_store.keep_new(session, [proposal])


async def _held(proposal_id: str, *, by: Principal, session: AsyncSession) -> tuple[Proposal, Case]:
    proposal = await proposal_store.get_proposal(session, proposal_id, scope=by.scope)
    return proposal, await store.named_case(session, proposal.case_id)


async def _papers(timer: LookAhead, *, session: AsyncSession, now: datetime) -> tuple[list[Proposal], str | None]:
    """Papers of open cases that run out, where no newer one of the kind has been given."""
    day, _, paper_id = timer.after.partition("|")
    papers = await proposal_store.papers_running_out(
        session,
        association_id=timer.association_id,
        branch=timer.branch,
        begin=timer.day,
        end=timer.day + EXPIRES_WITHIN,
        after=(date.fromisoformat(day) if day else date.min, paper_id),
        limit=A_PAGE,
    )
    cases = await proposal_store.open_cases(
        session, {case_id for _, case_id, _, _ in papers}, association_id=timer.association_id, branch=timer.branch
    )
    newest = await proposal_store.newest_papers(session, cases)
    proposals = [
        propose(
            cases[case_id],
            ProposalKind.DOCUMENT_EXPIRING,
            mark=paper,
            at=now,
            document_kind=kind,
            due_on=expires_on,
        )
        for paper, case_id, kind, expires_on in papers
        if newest.get((case_id, kind)) == paper
    ]
    if len(papers) < A_PAGE:
        return proposals, None
    last, _, _, last_day = papers[-1]
    return proposals, f"{last_day.isoformat()}|{last}"


async def _services(timer: LookAhead, *, session: AsyncSession, now: datetime) -> tuple[list[Proposal], str | None]:
    """Services that the policy's data say fit who was served with another, and that he never asked for."""
    pack = pack_of(timer.association_id)
    if not any(service.fits_after for service in pack.services):
        return [], None
    cases = await proposal_store.served_cases(
        session, association_id=pack.id, branch=timer.branch, after=timer.after, limit=A_PAGE
    )
    # What was asked for or given under a file that was merged into his is his as well.
    roots = await roots_of(session, {case.beneficiary_id for case in cases})
    served, asked = await proposal_store.services_of(session, roots)
    forgotten = await proposal_store.forgotten(session, set(roots))
    proposals = {}
    for case in cases:
        person = roots[case.beneficiary_id]
        if person in forgotten:
            continue
        for service, because in fitting_services(pack, served=served.get(person, ()), asked=asked.get(person, ())):
            if because == case.service_id:
                mark = f"{person}:{service}"
                proposals[mark] = propose(
                    case, ProposalKind.SERVICE_FITS, mark=mark, at=now, service_id=service, because=because
                )
    return list(proposals.values()), cases[-1].id if len(cases) == A_PAGE else None
