"""Files that may be one person's: side by side, merged or told apart, and the decision taken back."""

from typing import Annotated

from fastapi import Query

from services.intake.api.register.views import (
    Because,
    Id,
    Merge,
    NewPair,
    PairLine,
    PairPage,
    PairView,
    SideView,
    branch_views,
    file_view,
    pair_line,
)
from services.intake.api.views import FRONT
from services.intake.domain.register.duplicates import Finding
from services.intake.seats import SEEKERS
from services.intake.store.register import duplicates as store
from services.intake.use_cases.register.decide_duplicate import (
    DecideDuplicate,
    ProposeDuplicate,
    UndoDecision,
    decide_duplicate,
    propose_duplicate,
    see_pair,
    undo_decision,
)
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="people")

DECIDERS = (Role.BRANCH_MANAGER, Role.INTAKE_OFFICER, Role.ASSOCIATION_ADMINISTRATOR)
"""Who joins and parts files: not whoever opened the second one by himself."""
IN_THE_WAY = (errors.DuplicateNotFound, errors.FileElsewhere, errors.PersonNotFound)


@router.get("/duplicates", summary="Files that may be one person's, a page at a time")
async def list_pairs(
    session: Session,
    who: Annotated[Principal, allow(*SEEKERS)],
    finding: Finding = Finding.OPEN,
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PairPage:
    pairs = await store.list_proposals(session, scope=who.scope, finding=finding, after=after, limit=limit)
    shown = await store.shown_to(session, pairs, scope=who.scope)
    return PairPage(items=[pair_line(pair) for pair in shown], next=pairs[-1].id if len(pairs) == limit else None)


@router.post("/duplicates", status_code=201, summary="Say that two files may be one person's")
@refuses(errors.PersonNotFound, errors.SamePerson)
async def post_pair(
    new: NewPair, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT, Role.SOCIAL_RESEARCHER)]
) -> PairLine:
    command = ProposeDuplicate(one_id=new.one, other_id=new.other, by=who)
    return pair_line(await propose_duplicate(command, session=session, now=now))


@router.get("/duplicates/{pair_id}", summary="Two files side by side, masked")
@refuses(errors.DuplicateNotFound, errors.PersonNotFound)
async def show_pair(pair_id: Id, session: Session, who: Annotated[Principal, allow(*SEEKERS)]) -> PairView:
    pair, sides = await see_pair(pair_id, scope=who.scope, session=session)
    views = [
        SideView(person=file_view(side.person, side.particulars, side.branches), call=[])
        if side.person is not None
        else SideView(person=None, call=branch_views(side.branches, association_id=who.association_id))
        for side in sides
    ]
    # Words about a file that is another branch's stay there.
    whole = all(side.person is not None for side in sides)
    words = {"reason": pair.reason, "undone_reason": pair.undone_reason} if whole else {}
    return PairView(
        **pair_line(pair).model_dump(),
        sides=views,
        reason=words.get("reason"),
        undone_reason=words.get("undone_reason"),
    )


@router.post("/duplicates/{pair_id}/merge", summary="They are one person: go on with one of the two files")
@refuses(*IN_THE_WAY, errors.DuplicateDecided, errors.SamePerson)
async def post_merge(
    pair_id: Id, merge: Merge, session: Session, now: Now, who: Annotated[Principal, allow(*DECIDERS)]
) -> PairLine:
    command = DecideDuplicate(proposal_id=pair_id, keep=merge.keep, reason=merge.reason, by=who)
    return pair_line(await decide_duplicate(command, session=session, now=now))


@router.post("/duplicates/{pair_id}/not-the-same", summary="They are two people")
@refuses(*IN_THE_WAY, errors.DuplicateDecided)
async def post_not_the_same(
    pair_id: Id, because: Because, session: Session, now: Now, who: Annotated[Principal, allow(*DECIDERS)]
) -> PairLine:
    command = DecideDuplicate(proposal_id=pair_id, keep=None, reason=because.reason, by=who)
    return pair_line(await decide_duplicate(command, session=session, now=now))


@router.post("/duplicates/{pair_id}/undoing", summary="Take a merge or a finding back; it is open again")
@refuses(*IN_THE_WAY, errors.DuplicateUndecided)
async def post_undoing(
    pair_id: Id, because: Because, session: Session, now: Now, who: Annotated[Principal, allow(*DECIDERS)]
) -> PairLine:
    command = UndoDecision(proposal_id=pair_id, reason=because.reason, by=who)
    return pair_line(await undo_decision(command, session=session, now=now))
