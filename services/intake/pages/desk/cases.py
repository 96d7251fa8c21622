"""The list of cases, the newest first: a filter bar, and pages by keyset."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.domain.case import Case
from services.intake.pages.desk.on_desk import desk_page, name_of_service, router
from services.intake.pages.desk.words import CHANNELS
from services.intake.seats import READERS
from services.intake.store.desk import page_of_cases
from services.intake.store.people import people_named
from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.doors import Session, allow
from shared.plumbing.identity import Principal
from shared.policy.adopted import packs
from shared.ui import Form, language_of
from shared.ui.signed_in import name_of_branch

pages = router()

A_PAGE = 25
Short = Annotated[str, Query(max_length=50)]


@dataclass(frozen=True)
class Row:
    """A case as the list shows it."""

    id: str
    reference: str
    name: str
    service: str
    branch: str
    channel: str
    status: str
    opened_at: datetime


@pages.get("/desk/cases", response_class=HTMLResponse, summary="The cases that you may see, the newest first")
async def show_cases(
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*READERS)],
    status: Short = "",
    branch: Short = "",
    person: Short = "",
    before: Short = "",
    after: Short = "",
) -> Response:
    """A filter that says nothing, or something that there is not, filters nothing."""
    pack = packs().get(who.association_id)
    chosen = CaseStatus(status) if status in set(CaseStatus) else None
    of_branch = branch if pack is not None and pack.branch(branch) else None
    cases = await page_of_cases(
        session,
        scope=who.scope,
        status=chosen,
        branch_id=of_branch,
        person_id=person or None,
        before=before,
        after=after,
        limit=A_PAGE + 1,
    )
    # One more was read than is shown: whether there is a page beyond.
    more = len(cases) > A_PAGE
    cases = cases[1:] if more and after else cases[:A_PAGE]
    asked = {"status": chosen or "", "branch": of_branch or "", "person": person}
    filtered = {name: str(value) for name, value in asked.items() if value}

    def page(**beside: str) -> str:
        return "?" + urlencode(filtered | beside)

    older = page(before=cases[-1].id) if cases and (more or after) else None
    newer = page(after=cases[0].id) if cases and (before or (after and more)) else None
    language = language_of(request)
    branches = [(one.id, name_of_branch(pack, one.id, language=language)) for one in pack.branches] if pack else []
    return await desk_page(
        request,
        session,
        who,
        "cases.html",
        rows=await rows_of_cases(request, session, who, cases),
        asked=Form(filtered),
        person=person,
        branches=branches if who.scope.branch_id is None else [],
        all_statuses=[one.value for one in CaseStatus],
        sheet=urlencode({"language": language.value} | ({"status": chosen.value} if chosen else {})),
        newer=newer,
        older=older,
    )


async def rows_of_cases(request: Request, session: Session, who: Principal, cases: list[Case]) -> list[Row]:
    """Cases as a list shows them."""
    language, pack = language_of(request), packs().get(who.association_id)
    names = {person.id: person.name for person in await people_named(session, {case.beneficiary_id for case in cases})}
    return [
        Row(
            id=case.id,
            reference=case.reference,
            name=names.get(case.beneficiary_id, ""),
            service=name_of_service(pack, case.service_id, language=language) if pack else case.service_id,
            branch=name_of_branch(pack, case.branch_id, language=language),
            channel=CHANNELS[case.channel],
            status=case.status.value,
            opened_at=case.opened_at,
        )
        for case in cases
    ]
