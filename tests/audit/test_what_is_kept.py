"""The trail says who did and who looked, at what, when and from where; and nothing else is said in it."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from starlette.routing import BaseRoute

from athar.catalogue import SERVICES
from services.intake.domain.case import CaseStatus
from shared.language.roles import SYSTEM, Actor, Role
from shared.plumbing.audit import record
from shared.plumbing.audit.looks import Looks
from shared.plumbing.audit.tables import entries
from shared.plumbing.audit.words import mark, mark_of_network, person_chain
from shared.plumbing.doors import AtharRoute
from shared.plumbing.origin import Origin, acting, new_id
from shared.plumbing.seal import SealedText, unseal
from shared.plumbing.vault import VAULT
from tests.audit.book import broken, kept
from tests.contracts.conftest import build
from tests.harness.desk import ASSOCIATION, NOON, Desk
from tests.intake.office import KHARJ, MOBILE, NAME, NATIONAL_ID, Office

AGENT = "Mozilla/5.0 (made up)"
CASES = "/api/v1/cases"


async def test_an_act_is_kept_with_who_what_when_and_whence_in_the_chain_of_its_case(office: Office) -> None:
    case = await office.begin()
    headers = {"User-Agent": AGENT}
    office.desk.clock.forward(timedelta(hours=1))
    answer = await office.desk.call(
        "POST", f"{CASES}/{case['id']}/reception", body={}, headers=headers, person="p-7", **office.who
    )
    begun, received = await kept(office.desk.runtime.database)
    assert [(one.kind, one.act, one.chain, one.number) for one in (begun, received)] == [
        ("did", "post_case", f"case:{case['id']}", 1),
        ("did", "post_reception", f"case:{case['id']}", 2),
    ]
    assert received.previous == begun.hash
    assert (received.person_id, received.role, received.association_id) == ("p-7", "intake_officer", ASSOCIATION)
    assert (received.case_id, received.status, received.code) == (case["id"], 200, None)
    assert received.route == "POST /api/v1/cases/{case_id}/reception"
    assert received.at == office.desk.clock.now().isoformat(timespec="microseconds")
    assert received.machine_at != received.at
    assert (received.address, received.agent) == ("127.0.0.1", mark(AGENT))
    assert received.correlation_id == answer.headers["x-correlation-id"]


async def test_a_look_at_a_case_is_kept(office: Office) -> None:
    case = await office.begin()
    await office.get(f"{CASES}/{case['id']}", role=Role.AUDITOR)
    *_, look = await kept(office.desk.runtime.database)
    assert (look.kind, look.act, look.role, look.chain) == ("looked", "show_case", "auditor", f"case:{case['id']}")


async def test_a_page_of_a_list_says_which_cases_stood_on_it_and_lies_in_the_readers_own_chain(office: Office) -> None:
    cases = [(await office.begin())["id"] for _ in range(2)]
    await office.get(f"{CASES}?limit=10", role=Role.AUDITOR, person="a-1")
    *_, look = await kept(office.desk.runtime.database)
    assert (look.kind, look.case_id, look.chain) == ("looked", None, person_chain(ASSOCIATION, "a-1"))
    assert json.loads(look.shown) == cases


async def test_who_was_not_let_through_is_kept_and_nothing_else_of_his_request(office: Office) -> None:
    case, desk = await office.begin(), office.desk
    refused = await desk.call("POST", f"{CASES}/{case['id']}/reception", role=Role.AUDITOR, person="a-1", body={})
    foreign = await desk.call("GET", f"{CASES}/{case['id']}", role=Role.AUDITOR, person="k-1", association=KHARJ)
    branch = await desk.call("GET", f"{CASES}/{case['id']}", role=Role.DELEGATE, person="d-1", branch="hada_sham")
    assert [refused.status_code, foreign.status_code, branch.status_code] == [403, 404, 404]
    _, *found = await kept(desk.runtime.database)
    assert [(one.kind, one.person_id, one.code, one.status, one.case_id) for one in found] == [
        ("refused", "a-1", "not_allowed", 403, case["id"]),
        ("refused", "k-1", "case_not_found", 404, case["id"]),
        ("refused", "d-1", "case_not_found", 404, case["id"]),
    ]
    assert [one.chain for one in found] == [
        person_chain(ASSOCIATION, "a-1"),
        person_chain(KHARJ, "k-1"),
        person_chain(ASSOCIATION, "d-1"),
    ]


async def test_whose_token_is_over_is_known_by_it_and_a_stranger_is_nobody(office: Office) -> None:
    desk = office.desk
    token = desk.token(Role.AUDITOR, person="a-1", lasts=timedelta(minutes=1))
    desk.clock.forward(timedelta(minutes=2))
    for authorization in (f"Bearer {token}", "Bearer forged", "Basic dTpw"):
        answer = await desk.client.get(CASES, headers={"Authorization": authorization})
        assert answer.status_code == 401
    # A browser's stands in a cookie.
    cookies = "; ".join(f"{name}={token}" for name in ("athar-access", "__Host-athar-access"))
    assert (await desk.client.get(CASES, headers={"Cookie": cookies})).status_code == 401
    found = await kept(desk.runtime.database)
    assert [(over.kind, over.person_id, over.code) for over in found] == [("refused", "a-1", "token_expired")] * 2


async def test_who_is_refused_at_a_door_that_works_before_its_transaction_is_kept_too(intake: Desk) -> None:
    body = {"user_name": "omar", "name": "عمر"}
    answer = await intake.call("POST", "/api/v1/staff", body=body, role=Role.AUDITOR, person="a-1")
    assert answer.status_code == 403
    (refused,) = await kept(intake.runtime.database)
    assert (refused.kind, refused.person_id, refused.act) == ("refused", "a-1", "post_staff")


async def test_an_act_that_was_refused_leaves_the_refusal_and_a_slip_of_the_pen_leaves_nothing(office: Office) -> None:
    case = await office.begin()
    early = await office.desk.call("POST", f"{CASES}/{case['id']}/check", **office.who)
    assert early.status_code == 409
    slip = await office.desk.call("POST", CASES, body={"channel": "pigeon"}, **office.who)
    assert slip.status_code == 422
    _, *found = await kept(office.desk.runtime.database)
    assert [(one.kind, one.code) for one in found] == [("refused", "step_out_of_order")]
    assert await broken(office.desk.runtime.database) == []


async def test_a_request_that_comes_again_is_one_act(office: Office) -> None:
    for _ in range(3):
        await office.desk.call(
            "POST", CASES, body=office.new_case(), headers={"Idempotency-Key": "tapped-thrice"}, **office.who
        )
    assert len(await kept(office.desk.runtime.database)) == 1


async def test_an_applicant_at_the_public_door_stands_in_his_cases_chain_without_his_address(office: Office) -> None:
    request = office.new_case() | {"association_id": ASSOCIATION}
    request.pop("channel")
    answer = await office.desk.call("POST", "/api/v1/public/requests", body=request)
    assert answer.status_code == 201, answer.text
    (asked,) = await kept(office.desk.runtime.database)
    assert (asked.person_id, asked.role, asked.association_id) == ("applicant", None, ASSOCIATION)
    assert asked.chain == f"case:{asked.case_id}"
    assert asked.address == mark("127.0.0.0/24"), "of a stranger, the network"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("203.0.113.7", "203.0.113.250"),
        ("203.0.113.7", "::ffff:203.0.113.9"),
        ("2001:db8:5:1::7", "2001:db8:5:ffff:1:2:3:4"),
    ],
)
def test_strangers_of_one_network_are_not_told_apart(one: str, other: str) -> None:
    assert mark_of_network(one) == mark_of_network(other)
    assert mark_of_network(one) not in {mark_of_network("203.0.114.7"), mark_of_network("2001:db8:6::7"), mark(one)}


async def test_a_whole_walk_leaves_nothing_personal_in_the_trail(office: Office) -> None:
    case = await office.walk(to=CaseStatus.CLOSED)
    await office.get(f"{CASES}/{case['id']}/timeline", role=Role.AUDITOR)
    await office.get(CASES, role=Role.AUDITOR)
    found = await kept(office.desk.runtime.database)
    assert len(found) > 15
    written = "\n".join(str(value) for one in found for value in one)
    for secret in (NATIONAL_ID, NAME, MOBILE, "555000111", "نورة", "توقيع", "انتفع", "python-httpx"):
        assert secret not in written
    assert await broken(office.desk.runtime.database) == []


async def test_what_somebody_types_into_an_address_is_kept_as_a_mark_alone(office: Office) -> None:
    for path in (f"{CASES}/{NATIONAL_ID}", f"{CASES}/{NAME}/timeline"):
        assert (await office.desk.call("GET", path, role=Role.AUDITOR)).status_code == 404
    found = await kept(office.desk.runtime.database)
    assert [one.case_id for one in found] == [mark(NATIONAL_ID), mark(NAME)]


async def test_an_act_with_a_reason_is_kept_sealed_in_the_transaction_of_what_it_explains(intake: Desk) -> None:
    database = intake.runtime.database
    cause = Origin(actor=Actor(person_id="p-1", role=Role.BRANCH_MANAGER, branch_id="jamoum"), correlation_id="c-1")
    case_id = new_id()
    with acting(cause, name="test", traceparent=None):
        async with database.write() as session:
            VAULT.make("b-1", now=NOON)
            await record(session, act="national_id.revealed", reason="تحقق", case_id=case_id, person_id="b-1")
        async with database.write() as session:
            await record(session, act="national_id.revealed", case_id=case_id)
            await session.rollback()
    (revealed,) = await kept(database)
    assert (revealed.person_id, revealed.role, revealed.branch_id) == ("p-1", "branch_manager", "jamoum")
    assert (revealed.act, revealed.subject_id, revealed.correlation_id) == ("national_id.revealed", "b-1", "c-1")
    assert "تحقق" not in revealed.reason
    assert unseal(SealedText(revealed.reason)) == "تحقق"
    assert await broken(database) == []


async def test_a_timers_act_is_athars_own(intake: Desk) -> None:
    async with intake.runtime.database.write() as session:
        await record(session, act="case.expired")
    (own,) = await kept(intake.runtime.database)
    assert own.person_id == SYSTEM.person_id


async def test_looks_of_the_same_moment_share_a_commit_and_each_is_kept_once(office: Office) -> None:
    case, database = await office.begin(), office.desk.runtime.database
    commits: list[Any] = []

    def note(connection: Any) -> None:
        commits.append(connection)

    event.listen(database.engine.sync_engine, "commit", note)
    looks = [office.get(f"{CASES}/{case['id']}", role=Role.AUDITOR, person=f"a-{n}") for n in range(30)]
    await asyncio.gather(*looks)
    event.remove(database.engine.sync_engine, "commit", note)
    _, *found = await kept(database)
    assert sorted(one.person_id for one in found) == sorted(f"a-{n}" for n in range(30))
    assert [one.number for one in sorted(found, key=lambda one: one.number)] == list(range(2, 32))
    # Thirty reads commit nothing but their own end; their looks some at a time.
    assert len(commits) < 60
    assert await broken(database) == []


async def test_a_look_whose_reader_left_harms_nobody_elses(intake: Desk) -> None:
    looks = Looks(intake.runtime.database)
    first = asyncio.create_task(looks.keep([]))
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await looks.keep([])


def unkept(route: BaseRoute) -> bool:
    return (
        isinstance(route, AtharRoute)
        and not route.writes
        and (not route.door.roles or getattr(route.endpoint, "figures_only", False))
    )


def test_every_read_of_people_is_kept_and_those_that_are_not_stand_here(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {
        f"{name} {route.path}"  # type: ignore[attr-defined]
        for name in SERVICES
        for route in build(name, tmp_path, monkeypatch).routes
        if unkept(route)
    }
    everywhere = ("/health", "/ready", "/metrics", "/asyncapi.json", "/api/v1/operations/messages")
    look = ("/ui/offline", "/ui/outbox", "/ui/gallery", "/ui/gallery/{example}", "/ui/{file}")
    plain = {f"{name} {path}" for name in SERVICES for path in (*everywhere, *look)}
    # The survey says itself whose it is, and is kept with that; at the sign-in nobody is anyone yet.
    steps = ("", "/issuer", "/password", "/seat", "/second-factor", "/second-factor-setup")
    plain |= {f"intake /sign-in{step}" for step in steps} | {"intake /api/v1/public/keys"}
    # The public's forms show nobody; whoever follows his own request is kept with the case that he is shown.
    public = ("/ask", "/ask/{association_id}", "/ask/{association_id}/{service_id}", "/ask/sent")
    following = ("/follow", "/follow/attestation", "/follow/withdrawal")
    plain |= {f"intake {path}" for path in (*public, *following)} | {"feedback /complaint", "feedback /complaint/heard"}
    # What is the association's own, and about nobody.
    own = ("policy", "filters", "guide", "guide.{kind}", "library", "tools/{tool}/editions/{edition_id}/file")
    plain |= {f"intake /api/v1/{path}" for path in own}
    plain |= {f"intake /desk/{path}" for path in ("guide", "guide/new", "library", "tools/{tool}")}
    assert found - plain == {
        "feedback /api/v1/satisfaction",
        "feedback /api/v1/public/surveys/{code}",
        "notifications /",
    }


def test_the_table_has_no_column_that_asks_for_a_name() -> None:
    assert not {"name", "mobile", "email", "national_id", "path", "body", "query"} & set(entries.c.keys())
