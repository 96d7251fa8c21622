"""Notifications over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.notifications import store
from services.notifications.domain.base import Language
from services.notifications.domain.masks import masked
from services.notifications.domain.message import Message, MessageStatus
from services.notifications.use_cases.resend_message import ResendMessage, resend_message
from shared.language import errors
from shared.language.events import Medium
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="notifications")


class MessageView(BaseModel):
    """What became of a message. Its words are for the operator alone, and nobody sees the whole address here."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    case_id: str
    reference: str
    template: str
    language: Language
    medium: Medium
    recipient: str = Field(examples=["+9665••••123"])
    status: MessageStatus
    attempts: int
    provider_reference: str | None
    queued_at: datetime
    sent_at: datetime | None
    error: str | None


class MessagePage(BaseModel):
    """A page of messages; `next` is the `after` of the following page."""

    items: list[MessageView]
    next: str | None


class MessageText(MessageView):
    """A message with its words."""

    subject: str
    body: str


@router.get("/messages", summary="The association's messages, a page at a time")
async def list_messages(
    session: Session,
    who: Annotated[Principal, allow(Role.NOTIFICATIONS_OPERATOR, Role.AUDITOR)],
    case_id: Annotated[str | None, Query(max_length=100)] = None,
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> MessagePage:
    messages = await store.list_messages(session, scope=who.scope, case_id=case_id, after=after, limit=limit)
    items = [masked_view(message) for message in messages]
    return MessagePage(items=items, next=messages[-1].id if len(messages) == limit else None)


@router.get("/messages/{message_id}", summary="A message with its words")
@refuses(errors.MessageNotFound)
async def show_message(
    message_id: str, session: Session, who: Annotated[Principal, allow(Role.NOTIFICATIONS_OPERATOR)]
) -> MessageText:
    message = await store.get_message(session, message_id, scope=who.scope)
    return MessageText(**masked_view(message).model_dump(), subject=message.subject, body=message.body)


@router.post("/messages/{message_id}/resend", status_code=202, summary="Send a failed message again")
@refuses(errors.MessageNotFound, errors.MessageNotFailed)
async def post_resend(
    message_id: str, session: Session, now: Now, who: Annotated[Principal, allow(Role.NOTIFICATIONS_OPERATOR)]
) -> MessageView:
    command = ResendMessage(message_id=message_id, by=who)
    return masked_view(await resend_message(command, session=session, now=now))


def masked_view(message: Message) -> MessageView:
    """As a list shows it."""
    view = MessageView.model_validate(message)
    return view.model_copy(update={"recipient": masked(view.recipient)})
