"""People's files: opened after a search, seen masked, shown in clear with a reason, and changed."""

from typing import Annotated

from fastapi import Query

from services.intake.api.register.views import (
    FileView,
    Id,
    NewParticulars,
    NewPerson,
    RegisteredView,
    RevealedFile,
    RevealFile,
    Taking,
    TypedPage,
    WholeFile,
    branch_views,
    file_view,
    pair_line,
    typed_view,
)
from services.intake.api.views import FRONT
from services.intake.seats import SEEKERS
from services.intake.use_cases.register.register_person import RegisterPerson, register_person
from services.intake.use_cases.register.show_person import (
    ChangeParticulars,
    PersonFile,
    RevealPerson,
    change_particulars,
    list_registrations,
    reveal_person,
    see_file,
    see_registered,
)
from services.intake.use_cases.register.take_typed import TakeTyped, take_typed
from shared.language import errors
from shared.plumbing.doors import Now, Session, allow, api_router, refuses, shown_anew
from shared.plumbing.identity import Principal

router = api_router(tag="people")

UNFIT_PARTICULARS = (errors.IbanWrong, errors.ShortAddressWrong, errors.BirthdayWrong)
UNFIT = (errors.NationalIdWrong, errors.NameUnwritable, errors.NameTooLong, errors.MobileWrong, *UNFIT_PARTICULARS)


@router.post("/people", status_code=201, summary="Register a person who was looked for first")
@refuses(errors.SearchFirst, errors.BranchIsClosed, *UNFIT)
async def post_person(
    new: NewPerson, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> RegisteredView:
    said = new.model_dump(include={"name", "national_id", "mobile", "email", "language", "search", "here_because"})
    command = RegisterPerson(
        **said, particulars=new.particulars, on_device_at=new.on_device_at, scope=who.scope, by=who.person_id
    )
    met = await register_person(command, session=session, now=now)
    person: FileView | None = None
    if met.person is not None:
        own = await see_registered(met.person, session=session)
        person = file_view(met.person, own, met.branches)
    return RegisteredView(
        outcome=met.outcome,
        registration_id=met.registration_id,
        person=person,
        differs=met.differs,
        duplicates=[pair_line(pair) for pair in met.duplicates],
        call=[] if person is not None else branch_views(met.branches, association_id=who.association_id),
    )


@router.get("/people/{subject_id}", summary="A person's file; numbers and addresses are masked")
@refuses(errors.PersonNotFound)
async def show_file(subject_id: Id, session: Session, who: Annotated[Principal, allow(*SEEKERS)]) -> WholeFile:
    return whole_file(await see_file(subject_id, scope=who.scope, session=session))


@router.post("/people/{subject_id}/particulars", summary="Keep what he says today of account, address and birthday")
@refuses(errors.PersonNotFound, errors.FileMerged, errors.ChangedMeanwhile, *UNFIT_PARTICULARS)
async def post_particulars(
    subject_id: Id, new: NewParticulars, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> WholeFile:
    command = ChangeParticulars(person_id=subject_id, particulars=new.particulars, seen=new.seen, by=who)
    return whole_file(await change_particulars(command, session=session, now=now))


@router.post("/people/{subject_id}/reveal", summary="See a file's numbers in clear, with a reason that is kept")
@refuses(errors.PersonNotFound)
@shown_anew
async def post_file_reveal(
    subject_id: Id, reveal: RevealFile, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> RevealedFile:
    command = RevealPerson(person_id=subject_id, fields=reveal.fields, reason=reveal.reason, by=who)
    return RevealedFile(values=await reveal_person(command, session=session, now=now))


@router.get(
    "/people/{subject_id}/registrations", summary="What was typed each time he was registered, a page at a time"
)
@refuses(errors.PersonNotFound)
async def list_typed(
    subject_id: Id,
    session: Session,
    who: Annotated[Principal, allow(*SEEKERS)],
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TypedPage:
    rows = await list_registrations(subject_id, after=after, limit=limit, scope=who.scope, session=session)
    return TypedPage(items=[typed_view(row) for row in rows], next=rows[-1].id if len(rows) == limit else None)


@router.post(
    "/people/{subject_id}/registrations/{registration_id}/taking", summary="Take what was typed otherwise into the file"
)
@refuses(errors.PersonNotFound, errors.FileMerged, errors.RegistrationNotFound, errors.ChangedMeanwhile, *UNFIT)
async def post_taking(
    subject_id: Id,
    registration_id: Id,
    taking: Taking,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*FRONT)],
) -> WholeFile:
    command = TakeTyped(
        person_id=subject_id, registration_id=registration_id, fields=taking.fields, reason=taking.reason, by=who
    )
    return whole_file(await take_typed(command, session=session, now=now))


def whole_file(found: PersonFile) -> WholeFile:
    return WholeFile(
        **file_view(found.person, found.particulars, found.branches).model_dump(),
        merged=[file.id for file in found.merged],
        duplicates=[pair_line(pair) for pair in found.duplicates],
    )
