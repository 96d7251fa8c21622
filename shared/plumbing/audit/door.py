"""What a door writes to the trail: the act in the request's own transaction, a look or a refusal before its answer."""

import json
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from shared.language.errors import Refusal, TokenExpired
from shared.language.roles import APPLICANT
from shared.plumbing.audit.entry import Entry, Kind, written
from shared.plumbing.audit.keeping import append
from shared.plumbing.audit.notes import Note, Page, open_page
from shared.plumbing.audit.words import case_chain, id_or_mark, mark, mark_of_network, person_chain, public_chain
from shared.plumbing.browser import token_of
from shared.plumbing.clock import SystemClock
from shared.plumbing.identity import Principal
from shared.plumbing.origin import new_id, origin
from shared.plumbing.seal import seal

Handle = Callable[[Request], Coroutine[Any, Any, Response]]

KEPT_REFUSALS = frozenset({401, 403, 404, 409, 410})
"""Who was not let through, and what was not there or not allowed now. A slip of the pen (422) is nobody's matter."""
CASES = re.compile(rb'"case_id":"([0-9a-f-]{36})"')
OF_A_PAGE = re.compile(rb'/desk/cases(?:/|\?person=)([0-9a-f-]{36})"')
"""The cases and people to whom a page of a list leads."""
THINGS = re.compile(rb'"id":"([0-9a-f-]{36})"')


def audited(handle: Handle, *, route: APIRoute, writes: bool) -> Handle:
    """`handle` inside its transaction: the entry of a write commits with what it wrote, or not at all."""

    async def inside(request: Request) -> Response:
        visit = request.state.visit
        visit.correlation_id = origin().correlation_id
        session = request.state.session
        visit.page = open_page(session)
        response = await handle(request)
        if writes:
            # What the use case left to be flushed takes its locks now: the chain is the last that is taken.
            await session.flush()
            connection = await session.connection()
            await connection.run_sync(append, visit.entries(Kind.DID, response=response))
        elif (visit.who or visit.page.case_id) and not getattr(route.endpoint, "figures_only", False):
            visit.looks = visit.entries(Kind.LOOKED, response=response)
        return response

    return inside


def watched(handle: Handle, *, route: APIRoute) -> Handle:
    """`handle` outside of its transaction: a look, or a refusal of somebody known, is kept before he hears."""

    async def outside(request: Request) -> Response:
        request.state.visit = visit = Visit(request, route)
        try:
            response = await handle(request)
        except Refusal as refusal:
            if refusal.status in KEPT_REFUSALS and (who := _known(request, refusal)) is not None:
                visit.page = Page()
                await request.app.state.runtime.looks.keep(visit.entries(Kind.REFUSED, who=who, refusal=refusal))
            raise
        if visit.looks:
            await request.app.state.runtime.looks.keep(visit.looks)
        return response

    return outside


def _known(request: Request, refusal: Refusal) -> Principal | None:
    """Who was refused: the one whom the door knew, or whom a token names that is over."""
    who: Principal | None = getattr(request.state, "known", None)
    if who is None and isinstance(refusal, TokenExpired):
        who = request.app.state.runtime.verifier.named_in(token_of(request))
    return who


@dataclass
class Visit:
    """One request, as far as the trail is concerned."""

    request: Request
    route: APIRoute
    correlation_id: str | None = None
    page: Page | None = None
    looks: list[Entry] | None = None

    @property
    def who(self) -> Principal | None:
        principal: Principal | None = self.request.state.principal
        return principal

    def entries(
        self,
        kind: Kind,
        *,
        response: Response | None = None,
        who: Principal | None = None,
        refusal: Refusal | None = None,
    ) -> list[Entry]:
        """The request's own entry and those that its use case noted, all of one chain."""
        who = who or self.who
        correlation_id = self.correlation_id or new_id()
        page = self.page or Page()
        here = self._path_id("case_id") or page.case_id
        # Only a case that was found has a chain: whoever guesses at addresses writes to his own.
        if here is not None and refusal is None:
            chain = case_chain(here)
        elif who is not None:
            chain = person_chain(who.association_id, who.person_id)
        else:
            chain = public_chain(correlation_id)
        common = self._who_and_whence(who, association_id=page.association_id)
        common |= {"chain": chain, "kind": kind, "correlation_id": correlation_id}
        first = Entry(
            id=new_id(),
            act=self.route.name[:100],
            case_id=here or self._asked_for("case_id"),
            object_id=self._other_id(),
            shown=_ids_in(response) if kind is Kind.LOOKED and here is None else None,
            status=refusal.status if refusal else response.status_code if response else None,
            code=refusal.code if refusal else None,
            **common,
        )
        return [first, *(_noted(note, here, common) for note in page.notes)]

    def _who_and_whence(self, who: Principal | None, *, association_id: str | None) -> dict[str, Any]:
        request = self.request
        client = request.client.host if request.client else None
        agent = request.headers.get("user-agent")
        return {
            "route": f"{request.method} {self.route.path}"[:200],
            "association_id": who.association_id if who else association_id,
            "person_id": who.person_id if who else APPLICANT.person_id,
            "role": who.role.value if who else None,
            "branch_id": who.branch_id if who else None,
            "session_id": getattr(who, "session_id", None),
            "at": written(request.app.state.runtime.clock.now()),
            "machine_at": written(SystemClock().now()),
            # Staff answer for their address. An applicant's leads to a person: of his, the network is enough.
            "address": None if client is None else client[:64] if who else mark_of_network(client),
            "agent": mark(agent) if agent else None,
        }

    def _path_id(self, name: str) -> str | None:
        value = self.request.path_params.get(name)
        return None if value is None else id_or_mark(str(value))

    def _asked_for(self, name: str) -> str | None:
        value = self.request.query_params.get(name)
        return id_or_mark(value) if value else None

    def _other_id(self) -> str | None:
        """The innermost thing that the address names, besides its case. Codes are keys to a door, and never kept."""
        names = [name for name in self.request.path_params if name.endswith("_id") and name != "case_id"]
        return self._path_id(names[-1]) if names else None


def _noted(note: Note, case_id: str | None, common: dict[str, Any]) -> Entry:
    return Entry(
        id=new_id(),
        act=note.act,
        case_id=note.case_id or case_id,
        subject_id=note.person_id,
        reason=seal(note.reason, subject=note.person_id) if note.reason else None,
        **common | {"kind": Kind.DID},
    )


def _ids_in(response: Response | None) -> str | None:
    """Which cases a page showed, or else which things; as a list in JSON."""
    body = bytes(getattr(response, "body", b""))
    found = CASES.findall(body) or OF_A_PAGE.findall(body) or THINGS.findall(body)
    return json.dumps([one.decode() for one in dict.fromkeys(found)]) if found else None
