"""To the identity provider and back."""

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Annotated

from cryptography.fernet import InvalidToken
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.gateways.issuer import Flow, Vouched, begin, finish
from services.intake.pages.paths import base_of, go, next_of
from services.intake.pages.route import ArrivalRoute
from services.intake.pages.steps import done
from services.intake.settings import IntakeSettings
from services.intake.use_cases.accounts.sign_in_with_issuer import sign_in_with_issuer
from shared.language import errors
from shared.language.events import SealedText
from shared.plumbing import browser
from shared.plumbing.doors import ANYONE, Now, Session, refuses
from shared.plumbing.early import EarlyRoute, before
from shared.plumbing.edge.rates import sign_in_door
from shared.plumbing.seal import seal, unseal

pages = APIRouter(route_class=EarlyRoute, tags=["pages"])
arrivals = APIRouter(route_class=ArrivalRoute, tags=["pages"])

FLOW = "athar-issuer"
FLOW_LASTS = timedelta(minutes=10)
RETURN = "/sign-in/issuer/return"


def _settings(request: Request) -> IntakeSettings:
    settings: IntakeSettings = request.app.state.runtime.own_settings
    if settings.oidc_issuer is None:
        raise errors.NotFound
    return settings


def _return_address(request: Request) -> str:
    settings = _settings(request)
    return settings.oidc_redirect_uri or f"{request.url.scheme}://{request.url.netloc}{base_of(request)}{RETURN}"


async def _begin(request: Request, _: bytes) -> tuple[str, Flow]:
    now: datetime = request.app.state.runtime.clock.now()
    return await begin(_settings(request), redirect_uri=_return_address(request), then=next_of(request), now=now)


async def _finish(request: Request, _: bytes) -> tuple[Flow, Vouched]:
    now: datetime = request.app.state.runtime.clock.now()
    flow, asked = _flow_of(request), request.query_params
    late = now.timestamp() - flow.began > FLOW_LASTS.total_seconds()
    # The state is this very browser's: nobody signs another in with a code of his own.
    if late or not compare_digest(asked.get("state", "").encode(), flow.state.encode()) or "code" not in asked:
        raise errors.IssuerRefused
    settings, redirect_uri = _settings(request), _return_address(request)
    return flow, await finish(settings, flow, code=asked["code"], redirect_uri=redirect_uri, now=now)


def _flow_of(request: Request) -> Flow:
    try:
        return Flow.model_validate_json(unseal(SealedText(browser.cookie_of(request, FLOW))))
    except (InvalidToken, ValueError):
        raise errors.IssuerRefused from None


@pages.get("/sign-in/issuer", response_class=HTMLResponse, summary="To the association's identity provider")
@refuses(errors.IssuerRefused, errors.NotFound)
@sign_in_door
@before(_begin)
async def show_issuer(request: Request, _: Annotated[None, ANYONE]) -> Response:
    url, flow = request.state.before
    response = go(url)
    seconds = int(FLOW_LASTS.total_seconds())
    browser.set_cookie(request, response, FLOW, seal(flow), seconds=seconds)
    return response


@arrivals.get(RETURN, response_class=HTMLResponse, summary="Back from the identity provider")
@refuses(errors.IssuerRefused, errors.SeatLapsed, errors.NotFound)
@sign_in_door
@before(_finish)
async def show_return(request: Request, session: Session, now: Now, _: Annotated[None, ANYONE]) -> Response:
    flow, vouched = request.state.before
    settings = _settings(request)
    outcome = await sign_in_with_issuer(
        vouched.subject,
        association_id=settings.oidc_association or "",
        roles=vouched.roles,
        lifetimes=settings.lifetimes,
        session=session,
        now=now,
    )
    response = done(request, outcome, then=flow.next, now=now)
    browser.set_cookie(request, response, FLOW, "", seconds=0)
    return response


pages.routes.extend(arrivals.routes)
