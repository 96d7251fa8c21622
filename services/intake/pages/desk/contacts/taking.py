"""Take a first contact: who, how he is reached, what he needs, and what its channel needs."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import TypeAdapter, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.contacts import ContactWords
from services.intake.domain.people import Mobile, Name
from services.intake.pages.desk.again import FieldsWrong, shown_again
from services.intake.pages.desk.arriving import AT_THE_DESK, NO_MOBILE, SHORT_NAME, details_in, drawn
from services.intake.pages.desk.fields import TEXT, Fields
from services.intake.pages.desk.on_desk import desk_page, router, who_of
from services.intake.pages.desk.words import CHANNELS
from services.intake.pages.paths import address, go
from services.intake.seats import FRONT
from services.intake.use_cases.take_contact import TakeContact, take_contact
from shared.language import errors
from shared.language.clauses import Channel
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack
from shared.ui import Form, language_of
from shared.ui.signed_in import name_of_branch

pages = router()

_NAME: TypeAdapter[str] = TypeAdapter(Name)
_MOBILE: TypeAdapter[str] = TypeAdapter(Mobile)


def _channels(pack: Pack) -> list[Channel]:
    """Those that the association adopted and somebody at the desk takes."""
    return [channel for channel in pack.channels if channel in AT_THE_DESK]


async def _page(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    """The form of a channel; without one, the choice of it."""
    who, language = who_of(request), language_of(request)
    pack = pack_of(who.association_id)
    channels = _channels(pack)
    chosen = next((channel for channel in channels if channel == form.value("channel")), None)
    typed = dict(form.values)
    typed.setdefault("branch_id", pack.head_office.id)
    every = who.scope.branch_id is None
    return await desk_page(
        request,
        session,
        who,
        "contacts/new.html",
        status=status,
        form=Form(typed, form.errors),
        channel=chosen.value if chosen else None,
        channel_words=CHANNELS[chosen] if chosen else "",
        channels=[(channel.value, CHANNELS[channel]) for channel in channels],
        asked_fields=drawn(request, chosen) if chosen else [],
        branches=[(one.id, name_of_branch(pack, one.id, language=language)) for one in pack.branches] if every else [],
    )


@pages.get("/desk/contacts/new", response_class=HTMLResponse, summary="The page to take a first contact, by channel")
@refuses(errors.AssociationUnknown)
async def show_new_contact(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],  # noqa: ARG001 - the door
    channel: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    return await _page(request, session, Form({"channel": channel}), 200)


@pages.post("/desk/contacts", response_class=HTMLResponse, summary="Keep a first contact from its page")
@shown_again(_page)
@refuses(errors.AssociationUnknown, errors.ChannelNotAdopted, errors.BranchUnknown, errors.BranchIsClosed)
async def post_new_contact(
    request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> Response:
    fields = Fields(request, await request.body())
    pack = pack_of(who.association_id)
    channel = fields.choice("channel", [one.value for one in _channels(pack)])
    name, mobile = _name(fields), _mobile(fields)
    need = fields.optional("need", longest=TEXT) or ""
    branch_id = None
    if who.scope.branch_id is None and fields.optional("branch_id"):
        branch_id = fields.choice("branch_id", [one.id for one in pack.branches])
    details = details_in(fields, Channel(channel), now=now) if "channel" not in fields.errors else None
    fields.check()
    if details is None:
        raise FieldsWrong({})
    said = ContactWords(name=name, mobile=mobile, need=need, arrival=details)
    contact = await take_contact(TakeContact(said=said, branch_id=branch_id, by=who), session=session, now=now)
    return go(address(request, f"/desk/contacts/{contact.id}?done=taken"))


def _name(fields: Fields) -> str | None:
    return _valid(fields, "name", _NAME, SHORT_NAME)


def _mobile(fields: Fields) -> str | None:
    return _valid(fields, "mobile", _MOBILE, NO_MOBILE)


def _valid(fields: Fields, field: str, rule: TypeAdapter[str], words: str) -> str | None:
    value = fields.optional(field)
    if value is None:
        return None
    try:
        return rule.validate_python(value)
    except ValidationError:
        fields.say(field, words)
        return None
