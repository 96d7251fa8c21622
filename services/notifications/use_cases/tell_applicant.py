"""A fact becomes one message for each way that reaches the applicant."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications import store
from services.notifications.domain.consent import PURPOSES, Purpose
from services.notifications.domain.contact import Contact
from services.notifications.domain.message import Message
from services.notifications.domain.words import Fact, document_names, worded
from services.notifications.templates import render
from shared.language.events import CaseEvent, MessageWithheld, ProposalSent, Source
from shared.plumbing import outbox
from shared.plumbing.listener import NotYet
from shared.plumbing.origin import origin
from shared.plumbing.seal import readable
from shared.plumbing.timers import set_timer
from shared.plumbing.vault import VAULT
from shared.policy.adopted import pack_of


async def tell_applicant(
    event: CaseEvent,
    *,
    session: AsyncSession,
    now: datetime,
    variant: str | None = None,
    facts: Mapping[str, Fact] | None = None,
    secret: str | None = None,
) -> None:
    """Queue what the event's template says, filled with `facts`, and have it sent.

    `secret` fills the blank of the survey code. Raises `NotYet` while the contact is not known.
    """
    contact = await store.find_contact(session, event.case_id)
    if contact is None:
        if event.source is Source.INTAKE:
            # Intake's facts about a case come in order: he never handed the request in, and awaits nothing.
            return
        if event.subject_id is not None and VAULT.is_destroyed(event.subject_id):
            return
        raise NotYet(f"the contact for {event.type} has not come yet")
    fact_id = origin().causation_id
    if fact_id is None:
        raise RuntimeError("a message answers a fact that was taken in")
    pack = pack_of(contact.association_id)
    names = document_names(pack, contact.service_id)
    all_facts: dict[str, Fact] = {
        "reference": contact.reference,
        "name": readable(contact.name),
        "association": pack.association.name,
        "today": now,
        **(facts or {}),
        **({"code": secret} if secret else {}),
    }
    words = {blank: worded(fact, language=contact.language, names=names) for blank, fact in all_facts.items()}
    template = event.type.replace(".", "_")
    if not await _may_be_told(contact, template=template, session=session):
        await outbox.tell(session, withheld(event, template=template), at=now)
        return
    told = await store.media_of(session, fact_id)
    for medium, recipient in contact.ways():
        if medium in told:
            continue
        message = Message.to(contact, medium=medium, recipient=recipient, about=event, causing_event_id=fact_id, at=now)
        message.subject, message.body = render(
            message.template, variant=variant, medium=medium, language=contact.language, words=words
        )
        message.secret = secret
        session.add(message)
        await set_timer(session, message.next_try, due_at=now, now=now)


def withheld(event: CaseEvent, *, template: str) -> MessageWithheld:
    """So that the branch sees in the case's file that he was not written to, and may speak to him."""
    return MessageWithheld(
        association_id=event.association_id,
        case_id=event.case_id,
        reference=event.reference,
        subject_id=event.subject_id,
        template=template,
    )


def what_is_proposed(event: ProposalSent) -> dict[str, Fact]:
    """The blanks of its template: the paper and its last day, or the service by its name in the policy."""
    if event.document_kind is not None and event.due_on is not None:
        return {"document": (event.document_kind,), "due_on": event.due_on}
    service = pack_of(event.association_id).service(event.service_id or "")
    return {"service": service.name if service is not None else event.service_id or ""}


async def _may_be_told(contact: Contact, *, template: str, session: AsyncSession) -> bool:
    """Whether he may be written to for what the template is for; about the service itself, always."""
    purpose = PURPOSES.get(template, Purpose.SERVICE)
    if purpose is Purpose.SERVICE:
        return True
    if contact.subject_id is None:
        return False
    consent = await store.newest_consent(session, subject_id=contact.subject_id, purpose=purpose)
    return consent is not None and consent.given
