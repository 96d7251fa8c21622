"""Whose rows a sign-in may touch: before anybody is known, those of the association that he names."""

from sqlmodel.ext.asyncio.session import AsyncSession

from shared.plumbing.identity import Principal, Scope
from shared.plumbing.scope import ALL
from shared.plumbing.scoped_session import set_scope

NOWHERE = "-"
"""An association that is none: for a stranger who calls his a star."""


def rows_of(association_id: str) -> Scope:
    """The rows of the association that somebody names, whether there is one or not."""
    return Scope(association_id=NOWHERE if association_id == ALL else association_id)


async def keep_to(session: AsyncSession, association_id: str) -> None:
    """From here on the transaction touches this association's rows alone."""
    await set_scope(session, rows_of(association_id))


async def keep_to_own(session: AsyncSession, by: Principal) -> None:
    """One's own account, whichever seat one sits in: the platform operator's doors open no rows by themselves."""
    await keep_to(session, by.association_id)
