"""A new request that begins with a first contact: its channel and branch stand, and what was said is there already."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.contacts import ContactWords, FirstContact
from services.intake.store.contacts import see_contact
from shared.plumbing.identity import Scope
from shared.ui import Form


async def contact_for(form: Form, *, scope: Scope, session: AsyncSession) -> FirstContact | None:
    """The contact that the form names, if it names one. Raises `ContactNotFound`."""
    contact_id = form.value("contact")
    return await see_contact(session, contact_id, scope=scope) if contact_id else None


def with_contact(form: Form, contact: FirstContact | None, *, has_file: bool) -> Form:
    """The form with what the contact says already; what was typed since stands. Raises `ContactIsRequest`.

    Of whoever has a file, nothing is changed by what somebody said of him on the telephone.
    """
    if contact is None:
        return form
    said: ContactWords = contact.open_words()
    known = {} if has_file else {"applicant.name": said.name or "", "applicant.mobile": said.mobile or ""}
    return Form({**known, **form.values, "channel": contact.channel.value}, form.errors)
