"""Doors: who may pass, one transaction a request, and what stands behind no door at all."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from shared.language.roles import Role
from shared.plumbing.doors import ANYONE, Session, allow, api_router
from shared.plumbing.identity import Principal, issue_token, make_signing_key, public_keys
from tests.harness.desk import ASSOCIATION
from tests.plumbing.counter import FACTS, OPEN, Counter
from tests.plumbing.problem import problem_in

DELEGATE = Principal(association_id=ASSOCIATION, person_id="delegate-1", role=Role.DELEGATE)
BODY = {"case_id": "a", "number": 1}


def part(what: Any) -> str:
    return base64.urlsafe_b64encode(what if isinstance(what, bytes) else json.dumps(what).encode()).decode().rstrip("=")


def claims_of(counter: Counter) -> dict[str, Any]:
    body = counter.token(Role.DELEGATE).split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=="))
    return claims


def of_another_key(counter: Counter) -> str:
    return issue_token(DELEGATE, key=make_signing_key(), now=counter.clock.now(), lasts=timedelta(hours=1))


def of_another_key_under_our_key_id(counter: Counter) -> str:
    return signed(counter, key=make_signing_key())


def without_signature(counter: Counter) -> str:
    return f"{part({'alg': 'none', 'kid': counter.signing_key.kid})}.{part(claims_of(counter))}."


def with_our_public_key_for_a_password(counter: Counter) -> str:
    (public,) = public_keys(counter.signing_key)["keys"]
    signed = f"{part({'alg': 'HS256', 'kid': counter.signing_key.kid})}.{part(claims_of(counter))}"
    secret = base64.urlsafe_b64decode(public["x"] + "==")
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def with_another_role_written_in(counter: Counter) -> str:
    head, _, signature = counter.token(Role.AUDITOR).split(".")
    return ".".join([head, part(claims_of(counter)), signature])


def of_another_issuer(counter: Counter) -> str:
    return signed(counter, iss="elsewhere")


def without_an_end(counter: Counter) -> str:
    return signed(counter, exp=None)


def of_a_role_that_is_none(counter: Counter) -> str:
    return signed(counter, role="king")


def signed(counter: Counter, *, key: OKPKey | None = None, **changes: Any) -> str:
    """A token as only a broken or stolen signer would make it."""
    claims = {name: value for name, value in (claims_of(counter) | changes).items() if value is not None}
    header = {"alg": "Ed25519", "kid": counter.signing_key.kid}
    return jwt.encode(header, claims, key or counter.signing_key, algorithms=["Ed25519"])


FORGED = [
    of_another_key,
    of_another_key_under_our_key_id,
    without_signature,
    with_our_public_key_for_a_password,
    with_another_role_written_in,
    of_another_issuer,
    without_an_end,
    of_a_role_that_is_none,
]
NO_TOKENS = ["x", "a.b.c", "..", f"{part([])}.{part({})}.x", f"{part({'alg': 7})}.{part(7)}.x", "é.é.é", "a" * 10_000]


async def post(counter: Counter, authorization: str | None) -> Any:
    headers = {} if authorization is None else {"Authorization": authorization.encode()}
    return await counter.client.post(FACTS, json=BODY, headers=headers)


@pytest.mark.parametrize("forge", FORGED, ids=lambda forge: forge.__name__)
async def test_a_forged_token_opens_no_door(counter: Counter, forge: Callable[[Counter], str]) -> None:
    answer = await post(counter, f"Bearer {forge(counter)}")
    problem_in(answer, status=401, code="token_forged")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert await counter.facts() == []


@pytest.mark.parametrize("token", NO_TOKENS, ids=range(len(NO_TOKENS)))
async def test_what_is_no_token_opens_no_door(counter: Counter, token: str) -> None:
    problem_in(await post(counter, f"Bearer {token}"), status=401, code="token_forged")


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Basic dTpw"])
async def test_nobody_passes_without_a_token(counter: Counter, authorization: str | None) -> None:
    problem_in(await post(counter, authorization), status=401, code="not_signed_in")
    assert await counter.facts() == []


async def test_a_token_opens_until_its_last_second_and_then_no_more(counter: Counter) -> None:
    token = counter.token(Role.DELEGATE, lasts=timedelta(minutes=10))
    counter.clock.forward(timedelta(minutes=10, seconds=-1))
    assert (await post(counter, f"Bearer {token}")).status_code == 201
    counter.clock.forward(timedelta(seconds=1))
    problem_in(await post(counter, f"Bearer {token}"), status=401, code="token_expired")


async def test_a_role_that_the_door_does_not_list_is_refused_with_the_roles_that_it_does(counter: Counter) -> None:
    problem = problem_in(await counter.tell(role=Role.AUDITOR), status=403, code="not_allowed")
    assert "delegate" in problem["sentences"]["en"]
    assert await counter.facts() == []


async def test_the_door_hands_over_the_person_who_passed(counter: Counter) -> None:
    answer = await counter.tell(person="p-9", association="another")
    assert answer.json()["by"] == "p-9"
    shown = await counter.call("GET", f"{FACTS}/3", role=Role.AUDITOR, association="another")
    assert shown.json()["case_id"] == "another"


async def test_a_public_door_asks_for_nothing(counter: Counter) -> None:
    assert (await counter.call("POST", OPEN, body=BODY)).json()["by"] == "anyone"


async def test_a_refusal_takes_back_all_that_the_request_had_written(counter: Counter) -> None:
    problem_in(await counter.tell("a", 1, then="refuse"), status=404, code="case_not_found")
    await counter.tell("a", 2)
    assert await counter.facts() == [("a", 2)]


async def test_a_bug_takes_back_all_that_the_request_had_written_and_shows_nothing_of_itself(counter: Counter) -> None:
    answer = await counter.tell("a", 1, then="break")
    assert answer.status_code == 500
    assert "Bug" not in answer.text
    assert await counter.facts() == []
    assert (await counter.tell("a", 2)).status_code == 201


async def test_what_a_request_told_says_who_and_shares_its_trace(counter: Counter) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    answer = await counter.call("POST", FACTS, role=Role.DELEGATE, person="p-9", body=BODY, headers=headers)
    (envelope,) = await counter.envelopes()
    assert (envelope.actor.person_id, envelope.actor.role) == ("p-9", Role.DELEGATE)
    assert envelope.correlation_id == answer.headers["x-correlation-id"]
    assert trace in (envelope.traceparent or "")
    assert trace in answer.headers["traceparent"]


async def test_an_operator_sees_the_dead_without_what_they_said_and_has_one_taken_in_again(counter: Counter) -> None:
    def base(path: str) -> str:
        return f"/api/v1/operations/{path}"

    await counter.bury("a")
    (letter,) = (await counter.call("GET", base("dead"), role=Role.PLATFORM_OPERATOR)).json()
    assert (letter["key"], letter["error"]) == ("a", "a made-up reason")
    assert "envelope" not in letter
    counts = await counter.call("GET", base("messages"), role=Role.PLATFORM_OPERATOR)
    assert counts.json()["dead"] == 1

    replay = base(f"dead/{letter['id']}/replay")
    problem_in(await counter.call("POST", replay, role=Role.AUDITOR), status=403, code="not_allowed")
    assert (await counter.call("POST", replay, role=Role.PLATFORM_OPERATOR)).status_code == 204
    problem_in(await counter.call("POST", replay, role=Role.PLATFORM_OPERATOR), status=404, code="message_not_found")


def test_a_route_without_a_door_cannot_be_made() -> None:
    router = api_router(tag="made-up")

    async def doorless(session: Session) -> None: ...

    with pytest.raises(TypeError, match="has 0 doors"):
        router.get("/doorless")(doorless)


def test_a_route_with_two_doors_cannot_be_made() -> None:
    router = api_router(tag="made-up")

    async def both(one: Annotated[None, ANYONE], two: Annotated[Principal, allow(Role.DELEGATE)]) -> None: ...

    with pytest.raises(TypeError, match="has 2 doors"):
        router.get("/both")(both)
