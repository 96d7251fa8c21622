"""Reaching first by pages (`goal.proactive`): the branch's list, acted on or put aside; follow-ups due among them."""

from datetime import timedelta

import pytest

from shared.language.events import ProposalActedOn, ProposalDismissed, ProposalSent
from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.office import NAME, Office
from tests.intake.pages.clerk import Pages, errors_of, main_of, words_of

LIST = "/desk/proposals"
MANAGER = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham"}
FAR = {"role": Role.BRANCH_MANAGER, "branch": "ayn_shams"}


@pytest.fixture
async def near(office: Office) -> Office:
    """A branch with a request whose paper runs out soon."""
    near = Office(office.desk, **MANAGER)
    case = await near.begin()
    await near.step(case, "reception", {})
    ends = near.desk.clock.now().date() + timedelta(days=20)
    await near.step(case, "documents", near.paper("national_id", issued_on="2020-01-01", expires_on=str(ends)))
    return near


async def proposed(near: Office, pages: Pages) -> str:
    """The page of what was found."""
    looked = await pages.post("/desk/proposal-looks", {}, **MANAGER)
    assert looked.status_code == 303, words_of(looked)
    await near.desk.settle()
    page = await pages.get(LIST, **MANAGER)
    assert NAME in words_of(page)
    assert "مستند يوشك أن ينتهي" in words_of(page)
    return f"{LIST}/" + main_of(page).partition(f'href="{LIST}/')[2].partition('"')[0]


async def test_a_branch_is_looked_through_and_he_is_spoken_to(near: Office, pages: Pages) -> None:
    path = await proposed(near, pages)
    assert NAME not in words_of(await pages.get(LIST, **FAR))
    assert (await pages.get(path, **FAR)).status_code == 404
    said = await pages.post(path, {"answer": "spoken", "reason": "سيجدد هويته"}, **MANAGER)
    assert said.status_code == 303, words_of(said)
    assert NAME not in words_of(await pages.get(LIST, **MANAGER))
    assert await near.desk.told(ProposalActedOn)
    late = await pages.post(path, {"answer": "spoken", "reason": "مرة أخرى"}, **MANAGER)
    assert late.status_code == 409


async def test_a_message_goes_by_consent_and_is_told(near: Office, pages: Pages) -> None:
    path = await proposed(near, pages)
    sent = await pages.post(path, {"answer": "message"}, **MANAGER)
    assert sent.status_code == 303, words_of(sent)
    assert await near.desk.told(ProposalSent)


async def test_it_is_put_aside_with_a_reason_alone(near: Office, pages: Pages) -> None:
    path = await proposed(near, pages)
    before = everything_written(near.desk)
    page = await pages.post(path, {"answer": "dismiss", "reason": " "}, **MANAGER)
    assert errors_of(page) == ["reason"]
    assert 'value="dismiss" checked' in main_of(page)
    assert errors_of(await pages.post(path, {"reason": "كذا"}, **MANAGER)) == ["answer"]
    assert everything_written(near.desk) == before
    aside = await pages.post(path, {"answer": "dismiss", "reason": "انتقلت الأسرة"}, **MANAGER)
    assert aside.status_code == 303, words_of(aside)
    assert await near.desk.told(ProposalDismissed)


async def test_a_delegate_looks_at_the_list_and_does_not_begin_a_look(near: Office, pages: Pages) -> None:
    await proposed(near, pages)
    delegate = {"role": Role.DELEGATE, "branch": "hada_sham"}
    assert "<form" not in main_of(await pages.get(LIST, **delegate))
    assert (await pages.post("/desk/proposal-looks", {}, **delegate)).status_code == 403
