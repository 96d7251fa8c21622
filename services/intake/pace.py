"""How often somebody may try one account: beside his address's pace, so that many addresses win nothing together."""

from fastapi import Request

from services.intake.domain.accounts.names import fold
from shared.language.errors import UserNameUnfit


async def admit_account(request: Request, *, association_id: str, user_name: str) -> None:
    """Raises `TooManyRequests`, for a name that nobody has as for any other."""
    try:
        name = fold(user_name)
    except UserNameUnfit:
        name = user_name
    await _admit(request, f"{association_id}/{name}")


async def admit_session(request: Request, secret: str) -> None:
    """The same for a step after the password: the session stands for its account. Raises `TooManyRequests`."""
    if secret:
        await _admit(request, f"session/{secret.partition('.')[0]}")


async def admit_follower(request: Request, reference: str) -> None:
    """How often somebody may try what fits a request, whether there is one or not. Raises `TooManyRequests`."""
    await _admit(request, f"follow/{reference}")


async def _admit(request: Request, account: str) -> None:
    if (limiter := request.app.state.runtime.limiter) is not None:
        await limiter.admit_sign_in(account)
