"""A request was handed in, or moved: keep how its applicant is reached, and where his case is."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications import store
from services.notifications.domain.contact import Contact
from shared.language.events import CaseLocated, CaseReceived, CaseTransferred
from shared.plumbing.confidence import keep_branch_of_mark


async def keep_contact(received: CaseReceived, *, session: AsyncSession) -> None:
    """Keep the contact, in place of one that the case has already."""
    await session.merge(Contact.of(received))


async def move_contact(moved: CaseTransferred, *, session: AsyncSession) -> None:
    """Another branch has the case: whoever sits there hears what its applicant agrees to."""
    await keep_branch_of_mark(session, moved)
    contact = await store.find_contact(session, moved.case_id)
    # Of a request that was never handed in nobody is told anything.
    if contact is not None:
        contact.branch_id = moved.to_branch


async def place_contact(located: CaseLocated, *, session: AsyncSession) -> None:
    """The branch that has the case, for a contact of before contacts had one. Moves are told in order with it."""
    contact = await store.find_contact(session, located.case_id)
    if contact is not None:
        contact.branch_id = located.branch_id
