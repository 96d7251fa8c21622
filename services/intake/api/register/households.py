"""Households with their means, and who may act for whom."""

from typing import Annotated

from fastapi import Query

from services.intake.api.register.household_views import (
    HomeView,
    LastDay,
    MandatePage,
    MandateView,
    MemberView,
    NewMandate,
    NewMeans,
    NewMember,
    StatementPage,
    StatementView,
    home_view,
    mandate_view,
    member_view,
)
from services.intake.api.register.views import Id
from services.intake.api.views import FRONT
from services.intake.seats import SEEKERS
from services.intake.use_cases.register.keep_household import (
    AddMember,
    EndMembership,
    StateMeans,
    add_member,
    end_membership,
    see_homes,
    state_means,
    statements_of,
)
from services.intake.use_cases.register.note_mandate import (
    EndMandate,
    NoteMandate,
    end_mandate,
    list_mandates,
    note_mandate,
)
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, api_router, refuses
from shared.plumbing.identity import Principal

router = api_router(tag="people")

STATERS = (*FRONT, Role.SOCIAL_RESEARCHER)


@router.get("/people/{subject_id}/households", summary="The household that he heads, and those in which he is")
@refuses(errors.PersonNotFound)
async def show_households(
    subject_id: Id, session: Session, now: Now, who: Annotated[Principal, allow(*SEEKERS)]
) -> list[HomeView]:
    homes = await see_homes(subject_id, scope=who.scope, session=session, now=now)
    return [home_view(home, association_id=who.association_id, today=riyadh_day(now)) for home in homes]


@router.post("/people/{subject_id}/household/members", status_code=201, summary="Add somebody to his household")
@refuses(
    errors.PersonNotFound,
    errors.FileMerged,
    errors.ActsForHimself,
    errors.AlreadyInHousehold,
    errors.NationalIdWrong,
    errors.NameUnwritable,
    errors.NameTooLong,
    errors.BirthdayWrong,
)
async def post_member(
    subject_id: Id, new: NewMember, session: Session, now: Now, who: Annotated[Principal, allow(*STATERS)]
) -> MemberView:
    said = {name: getattr(new, name) for name in NewMember.model_fields}
    member = await add_member(AddMember(head_id=subject_id, by=who, **said), session=session, now=now)
    return member_view(member, seen=frozenset(), today=riyadh_day(now))


@router.post("/people/{subject_id}/household/members/{member_id}/ending", summary="He lives there no longer")
@refuses(errors.PersonNotFound, errors.MemberNotFound, errors.DaysOutOfOrder)
async def post_member_ending(
    subject_id: Id,
    member_id: Id,
    last: LastDay,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*STATERS)],
) -> MemberView:
    command = EndMembership(head_id=subject_id, member_id=member_id, on=last.on, reason=last.reason, by=who)
    member = await end_membership(command, session=session, now=now)
    return member_view(member, seen=frozenset(), today=riyadh_day(now))


@router.post("/people/{subject_id}/household/statements", status_code=201, summary="State what the household has today")
@refuses(errors.PersonNotFound, errors.FileMerged, errors.ChangedMeanwhile)
async def post_statement(
    subject_id: Id, new: NewMeans, session: Session, now: Now, who: Annotated[Principal, allow(*STATERS)]
) -> HomeView:
    command = StateMeans(head_id=subject_id, means=new.means, seen=new.seen, by=who)
    home = await state_means(command, session=session, now=now)
    return home_view(home, association_id=who.association_id, today=riyadh_day(now))


@router.get("/people/{subject_id}/household/statements", summary="What was stated of his household, a page at a time")
@refuses(errors.PersonNotFound)
async def list_statements(
    subject_id: Id,
    session: Session,
    who: Annotated[Principal, allow(*SEEKERS)],
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> StatementPage:
    rows = await statements_of(subject_id, after=after, limit=limit, scope=who.scope, session=session)
    items = [
        StatementView(number=row.number, means=row.means, stated_by=row.stated_by, stated_at=row.stated_at)
        for row in rows
    ]
    return StatementPage(items=items, next=rows[-1].number if len(rows) == limit else None)


@router.post("/people/{subject_id}/mandates", status_code=201, summary="Note who may act for him, in what and how long")
@refuses(errors.PersonNotFound, errors.FileMerged, errors.ActsForHimself, errors.DaysOutOfOrder)
async def post_mandate(
    subject_id: Id, new: NewMandate, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> MandateView:
    command = NoteMandate(person_id=subject_id, by=who, **new.model_dump())
    return mandate_view(await note_mandate(command, session=session, now=now), today=riyadh_day(now))


@router.get("/people/{subject_id}/mandates", summary="Who may act for him and who might, a page at a time")
@refuses(errors.PersonNotFound)
async def show_mandates(
    subject_id: Id,
    session: Session,
    now: Now,
    who: Annotated[Principal, allow(*SEEKERS)],
    after: Annotated[str, Query(max_length=50)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> MandatePage:
    rows = await list_mandates(subject_id, after=after, limit=limit, scope=who.scope, session=session)
    items = [mandate_view(row, today=riyadh_day(now)) for row in rows]
    return MandatePage(items=items, next=rows[-1].id if len(rows) == limit else None)


@router.post("/mandates/{mandate_id}/ending", summary="Nobody acts by it after this day")
@refuses(errors.MandateNotFound, errors.DaysOutOfOrder)
async def post_mandate_ending(
    mandate_id: Id, last: LastDay, session: Session, now: Now, who: Annotated[Principal, allow(*FRONT)]
) -> MandateView:
    command = EndMandate(mandate_id=mandate_id, on=last.on, reason=last.reason, by=who)
    return mandate_view(await end_mandate(command, session=session, now=now), today=riyadh_day(now))
