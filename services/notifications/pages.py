"""What would have been sent, for whoever runs Athar without real gateways."""

from html import escape
from pathlib import Path
from string import Template
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.notifications import store
from services.notifications.domain.base import Language
from services.notifications.domain.contact import Contact
from services.notifications.domain.delivery import ConsoleDelivery
from services.notifications.domain.masks import covered, masked
from services.notifications.domain.message import Message
from services.notifications.domain.words import day_words
from services.notifications.settings import NotificationsSettings
from shared.language.calendar import RIYADH, riyadh_day
from shared.language.errors import NotFound
from shared.language.events import Medium
from shared.plumbing.doors import ANYONE, AtharRoute, Session, refuses
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.scoped_session import set_scope

PAGE = 50
FOLDER = Path(__file__).parent / "static"
MEDIA = {Medium.SMS: "رسالة نصية", Medium.EMAIL: "بريد إلكتروني"}

WITH_WORDS_OF_PEOPLE = frozenset({"case_answered", "clarification_answered"})
"""Texts that hold what somebody wrote about the applicant: no pattern covers that, so an open page shows none of it."""

pages = APIRouter(route_class=AtharRoute, tags=["pages"])


@pages.get("/", response_class=HTMLResponse, summary="What would have been sent, newest first")
@refuses(NotFound)
async def show_deliveries(
    request: Request,
    session: Session,
    _: Annotated[None, ANYONE],
    before: Annotated[str | None, Query(max_length=50)] = None,
) -> HTMLResponse:
    """Open to anyone where nothing is sent for real; so it shows no whole address, name, reference or survey code."""
    _check_nothing_is_sent(request)
    # Nothing is sent here: a demonstration, whose page shows every association's, covered.
    await set_scope(session, EVERYTHING)
    rows = await store.list_deliveries(session, before=before, limit=PAGE)
    older = f'<nav><a href="?before={escape(rows[-1][0].id)}" rel="next">الأقدم</a></nav>' if len(rows) == PAGE else ""
    items = "".join(_item(*row) for row in rows) or "<li><p>لا توجد رسائل بعد.</p></li>"
    return HTMLResponse(_read("deliveries.html").substitute(items=items, older=older))


@pages.get("/deliveries.css", response_class=Response, summary="The page's look")
@refuses(NotFound)
async def show_style(request: Request, _: Annotated[None, ANYONE]) -> Response:
    _check_nothing_is_sent(request)
    return Response((FOLDER / "deliveries.css").read_text(encoding="utf-8"), media_type="text/css")


def _check_nothing_is_sent(request: Request) -> None:
    """Raises `NotFound` in production, and where both gateways are real."""
    runtime = request.app.state.runtime
    settings: NotificationsSettings = runtime.own_settings
    if runtime.settings.environment == "production" or not settings.shows_instead_of_sending:
        raise NotFound


def _item(delivery: ConsoleDelivery, message: Message, contact: Contact) -> str:
    # A reference is a name as well: with it a stranger would have the half of what opens a case.
    secrets = (message.secret, message.reference, contact.name, contact.mobile, contact.email)
    at = delivery.delivered_at.astimezone(RIYADH)
    return _read("delivery.html").substitute(
        medium=MEDIA[delivery.medium],
        recipient=escape(masked(delivery.recipient)),
        language=message.language.value,
        subject=f'<h3 dir="auto">{escape(covered(delivery.subject, secrets=secrets))}</h3>' if delivery.subject else "",
        body="•••" if message.template in WITH_WORDS_OF_PEOPLE else escape(covered(delivery.body, secrets=secrets)),
        instant=at.isoformat(timespec="seconds"),
        time=f"{day_words(riyadh_day(at), language=Language.ARABIC)} {at:%H:%M}",
    )


def _read(name: str) -> Template:
    return Template((FOLDER / name).read_text(encoding="utf-8"))
