"""Questions as threads: what he asks further, what he is told through which channel, and what waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.leafing import A_PAGE
from services.intake.pages.desk.on_desk import OnDesk, desk_page, lay_out, name_of_service, router
from services.intake.pages.desk.threads_of import Thread, threads_of
from services.intake.pages.desk.words import CHANNELS
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT, WAITED_FOR
from services.intake.store.desk_lists import waiting_questions
from services.intake.store.moments import WRITTEN, moment_in, written
from services.intake.store.people import people_named
from services.intake.use_cases.keep_thread import AskFurther, Reply, ask_further, reply
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.language.clauses import Channel
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import packs
from shared.ui import Form, language_of
from shared.ui.signed_in import name_of_branch

pages = router()

ThreadId = Annotated[str, Path(min_length=1, max_length=100)]
IN_A_THREAD = (
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.StepOutOfOrder,
    errors.ClarificationNotFound,
)


async def _thread(desk: OnDesk) -> Thread:
    """Raises `ClarificationNotFound`."""
    sought = str(desk.request.path_params["clarification_id"])
    found = next((one for one in await threads_of(desk) if one.id == sought), None)
    if found is None:
        raise errors.ClarificationNotFound
    return found


async def _page(
    request: Request, session: AsyncSession, form: Form, status: int, template: str, path: str
) -> HTMLResponse:
    desk = await lay_out(request, session, str(request.path_params["case_id"]))
    thread = await _thread(desk)
    return await desk_page(
        request,
        session,
        desk.who,
        template,
        status=status,
        case=desk.case,
        one=thread,
        here=desk.at(),
        action=desk.at(f"/clarifications/{thread.id}/{path}"),
        form=form,
        channels=channels_of(desk),
    )


def channels_of(desk: OnDesk) -> list[tuple[str, str]]:
    """Through which somebody may have spoken, in words."""
    return [(channel.value, desk.say(CHANNELS[channel])) for channel in desk.pack.channels]


async def _further_page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    return await _page(request, session, form, status, "further.html", "further")


async def _reply_page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    return await _page(request, session, form, status, "reply.html", "reply")


def through_in(fields: Fields, name: str = "channel") -> Channel | None:
    """The channel that was chosen; `None` where none was."""
    if fields.optional(name) is None:
        return None
    chosen = fields.choice(name, [channel.value for channel in Channel])
    return Channel(chosen) if chosen in set(Channel) else None


@pages.get(
    "/desk/cases/{case_id}/clarifications/{clarification_id}/further",
    response_class=HTMLResponse,
    summary="The page to refer what he asks further",
)
@refuses(errors.CaseNotFound, errors.ClarificationNotFound)
async def show_further_page(
    case_id: str,  # noqa: ARG001 - stands in the address
    clarification_id: ThreadId,  # noqa: ARG001
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
) -> Response:
    return await _further_page(request, session, Form(), 200)


@pages.post(
    "/desk/cases/{case_id}/clarifications/{clarification_id}/further",
    response_class=HTMLResponse,
    summary="Refer what he asks further, from its page",
)
@shown_again(_further_page, beside="words")
@refuses(*IN_A_THREAD)
async def post_further_page(
    case_id: str,
    clarification_id: ThreadId,
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
) -> Response:
    fields = Fields(request, await request.body())
    words, channel = fields.text("words", longest=TEXT), through_in(fields)
    fields.check()
    command = AskFurther(case_id=case_id, clarification_id=clarification_id, words=words, channel=channel, by=who)
    await ask_further(command, session=session, now=now)
    return go(address(request, f"/desk/cases/{case_id}?done=further"))


@pages.get(
    "/desk/cases/{case_id}/clarifications/{clarification_id}/reply",
    response_class=HTMLResponse,
    summary="The page to answer what he asked further",
)
@refuses(errors.CaseNotFound, errors.ClarificationNotFound)
async def show_reply_page(
    case_id: str,  # noqa: ARG001 - stands in the address
    clarification_id: ThreadId,  # noqa: ARG001
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(Role.SOCIAL_RESEARCHER)],  # noqa: ARG001 - the door
) -> Response:
    return await _reply_page(request, session, Form(), 200)


@pages.post(
    "/desk/cases/{case_id}/clarifications/{clarification_id}/reply",
    response_class=HTMLResponse,
    summary="Answer what he asked further, from its page",
)
@shown_again(_reply_page, beside="words")
@refuses(*IN_A_THREAD, errors.RepliedAlready)
async def post_reply_page(
    case_id: str,
    clarification_id: ThreadId,
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(Role.SOCIAL_RESEARCHER)],
) -> Response:
    fields = Fields(request, await request.body())
    words, channel = fields.text("words", longest=TEXT), through_in(fields)
    fields.check()
    command = Reply(
        case_id=case_id,
        clarification_id=clarification_id,
        words=words,
        channel=channel,
        misconception_corrected="yes" in fields.chosen("misconception_corrected"),
        by=who,
    )
    await reply(command, session=session, now=now)
    return go(address(request, f"/desk/cases/{case_id}?done=answer"))


@dataclass(frozen=True)
class Waiting:
    """A question that waits, as the queue shows it: of whose request, and until when, without its words."""

    case_id: str
    reference: str
    name: str
    service: str
    branch: str
    due_at: datetime
    days: int
    late: bool


@pages.get("/desk/questions", response_class=HTMLResponse, summary="The questions that wait, the most pressing first")
async def show_questions(
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*WAITED_FOR)],
    after: Annotated[str, Query(max_length=100, pattern=WRITTEN)] = "",
) -> Response:
    found = await waiting_questions(session, scope=who.scope, after=moment_in(after), limit=A_PAGE)
    people = await people_named(session, {case.beneficiary_id for _, case in found})
    names = {person.id: person.name for person in people}
    pack, language = packs().get(who.association_id), language_of(request)
    rows = [
        Waiting(
            case_id=case.id,
            reference=case.reference,
            name=names.get(case.beneficiary_id, ""),
            service=name_of_service(pack, case.service_id, language=language) if pack else case.service_id,
            branch=name_of_branch(pack, case.branch_id, language=language),
            due_at=term.due_at,
            days=(riyadh_day(term.due_at) - riyadh_day(now)).days,
            late=term.due_at < now,
        )
        for term, case in found
    ]
    more = "?after=" + written(found[-1][0].due_at, found[-1][0].clarification_id) if len(found) == A_PAGE else None
    return await desk_page(request, session, who, "questions.html", rows=rows, more=more)
