"""The public halves of the keys that sign tokens, for whoever verifies one (RFC 7517)."""

from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel

from shared.plumbing.doors import ANYONE, api_router

router = api_router(tag="keys")


class KeySet(BaseModel):
    """A JWK set. A key with `retires_at` (seconds since 1970) verifies nothing from then on."""

    keys: list[dict[str, Any]]


@router.get("/public/keys", summary="The keys with which to verify a token")
async def show_keys(request: Request, _: Annotated[None, ANYONE]) -> KeySet:
    return KeySet.model_validate(request.app.state.runtime.verifier.published)
