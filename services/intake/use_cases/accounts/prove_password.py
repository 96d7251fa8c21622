"""Whether a password is right: computed before the transaction, with the same work for an account that is not there.

Inside it would keep the only writer of a SQLite database, or a connection of PostgreSQL's, for as long as the hash
takes. What was proven is the hash: the transaction looks whether the account still has it.
"""

from dataclasses import dataclass

from services.intake.domain.accounts.names import fold
from services.intake.domain.accounts.passwords import hash_of, is_right
from services.intake.domain.accounts.staff import Staff
from services.intake.domain.accounts.tries import NOBODYS
from services.intake.store import accounts as store
from services.intake.store.rows import rows_of
from shared.language.errors import UserNameUnfit
from shared.plumbing.database import Database
from shared.plumbing.identity import Principal
from shared.plumbing.seal import RING


@dataclass(frozen=True)
class Proof:
    """Whose password was checked, against which hash, and whether it was right."""

    account: str
    """The counter of failures: the person's own, or one of those that nobody has."""
    person_id: str | None
    hashed: str | None
    right: bool
    association_id: str


async def prove_password(database: Database, *, association_id: str, user_name: str, password: str) -> Proof:
    """Check a password as somebody types it at the door."""
    try:
        folded = fold(user_name)
    except UserNameUnfit:
        # The name of nobody: looked up all the same.
        folded = ""
    async with database.read(scope=rows_of(association_id)) as session:
        staff = await store.staff_named(session, association_id=association_id, folded=folded)
    hashed = staff.password_hash if staff else None
    right = await is_right(password, hashed)
    nobodys = int(RING.index("\n".join((association_id, folded or user_name))), 16) % NOBODYS
    if staff is None:
        return Proof(f"nobody-{nobodys}", person_id=None, hashed=None, right=False, association_id=association_id)
    return Proof(staff.id, person_id=staff.id, hashed=hashed, right=right, association_id=association_id)


async def prove_own_password(database: Database, *, by: Principal, password: str) -> Proof:
    """Check the password of somebody who is signed in."""
    person_id, association_id = by.person_id, by.association_id
    async with database.read(scope=rows_of(association_id)) as session:
        staff = await store.find_staff(session, person_id)
    hashed = staff.password_hash if staff else None
    right = await is_right(password, hashed)
    return Proof(person_id, person_id=person_id, hashed=hashed, right=right, association_id=association_id)


@dataclass(frozen=True)
class NewPassword:
    """A password that somebody chose: the hash to keep, and whether it is the one that he has."""

    hashed: str
    is_the_old_one: bool


async def prepare_password(database: Database, *, by: Principal, password: str) -> NewPassword:
    """Hash a new password beside the loop."""
    async with database.read(scope=rows_of(by.association_id)) as session:
        staff = await store.find_staff(session, by.person_id)
    return await _prepared(staff, password)


async def prepare_first_password(database: Database, *, secret: str, password: str) -> NewPassword:
    """The same for whose session the secret names; whether it is the right one is for the transaction to say."""
    async with database.read() as session:
        found = await store.find_session(session, secret.partition(".")[0])
        staff = await store.find_staff(session, found.person_id) if found else None
    return await _prepared(staff, password)


async def _prepared(staff: Staff | None, password: str) -> NewPassword:
    the_old_one = await is_right(password, staff.password_hash if staff else None)
    return NewPassword(hashed=await hash_of(password), is_the_old_one=the_old_one)
