"""What each service says of itself: OpenAPI for what it can be asked, AsyncAPI for what it tells."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from faststream.redis import RedisBroker

from shared.language.errors import Refusal
from shared.language.events import EVENTS
from shared.plumbing.streams import asyncapi_of

STATE_OF_PARTS = ("GET /ready", "503")
"""The only answer from 400 on that is no refusal: the same document as at 200, with what is down."""
METHODS = {"get", "post", "put", "patch", "delete"}


def operations(app: FastAPI) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, item in app.openapi()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_every_operation_says_in_a_line_what_it_does(app: FastAPI) -> None:
    assert [name for name, operation in operations(app) if not operation.get("summary")] == []


def test_every_operation_says_who_may_call_it(app: FastAPI) -> None:
    assert [name for name, operation in operations(app) if not operation.get("x-roles")] == []
    public = {name for name, operation in operations(app) if operation["x-roles"] == ["anyone"]}
    assert all("/public/" in name or name == "GET /health" or "/api/v1" not in name for name in public)


def test_every_request_body_has_an_example(app: FastAPI) -> None:
    schemas = app.openapi()["components"]["schemas"]
    without = []
    for name, operation in operations(app):
        if "requestBody" in operation:
            if "x-body-limit" in operation:
                continue  # a file
            content = operation["requestBody"]["content"]["application/json"]
            schema = schemas.get(content["schema"].get("$ref", "").rpartition("/")[2], content["schema"])
            if not (schema.get("examples") or content.get("examples") or content.get("example")):
                without.append(name)
    assert without == []


def test_every_refusal_is_documented_as_a_problem_with_both_languages(app: FastAPI) -> None:
    for name, operation in operations(app):
        for status, response in operation["responses"].items():
            if status.startswith("2") or (name, status) == STATE_OF_PARTS:
                continue
            content = response["content"]["application/problem+json"]
            assert content["examples"], (name, status)
            for code, example in content["examples"].items():
                problem = example["value"]
                assert problem["code"] == code, name
                assert problem["status"] == int(status), name
                assert problem["sentences"]["ar"] != problem["sentences"]["en"], name


async def test_the_event_document_names_every_event_that_the_service_tells(app: FastAPI) -> None:
    runtime = app.state.runtime
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://a") as client:
        document = (await client.get("/asyncapi.json")).json()
    told = {event.__name__ for event in EVENTS.values() if event.source is runtime.service.source}
    named = json.dumps(document["components"])
    assert {event for event in told if event not in named} == set()
    assert document["asyncapi"].startswith("3.")


async def test_the_event_document_is_served(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://athar.test") as client:
        page = await client.get("/docs/events/")
    assert page.status_code == 200
    assert app.title in page.text


async def test_the_event_document_is_made_once_however_often_anyone_asks(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def counted(broker: RedisBroker, *, title: str) -> dict[str, Any]:
        made.append(title)
        return asyncapi_of(broker, title=title)

    monkeypatch.setattr("shared.plumbing.service.asyncapi_of", counted)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://athar.test") as client:
        answers = [(await client.get(path)).text for path in ["/asyncapi.json", "/docs/events/"] * 2]
    assert answers[:2] == answers[2:]
    assert made == [app.title]


def _refusals(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    return [refusal for child in kind.__subclasses__() for refusal in (child, *_refusals(child))]


def test_every_refusal_has_a_code_of_its_own_and_speaks_both_languages() -> None:
    refusals = _refusals()
    codes = [refusal.code for refusal in refusals]
    assert len(codes) == len(set(codes))
    for refusal in refusals:
        assert any("\u0600" <= letter <= "\u06ff" for letter in refusal.ar), refusal.code
        assert refusal.en.isprintable(), refusal.code
        assert 400 <= refusal.status < 600, refusal.code
