"""How people come: first contacts, and how a request came (`channel.*`)."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query, Request
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from services.intake import store
from services.intake.api.views import APPLICANT, FRONT, Body, CaseView, Code, Despite, Form, Proof, shown
from services.intake.domain.channels import Details, Notes
from services.intake.domain.contacts import Arrival, ContactWords, FirstContact
from services.intake.domain.people import Applicant, Mobile, Name
from services.intake.seats import WHO_STUDIES
from services.intake.store import contacts as contact_store
from services.intake.store.moments import WRITTEN, moment_in, written
from services.intake.use_cases.take_contact import (
    ConvertContact,
    RecordArrival,
    TakeContact,
    convert_contact,
    note_call,
    record_arrival,
    take_contact,
)
from shared.language import errors
from shared.language.clauses import Channel
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="contacts")

CALL: JsonDict = {
    "channel": "phone",
    "caller": "سالم الحربي",
    "caller_is": "relative",
    "number": "0555000111",
    "script_version": "2",
    "started_at": "2026-11-22T06:00:00Z",
    "ended_at": "2026-11-22T06:08:00Z",
    "call_back_at": "2026-11-24T07:00:00Z",
}
ContactId = Annotated[str, Path(min_length=1, max_length=100)]


class NewContact(Body):
    """Somebody reached the branch; what the channel needs stands in `arrival`."""

    model_config = shown({"name": "نورة الحربي", "mobile": "0555000111", "need": "إيجار متأخر", "arrival": CALL})

    name: Name | None = None
    mobile: Mobile | None = None
    need: Notes = ""
    branch_id: Code | None = None
    arrival: Details


class NewRequestOfContact(Body):
    """The request that a contact becomes; channel and branch are the contact's."""

    model_config = shown(
        {
            "service_id": "school_kit",
            "applicant": APPLICANT,
            "form": {"need": "حقيبة مدرسية لطفلين", "household_size": 4, "school_stage": "الابتدائية"},
        }
    )

    service_id: Code
    applicant: Applicant
    form: Form = {}
    search: Proof | None = None
    despite: Despite | None = None


class NewArrival(Body):
    """How a request came that was begun at the desk."""

    model_config = shown(
        {
            "arrival": {
                "channel": "interview",
                "came_at": "2026-11-22T05:50:00Z",
                "started_at": "2026-11-22T06:00:00Z",
                "ended_at": "2026-11-22T06:25:00Z",
                "notes": "حضرت مع ابنها الأكبر.",
            }
        }
    )

    need: Notes = ""
    arrival: Details


class ContactLine(BaseModel):
    """A contact as a list shows it: without its words."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    branch_id: str
    case_id: str | None
    channel: Channel
    call_back_at: datetime | None
    called_back_at: datetime | None
    taken_by: str
    taken_at: datetime


class ContactView(ContactLine):
    """A contact with its words; once it is a request they are there."""

    said: ContactWords | None


class ContactPage(BaseModel):
    """A page of contacts; `next` is the `after` of the following page."""

    items: list[ContactLine]
    next: str | None


class ArrivalView(BaseModel):
    """How a request came, with the time he waited and was given where the channel tells it."""

    case_id: str
    channel: Channel
    said: ContactWords
    waited_seconds: int | None
    given_seconds: int | None
    contact_id: str | None
    letter_id: str | None
    taken_by: str
    taken_at: datetime


def _shown(contact: FirstContact) -> ContactView:
    line = ContactLine.model_validate(contact)
    return ContactView(**line.model_dump(), said=None if contact.case_id else contact.open_words())


def _came(arrival: Arrival) -> ArrivalView:
    return ArrivalView(**arrival.model_dump(exclude={"id", "subject_id", "words"}), said=arrival.said)


@router.post("/contacts", status_code=201, summary="Keep that somebody reached the branch, before it is a request")
@refuses(errors.ChannelNotAdopted, errors.BranchUnknown, errors.BranchIsClosed)
async def post_contact(
    new: NewContact, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> ContactView:
    said = ContactWords(name=new.name, mobile=new.mobile, need=new.need, arrival=new.arrival)
    command = TakeContact(said=said, branch_id=new.branch_id, by=who)
    return _shown(await take_contact(command, session=session, now=now))


@router.get("/contacts", summary="First contacts, a page at a time")
async def list_contacts(
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ContactPage:
    found = await contact_store.list_contacts(session, scope=who.scope, after=after, limit=limit)
    items = [ContactLine.model_validate(contact) for contact in found]
    return ContactPage(items=items, next=found[-1].id if len(found) == limit else None)


@router.get("/calls", summary="Who was promised a call, the next first, a page at a time")
async def list_calls(
    session: Session,
    who: Annotated[Principal, allow(*FRONT)],
    after: Annotated[str, Query(max_length=100, pattern=WRITTEN)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ContactPage:
    found = await contact_store.contacts_to_call(session, scope=who.scope, after=moment_in(after), limit=limit)
    items = [ContactLine.model_validate(contact) for contact in found]
    at = found[-1].call_back_at if len(found) == limit else None
    return ContactPage(items=items, next=written(at, found[-1].id) if at else None)


@router.get("/contacts/{contact_id}", summary="A contact, with its words")
@refuses(errors.ContactNotFound)
async def show_contact(
    contact_id: ContactId, session: Session, who: Annotated[Principal, allow(*FRONT)]
) -> ContactView:
    return _shown(await contact_store.see_contact(session, contact_id, scope=who.scope))


@router.post("/contacts/{contact_id}/call", summary="Say that he was called back")
@refuses(errors.ContactNotFound, errors.NobodyToCall)
async def post_call(
    contact_id: ContactId, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> ContactLine:
    return ContactLine.model_validate(await note_call(contact_id, by=who, session=session, now=now))


@router.post("/contacts/{contact_id}/request", status_code=201, summary="Make a contact a request, with all it says")
@refuses(
    errors.ContactNotFound,
    errors.ContactIsRequest,
    errors.ChannelNotAdopted,
    errors.ServiceUnknown,
    errors.BranchUnknown,
    errors.BranchIsClosed,
    errors.NationalIdWrong,
    errors.NameUnwritable,
    errors.NameTooLong,
    errors.SearchFirst,
    errors.SameRequestOpen,
)
async def post_request_of_contact(
    contact_id: ContactId,
    new: NewRequestOfContact,
    request: Request,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
) -> CaseView:
    rules = request.app.state.runtime.own_settings
    asked = {"search_first": rules.search_first, "one_open_request": rules.one_open_request}
    # The applicant as it was read: what he left out is not what he said.
    said = new.model_dump(exclude={"applicant"}) | {"applicant": new.applicant}
    command = ConvertContact(contact_id=contact_id, **said, **asked, by=who)
    return CaseView.model_validate(await convert_contact(command, session=session, now=now))


@router.post("/cases/{case_id}/arrival", status_code=201, summary="Record how a request came, as its channel needs")
@refuses(
    errors.CaseNotFound,
    errors.NotHandedIn,
    errors.StepOutOfOrder,
    errors.ArrivalRecorded,
    errors.ArrivalOfAnotherChannel,
)
async def post_arrival(
    case_id: str, new: NewArrival, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> ArrivalView:
    command = RecordArrival(case_id=case_id, said=ContactWords(need=new.need, arrival=new.arrival), by=who)
    return _came(await record_arrival(command, session=session, now=now))


@router.get("/cases/{case_id}/arrival", summary="How a request came")
@refuses(errors.CaseNotFound, errors.ArrivalNotRecorded)
async def show_arrival(case_id: str, session: Session, who: Annotated[Principal, allow(*WHO_STUDIES)]) -> ArrivalView:
    await store.see_case(session, case_id, scope=who.scope)
    return _came(await contact_store.get_arrival(session, case_id))
