"""An association's own identity provider (OpenID Connect Core 1.0): authorization code with PKCE, state and nonce."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict

from services.intake.settings import IntakeSettings
from shared.language.errors import IssuerRefused
from shared.language.roles import Role

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
"""No symmetric one: nobody who knows our secret may sign for the provider."""
KEPT_SECONDS, ASK_AGAIN_SECONDS, TIMEOUT_SECONDS = 600.0, 5.0, 5.0
LEEWAY_SECONDS = 60

log = logging.getLogger("athar.issuer")


class Flow(BaseModel):
    """What a browser carries, sealed, from the start of the flow to its return."""

    model_config = ConfigDict(frozen=True)

    state: str
    nonce: str
    verifier: str
    began: float
    next: str


@dataclass(frozen=True)
class Vouched:
    """Whom the provider means, and the roles that it vouches for."""

    subject: str
    roles: frozenset[Role]


class Provider:
    """What the provider publishes about itself, kept for a while."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._document: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._read_at = self._keys_at = float("-inf")

    async def document(self) -> dict[str, Any]:
        """Raises `IssuerRefused` for one that speaks for another issuer."""
        if time.monotonic() - self._read_at > KEPT_SECONDS:
            found = await _get(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != self._issuer:
                raise IssuerRefused
            self._document, self._read_at = found, time.monotonic()
        return self._document

    async def keys(self, *, newer: bool = False) -> KeySet:
        """Its keys; `newer` where a token was signed by one that we do not know."""
        age = time.monotonic() - self._keys_at
        if self._keys is None or age > KEPT_SECONDS or (newer and age > ASK_AGAIN_SECONDS):
            self._keys = KeySet.import_key_set(await _get((await self.document())["jwks_uri"]))
            self._keys_at = time.monotonic()
        return self._keys


@cache
def provider_at(issuer: str) -> Provider:
    return Provider(issuer)


async def begin(settings: IntakeSettings, *, redirect_uri: str, then: str, now: datetime) -> tuple[str, Flow]:
    """Where to send the browser, and what it carries meanwhile. Raises `IssuerRefused` while the provider is away."""
    # It takes a moment to load, and most installations have no provider.
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    flow = Flow(
        state=generate_token(43),
        nonce=generate_token(43),
        verifier=generate_token(64),
        began=now.timestamp(),
        next=then,
    )
    try:
        document = await provider_at(_issuer(settings)).document()
        url = prepare_grant_uri(
            document["authorization_endpoint"],
            client_id=settings.oidc_client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope=settings.oidc_scopes,
            state=flow.state,
            nonce=flow.nonce,
            code_challenge=create_s256_code_challenge(flow.verifier),
            code_challenge_method="S256",
        )
    except (httpx.HTTPError, KeyError, ValueError) as error:
        raise _refused(error) from None
    return str(url), flow


async def finish(settings: IntakeSettings, flow: Flow, *, code: str, redirect_uri: str, now: datetime) -> Vouched:
    """Whom the code stands for. Raises `IssuerRefused` for whatever is not as it should be."""
    provider = provider_at(_issuer(settings))
    try:
        document = await provider.document()
        answer = await _exchange(settings, document, flow, code=code, redirect_uri=redirect_uri)
        claims = await _claims(settings, provider, answer["id_token"], nonce=flow.nonce, now=now)
        groups = claims.get(settings.oidc_roles_claim)
        if groups is None and "userinfo_endpoint" in document:
            more = await _get(document["userinfo_endpoint"], token=answer["access_token"])
            if more.get("sub") != claims["sub"]:
                raise IssuerRefused
            groups = more.get(settings.oidc_roles_claim)
        return Vouched(str(claims["sub"]), _roles(settings, groups))
    except (httpx.HTTPError, JoseError, AuthlibBaseError, KeyError, ValueError, TypeError) as error:
        raise _refused(error) from None


def _roles(settings: IntakeSettings, groups: Any) -> frozenset[Role]:
    if not settings.oidc_roles:
        return frozenset(Role)
    named = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return frozenset(settings.oidc_roles[group] for group in named if group in settings.oidc_roles)


async def _exchange(
    settings: IntakeSettings, document: dict[str, Any], flow: Flow, *, code: str, redirect_uri: str
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": flow.verifier,
        "client_id": settings.oidc_client_id or "",
    }
    secret = settings.oidc_secret
    # RFC 6749 §2.3.1: both are form-encoded before they become a basic credential.
    auth = httpx.BasicAuth(quote(form["client_id"], safe=""), quote(secret, safe="")) if secret else None
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, auth=auth) as client:
        answer = await client.post(document["token_endpoint"], data=form, headers={"Accept": "application/json"})
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


async def _claims(
    settings: IntakeSettings, provider: Provider, id_token: str, *, nonce: str, now: datetime
) -> dict[str, Any]:
    from authlib.oidc.core import CodeIDToken

    try:
        token = jwt.decode(id_token, await provider.keys(), algorithms=ALGORITHMS)
    except JoseError:
        token = jwt.decode(id_token, await provider.keys(newer=True), algorithms=ALGORITHMS)
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": settings.oidc_issuer},
            "aud": {"essential": True, "value": settings.oidc_client_id},
            "sub": {"essential": True},
        },
        params={"nonce": nonce, "client_id": settings.oidc_client_id},
    )
    claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    return dict(claims)


async def _get(url: str, *, token: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
        return (await client.get(url, headers=headers)).raise_for_status().json()


def _issuer(settings: IntakeSettings) -> str:
    if settings.oidc_issuer is None:
        raise IssuerRefused
    return settings.oidc_issuer


def _refused(error: Exception) -> IssuerRefused:
    # The kind alone: what it says may hold a code, a token or a name.
    log.warning("signing in through the identity provider failed: %s", type(error).__name__)
    return IssuerRefused()
