"""Who stands at the door: a signed token with association, branch, person and role (JWT, Ed25519; RFC 9864).

Intake's private key signs; the other services hold the public halves alone and verify.
"""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.language.errors import ForeignBranch, TokenExpired, TokenForged
from shared.language.roles import BRANCH_ROLES, Actor, Role

ISSUER = "athar"
ALGORITHM = "Ed25519"
NO_BRANCH = ""


NoStar = Annotated[str, Field(pattern=r"^[^*]*$")]


class Principal(BaseModel):
    """The person at the door, in the one seat that he acts in."""

    model_config = ConfigDict(frozen=True)

    association_id: NoStar
    person_id: str
    role: Role
    branch_id: NoStar | None = None
    session_id: str | None = None

    @property
    def actor(self) -> Actor:
        return Actor(person_id=self.person_id, role=self.role, branch_id=self.branch_id)

    @property
    def scope(self) -> "Scope":
        # A branch role whose token names no branch reaches none; `None` would be all of them.
        branch_id = (self.branch_id or NO_BRANCH) if self.role in BRANCH_ROLES else None
        return Scope(association_id=self.association_id, branch_id=branch_id, person_id=self.person_id)


@dataclass(frozen=True)
class Scope:
    """Which rows a person may see: his association's always; a branch role's own branch alone.

    Of a confidential case, those whom it names see it: `person_id` is one, or nobody at a public door.
    """

    association_id: str
    branch_id: str | None = None
    person_id: str | None = None

    def __post_init__(self) -> None:
        # To the database's policies a star is all of them (`scope.py`): no person's token says so.
        if "*" in {self.association_id, self.branch_id}:
            raise ValueError("a scope names one association, and one branch or none")

    def holds(self, *, association_id: str, branch_id: str) -> bool:
        """Whether a row of this association and branch is his to see."""
        return association_id == self.association_id and self.branch_id in {None, branch_id}

    def check_branch(self, branch_id: str) -> None:
        """Raises `ForeignBranch` when a branch role reaches for another branch's case."""
        if self.branch_id is not None and self.branch_id != branch_id:
            raise ForeignBranch


def make_signing_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519", auto_kid=True)


def public_keys(*keys: OKPKey) -> dict[str, Any]:
    """The JWK set with which others verify."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def load_signing_key(path: Path) -> OKPKey:
    """The only key in the file, or the oldest of a set; `SigningKeys` knows which one is due."""
    document = json.loads(path.read_text())
    key = document["keys"][0] if "keys" in document else document
    return OKPKey.import_key({name: value for name, value in key.items() if name not in {"signs_from", "retires_at"}})


def issue_token(principal: Principal, *, key: OKPKey, now: datetime, lasts: timedelta) -> str:
    """A token for `principal` that ends `lasts` from now."""
    claims = principal.model_dump(mode="json") | {
        "iss": ISSUER,
        "sub": principal.person_id,
        "iat": int(now.timestamp()),
        "exp": int((now + lasts).timestamp()),
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


TOKENS_REMEMBERED = 2_000


class Verifier:
    """Reads tokens with the public keys."""

    def __init__(self, key_set: dict[str, Any]) -> None:
        self.take(key_set)

    def take(self, key_set: dict[str, Any]) -> None:
        """Trust these keys from now on, and no others. Raises `JoseError` or `ValueError` for what is none."""
        bare = [{name: key[name] for name in key if name != "retires_at"} for key in key_set["keys"]]
        keys = KeySet.import_key_set({"keys": bare}) if bare else KeySet([])
        self.published = {"keys": list(key_set["keys"])}
        self.kids = {key.kid for key in keys}
        self._retires = {key.get("kid"): key["retires_at"] for key in key_set["keys"] if "retires_at" in key}
        self._keys = keys
        # A token comes with every request of a person; its signature is checked with the first of them.
        self._claims = lru_cache(maxsize=TOKENS_REMEMBERED)(self._check)

    async def refresh(self, token: str) -> None:
        """Look for newer keys; these here are fixed."""

    def principal(self, token: str, *, now: datetime) -> Principal:
        """The person that `token` names. Raises `TokenForged` or `TokenExpired`."""
        try:
            principal, ends = self._claims(token)
        except (JoseError, ValidationError, ValueError, KeyError, TypeError):
            raise TokenForged from None
        if self._retires and self._retires.get(kid_of(token), float("inf")) <= now.timestamp():
            raise TokenForged
        if ends <= now.timestamp():
            raise TokenExpired
        return principal

    def named_in(self, token: str) -> Principal | None:
        """Whom a token of ours names, though it may be over: for the trail, never for a door."""
        try:
            return self._claims(token)[0]
        except (JoseError, TokenForged, ValueError, KeyError, TypeError):
            return None

    def _check(self, token: str) -> tuple[Principal, int]:
        claims = jwt.decode(token, self._keys, algorithms=[ALGORITHM]).claims
        if claims.get("iss") != ISSUER:
            raise TokenForged
        return Principal.model_validate(claims), int(claims["exp"])


def kid_of(token: str) -> str | None:
    """Which key a token says that it was signed with; not checked here."""
    head = token.partition(".")[0]
    try:
        kid = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4))).get("kid")
    except (ValueError, AttributeError):
        return None
    return kid if isinstance(kid, str) else None
