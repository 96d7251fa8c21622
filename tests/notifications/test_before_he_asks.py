"""What is told about a delivery, and what is proposed: the second only to who agreed to be written to."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from shared.language import events as e
from shared.plumbing.confidential_tables import confidential_cases
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.seal import seal
from shared.plumbing.vault import VAULT
from tests.harness.desk import NOON, Desk
from tests.notifications import facts
from tests.notifications.messages import messages
from tests.notifications.test_person import CONSENTS, DESK, SUBJECT, received

NAMES = facts.NAMES | {"subject_id": SUBJECT}
DAY = date(2026, 12, 6)


@pytest.fixture
def notified(notifications: Desk) -> Desk:
    VAULT.make(SUBJECT, now=NOON)
    return notifications


def proposed(**about: Any) -> e.ProposalSent:
    return e.ProposalSent(**NAMES, proposal_id="p-1", **about)


PAPER = {"kind": e.ProposalKind.DOCUMENT_EXPIRING, "document_kind": "lease", "due_on": DAY}
SERVICE = {"kind": e.ProposalKind.SERVICE_FITS, "service_id": "school_kit"}


async def bodies(desk: Desk, template: str) -> list[str]:
    return [str(message.body) for message in await messages(desk) if message.template == template]


async def consent(desk: Desk, *, given: bool) -> None:
    said = {"purpose": "awareness", "given": given, "way": "spoken"}
    answer = await desk.call("POST", CONSENTS, body=said, **DESK)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(("about", "words"), [(PAPER, "عقد الإيجار"), (SERVICE, "حقيبة مدرسية")])
async def test_a_proposal_goes_to_who_agreed_and_to_nobody_else(
    notified: Desk, about: dict[str, Any], words: str
) -> None:
    """`goal.proactive`; law art. 25."""
    await notified.hear(received(), proposed(**about))
    assert await bodies(notified, "proposal_sent") == []
    (withheld,) = await notified.told(e.MessageWithheld)
    assert isinstance(withheld, e.MessageWithheld)
    assert withheld.template == "proposal_sent"
    await consent(notified, given=True)
    await notified.hear(proposed(**about))
    said = await bodies(notified, "proposal_sent")
    assert len(said) == 2
    assert all(words in body for body in said)
    await consent(notified, given=False)
    await notified.hear(proposed(**about))
    assert len(await bodies(notified, "proposal_sent")) == 2


async def test_the_message_that_went_shows_that_he_was_reached_first(notified: Desk) -> None:
    await notified.hear(received())
    await consent(notified, given=True)
    await notified.hear(proposed(**SERVICE))
    told = [event for event in await notified.told(e.MessageSent) if isinstance(event, e.MessageSent)]
    assert [event.template for event in told].count("proposal_sent") == 2
    assert all("goal.proactive" in event.evidence() for event in told if event.template == "proposal_sent")


async def test_the_day_and_place_of_a_delivery_and_its_code_are_told_without_asking(notified: Desk) -> None:
    place, code = seal("مستودع الفرع", subject=SUBJECT), seal("417052", subject=SUBJECT)
    await notified.hear(
        received(),
        e.DeliveryPlanned(**NAMES, planned_for=DAY, place=place),
        e.DeliveryCodeMade(**NAMES, code=code),
    )
    planned = await bodies(notified, "delivery_planned")
    assert len(planned) == 2
    assert all("مستودع الفرع" in body and "2026/12/06" in body for body in planned)
    assert all("417052" in body for body in await bodies(notified, "delivery_code_made"))
    page = await notified.client.get("/")
    assert "417052" not in page.text


@pytest.mark.parametrize("told", [True, False])
async def test_the_mark_of_a_confidential_case_follows_it_to_its_branch(notified: Desk, *, told: bool) -> None:
    """A case without a mark gets none."""
    marked = e.CaseMadeConfidential(**facts.NAMES, branch_id="jamoum", named=("manager-1",))
    moved = e.CaseTransferred(**facts.NAMES, from_branch="jamoum", to_branch="hada_sham")
    await notified.hear(*([marked] if told else []), moved)
    assert await notified.dead() == []
    async with notified.runtime.database.read(scope=EVERYTHING) as session:
        rows = await (await session.connection()).execute(select(confidential_cases.c.branch_id))
        assert list(rows.scalars()) == (["hada_sham"] if told else [])
