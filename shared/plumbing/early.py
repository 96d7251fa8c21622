"""A route that does some of its work before its transaction: what takes long and needs no lock."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request

from shared.plumbing.doors import AtharRoute, whole_body

Work = Callable[[Request, bytes], Awaitable[Any]]


def before(work: Work) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have `work` done with the request and its body; the endpoint finds the outcome in `request.state.before`."""

    def mark(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        endpoint.before = work  # type: ignore[attr-defined]
        return endpoint

    return mark


class EarlyRoute(AtharRoute):
    """Behind the door and within its pace, like all the rest: nobody makes us work who may not pass."""

    async def prepare(self, request: Request) -> None:
        work: Work | None = getattr(self.endpoint, "before", None)
        if work is not None:
            request.state.before = await work(request, await whole_body(request))
