"""The open cases that somebody keeps; above them, for who gives them out, those that nobody keeps."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.pages.desk.acts.keeping import MANAGERS, MOST_STAFF
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.cases import rows_of_cases
from services.intake.pages.desk.fields import LINE, NOT_OFFERED, TEXT, Fields
from services.intake.pages.desk.on_desk import desk_page, now_of, router, who_of
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT
from services.intake.store import transfers as store
from services.intake.store.colleagues import staff_at
from services.intake.store.keepers import unkept_cases
from services.intake.use_cases.transfer_case import AssignCases, assign_together
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.ui import Form

pages = router()

A_PAGE = 50
After = Annotated[str, Query(max_length=50)]


@pages.get("/desk/caseload", response_class=HTMLResponse, summary="The page of the open cases that somebody keeps")
async def show_caseload(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
    person_id: Annotated[str, Query(max_length=100)] = "",
    after: After = "",
    unkept_after: After = "",
) -> Response:
    """A delegate has his own, whomever he names."""
    return await _caseload(request, session, Form(), 200, person_id=person_id, after=after, unkept_after=unkept_after)


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    # The page of them from which it was sent, with what was ticked on it.
    return await _caseload(request, session, form, status, unkept_after=form.value("unkept_after")[:50])


async def _caseload(
    request: Request,
    session: AsyncSession,
    form: Form,
    status: int,
    *,
    person_id: str = "",
    after: str = "",
    unkept_after: str = "",
) -> HTMLResponse:
    who, now = who_of(request), now_of(request)
    gives_out = who.role in MANAGERS
    person = person_id if person_id and gives_out else who.person_id
    found = await store.caseload_of(session, person, scope=who.scope, after=after, limit=A_PAGE)
    staff, unkept = [], list[Case]()
    if gives_out:
        staff = await staff_at(
            session,
            association_id=who.association_id,
            branch_id=who.scope.branch_id,
            roles=FRONT,
            now=now,
            limit=MOST_STAFF,
        )
        pack = pack_of(who.association_id)
        unkept = await unkept_cases(session, scope=who.scope, pack=pack, now=now, after=unkept_after, limit=A_PAGE)
    return await desk_page(
        request,
        session,
        who,
        "caseload.html",
        status=status,
        form=form,
        rows=await rows_of_cases(request, session, who, found),
        asked=Form({"person_id": person}),
        staff=[(one.id, one.name) for one in staff],
        more=f"?person_id={person}&after={found[-1].id}" if len(found) == A_PAGE else None,
        unkept_after=unkept_after,
        unkept=await rows_of_cases(request, session, who, unkept),
        more_unkept=f"?unkept_after={unkept[-1].id}" if len(unkept) == A_PAGE else None,
    )


@pages.post("/desk/caseload", response_class=HTMLResponse, summary="Say on a page who keeps cases that nobody keeps")
@shown_again(_page, beside="keeper")
@refuses(errors.CaseNotFound, errors.NotHandedIn, errors.StepOutOfOrder, errors.AlreadyThere, errors.NoSeatThere)
async def post_caseload(
    request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*MANAGERS)]
) -> Response:
    fields = Fields(request, await request.body())
    cases, keeper = fields.chosen("case_ids"), fields.text("keeper", longest=LINE)
    reason = fields.text("reason", longest=TEXT)
    if not cases:
        fields.needed("case_ids")
    elif len(cases) > A_PAGE:
        fields.say("case_ids", NOT_OFFERED)
    fields.check()
    command = AssignCases(case_ids=tuple(cases), person_id=keeper, reason=reason, by=who)
    try:
        await assign_together(command, session=session, now=now)
    except (errors.NoSeatThere, errors.AlreadyThere) as refusal:
        refusal.field = "keeper"
        raise
    return go(address(request, "/desk/caseload"))
