"""What the documents of a service promise holds when a program relies on it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter

from shared.language.events import EVENTS
from shared.language.roles import Role
from shared.plumbing.doors import AtharRoute
from shared.plumbing.streams import stream_of
from tests.contracts.problem import assert_problem
from tests.contracts.test_documents import STATE_OF_PARTS, operations

Document = dict[str, Any]
PROBLEM = "application/problem+json"


def resolved(part: Any, document: Document) -> Any:
    """`part` with what its references point to in their place."""
    if isinstance(part, dict) and "$ref" in part:
        place = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        return resolved(place, document)
    if isinstance(part, dict):
        return {key: resolved(value, document) for key, value in part.items()}
    return [resolved(value, document) for value in part] if isinstance(part, list) else part


def refusals(app: FastAPI) -> Iterator[tuple[str, int, Document]]:
    for name, operation in operations(app):
        for status, response in operation["responses"].items():
            if int(status) >= 400 and (name, status) != STATE_OF_PARTS:
                yield name, int(status), response


def test_the_example_of_a_request_body_is_a_body_that_is_taken(app: FastAPI) -> None:
    for route in app.routes:
        if isinstance(route, AtharRoute) and route.body_field is not None:
            body = TypeAdapter(route.body_field.field_info.annotation)
            for example in body.json_schema().get("examples", []):
                body.validate_python(example)


def test_an_operation_for_signed_in_people_asks_for_a_token_and_names_roles_that_exist(app: FastAPI) -> None:
    for name, operation in operations(app):
        roles = set(operation["x-roles"])
        assert roles == {"anyone"} or roles <= {role.value for role in Role}, name
        assert ("security" in operation) is (roles != {"anyone"}), name


def test_an_operation_that_writes_takes_an_idempotency_key(app: FastAPI) -> None:
    for name, operation in operations(app):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) is not name.startswith("GET "), name


def test_every_operation_tells_of_a_malformed_request_and_of_a_part_that_is_down(app: FastAPI) -> None:
    for name, operation in operations(app):
        assert {"422", "503"} <= set(operation["responses"]), name


def test_every_refusal_has_the_schema_of_a_problem(app: FastAPI) -> None:
    document = app.openapi()
    for name, status, response in refusals(app):
        schemas = [content["schema"] for content in response["content"].values() if "schema" in content]
        (schema,) = resolved(schemas, document)
        assert {"type", "title", "status", "detail", "code", "sentences"} <= set(schema["required"]), (name, status)


def test_a_refusal_is_documented_with_the_media_type_that_it_has(app: FastAPI) -> None:
    for name, status, response in refusals(app):
        assert set(response["content"]) == {PROBLEM}, (name, status)
        assert "schema" in response["content"][PROBLEM], (name, status)


async def test_an_events_document_has_a_channel_for_each_event_with_its_very_fields(app: FastAPI) -> None:
    source = app.state.runtime.service.source
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://a") as client:
        document = (await client.get("/asyncapi.json")).json()
    own = {event.type: event for event in EVENTS.values() if event.source is source}
    assert set(document["channels"]) == set(own)
    for name, event in own.items():
        channel = resolved(document["channels"][name], document)
        assert channel["address"] == stream_of(source)
        (message,) = channel["messages"].values()
        assert set(message["payload"]["properties"]["data"]["properties"]) == set(event.model_fields), name


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_a_method_that_a_door_does_not_take_is_a_problem(app: FastAPI, method: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://athar.test") as client:
        assert_problem(await client.request(method, "/health"), status=405, code="method_not_allowed")


async def test_an_address_that_is_nobodys_is_a_problem(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://athar.test") as client:
        assert_problem(await client.get("/api/v1/nowhere"), status=404, code="not_found")
