"""Where a request is, in plain words: what its applicant reads, and nothing that only staff understand."""

from fastapi import Request

from services.intake.pages.public.form import in_language
from services.intake.pages.step import LOOK
from services.intake.use_cases.follow_own import Followed
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import ReviewingBody
from shared.language.events import Outcome
from shared.policy.pack import Pack
from shared.ui.language import mark

S = CaseStatus

RECEIVED = mark("We have your request")
CHECKED = mark("We check it")
SIGNED = mark("You sign for its data")
COMMITTEE = mark("The research committee studies it")
DEPARTMENT = mark("The department studies it")
ANSWERED = mark("You are answered")
DELIVERED = mark("The service reaches you")

WORDS = {
    S.RECEIVED: mark("We have your request. An employee will look at it and call you."),
    S.INCOMPLETE: mark("Your request waits for the papers below."),
    S.COMPLETE: mark("Your request is complete."),
    S.ATTESTED: mark("You signed for your data. Your request goes up next."),
    S.REFERRED: mark("Your request is being studied."),
    S.DECIDED: mark("Your request was studied, and the answer is on its way to you."),
    S.ANSWERED: mark("Your request was answered. The answer was sent to you."),
    S.REGISTERED: mark("Your service is being prepared."),
    S.DELIVERED: mark("The service was delivered to you."),
    S.CLOSED: mark("Your request is closed."),
    S.WITHDRAWN: mark("You took your request back."),
    S.EXPIRED: mark("Your request ended because its papers did not come. You may ask again."),
}
OUTCOMES = {
    Outcome.ACCEPTED: mark("Your request was accepted."),
    Outcome.REJECTED: mark("Your request was not accepted. You may ask your branch for the reason, and ask again."),
}
CHANGED = mark("Your request changed after you signed for it. Sign again.")
OVER = frozenset({S.CLOSED, S.WITHDRAWN, S.EXPIRED})
ANSWERED_FOR_GOOD = frozenset({S.ANSWERED, S.REGISTERED, S.DELIVERED})
BEFORE_THE_WAY_UP = frozenset({S.RECEIVED, S.INCOMPLETE, S.COMPLETE, S.ATTESTED})


def words_of(request: Request, followed: Followed, *, proved: bool) -> str:
    """Where it is, in one sentence; how it was answered only for whoever proved that it is his."""
    case = followed.case
    if proved and case.status is S.ANSWERED and case.outcome is not None:
        return LOOK.say(request, OUTCOMES[case.outcome])
    if case.status is S.ATTESTED and followed.may_attest:
        return LOOK.say(request, CHANGED)
    return LOOK.say(request, WORDS[case.status])


def steps_of(request: Request, pack: Pack) -> list[str]:
    steps = [RECEIVED, CHECKED]
    steps += [SIGNED] if pack.attestation else []
    steps += [COMMITTEE if pack.reviewing_body is ReviewingBody.COMMITTEE else DEPARTMENT, ANSWERED, DELIVERED]
    return [LOOK.say(request, step) for step in steps]


def step_at(status: CaseStatus, pack: Pack) -> int:
    """The step that it is at, from 1; one more than there are where all is done."""
    signs = 1 if pack.attestation else 0
    at = {
        S.RECEIVED: 2,
        S.INCOMPLETE: 2,
        S.COMPLETE: 3,
        S.ATTESTED: 3 + signs,
        S.REFERRED: 3 + signs,
        S.DECIDED: 3 + signs,
        # Whether a service comes now is what the answer says.
        S.ANSWERED: 4 + signs,
        S.REGISTERED: 5 + signs,
    }
    return at.get(status, 6 + signs)


def missing_of(request: Request, followed: Followed) -> list[str]:
    """The papers that are missing, by their names."""
    demands = followed.service.documents if followed.service else ()
    names = {demand.kind: in_language(request, demand.name) for demand in demands}
    return [names.get(kind, kind) for kind in followed.case.missing]
