"""A form's door: a refusal takes all back that was done, and the page comes again with everything that was typed."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.errors import Malformed, Refusal
from shared.plumbing.audit.entry import Kind
from shared.plumbing.audit.notes import Page
from shared.plumbing.browser import FIELD, FIELDS_LIMIT
from shared.plumbing.files.check import REFUSALS as OF_FILES
from shared.plumbing.sent_once import SentOnceRoute
from shared.ui import Form, language_of
from shared.ui.language import Language

Again = Callable[[Request, AsyncSession, Form, int], Awaitable[HTMLResponse]]
"""Makes the page of a form again, out of what was typed and what is wrong with it, with a status."""
ONCE = "once"
"""The field that tells one page from every other."""
OF_THE_REQUEST = frozenset({"body", "path", "Idempotency-Key"})
"""What `Malformed` names when it is about no field of a form."""


class FieldsWrong(Exception):
    """What was typed cannot be taken as it is; by the name of each field, what to do about it."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self.sentences = dict(sentences)
        super().__init__(", ".join(sentences))


def shown_again(again: Again, *, beside: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have a refused form shown again by `again`; a refusal without a field stands at `beside`, or above all."""

    def mark(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        endpoint.again = again  # type: ignore[attr-defined]
        endpoint.beside = beside  # type: ignore[attr-defined]
        return endpoint

    return mark


def typed(body: bytes) -> dict[str, str | list[str]]:
    """The fields of a form; of one sent several times all. Empty for what is no such form."""
    values: dict[str, str | list[str]] = {}
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_LIMIT)
    except ValueError:
        return {}
    for name, value in pairs:
        if name == FIELD:
            continue
        there = values.get(name)
        values[name] = value if there is None else [*([there] if isinstance(there, str) else there), value]
    return values


class FormRoute(SentOnceRoute):
    """As any route: its transaction is rolled back by a refusal. Then the page is read and shown anew.

    Nothing is written outside of the transaction but the look at the page, which the trail keeps as it keeps any.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        again: Again | None = getattr(self.endpoint, "again", None)
        if again is None:
            return handle

        async def handle_or_show_again(request: Request) -> Response:
            try:
                return await handle(request)
            except FieldsWrong as wrong:
                problems, status = wrong.sentences, 422
            except Refusal as refusal:
                if not self._is_shown(refusal):
                    raise
                beside = str(refusal.field or getattr(self.endpoint, "beside", ""))
                problems, status = {beside: _at_its_field(refusal, language_of(request))}, refusal.status
            # The body as it arrived; one that did not arrive whole leaves nothing to show.
            form = Form(typed(getattr(request, "_body", b"")), problems)
            return await _looked_at(request, again, form, status)

        return handle_or_show_again

    async def said(self, request: Request) -> bytes | None:
        """A page is told from every other by a field of its own, or not at all."""
        body = await super().said(request) or b""
        return body if hasattr(self.endpoint, "again") and ONCE in typed(body) else None

    def _is_shown(self, refusal: Refusal) -> bool:
        """Whether it is about what was typed, or about the step; who may not come in gets a page that says so."""
        if isinstance(refusal, Malformed):
            return refusal.field not in OF_THE_REQUEST
        own: tuple[type[Refusal], ...] = getattr(self.endpoint, "refusals", ())
        return refusal.status not in {401, 404, 410} and type(refusal) in (*own, *OF_FILES)


def _at_its_field(refusal: Refusal, language: Language) -> str:
    """Its sentence; of a malformed field why alone: the sentence names it as the API does, the page by its label."""
    why = refusal.facts_ar.get("why") if language is Language.ARABIC else refusal.facts.get("why")
    if not isinstance(refusal, Malformed) or not why:
        return refusal.sentence(language.value)
    words = str(why)
    return f"{words[0].upper()}{words[1:]}."


async def _looked_at(request: Request, again: Again, form: Form, status: int) -> Response:
    runtime, visit, who = request.app.state.runtime, request.state.visit, request.state.principal
    visit.page = Page()
    try:
        async with runtime.database.read(scope=who.scope) as session:
            page = await again(request, session, form, status)
    except Refusal as refusal:
        # The case is not his to see: the same answer as to any who asks for it, and the same line in the trail.
        await runtime.looks.keep(visit.entries(Kind.REFUSED, who=who, refusal=refusal))
        raise
    await runtime.looks.keep(visit.entries(Kind.LOOKED, response=page))
    return page
