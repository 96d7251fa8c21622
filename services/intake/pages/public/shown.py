"""What a browser is shown on its way to its one request."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.intake.pages.public.form import public_page_of
from services.intake.pages.public.progress import (
    ANSWERED_FOR_GOOD,
    BEFORE_THE_WAY_UP,
    OVER,
    missing_of,
    step_at,
    steps_of,
    words_of,
)
from services.intake.pages.public.session import Far, Following, let_go
from services.intake.use_cases.follow_own import Followed
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Clause
from shared.ui import Form
from shared.ui.language import mark

COMPLAIN = "/feedback/complaint"
"""The public's door for complaints, under the one origin."""
CODE_WRONG = mark("This is not the code, or its time is over. Look again, or begin again.")


def entry_page(request: Request, *, form: Form | None = None, status: int = 200, over: bool = False) -> HTMLResponse:
    asked = Form({"reference": request.query_params.get("reference", "")[:40]})
    response = public_page_of(request, "follow.html", form=form or asked, status=status, over=over)
    # Whose page it was a quarter of an hour ago is nobody's here.
    let_go(request, response)
    return response


def code_page(request: Request, *, form: Form | None = None, status: int = 200) -> HTMLResponse:
    return public_page_of(request, "code.html", form=form, status=status)


def case_page(
    request: Request, followed: Followed, found: Following, *, form: Form | None = None, status: int = 200
) -> HTMLResponse:
    case, pack = followed.case, followed.pack
    is_proved = found.far is Far.PROVED
    waits = case.status in {CaseStatus.REFERRED, CaseStatus.DECIDED}
    promises = pack.adopts(Clause.STEP_COMMITTEE_NOTICE) and pack.reply_floor_days > 0
    answer_on = riyadh_day(case.answer_not_before) if promises and waits and case.answer_not_before else None
    return public_page_of(
        request,
        "case.html",
        pack=pack,
        form=form,
        status=status,
        case=case,
        words=words_of(request, followed, proved=is_proved),
        missing=missing_of(request, followed) if case.status is CaseStatus.INCOMPLETE else [],
        attest=is_proved and followed.may_attest,
        over=case.status in OVER,
        answered=case.status in ANSWERED_FOR_GOOD,
        answer_on=answer_on,
        waits_for_floor=promises and case.status in BEFORE_THE_WAY_UP,
        floor_days=pack.reply_floor_days,
        steps=steps_of(request, pack),
        at=step_at(case.status, pack),
        complain=f"{COMPLAIN}?association_id={pack.id}",
        withdraw=is_proved and followed.may_withdraw,
        may_withdraw=followed.may_withdraw,
        proved=is_proved,
    )
