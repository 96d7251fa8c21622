"""The page of what a service tells, made of its AsyncAPI document: words alone, no script from anywhere."""

from collections.abc import Callable
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.language.errors import MethodNotAllowed
from shared.plumbing.problems import answer

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>What this service tells. The whole document: <a href="../../asyncapi.json">AsyncAPI</a>.</p>
{events}</main>
</body>
</html>
"""


def event_page(document: Callable[[], dict[str, Any]]) -> ASGIApp:
    """The page of the AsyncAPI document that `document` makes, at whatever path it is mounted."""

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        response: Response = answer(request, MethodNotAllowed())
        if request.method in {"GET", "HEAD"}:
            response = HTMLResponse(_page(document()))
        await response(scope, receive, send)

    return page


def _page(document: dict[str, Any]) -> str:
    messages = document.get("components", {}).get("messages", {})
    schemas = document.get("components", {}).get("schemas", {})
    events = "".join(_event(name, _fields(message, schemas)) for name, message in sorted(messages.items()))
    return PAGE.format(title=escape(document["info"]["title"]), events=events)


def _event(name: str, fields: list[str]) -> str:
    items = "".join(f"<li><code>{escape(field)}</code></li>" for field in fields)
    return f"<section><h2><code>{escape(name.partition(':')[0])}</code></h2><ul>{items}</ul></section>\n"


def _fields(message: dict[str, Any], schemas: dict[str, Any]) -> list[str]:
    payload = _followed(message.get("payload", {}), schemas)
    facts = _followed(payload.get("properties", {}).get("data", payload), schemas)
    return sorted(facts.get("properties", {}))


def _followed(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    return found
