"""A person is registered: looked for first, one file a person, and what was typed is kept whatever it meets."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store as intake_store
from services.intake.domain.people import Beneficiary, check_national_id
from services.intake.domain.register import checked
from services.intake.domain.register.checked import Birthday
from services.intake.domain.register.duplicates import ProposedDuplicate
from services.intake.domain.register.particulars import (
    MaritalStatus,
    PersonParticulars,
    Registration,
    differing,
)
from services.intake.domain.register.search_proof import check_searched
from services.intake.domain.search import keys_of
from services.intake.store import register as store
from services.intake.store.people import confidential_to
from services.intake.store.register.duplicates import shown_to
from services.intake.use_cases.draft_case import check_open
from services.intake.use_cases.find_people import keep_findable
from services.intake.use_cases.register.find_duplicates import propose_duplicates
from services.intake.use_cases.register.own_key import give_key
from services.intake.use_cases.register.tell_corrected import tell_corrected
from shared.language.calendar import riyadh_day
from shared.language.errors import NationalIdWrong
from shared.language.events import PersonRegistered
from shared.plumbing import outbox
from shared.plumbing.audit import record
from shared.plumbing.identity import Scope
from shared.plumbing.seal import RING
from shared.plumbing.vault import VAULT
from shared.policy.adopted import pack_of


class Particulars(BaseModel):
    """What a file holds beside name and numbers, as it is typed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    birthday: Birthday | None = None
    iban: str | None = None
    short_address: str | None = None
    marital_status: MaritalStatus | None = None

    def checked(self, *, today: datetime) -> dict[str, str]:
        """Those that were said, in the form that is kept. Raises what `register/checked.py` refuses."""
        said: dict[str, str | None] = {
            "iban": checked.iban_of(self.iban) if self.iban else None,
            "short_address": checked.short_address_of(self.short_address) if self.short_address else None,
            "marital_status": self.marital_status.value if self.marital_status else None,
        }
        if self.birthday is not None:
            born = checked.birthday_of(self.birthday, today=riyadh_day(today))
            said |= {"birthday": born.isoformat(), "birthday_calendar": self.birthday.calendar}
        return {name: value for name, value in said.items() if value is not None}


class InList(BaseModel):
    """He stands in a list that is taken in: at which branch, and whether a file that is there stays as it is.

    `asks`: a request of his follows, and with it the look for whoever is like him.
    """

    model_config = ConfigDict(frozen=True)

    branch_id: str
    leaves_known: bool
    asks: bool


class RegisterPerson(BaseModel):
    """Register somebody. `on_device_at`: he was registered without a network, where nobody could search."""

    model_config = ConfigDict(frozen=True)

    national_id: str
    name: str
    mobile: str | None = None
    email: str | None = None
    language: str = "ar"
    particulars: Particulars = Particulars()
    search: str | None = None
    here_because: str | None = None
    on_device_at: datetime | None = None
    in_list: InList | None = None
    scope: Scope
    by: str


class Outcome(StrEnum):
    """What a registration met."""

    REGISTERED = "registered"
    KNOWN = "known"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Registered:
    """The file, with what was typed otherwise than it says; or the branches to call, and nothing of the file."""

    outcome: Outcome
    registration_id: str
    person: Beneficiary | None = None
    differs: list[str] = field(default_factory=list)
    duplicates: list[ProposedDuplicate] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)


async def register_person(command: RegisterPerson, *, session: AsyncSession, now: datetime) -> Registered:
    """Register. Two who do so at once end with one file, and each one's own words stay.

    Raises `SearchFirst`, `NationalIdWrong`, `NameUnwritable`, `NameTooLong`, `MobileWrong`, `IbanWrong`,
    `ShortAddressWrong`, `BirthdayWrong` or `BranchIsClosed`.
    """
    await check_open(_branch(command), association_id=command.scope.association_id, session=session)
    typed = _checked(command, now=now)
    values = command.particulars.checked(today=now)
    await _check_search(command, typed, session=session, now=now)
    association_id = command.scope.association_id
    index = RING.index(command.national_id)
    await store.hold_number(session, association_id=association_id, index=index)
    known = await intake_store.find_beneficiary(session, association_id=association_id, national_id=command.national_id)
    if known is None:
        return await _open(command, typed, values, session=session, now=now)
    return await _meet(known, command, typed, values, session=session, now=now)


async def _open(
    command: RegisterPerson, typed: Beneficiary, values: dict[str, str], *, session: AsyncSession, now: datetime
) -> Registered:
    # His key is in the vault before his row is written: one whose row is then rolled back opens nothing.
    person = typed
    person.id = person.subject_id = VAULT.new_person(now=now)
    session.add(person)
    await session.flush()
    own = PersonParticulars(
        subject_id=person.id, association_id=person.association_id, changed_by=command.by, changed_at=now
    )
    own.fill_gaps(values, by=command.by, at=now)
    session.add(own)
    await session.flush()
    branch_id = _branch(command)
    await keep_findable(person, branch_id=branch_id, session=session)
    kept = await _keep(person, command, differs=[], new=True, session=session, now=now)
    duplicates = await _look_alike(person, command, session=session, now=now)
    return Registered(Outcome.REGISTERED, kept.id, person, duplicates=duplicates, branches=[branch_id])


async def _meet(
    known: Beneficiary,
    command: RegisterPerson,
    typed: Beneficiary,
    values: dict[str, str],
    *,
    session: AsyncSession,
    now: datetime,
) -> Registered:
    """His number has a file: its gaps are filled, and what says otherwise is shown and changes nothing.

    One that was merged leads to the file that was kept: that is the one which is filled, and the one to go on with.
    """
    files = {known.id}
    known = await store.root_of(session, known)
    files.add(known.id)
    give_key(known, now=now)
    await session.flush()
    branches = sorted({one for file in files for one in await store.branches(session, file, scope=command.scope)})
    # A reason opens what another branch has, and never what is confidential.
    secret = await confidential_to(session, files, scope=command.scope)
    seen = not secret and await store.is_seen(session, known.id, scope=command.scope)
    said = {name: getattr(typed, name) for name in ("name", "mobile", "email")}
    if not seen and (command.here_because is None or secret):
        differs = differing(known, said, gaps=True)
        kept = await _keep(known, command, differs=differs, new=False, session=session, now=now)
        # What differs stands at the file and is not said: whoever guesses at a stranger's mobile would learn whether
        # it is his.
        return Registered(Outcome.ELSEWHERE, kept.id, branches=branches)
    if not seen:
        await record(session, act="open_elsewhere", reason=command.here_because, person_id=known.id)
    differs = differing(known, said)
    if command.in_list is None or not command.in_list.leaves_known:
        before = known.contact
        known.mobile, known.email = known.mobile or typed.mobile, known.email or typed.email
        if known.contact != before:
            await tell_corrected(known, session=session, now=now)
        differs = sorted({*differs, *await _fill_gaps(known, command, values, session=session, now=now)})
        await session.flush()
    await keep_findable(known, branch_id=_branch(command), session=session)
    kept = await _keep(known, command, differs=differs, new=False, session=session, now=now)
    duplicates = await _look_alike(known, command, session=session, now=now)
    return Registered(Outcome.KNOWN, kept.id, known, differs, duplicates, sorted({*branches, _branch(command)}))


async def _fill_gaps(
    known: Beneficiary, command: RegisterPerson, values: dict[str, str], *, session: AsyncSession, now: datetime
) -> list[str]:
    own = await store.hold_particulars(session, known.id)
    if own is None:
        own = PersonParticulars(
            subject_id=known.id, association_id=known.association_id, changed_by=command.by, changed_at=now
        )
        session.add(own)
    return own.fill_gaps(values, by=command.by, at=now)


async def _look_alike(
    person: Beneficiary, command: RegisterPerson, *, session: AsyncSession, now: datetime
) -> list[ProposedDuplicate]:
    if command.in_list is not None:
        # Nobody waits for the answer, and a page of a list is short: they are looked for when the fact is heard.
        return []
    found = await propose_duplicates(person, by=command.by, session=session, now=now)
    return await shown_to(session, found, scope=command.scope)


async def _keep(
    person: Beneficiary,
    command: RegisterPerson,
    *,
    differs: list[str],
    new: bool,
    session: AsyncSession,
    now: datetime,
) -> Registration:
    said = command.model_dump_json(exclude={"search", "scope", "by", "on_device_at", "in_list"}, exclude_none=True)
    kept = Registration(
        association_id=person.association_id,
        subject_id=person.id,
        typed=said,
        differs=differs,
        at_branch=_branch(command),
        registered_by=command.by,
        registered_at=now,
        on_device_at=command.on_device_at,
    )
    session.add(kept)
    told = PersonRegistered(
        association_id=person.association_id,
        subject_id=person.id,
        branch_id=kept.at_branch,
        new=new,
        in_list=command.in_list is not None and not command.in_list.asks,
    )
    await outbox.tell(session, told, at=now)
    return kept


def _checked(command: RegisterPerson, *, now: datetime) -> Beneficiary:
    """Whom the words describe, in no session yet."""
    try:
        check_national_id(command.national_id)
    except NationalIdWrong:
        raise NationalIdWrong(field="national_id") from None
    return Beneficiary(
        association_id=command.scope.association_id,
        national_id_index=RING.index(command.national_id),
        national_id=command.national_id,
        name=checked.name_of(command.name),
        mobile=checked.mobile_of(command.mobile) if command.mobile else None,
        email=command.email,
        language=command.language,
        opened_at=now,
    )


async def _check_search(command: RegisterPerson, typed: Beneficiary, *, session: AsyncSession, now: datetime) -> None:
    if command.in_list is not None:
        # A list is many registrations at once, by an administrator who sees the whole association: nobody searches for
        # each of its rows, and a proof would prove nothing. The registry finds each by his number, and proposes whom
        # his name finds; that he came by a list stands in the trail (`import_person`, `import_request`).
        return
    if command.on_device_at is None:
        check_searched(command.search, keys=keys_of(typed), scope=command.scope, now=now)
    elif command.search is None:
        # Out there nobody can search: the registry does, and proposes whom it finds. That it was so is kept.
        await record(session, act="register_unsearched")


def _branch(command: RegisterPerson) -> str:
    if command.in_list is not None:
        return command.in_list.branch_id
    return command.scope.branch_id or pack_of(command.scope.association_id).head_office.id
