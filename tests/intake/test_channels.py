"""Each channel carries what it needs (`channel.*`), and what comes of it is the same request."""

from datetime import timedelta
from typing import Any

import pytest

from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel, Clause
from shared.language.events import CaseReceived
from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.arrivals import ARRIVALS, CALLER, CAME, NOTES, PLACE, RECEIVED, WENT, arrival
from tests.intake.office import Office


async def came_by(office: Office, channel: str, **changes: Any) -> dict[str, Any]:
    """A request with what its channel needs."""
    return await office.begin(channel=channel, arrival=arrival(channel, **changes))


def test_there_is_something_to_keep_for_each_of_the_eight_channels() -> None:
    assert set(ARRIVALS) == set(Channel)


@pytest.mark.parametrize("channel", Channel)
async def test_every_channel_shows_its_clause_and_leads_to_the_same_request(office: Office, channel: Channel) -> None:
    """`channel.interview`, `channel.phone`, `channel.social`, `channel.letter`, `channel.help_request`,
    `channel.volunteering`, `channel.website`, `channel.delegate`."""
    case = await came_by(office, channel)
    kept = await office.get(f"/api/v1/cases/{case['id']}/arrival")
    assert kept["channel"] == channel
    assert {name for name, value in arrival(channel).items() if kept["said"]["arrival"][name] != value} <= {
        "number"  # a mobile is kept in its international form
    }
    at_the_end = await office.walk(to=CaseStatus.REFERRED, case=case)
    assert (at_the_end["status"], at_the_end["channel"]) == ("referred", channel)
    (received,) = await office.desk.told(CaseReceived)
    assert channel.clause in received.evidence()


async def test_an_interview_tells_how_long_he_waited_and_was_given(office: Office) -> None:
    """`step.reception`: he is given enough time, and nobody types it twice."""
    case = await came_by(office, "interview")
    kept = await office.get(f"/api/v1/cases/{case['id']}/arrival")
    assert (kept["waited_seconds"], kept["given_seconds"]) == (600, 1500)
    await office.step(case, "reception", {})
    (received,) = await office.desk.told(CaseReceived)
    assert isinstance(received, CaseReceived)
    assert received.reception is not None
    assert Clause.STEP_RECEPTION in received.evidence()


async def test_how_a_request_came_can_be_recorded_after_it_was_begun_and_once(office: Office) -> None:
    case = await office.begin(channel="delegate")
    assert (await office.step(case, "arrival", {"arrival": arrival("delegate")}))["said"]["arrival"]["place"] == PLACE
    await office.refuse_step(case, "arrival", {"arrival": arrival("delegate")}, status=409, code="arrival_recorded")


async def test_what_another_channel_needs_is_refused(office: Office) -> None:
    case = await office.begin(channel="phone")
    await office.refuse_step(
        case,
        "arrival",
        {"arrival": arrival("interview")},
        status=422,
        code="arrival_of_another_channel",
        field="arrival.channel",
        clause="channel.phone",
    )


@pytest.mark.parametrize(
    ("channel", "changes"),
    [
        ("interview", {"ended_at": RECEIVED}),
        ("interview", {"started_at": "2026-11-22T05:00:00Z"}),
        ("interview", {"came_at": "2026-11-21T06:00:00Z"}),
        ("interview", {"started_at": WENT, "ended_at": "2026-11-22T20:00:00Z"}),
        ("phone", {"script_version": ""}),
        ("phone", {"caller": ""}),
        ("phone", {"call_back_at": CAME}),
        ("phone", {"call_back_at": "9999-12-31T23:59:59-05:00"}),
        ("phone", {"started_at": "9999-12-31T23:00:00Z", "ended_at": "9999-12-31T23:59:59Z"}),
        ("phone", {"number": "12"}),
        ("social", {"link": "javascript:alert(1)"}),
        ("social", {"platform": "letterbox"}),
        ("letter", {"dated": "2026-11-23"}),
        ("letter", {"attachments": -1}),
        ("letter", {"subject": ""}),
        ("help_request", {"ticket": ""}),
        ("volunteering", {"volunteer": ""}),
        ("website", {"caller": CALLER}),
        ("delegate", {"place": ""}),
        ("delegate", {"device_at": "2026-11-23T09:00:00Z"}),
        ("delegate", {"device_at": "2026-01-01T09:00:00Z"}),
    ],
)
async def test_what_a_channel_cannot_have_said_is_refused_and_writes_nothing(
    office: Office, channel: str, changes: dict[str, Any]
) -> None:
    before = everything_written(office.desk)
    body = office.new_case(channel=channel, arrival=arrival(channel, **changes))
    answer = await office.desk.call("POST", "/api/v1/cases", body=body, **office.who)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert str(answer.json()["field"]).startswith("arrival")
    assert everything_written(office.desk) == before


async def test_a_field_visit_keeps_the_time_of_the_device_however_late_it_arrives(office: Office) -> None:
    office.desk.clock.forward(timedelta(days=3))
    case = await came_by(office, "delegate")
    kept = await office.get(f"/api/v1/cases/{case['id']}/arrival")
    assert (kept["said"]["arrival"]["device_at"], kept["taken_at"][:10]) == (RECEIVED, "2026-11-25")


async def test_a_request_without_a_record_says_so(office: Office) -> None:
    case = await office.begin()
    answer = await office.desk.call("GET", f"/api/v1/cases/{case['id']}/arrival", **office.who)
    assert (answer.status_code, answer.json()["code"]) == (404, "arrival_not_recorded")


async def test_once_it_went_up_nobody_writes_how_it_came(office: Office) -> None:
    case = await office.walk(to=CaseStatus.REFERRED)
    await office.refuse_step(case, "arrival", {"arrival": arrival("interview")}, status=409, code="step_out_of_order")


async def test_another_branch_sees_nothing_of_how_it_came(office: Office) -> None:
    here = Office(office.desk, role=Role.DELEGATE, branch="hada_sham")
    case = await came_by(here, "interview")
    answer = await office.desk.call(
        "GET", f"/api/v1/cases/{case['id']}/arrival", role=Role.DELEGATE, branch="ayn_shams"
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")


async def test_what_was_said_lies_under_his_key_and_travels_nowhere(office: Office) -> None:
    await came_by(office, "interview")
    await came_by(office, "phone")
    written = "\n".join(everything_written(office.desk))
    assert not [words for words in (NOTES, CALLER, "555000111") if words in written]
