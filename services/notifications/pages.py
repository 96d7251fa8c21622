"""What would have been sent, for whoever runs Athar without real gateways."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from services.notifications import store
from services.notifications.domain.contact import Contact
from services.notifications.domain.delivery import ConsoleDelivery
from services.notifications.domain.masks import covered, masked
from services.notifications.domain.message import Message
from services.notifications.settings import NotificationsSettings
from shared.language.errors import NotFound
from shared.language.events import Medium
from shared.plumbing.doors import ANYONE, AtharRoute, Session, refuses
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.scoped_session import set_scope
from shared.ui import Look
from shared.ui.language import mark

PAGE = 50
MEDIA = {Medium.SMS: ("message-square", mark("SMS")), Medium.EMAIL: ("mail", mark("E-mail"))}
LOOK = Look(Path(__file__).parent)

WITH_WORDS_OF_PEOPLE = frozenset({"case_answered", "clarification_answered"})
"""Texts that hold what somebody wrote about the applicant: no pattern covers that, so an open page shows none of it."""

pages = APIRouter(route_class=AtharRoute, tags=["pages"])


@dataclass(frozen=True)
class Shown:
    """A letter as an open page may show it: no whole address, no name and no survey code."""

    icon: str
    medium: str
    recipient: str
    language: str
    subject: str
    body: str
    at: datetime


@pages.get("/", response_class=HTMLResponse, summary="What would have been sent, newest first")
@refuses(NotFound)
async def show_deliveries(
    request: Request,
    session: Session,
    _: Annotated[None, ANYONE],
    before: Annotated[str | None, Query(max_length=50)] = None,
) -> HTMLResponse:
    """Open to anyone where nothing is sent for real."""
    _check_nothing_is_sent(request)
    # Nothing is sent here: a demonstration, whose page shows every association's, covered.
    await set_scope(session, EVERYTHING)
    rows = await store.list_deliveries(session, before=before, limit=PAGE)
    older = rows[-1][0].id if len(rows) == PAGE else None
    return LOOK.page(request, "deliveries.html", letters=[_shown(*row) for row in rows], older=older)


def _check_nothing_is_sent(request: Request) -> None:
    """Raises `NotFound` in production, and where both gateways are real."""
    runtime = request.app.state.runtime
    settings: NotificationsSettings = runtime.own_settings
    if runtime.settings.environment == "production" or not settings.shows_instead_of_sending:
        raise NotFound


def _shown(delivery: ConsoleDelivery, message: Message, contact: Contact) -> Shown:
    # A reference is a name as well: with it a stranger would have the half of what opens a case.
    secrets = (message.secret, message.reference, contact.name, contact.mobile, contact.email)
    icon, medium = MEDIA[delivery.medium]
    return Shown(
        icon=icon,
        medium=medium,
        recipient=masked(delivery.recipient),
        language=message.language.value,
        subject=covered(delivery.subject, secrets=secrets),
        body="•••" if message.template in WITH_WORDS_OF_PEOPLE else covered(delivery.body, secrets=secrets),
        at=delivery.delivered_at,
    )
