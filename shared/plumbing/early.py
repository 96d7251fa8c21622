"""A route that does some of its work before its transaction: what takes long and needs no lock."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response

from shared.plumbing.audit.door import Handle
from shared.plumbing.doors import AtharRoute, whole_body

Work = Callable[[Request, bytes], Awaitable[Any]]


def before(work: Work) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have `work` done with the request and its body; the endpoint finds the outcome in `request.state.before`."""

    def mark(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        endpoint.before = work  # type: ignore[attr-defined]
        return endpoint

    return mark


class EarlyRoute(AtharRoute):
    """Behind the same door as any other, asked first: nobody makes us work who may not pass or knocks too often."""

    def with_early_work(self, handle: Handle) -> Handle:
        work: Work | None = getattr(self.endpoint, "before", None)

        async def work_and_handle(request: Request) -> Response:
            if work is not None:
                await self.let_in(request)
                request.state.before = await work(request, await whole_body(request))
            return await handle(request)

        return work_and_handle
