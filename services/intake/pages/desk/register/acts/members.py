"""Who lives in the household that he heads, from a day to a day."""

from collections.abc import Mapping
from typing import Any

from services.intake.domain.register.household import HouseholdMember, Kinship
from services.intake.pages.desk.fields import Fields
from services.intake.pages.desk.register.act import FileAct, SentForFile
from services.intake.pages.desk.register.new import LONGEST_NAME
from services.intake.pages.desk.register.on_file import OnFile
from services.intake.pages.desk.register.said import birthday_in, digits_of
from services.intake.pages.desk.register.words import KINSHIPS
from services.intake.seats import FRONT
from services.intake.use_cases.register.keep_household import (
    AddMember,
    EndMembership,
    add_member,
    end_membership,
    see_homes,
)
from shared.language import errors
from shared.language.roles import Role
from shared.ui import Form
from shared.ui.language import mark

STATERS = (*FRONT, Role.SOCIAL_RESEARCHER)
"""Who says what a household is."""
LONGEST_NOTE = 500


async def _kinships(file: OnFile, _: Form) -> Mapping[str, Any]:
    return {"kinships": file.said(KINSHIPS)}


async def _add(sent: SentForFile) -> None:
    fields = sent.fields
    kinship, name = fields.choice("kinship", list(Kinship)), fields.text("name", longest=LONGEST_NAME)
    number, birthday = fields.optional("national_id"), birthday_in(fields, "birthday")
    note, since = fields.optional("note", longest=LONGEST_NOTE), fields.optional_day("since")
    fields.check()
    command = AddMember(
        head_id=sent.person_id,
        kinship=Kinship(kinship),
        name=name,
        national_id=digits_of(number) if number else None,
        birthday=birthday,
        note=note,
        since=since,
        by=sent.who,
    )
    await add_member(command, session=sent.session, now=sent.now)


MEMBER = FileAct(
    path="members",
    words=mark("Add somebody to the household"),
    done=mark("He is in the household now."),
    summary="Add somebody to a household from its page",
    leads_to="/household",
    do=_add,
    facts=_kinships,
    roles=STATERS,
    refusals=(
        errors.ActsForHimself,
        errors.AlreadyInHousehold,
        errors.NationalIdWrong,
        errors.NameUnwritable,
        errors.NameTooLong,
        errors.BirthdayWrong,
    ),
)


async def own_members(file: OnFile) -> list[HouseholdMember]:
    """Who lives today in the household that he heads."""
    homes = await see_homes(file.id, scope=file.who.scope, session=file.session, now=file.now)
    own = [home for home in homes if home.head is not None and home.head.id == file.id]
    return [one for home in own for one in home.members or [] if one.lives_there(file.today)]


async def _living(file: OnFile, _: Form) -> Mapping[str, Any]:
    return {"options": [(one.id, f"{one.name} ({file.say(KINSHIPS[one.kinship])})") for one in await own_members(file)]}


async def _whom(file: OnFile) -> Mapping[str, str]:
    return {"member_id": file.request.query_params.get("member", "")}


def last_day(fields: Fields, name: str) -> tuple[str, Any, str]:
    """Whose, until when, and why."""
    return fields.text(name), fields.day("on"), fields.reason()


async def _end(sent: SentForFile) -> None:
    member, on, reason = last_day(sent.fields, "member_id")
    sent.fields.check()
    command = EndMembership(head_id=sent.person_id, member_id=member, on=on, reason=reason, by=sent.who)
    await end_membership(command, session=sent.session, now=sent.now)


MEMBER_ENDING = FileAct(
    path="member-ending",
    words=mark("Somebody lives there no longer"),
    done=mark("His last day in the household is kept."),
    summary="Say on a page that somebody lives in the household no longer",
    leads_to="/household",
    do=_end,
    fill=_whom,
    facts=_living,
    roles=STATERS,
    refusals=(errors.MemberNotFound, errors.DaysOutOfOrder),
)
