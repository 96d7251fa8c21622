"""Whom notifications writes to: as he is reached today, for what he agreed to, and never once he was erased."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.notifications.domain import consent
from services.notifications.domain.consent import Purpose
from services.notifications.gateways import GatewayDown
from shared.language import events as e
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.seal import ERASED, seal
from shared.plumbing.vault import VAULT
from shared.plumbing.worker import PUT_ASIDE
from tests.contracts.problem import assert_problem
from tests.harness.desk import ASSOCIATION, NOON, Desk
from tests.notifications import facts

SUBJECT = "person-1"
OPERATOR = {"role": Role.NOTIFICATIONS_OPERATOR}
DESK = {"role": Role.INTAKE_OFFICER}
CONSENTS = f"/api/v1/people/{SUBJECT}/consents"


def his(event: e.CaseEvent, **sealed: str) -> Any:
    """The fact as intake tells it since persons have keys."""
    return event.model_copy(
        update={"subject_id": SUBJECT} | {name: seal(words, subject=SUBJECT) for name, words in sealed.items()}
    )


def received(**changes: Any) -> Any:
    contact = {"name": facts.NAME, "mobile": facts.MOBILE, "email": facts.EMAIL, "language": "ar"} | changes
    return his(facts.received(), contact=json.dumps(contact, ensure_ascii=False))


@pytest.fixture
def notified(notifications: Desk) -> Desk:
    VAULT.make(SUBJECT, now=NOON)
    return notifications


async def erase(desk: Desk) -> None:
    VAULT.destroy(SUBJECT, now=NOON)
    await desk.hear(e.PersonErased(association_id=ASSOCIATION, subject_id=SUBJECT, case_ids=(facts.CASE,)))


async def messages(desk: Desk) -> list[dict[str, Any]]:
    page = (await desk.call("GET", "/api/v1/messages", **OPERATOR)).json()
    items: list[dict[str, Any]] = page["items"]
    return items


async def notes(desk: Desk) -> list[str]:
    """What the inbox says of messages that had no effect."""
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        rows = await (await session.connection()).execute(
            text("SELECT error FROM inbox_messages WHERE state = 'done' AND error IS NOT NULL")
        )
        return list(rows.scalars())


async def raw(desk: Desk, table: str, column: str) -> list[str]:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        return list((await (await session.connection()).execute(text(f"SELECT {column} FROM {table}"))).scalars())  # noqa: S608


async def test_all_that_is_kept_of_him_lies_under_his_own_key(notified: Desk) -> None:
    await notified.hear(received())
    kept = [
        *await raw(notified, "contacts", "name"),
        *await raw(notified, "messages", "body"),
        *await raw(notified, "messages", "recipient"),
        *await raw(notified, "console_deliveries", "body"),
    ]
    assert len(kept) == 7
    assert {one[: len(f"p1.{SUBJECT}.")] for one in kept} == {f"p1.{SUBJECT}."}


async def test_once_he_is_erased_lists_say_so_and_nothing_of_him_is_left(notified: Desk) -> None:
    await notified.hear(received())
    await erase(notified)
    assert {message["recipient"] for message in await messages(notified)} == {ERASED}
    assert {message["provider_reference"] for message in await messages(notified)} == {None}
    for table, column in (("contacts", "mobile"), ("messages", "body"), ("console_deliveries", "recipient")):
        assert set(await raw(notified, table, column)) == {"e1"}, table
    page = await notified.call("GET", "/")
    assert page.status_code == 200
    assert facts.NAME not in page.text


async def test_facts_about_him_that_come_late_are_put_aside_and_none_is_dead_or_waits(notified: Desk) -> None:
    late = [
        received(),
        his(facts.answered(), reason="الحاجة ثابتة."),
        his(facts.returned("lease")),
        his(facts.invited(), code=facts.CODE),
    ]
    VAULT.destroy(SUBJECT, now=NOON)
    await notified.hear(*late)
    assert await notified.dead() == []
    assert await messages(notified) == []
    assert await notes(notified) == [PUT_ASIDE] * 3
    assert await raw(notified, "inbox_messages", "state") == ["done"] * 4


async def test_facts_about_somebody_else_go_on_behind_it(notified: Desk) -> None:
    late, someone = received(), facts.received().model_copy(update={"case_id": "case-2"})
    VAULT.destroy(SUBJECT, now=NOON)
    await notified.hear(late, someone)
    assert {message["case_id"] for message in await messages(notified)} == {"case-2"}


async def test_a_message_that_waits_for_its_gateway_is_not_sent_once_he_is_erased(
    open_notifications: Any,
) -> None:
    sent: list[str] = []

    class Down:
        async def send(self, letter: Any) -> Any:
            sent.append(letter.recipient)
            raise GatewayDown("away")

    async with open_notifications(gateway=lambda _: Down()) as desk:
        VAULT.make(SUBJECT, now=NOON)
        await desk.hear(received(email=None))
        tried = len(sent)
        assert tried
        await erase(desk)
        for _ in range(4):
            desk.clock.forward(timedelta(hours=1))
            await desk.settle()
        assert len(sent) == tried
        assert await desk.dead() == []


async def test_he_is_written_to_as_he_is_reached_since_he_had_it_corrected(notified: Desk) -> None:
    await notified.hear(received(email=None))
    contact = {"name": facts.NAME, "mobile": "+966555000999", "email": None, "language": "ar"}
    corrected = e.PersonCorrected(
        association_id=ASSOCIATION, subject_id=SUBJECT, contact=seal(json.dumps(contact), subject=SUBJECT)
    )
    await notified.hear(corrected, his(facts.returned("lease")))
    assert [message["recipient"][-3:] for message in await messages(notified)] == ["123", "999"]


async def consent_to(desk: Desk, purpose: Purpose, *, given: bool) -> Any:
    body = {"purpose": purpose.value, "given": given, "way": "spoken"}
    return await desk.call("POST", CONSENTS, body=body, **DESK)


async def test_consent_is_given_and_taken_back_and_every_word_is_kept(notified: Desk) -> None:
    await notified.hear(received())
    for given in (True, False):
        assert (await consent_to(notified, Purpose.AWARENESS, given=given)).status_code == 201
    shown = (await notified.call("GET", CONSENTS, role=Role.AUDITOR)).json()
    assert [(one["purpose"], one["given"], one["noted_by"]) for one in shown] == [
        ("awareness", False, "intake_officer-1")
    ]
    assert len(await raw(notified, "consents", "id")) == 2


async def test_messages_about_the_service_ask_nobody(notified: Desk) -> None:
    await notified.hear(received())
    refused = await consent_to(notified, Purpose.SERVICE, given=False)
    assert_problem(refused, status=422, code="consent_not_needed", field="purpose")


async def test_another_associations_desk_notes_no_consent_of_his(notified: Desk) -> None:
    await notified.hear(received())
    body = {"purpose": "awareness", "given": True, "way": "spoken"}
    for path, association in ((CONSENTS, "kharj-dawah"), ("/api/v1/people/nobody/consents", ASSOCIATION)):
        answer = await notified.call("POST", path, body=body, association=association, **DESK)
        assert_problem(answer, status=404, code="person_not_found")


@pytest.mark.parametrize(("said", "told"), [([], 0), ([True], 2), ([True, False], 0), ([False, True], 2)])
async def test_what_is_not_about_the_service_is_sent_only_with_consent(
    notified: Desk, monkeypatch: pytest.MonkeyPatch, said: list[bool], told: int
) -> None:
    monkeypatch.setitem(consent.PURPOSES, "case_delivered", Purpose.AWARENESS)
    await notified.hear(received())
    for given in said:
        await consent_to(notified, Purpose.AWARENESS, given=given)
    delivered = next(event for event in facts.told_to_applicant() if isinstance(event, e.CaseDelivered))
    await notified.hear(his(delivered))
    assert len([one for one in await messages(notified) if one["template"] == "case_delivered"]) == told


async def test_what_waits_or_failed_for_an_erased_person_is_over_and_not_sent_again(open_notifications: Any) -> None:
    class Down:
        async def send(self, _: Any) -> Any:
            raise GatewayDown("away")

    async with open_notifications(gateway=lambda _: Down()) as desk:
        VAULT.make(SUBJECT, now=NOON)
        await desk.hear(received(email=None))
        await erase(desk)
        (message,) = await messages(desk)
        assert (message["status"], message["error"]) == ("failed", "recipient_erased")
        again = await desk.call("POST", f"/api/v1/messages/{message['id']}/resend", **OPERATOR)
        assert_problem(again, status=410, code="person_erased")
        assert len(await desk.told(e.MessageFailed)) == 1
        assert await desk.dead() == []


async def test_a_branchs_delegate_hears_the_consents_of_its_own_people_alone(notified: Desk) -> None:
    await notified.hear(received())
    body = {"purpose": "awareness", "given": True, "way": "spoken"}
    for branch, status in (("hada_sham", 404), ("jamoum", 201)):
        answer = await notified.call("POST", CONSENTS, body=body, role=Role.DELEGATE, branch=branch)
        assert answer.status_code == status, branch


async def test_a_case_that_moved_takes_its_applicants_consents_with_it(notified: Desk) -> None:
    await notified.hear(received())
    moved = e.CaseTransferred(**facts.NAMES, from_branch="jamoum", to_branch="hada_sham")
    await notified.hear(his(moved))
    body = {"purpose": "awareness", "given": True, "way": "spoken"}
    for branch, status in (("jamoum", 404), ("hada_sham", 201)):
        answer = await notified.call("POST", CONSENTS, body=body, role=Role.DELEGATE, branch=branch)
        assert answer.status_code == status, branch


async def heard_by(desk: Desk) -> list[str]:
    """The branches whose delegate hears his consents."""
    body = {"purpose": "awareness", "given": True, "way": "spoken"}
    branches = ("hada_sham", "ayn_shams", "jamoum")
    answers = [await desk.call("POST", CONSENTS, body=body, role=Role.DELEGATE, branch=one) for one in branches]
    return [branch for branch, answer in zip(branches, answers, strict=True) if answer.status_code == 201]


async def test_a_contact_of_before_contacts_had_a_branch_is_its_branchs_once_that_was_told_again(
    notified: Desk,
) -> None:
    await notified.hear(received())
    async with notified.runtime.database.write(scope=EVERYTHING) as session:
        await (await session.connection()).execute(text("UPDATE contacts SET branch_id = NULL"))
    assert await heard_by(notified) == []
    located = e.CaseLocated(association_id=ASSOCIATION, case_id=facts.CASE, branch_id="jamoum")
    for _ in range(2):
        await notified.hear(located)
        assert await heard_by(notified) == ["jamoum"]
    await notified.hear(his(e.CaseTransferred(**facts.NAMES, from_branch="jamoum", to_branch="hada_sham")))
    assert await heard_by(notified) == ["hada_sham"]


async def test_where_a_case_is_told_again_of_which_nobody_was_written_to_keeps_nothing(notified: Desk) -> None:
    await notified.hear(e.CaseLocated(association_id=ASSOCIATION, case_id="case-9", branch_id="jamoum"))
    assert await notified.dead() == []
    assert await heard_by(notified) == []


async def test_a_case_that_goes_on_with_its_second_branch_ends_with_the_third(notified: Desk) -> None:
    """As two branches that close one into the other tell it: each case in its order, whatever comes between."""
    ways = (("jamoum", "hada_sham"), ("hada_sham", "ayn_shams"))
    moves = [his(e.CaseTransferred(**facts.NAMES, from_branch=one, to_branch=other)) for one, other in ways]
    await notified.hear(received(), *moves)
    assert await heard_by(notified) == ["ayn_shams"]
