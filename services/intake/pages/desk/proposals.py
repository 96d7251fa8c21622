"""Whom the branch may reach before he asks (`goal.proactive`): the list, and what somebody does about each."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.proposals import Proposal, Way
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.on_desk import desk_page, name_of_service, now_of, router, who_of, words_of
from services.intake.pages.desk.words import PROPOSALS
from services.intake.pages.paths import address, go
from services.intake.pages.step import LOOK
from services.intake.seats import FRONT
from services.intake.store import proposals as store
from services.intake.store.people import people_named_by_case
from services.intake.use_cases.reach_first import ActOn, Dismiss, Look, act_on, dismiss, look
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.language.events import ProposalKind
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.ui import Form, language_of
from shared.ui.language import mark
from shared.ui.signed_in import name_of_branch

pages = router()

A_PAGE = 50
LOOKERS = (Role.BRANCH_MANAGER, Role.INTAKE_OFFICER)
DISMISS = "dismiss"
ANSWERS = {
    Way.SPOKEN.value: mark("We spoke to him"),
    Way.MESSAGE.value: mark("Send him a message, if he has agreed to be written to"),
    DISMISS: mark("There is no need"),
}
TOLD = {
    "looked": mark("The branch is being looked through. What is found stands here in a few moments."),
    "acted": mark("It is kept that he was reached."),
    "dismissed": mark("It is put aside, with the reason."),
}


@pages.get(
    "/desk/proposals", response_class=HTMLResponse, summary="The page of whom your branch may reach before he asks"
)
async def show_proposals(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],
    after: Annotated[str, Query(max_length=50)] = "",
    done: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    found = await store.list_proposals(session, scope=who.scope, after=after, limit=A_PAGE)
    people = await people_named_by_case(session, [one.case_id for one in found])
    return await desk_page(
        request,
        session,
        who,
        "proposals.html",
        told=TOLD.get(done, ""),
        rows=[_row(request, who, one, people.get(one.case_id, "")) for one in found],
        more=f"?after={found[-1].id}" if len(found) == A_PAGE else None,
        looks=who.role in LOOKERS,
    )


def _row(request: Request, who: Principal, one: Proposal, name: str) -> dict[str, Any]:
    pack, language = pack_of(who.association_id), language_of(request)

    def service(service_id: str | None) -> str:
        return name_of_service(pack, service_id, language=language) if service_id else ""

    papers = {demand.kind: words_of(demand.name, language) for known in pack.services for demand in known.documents}
    return {
        "id": one.id,
        "name": name,
        "case_id": one.case_id,
        "reference": one.reference,
        "branch": name_of_branch(pack, one.branch_id, language=language),
        "colour": PROPOSALS[one.kind][0],
        "kind": PROPOSALS[one.kind][1],
        "follow_up": one.kind is ProposalKind.FOLLOW_UP_DUE,
        "service": service(one.service_id),
        "because": service(one.because),
        "paper": papers.get(one.document_kind, one.document_kind) if one.document_kind else "",
        "due_on": one.due_on,
        "days": (one.due_on - riyadh_day(now_of(request))).days if one.due_on else None,
        "settled_at": one.settled_at,
        "reason": one.reason,
    }


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    who = who_of(request)
    one = await store.see_proposal(session, str(request.path_params["proposal_id"]), scope=who.scope)
    people = await people_named_by_case(session, [one.case_id])
    # About the benefit somebody asks; there is nothing to write to him.
    offered = [code for code in ANSWERS if code != Way.MESSAGE or one.kind is not ProposalKind.FOLLOW_UP_DUE]
    return await desk_page(
        request,
        session,
        who,
        "proposal.html",
        status=status,
        form=form,
        one=_row(request, who, one, people.get(one.case_id, "")),
        answers=[(code, LOOK.say(request, ANSWERS[code])) for code in offered],
        action=address(request, f"/desk/proposals/{one.id}"),
    )


@pages.get(
    "/desk/proposals/{proposal_id}", response_class=HTMLResponse, summary="The page to reach somebody first, or not to"
)
@refuses(errors.ProposalNotFound)
async def show_proposal_page(
    proposal_id: str,  # noqa: ARG001 - stands in the address
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
) -> Response:
    return await _page(request, session, Form(), 200)


@pages.post(
    "/desk/proposals/{proposal_id}", response_class=HTMLResponse, summary="Reach somebody first, or put it aside"
)
@shown_again(_page, beside="answer")
@refuses(errors.ProposalNotFound, errors.ProposalSettled, errors.NothingToSend)
async def post_proposal_page(
    proposal_id: str, request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    answer, note = fields.choice("answer", list(ANSWERS)), fields.optional("reason", longest=TEXT)
    if answer == DISMISS and note is None:
        fields.needed("reason")
    fields.check()
    if answer == DISMISS:
        await dismiss(Dismiss(proposal_id=proposal_id, reason=note or "", by=who), session=session, now=now)
        return go(address(request, "/desk/proposals?done=dismissed"))
    try:
        await act_on(ActOn(proposal_id=proposal_id, way=Way(answer), note=note, by=who), session=session, now=now)
    except errors.NothingToSend:
        raise errors.NothingToSend(field="answer") from None
    return go(address(request, "/desk/proposals?done=acted"))


@pages.post(
    "/desk/proposal-looks",
    response_class=HTMLResponse,
    summary="Look through the branch for whom to reach, from its page",
)
@refuses(errors.BranchUnknown)
async def post_look_page(
    request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*LOOKERS)]
) -> Response:
    await look(Look(branch=None, by=who), session=session, now=now)
    return go(address(request, "/desk/proposals?done=looked"))
