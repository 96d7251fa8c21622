"""Whose the case is: asked for by another branch or person, or given to somebody of the branch."""

from collections.abc import Mapping
from typing import Any

from services.intake.domain.transfers import TAKERS
from services.intake.pages.desk.acts.act import Act, Sent
from services.intake.pages.desk.fields import NOT_OFFERED, TEXT
from services.intake.pages.desk.on_desk import OnDesk
from services.intake.seats import FRONT
from services.intake.store.colleagues import staff_at
from services.intake.store.transfers import closings
from services.intake.use_cases.transfer_case import AskTransfer, AssignCase, ask_for_transfer, assign
from shared.language import errors
from shared.language.case_lifecycle import ENDED, CaseStatus
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch

MANAGERS = tuple(role for role in FRONT if role in TAKERS)
RUNNING = frozenset(CaseStatus) - ENDED
MOST_STAFF = 200
WHERE = mark("Choose a branch, or a person of this one, and not both.")


async def _colleagues(desk: OnDesk) -> list[tuple[str, str]]:
    """Who sits at the front of the case's branch now, as choices."""
    staff = await staff_at(
        desk.session,
        association_id=desk.case.association_id,
        branch_id=desk.case.branch_id,
        roles=FRONT,
        now=desk.now,
        limit=MOST_STAFF,
    )
    return [(one.id, one.name) for one in staff if one.id != desk.case.assigned_to]


async def _ask(sent: Sent) -> str:
    fields = sent.fields
    branch, person = fields.optional("to_branch"), fields.optional("to_person")
    reason = fields.text("reason", longest=TEXT)
    if (branch is None) == (person is None):
        fields.say("to_branch", WHERE)
    fields.check()
    command = AskTransfer(case_id=sent.case_id, to_branch=branch, to_person=person, reason=reason, by=sent.who)
    await ask_for_transfer(command, session=sent.session, now=sent.now)
    return ""


async def _places(desk: OnDesk) -> Mapping[str, Any]:
    closed = {one.branch for one in await closings(desk.session, scope=desk.who.scope)}
    branches = [
        (one.id, name_of_branch(desk.pack, one.id, language=desk.language))
        for one in desk.pack.branches
        if one.id not in {desk.case.branch_id, *closed}
    ]
    return {"branches": branches, "colleagues": await _colleagues(desk)}


TRANSFER = Act(
    path="transfers",
    words=mark("Ask that it move"),
    done=mark("It is asked for. The file stays here until it is accepted."),
    icon="arrow-left-right",
    summary="Ask on a page that a case move to a branch or a person",
    stands_in=RUNNING,
    do=_ask,
    facts=_places,
    refusals=(
        errors.BranchUnknown,
        errors.BranchIsClosed,
        errors.AlreadyThere,
        errors.TransferOpen,
        errors.NoSeatThere,
    ),
    beside="to_branch",
)


async def _assign(sent: Sent) -> str:
    fields = sent.fields
    person, reason = fields.text("person_id"), fields.text("reason", longest=TEXT)
    # What the page offers, asked again: a seat may have ended since, and nobody outside keeps a case of the branch.
    if person and len(person) > 100:
        fields.say("person_id", NOT_OFFERED)
    fields.check()
    command = AssignCase(case_id=sent.case_id, person_id=person, reason=reason, by=sent.who)
    await assign(command, session=sent.session, now=sent.now)
    return ""


async def _who(desk: OnDesk) -> Mapping[str, Any]:
    return {"colleagues": await _colleagues(desk)}


ASSIGNMENT = Act(
    path="assignment",
    words=mark("Say who keeps it"),
    done=mark("The file has its keeper."),
    icon="user-cog",
    summary="Say on a page who of the branch keeps the case",
    stands_in=RUNNING,
    do=_assign,
    facts=_who,
    roles=MANAGERS,
    refusals=(errors.AlreadyThere, errors.NoSeatThere),
    beside="person_id",
)
