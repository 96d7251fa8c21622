"""A small identity provider that really serves, on a free port of this machine, and can be made to err."""

import asyncio
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from tests.plumbing.waiting import eventually

CLIENT, SECRET = "athar", "a secret of the client/with+signs"


class Provider:
    """Signs in whoever comes as `subject`. What it does wrong stands in `claims`, `headers` and `sign_with`."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.issuer = ""
        self.subject, self.groups = "sub-sara", ["athar-officers"]
        self.key = RSAKey.generate_key(2048, auto_kid=True)
        self.sign_with: Any = None
        self.claims: dict[str, Any] = {}
        self.in_userinfo = False
        self.userinfo_subject: str | None = None
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self.document),
            Route("/keys", self.keys),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
            Route("/userinfo", self.userinfo),
        ]

    async def document(self, _: Request) -> JSONResponse:
        places = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "userinfo_endpoint": "userinfo",
        }
        return JSONResponse({"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in places.items()}})

    async def keys(self, _: Request) -> JSONResponse:
        self.asked.append("keys")
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return RedirectResponse(
            asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]}), status_code=302
        )

    async def token(self, request: Request) -> JSONResponse:
        self.asked.append("token")
        form = dict(parse_qsl((await request.body()).decode()))
        client, _, secret = b64decode(request.headers["authorization"].removeprefix("Basic ")).decode().partition(":")
        asked = self.codes.pop(form["code"], None)
        right = (
            asked is not None
            and (unquote(client), unquote(secret)) == (CLIENT, SECRET)
            and form["redirect_uri"] == asked["redirect_uri"]
            and create_s256_code_challenge(form["code_verifier"]) == asked["code_challenge"]
        )
        if not right or asked is None:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        at = int(self.now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "nonce": asked["nonce"],
            **({} if self.in_userinfo else {"groups": self.groups}),
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        id_token = (
            self.sign_with(claims)
            if self.sign_with
            else jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        )
        return JSONResponse({"access_token": "access", "token_type": "Bearer", "id_token": id_token})

    async def userinfo(self, request: Request) -> JSONResponse:
        assert request.headers["authorization"] == "Bearer access"
        return JSONResponse({"sub": self.userinfo_subject or self.subject, "groups": self.groups})


@asynccontextmanager
async def open_provider(now: Callable[[], datetime]) -> AsyncIterator[Provider]:
    provider = Provider(now)
    config = uvicorn.Config(Starlette(routes=provider.routes()), port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield provider
    finally:
        server.should_exit = True
        await serving


def unsigned(claims: dict[str, Any]) -> str:
    """A token that says that it needs no signature."""
    parts = ({"alg": "none"}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."
