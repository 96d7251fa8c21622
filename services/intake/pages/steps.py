"""Where a browser goes after each step of signing in, and what it then carries."""

from datetime import datetime

from fastapi import Request, Response

from services.intake.domain.accounts.sessions import Stage
from services.intake.pages.paths import address, base_of, go, next_of
from services.intake.pages.step import ENTRY
from services.intake.use_cases.accounts.begin_session import SignedIn, see
from services.intake.use_cases.accounts.issue_access import issue_access
from shared.plumbing import browser
from shared.plumbing.doors import Now, Session

STEPS = {
    Stage.SECOND_FACTOR: "/sign-in/second-factor",
    Stage.NEW_PASSWORD: "/sign-in/password",
    Stage.SET_UP_FACTOR: "/sign-in/second-factor-setup",
    Stage.SEAT: "/sign-in/seat",
}


def step_of(stage: Stage) -> str:
    return STEPS[stage]


def secret_of(request: Request) -> str:
    """The secret of the browser's session; empty when it has none."""
    return browser.cookie_of(request, browser.SESSION)


async def stand(request: Request, session: Session, now: Now, *, at: Stage) -> SignedIn | Response:
    """The browser's session, where it stands at this step; else the way to where it stands. Raises `SessionEnded`.

    Whoever sits in a seat may come to the choice of one again.
    """
    lifetimes = request.app.state.runtime.own_settings.lifetimes
    seen = await see(secret_of(request), lifetimes=lifetimes, session=session, now=now)
    stage = seen.session.stage
    if stage is at or (stage, at) == (Stage.OPEN, Stage.SEAT):
        return seen
    then = next_of(request)
    if stage is Stage.OPEN:
        return go(browser.local(then, otherwise=base_of(request) + "/session"))
    return go(address(request, STEPS[stage], then=then))


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
