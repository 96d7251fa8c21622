"""Every fact of every service leaves its trace: in the case's file, and as evidence for the clauses."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.trace import TimelineEntry
from shared.language.events import CaseEvent, Event
from shared.plumbing.envelope import Envelope
from shared.policy.adopted import pack_of

TOLD_IN_TIMELINE = frozenset(
    {
        "channel",
        "missing",
        "text_version",
        "round",
        "floor_days",
        "outcome",
        "tool",
        "template",
        "medium",
        "ending",
        "fields",
        "from_branch",
        "to_branch",
        "papers",
    }
)
"""What the timeline says of a fact beside its name: never personal data, which travel sealed."""


async def keep_trace(session: AsyncSession, envelope: Envelope, event: Event) -> None:
    """Write the fact into the file of its case, and count it for each adopted clause that it shows kept."""
    pack = pack_of(event.association_id)
    clauses = sorted(clause for clause in event.evidence() if pack.adopts(clause))
    if isinstance(event, CaseEvent):
        session.add(
            TimelineEntry(
                event_id=envelope.id,
                case_id=event.case_id,
                association_id=event.association_id,
                at=envelope.at,
                source=envelope.source,
                event=envelope.type,
                person_id=envelope.actor.person_id,
                role=envelope.actor.role,
                branch_id=envelope.actor.branch_id,
                clauses=[clause.value for clause in clauses],
                facts={name: _plain(value) for name, value in envelope.data.items() if name in TOLD_IN_TIMELINE},
            )
        )
    await store.count_evidence(
        session,
        association_id=event.association_id,
        clauses=clauses,
        event=envelope.type,
        reference=event.reference if isinstance(event, CaseEvent) else None,
        at=envelope.at,
    )


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
