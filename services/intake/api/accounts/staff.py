"""The staff of an association, for its administrator."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from services.intake.api.accounts.views import (
    DelegationView,
    NewDelegation,
    NewSeat,
    NewStaff,
    OneTimePassword,
    SeatView,
    StaffFile,
    StaffPage,
    StaffView,
    Subject,
)
from services.intake.domain.accounts.passwords import hash_of, one_time_password
from services.intake.store import accounts as store
from services.intake.use_cases.accounts import close_account as close
from services.intake.use_cases.accounts.add_staff import AddStaff, add_staff
from services.intake.use_cases.accounts.delegate_seat import DelegateSeat, EndDelegation, delegate_seat, end_delegation
from services.intake.use_cases.accounts.give_seat import EndSeat, GiveSeat, end_seat, give_seat
from services.intake.use_cases.accounts.sign_in_with_issuer import connect_staff
from shared.language import errors
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses, shown_once
from shared.plumbing.early import EarlyRoute, before
from shared.plumbing.identity import Principal

router = APIRouter(prefix="/api/v1/staff", route_class=EarlyRoute, tags=["staff"])

Administrator = Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)]
Reader = Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR, Role.AUDITOR)]


async def _make_password(_: Request, __: bytes) -> Any:
    password = one_time_password()
    return password, await hash_of(password)


@router.post("", status_code=201, summary="Add a member of the staff; his one-time password is shown this once")
@shown_once("one_time_password")
@refuses(errors.UserNameUnfit, errors.UserNameTaken)
@before(_make_password)
async def post_staff(
    new: NewStaff, request: Request, session: Session, now: Now, who: Administrator
) -> OneTimePassword:
    password, hashed = request.state.before
    command = AddStaff(**new.model_dump(), association_id=who.association_id, password_hash=hashed, by=who.person_id)
    staff = await add_staff(command, session=session, now=now)
    return OneTimePassword(person_id=staff.id, user_name=staff.user_name, one_time_password=password)


@router.get("", summary="The staff of your association, a page at a time")
async def list_staff(
    session: Session,
    who: Reader,
    after: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> StaffPage:
    found = await store.list_staff(session, association_id=who.association_id, after=after, limit=limit)
    items = [StaffView.model_validate(staff) for staff in found]
    return StaffPage(items=items, next=items[-1].id if len(items) == limit else None)


@router.get("/{person_id}", summary="One of them, with his seats")
@refuses(errors.StaffNotFound)
async def show_staff(person_id: str, session: Session, who: Reader) -> StaffFile:
    staff = await store.see_staff(session, person_id, association_id=who.association_id)
    seats = []
    for seat in await store.seats_of(session, staff.id):
        lent = await store.delegations_of(session, seat.id)
        view = SeatView.model_validate(seat)
        seats.append(view.model_copy(update={"delegations": [DelegationView.model_validate(one) for one in lent]}))
    return StaffFile(**StaffView.model_validate(staff).model_dump(), seats=seats)


@router.post("/{person_id}/seats", status_code=201, summary="Give a seat")
@refuses(
    errors.StaffNotFound,
    errors.NotForYourself,
    errors.RoleNotGrantable,
    errors.BranchUnknown,
    errors.NoSeatAtClosedBranch,
    errors.PeriodWrong,
    errors.RolesIncompatible,
)
async def post_seat(person_id: str, new: NewSeat, session: Session, now: Now, who: Administrator) -> SeatView:
    command = GiveSeat(person_id=person_id, by=who, **new.model_dump())
    return SeatView.model_validate(await give_seat(command, session=session, now=now))


@router.post("/{person_id}/seats/{seat_id}/end", summary="Take a seat back; who sits in it is out at once")
@refuses(errors.SeatNotFound)
async def post_seat_end(person_id: str, seat_id: str, session: Session, now: Now, who: Administrator) -> SeatView:
    command = EndSeat(person_id=person_id, seat_id=seat_id, by=who)
    return SeatView.model_validate(await end_seat(command, session=session, now=now))


@router.post("/{person_id}/seats/{seat_id}/delegations", status_code=201, summary="Have another sit in it during leave")
@refuses(
    errors.SeatNotFound,
    errors.StaffNotFound,
    errors.NotForYourself,
    errors.RoleNotGrantable,
    errors.NoSeatAtClosedBranch,
    errors.PeriodWrong,
    errors.RolesIncompatible,
)
async def post_delegation(
    person_id: str, seat_id: str, new: NewDelegation, session: Session, now: Now, who: Administrator
) -> DelegationView:
    command = DelegateSeat(person_id=person_id, seat_id=seat_id, by=who, **new.model_dump())
    return DelegationView.model_validate(await delegate_seat(command, session=session, now=now))


@router.post("/{person_id}/seats/{seat_id}/delegations/{delegation_id}/end", summary="The leave is over")
@refuses(errors.SeatNotFound)
async def post_delegation_end(
    person_id: str, seat_id: str, delegation_id: str, session: Session, now: Now, who: Administrator
) -> DelegationView:
    command = EndDelegation(person_id=person_id, seat_id=seat_id, delegation_id=delegation_id, by=who)
    return DelegationView.model_validate(await end_delegation(command, session=session, now=now))


@router.post("/{person_id}/deactivation", summary="Close an account; its sessions end at once")
@refuses(errors.StaffNotFound, errors.NotForYourself)
async def post_deactivation(person_id: str, session: Session, now: Now, who: Administrator) -> StaffView:
    command = close.AboutStaff(person_id=person_id, by=who)
    return StaffView.model_validate(await close.deactivate_staff(command, session=session, now=now))


@router.post("/{person_id}/reactivation", summary="Open a closed account again")
@refuses(errors.StaffNotFound, errors.NotForYourself)
async def post_reactivation(person_id: str, session: Session, who: Administrator) -> StaffView:
    command = close.AboutStaff(person_id=person_id, by=who)
    return StaffView.model_validate(await close.reactivate_staff(command, session=session))


@router.post("/{person_id}/password-reset", summary="A one-time password, shown this once; all sessions end")
@shown_once("one_time_password")
@refuses(errors.StaffNotFound, errors.NotForYourself)
@before(_make_password)
async def post_password_reset(
    person_id: str, request: Request, session: Session, now: Now, who: Administrator
) -> OneTimePassword:
    password, hashed = request.state.before
    command = close.AboutStaff(person_id=person_id, by=who)
    staff = await close.reset_password(command, password_hash=hashed, session=session, now=now)
    return OneTimePassword(person_id=staff.id, user_name=staff.user_name, one_time_password=password)


@router.post("/{person_id}/second-factor-reset", summary="He signs in without it and sets it up anew")
@refuses(errors.StaffNotFound, errors.NotForYourself)
async def post_second_factor_reset(person_id: str, session: Session, now: Now, who: Administrator) -> StaffView:
    command = close.AboutStaff(person_id=person_id, by=who)
    return StaffView.model_validate(await close.reset_second_factor(command, session=session, now=now))


@router.post("/{person_id}/sign-out", summary="End all sessions of a member of the staff")
@refuses(errors.StaffNotFound)
async def post_sign_out(person_id: str, session: Session, now: Now, who: Administrator) -> StaffView:
    command = close.AboutStaff(person_id=person_id, by=who)
    return StaffView.model_validate(await close.sign_out_staff(command, session=session, now=now))


@router.post("/{person_id}/subject", summary="Say by which subject the identity provider knows him")
@refuses(errors.StaffNotFound)
async def post_subject(person_id: str, given: Subject, session: Session, now: Now, who: Administrator) -> StaffView:
    command = close.AboutStaff(person_id=person_id, by=who)
    return StaffView.model_validate(await connect_staff(command, subject=given.subject, session=session, now=now))
