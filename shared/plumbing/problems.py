"""Refusals as RFC 9457 problem documents, in Arabic and English."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from shared.language.errors import (
    BodyTooLarge,
    Broken,
    Collided,
    Malformed,
    MethodNotAllowed,
    NotFound,
    PartDown,
    Refusal,
    TooManyRequests,
)
from shared.plumbing.browser import way_in

MEDIA_TYPE = "application/problem+json"

log = logging.getLogger("athar.problems")


class Sentences(BaseModel):
    """The same sentence in both languages."""

    ar: str
    en: str


class Problem(BaseModel):
    """What happened and what to do about it (RFC 9457). `code` is stable; the sentences may change."""

    type: str = Field(examples=["urn:athar:problem:case_not_found"])
    title: str
    status: int
    detail: str = Field(description="The sentence in the language asked for by Accept-Language; Arabic by default.")
    code: str
    field: str | None = Field(default=None, description="The field that it is about.")
    clause: str | None = Field(default=None, description="The policy clause that speaks.")
    sentences: Sentences


PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}


def problem_schemas() -> dict[str, Any]:
    """The components to which `PROBLEM_SCHEMA` refers."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def problem_of(refusal: Refusal, *, language: str) -> Problem:
    return Problem(
        type=f"urn:athar:problem:{refusal.code}",
        title=refusal.code.replace("_", " ").capitalize(),
        status=refusal.status,
        detail=refusal.sentence(language),
        code=refusal.code,
        field=refusal.field,
        clause=refusal.clause,
        sentences=Sentences(ar=refusal.sentence("ar"), en=refusal.sentence("en")),
    )


def answer(request: Request, refusal: Refusal) -> Response:
    language = "en" if request.headers.get("accept-language", "").strip().lower().startswith("en") else "ar"
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}
    if isinstance(refusal, TooManyRequests):
        headers["Retry-After"] = str(refusal.facts["seconds"])
    problem = problem_of(refusal, language=language)
    if (page := getattr(request.app.state, "problem_page", None)) is not None and _asks_for_a_page(request):
        dressed: Response = page(request, problem)
        dressed.headers.update(headers or {})
        return dressed
    return JSONResponse(problem.model_dump(), status_code=refusal.status, media_type=MEDIA_TYPE, headers=headers)


def _asks_for_a_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and "/api/" not in request.url.path


def documented(refusals: Sequence[type[Refusal]]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI responses of `refusals`: by status, with an example a code."""
    responses: dict[int | str, dict[str, Any]] = {}
    for refusal in refusals:
        response = responses.setdefault(
            refusal.status,
            {"description": "", "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA, "examples": {}}}},
        )
        response["description"] = "; ".join(filter(None, [response["description"], refusal.code]))
        example = {
            "type": f"urn:athar:problem:{refusal.code}",
            "title": refusal.code.replace("_", " ").capitalize(),
            "status": refusal.status,
            "detail": refusal.ar,
            "code": refusal.code,
            "field": None,
            "clause": None,
            "sentences": {"ar": refusal.ar, "en": refusal.en},
        }
        response["content"][MEDIA_TYPE]["examples"][refusal.code] = {"value": example}
    return responses


_AR = {
    "missing": "مطلوب",
    "string_too_short": "قصير جدًا",
    "string_too_long": "طويل جدًا",
    "enum": "ليس من القيم المقبولة",
    "json_invalid": "ليس JSON صحيحًا",
    "extra_forbidden": "غير معروف",
    "timezone_aware": "ينقصه التوقيت",
    "int_parsing": "ليس عددًا صحيحًا",
    "int_type": "ليس عددًا صحيحًا",
    "bool_parsing": "ليس نعم أو لا",
    "date_from_datetime_parsing": "ليس تاريخًا",
    "date_parsing": "ليس تاريخًا",
    "greater_than_equal": "أصغر من المسموح",
    "less_than_equal": "أكبر من المسموح",
    "too_short": "قليل جدًا",
    "too_long": "كثير جدًا",
}
_NOT_SO = "ليست قيمته على الصورة المطلوبة"


def install_problem_answers(app: FastAPI, *, body_limit_bytes: int) -> None:
    """Answer every refusal, malformed request and unknown address of `app` with a problem document."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        if (way := way_in(request, refusal)) is not None:
            return way
        allowed = getattr(request.scope.get("route"), "refusals", None)
        if allowed is not None and type(refusal) not in allowed:
            log.error("undocumented refusal %s at %s", refusal.code, request.scope["route"].path)
        return answer(request, refusal)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        unreadable = first["type"] == "json_invalid"
        path = [] if unreadable else [str(p) for p in first["loc"] if p not in {"body", "query", "path", "header"}]
        name = ".".join(path) or str(first["loc"][0])
        # The message is told, the input never: it may be somebody's data.
        refusal = Malformed(field=name, name=name, why=first["msg"])
        refusal.facts_ar = {"name": name, "why": _AR.get(first["type"], _NOT_SO)}
        return answer(request, refusal)

    @app.exception_handler(HTTPException)
    async def not_there(request: Request, error: HTTPException) -> Response:
        if error.status_code == 413:
            return answer(request, BodyTooLarge(limit=body_limit_bytes))
        if error.status_code == 400:
            refusal = Malformed(field="body", name="body", why="it cannot be read as JSON")
            refusal.facts_ar = {"why": "لا يُقرأ على أنه JSON"}
            return answer(request, refusal)
        return answer(request, MethodNotAllowed() if error.status_code == 405 else NotFound())

    @app.exception_handler(IntegrityError)
    async def collided(request: Request, error: IntegrityError) -> Response:
        log.warning("two writers collided: %s", type(error.orig).__name__)
        return answer(request, Collided())

    @app.exception_handler(DBAPIError)
    @app.exception_handler(PoolTimeout)
    @app.exception_handler(OSError)
    async def part_down(request: Request, error: Exception) -> Response:
        log.error("a part is down: %s", type(error).__name__)
        return answer(request, PartDown())

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:  # noqa: ARG001 - told by the server's log
        return answer(request, Broken())
