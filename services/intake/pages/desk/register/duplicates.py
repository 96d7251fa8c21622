"""Files that may be one person's: the list, the two side by side and masked, and what somebody decides of them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.register.duplicates import Finding, ProposedDuplicate, Side, Sign
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import Fields
from services.intake.pages.desk.on_desk import desk_page, router, who_of
from services.intake.pages.desk.people import branches_named
from services.intake.pages.desk.register.shown import masked_rows
from services.intake.pages.desk.register.words import CLEAR, FINDINGS, MARITAL, SIGNS
from services.intake.pages.paths import address, go
from services.intake.pages.step import LOOK
from services.intake.seats import SEEKERS
from services.intake.store.register.duplicates import list_proposals, shown_to
from services.intake.use_cases.register.decide_duplicate import (
    DecideDuplicate,
    SideOf,
    UndoDecision,
    decide_duplicate,
    see_pair,
    undo_decision,
)
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.ui import Form
from shared.ui.language import mark

pages = router()

DECIDERS = (Role.BRANCH_MANAGER, Role.INTAKE_OFFICER, Role.ASSOCIATION_ADMINISTRATOR)
"""Who joins and parts files: not whoever opened the second one by himself."""
A_PAGE = 50
NOT_THE_SAME, BACK = "not_the_same", "back"
ANSWERS = {
    Side.ONE.value: mark("They are one person: go on with the first file"),
    Side.OTHER.value: mark("They are one person: go on with the second file"),
    NOT_THE_SAME: mark("They are two people"),
}
TAKE_BACK = {BACK: mark("Take the decision back: it is open again")}
TOLD = {
    "merged": mark("The two files are joined. Nothing was moved, and it can be taken back whole."),
    "not_the_same": mark("They stay two files."),
    "open": mark("The decision is taken back; it is open again."),
}


@pages.get("/desk/duplicates", response_class=HTMLResponse, summary="The page of files that may be one person's")
async def show_pairs(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*SEEKERS)],
    finding: Annotated[str, Query(max_length=50)] = "",
    after: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    """A finding that there is not shows what is open."""
    at = Finding(finding) if finding in set(Finding) else Finding.OPEN
    pairs = await list_proposals(session, scope=who.scope, finding=at, after=after, limit=A_PAGE)
    seen = await shown_to(session, pairs, scope=who.scope)
    rows = [(pair.id, pair.score, _signs(request, pair), pair.proposed_at) for pair in seen]
    more = f"?finding={at.value}&after={pairs[-1].id}" if len(pairs) == A_PAGE else None
    chips = [(one.value, LOOK.say(request, words), f"?finding={one.value}") for one, (_, words) in FINDINGS.items()]
    return await desk_page(
        request, session, who, "people/duplicates.html", rows=rows, more=more, chips=chips, at=at.value
    )


def _signs(request: Request, pair: ProposedDuplicate) -> list[tuple[str, str]]:
    return [(SIGNS[Sign(sign)][0], LOOK.say(request, SIGNS[Sign(sign)][1])) for sign in pair.signs]


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    who = who_of(request)
    pair, sides = await see_pair(str(request.path_params["pair_id"]), scope=who.scope, session=session)
    whole = all(side.person is not None for side in sides)
    answers = _answers(pair) if who.role in DECIDERS and whole else {}
    return await desk_page(
        request,
        session,
        who,
        "people/pair.html",
        status=status,
        form=form,
        told=TOLD.get(request.query_params.get("done", "")),
        pair=pair,
        finding=FINDINGS[pair.finding],
        signs=_signs(request, pair),
        sides=[_side(request, who, side) for side in sides],
        kept=None if pair.kept_id is None else 1 if pair.kept_id == pair.one_id else 2,
        # Words about a file that is another branch's stay there.
        reason=pair.reason if whole else None,
        undone_reason=pair.undone_reason if whole else None,
        answers=[(code, LOOK.say(request, words)) for code, words in answers.items()],
        action=address(request, f"/desk/duplicates/{pair.id}"),
    )


def _answers(pair: ProposedDuplicate) -> Mapping[str, str]:
    return ANSWERS if pair.finding is Finding.OPEN else TAKE_BACK


def _side(request: Request, who: Principal, side: SideOf) -> dict[str, Any]:
    """One of the two, masked; of another branch's, whom to call and nothing else."""
    branches = branches_named(request, who, side.branches)
    if side.person is None:
        return {"person": None, "rows": [], "branches": branches}
    marital = {status.value: words for status, words in MARITAL.items()}
    rows = [
        (LOOK.say(request, CLEAR[field]), LOOK.say(request, marital[value]) if value in marital else value)
        for field, value in masked_rows(side.person, side.particulars)
    ]
    return {"person": side.person, "rows": rows, "branches": branches}


@pages.get(
    "/desk/duplicates/{pair_id}", response_class=HTMLResponse, summary="The page of two files side by side, masked"
)
@refuses(errors.DuplicateNotFound, errors.PersonNotFound)
async def show_pair_page(
    pair_id: str,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*SEEKERS)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/duplicates/{pair_id}",
    response_class=HTMLResponse,
    summary="Merge two files, tell them apart, or take that back, from their page",
)
@shown_again(_page)
@refuses(
    errors.DuplicateNotFound,
    errors.PersonNotFound,
    errors.FileElsewhere,
    errors.DuplicateDecided,
    errors.DuplicateUndecided,
    errors.SamePerson,
)
async def post_pair_page(
    pair_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*DECIDERS)]
) -> Response:
    fields = Fields(request, await request.body())
    answer = fields.choice("answer", [*ANSWERS, *TAKE_BACK])
    reason = fields.reason()
    fields.check()
    try:
        if answer == BACK:
            undoing = UndoDecision(proposal_id=pair_id, reason=reason, by=who)
            pair = await undo_decision(undoing, session=session, now=now)
        else:
            keep = None if answer == NOT_THE_SAME else Side(answer)
            deciding = DecideDuplicate(proposal_id=pair_id, keep=keep, reason=reason, by=who)
            pair = await decide_duplicate(deciding, session=session, now=now)
    except errors.SamePerson:
        raise errors.SamePerson(field="answer") from None
    return go(address(request, f"/desk/duplicates/{pair_id}?done={pair.finding.value}"))
