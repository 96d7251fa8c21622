"""Where a browser goes after each step of signing in, and what it then carries."""

from datetime import datetime

from fastapi import Request, Response

from services.intake.domain.accounts.sessions import Stage
from services.intake.pages.paths import address, base_of, go
from services.intake.pages.step import ENTRY
from services.intake.use_cases.accounts.begin_session import SignedIn
from services.intake.use_cases.accounts.issue_access import issue_access
from shared.plumbing import browser

STEPS = {
    Stage.SECOND_FACTOR: "/sign-in/second-factor",
    Stage.NEW_PASSWORD: "/sign-in/password",
    Stage.SEAT: "/sign-in/seat",
}


def step_of(stage: Stage) -> str:
    return STEPS[stage]


def secret_of(request: Request) -> str:
    """The secret of the browser's session; empty when it has none."""
    return browser.cookie_of(request, browser.SESSION)


def done(request: Request, outcome: SignedIn, *, then: str, now: datetime) -> Response:
    """On to the next step, or to where he wanted to go, with the cookies of how far he has come."""
    stage = outcome.session.stage
    if stage is Stage.OPEN:
        response = go(browser.local(then, otherwise=base_of(request) + "/session"))
    else:
        response = go(address(request, STEPS[stage], then=browser.local(then, otherwise="")))
    carry(request, response, outcome, now=now)
    return response


def carry(request: Request, response: Response, outcome: SignedIn, *, now: datetime) -> None:
    """Have the browser carry the session, and the token once there is one."""
    browser.set_cookie(request, response, browser.SESSION, outcome.secret)
    access = issue_access(outcome, settings=request.app.state.runtime.own_settings, now=now)
    if access is not None:
        seconds = int(access.lasts.total_seconds())
        browser.set_cookie(request, response, browser.ACCESS, access.token, seconds=seconds)
        browser.set_cookie(request, response, browser.FORM, browser.form_token(outcome.session.id))
        browser.set_cookie(request, response, ENTRY, "", seconds=0)
