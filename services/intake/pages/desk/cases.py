"""The list of cases, the newest first: a filter bar, and pages by keyset."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.case import Case
from services.intake.domain.filters import MOST_FILTERS, Filtered
from services.intake.pages.desk.again import shown_again
from services.intake.pages.desk.fields import Fields
from services.intake.pages.desk.on_desk import desk_page, name_of_service, router, who_of
from services.intake.pages.desk.words import CHANNELS
from services.intake.pages.paths import address, go
from services.intake.seats import READERS
from services.intake.store.desk import page_of_cases
from services.intake.store.filters import filters_of
from services.intake.store.people import people_named
from services.intake.use_cases.save_filter import SaveFilter, drop_filter, save_filter
from shared.language import errors
from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from shared.plumbing.doors import Now, Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.policy.adopted import packs
from shared.ui import Form, language_of
from shared.ui.signed_in import name_of_branch

pages = router()

A_PAGE = 25
SAVERS = tuple(role for role in READERS if role is not Role.AUDITOR)
"""An auditor writes nothing, not even that."""
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


@dataclass(frozen=True)
class Asked:
    """By what the list is filtered, and from where its page goes on."""

    status: str = ""
    branch: str = ""
    person: str = ""
    before: str = ""
    after: str = ""


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
    return await cases_page(request, session, who, Asked(status, branch, person, before, after))


async def cases_page(
    request: Request,
    session: AsyncSession,
    who: Principal,
    asked: Asked,
    *,
    form: Form | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The list, with the filters that he keeps; `form` is that of a filter to be kept."""
    pack = packs().get(who.association_id)
    chosen = CaseStatus(asked.status) if asked.status in set(CaseStatus) else None
    of_branch = asked.branch if pack is not None and pack.branch(asked.branch) else None
    cases = await page_of_cases(
        session,
        scope=who.scope,
        status=chosen,
        branch_id=of_branch,
        person_id=asked.person or None,
        before=asked.before,
        after=asked.after,
        limit=A_PAGE + 1,
    )
    # One more was read than is shown: whether there is a page beyond.
    more = len(cases) > A_PAGE
    cases = cases[1:] if more and asked.after else cases[:A_PAGE]
    said = {"status": chosen or "", "branch": of_branch or "", "person": asked.person}
    filtered = {name: str(value) for name, value in said.items() if value}

    def page(**beside: str) -> str:
        return "?" + urlencode(filtered | beside)

    older = page(before=cases[-1].id) if cases and (more or asked.after) else None
    newer = page(after=cases[0].id) if cases and (asked.before or (asked.after and more)) else None
    language = language_of(request)
    branches = [(one.id, name_of_branch(pack, one.id, language=language)) for one in pack.branches] if pack else []
    sheet = {"status": chosen, "branch_id": of_branch, "beneficiary_id": asked.person}
    return await desk_page(
        request,
        session,
        who,
        "cases.html",
        status=status,
        rows=await rows_of_cases(request, session, who, cases),
        asked=Form(filtered),
        person=asked.person,
        branches=branches if who.scope.branch_id is None else [],
        all_statuses=[one.value for one in CaseStatus],
        sheet=urlencode({"language": language.value} | {name: str(value) for name, value in sheet.items() if value}),
        newer=newer,
        older=older,
        form=form or Form(),
        saved=await filters_of(session, who, of_list=Filtered.CASES, limit=MOST_FILTERS),
        # Nobody is looked for by a filter that was kept.
        to_save=urlencode({name: value for name, value in filtered.items() if name != "person"}),
        saves=who.role in SAVERS,
    )


async def _cases_again(request: Request, session: AsyncSession, form: Form, status: int) -> HTMLResponse:
    kept = dict(parse_qsl(form.value("query")))
    asked = Asked(status=kept.get("status", ""), branch=kept.get("branch", ""))
    # Whatever is wrong is wrong with its name, the one thing that he types.
    named = Form(form.values, dict.fromkeys(["filter_name"], " ".join(form.errors.values())))
    return await cases_page(request, session, who_of(request), asked, form=named, status=status)


@pages.post("/desk/filters", response_class=HTMLResponse, summary="Keep the filter of the list under a name")
@refuses(errors.FilterNameTaken, errors.TooManyFilters)
@shown_again(_cases_again, beside="filter_name")
async def post_filter_page(
    request: Request, session: Session, now: Now, who: Annotated[Principal, allow(*SAVERS)]
) -> Response:
    fields = Fields(request, await request.body())
    name, query = fields.text("filter_name", longest=80), fields.optional("query", longest=300) or ""
    fields.check()
    await save_filter(SaveFilter(of_list=Filtered.CASES, name=name, query=query, by=who), session=session, now=now)
    return go(address(request, f"/desk/cases?{query}"))


@pages.post("/desk/filters/{filter_id}/removal", response_class=HTMLResponse, summary="Drop a filter that you keep")
@refuses(errors.FilterNotFound)
async def post_filter_removal(
    filter_id: Annotated[str, Path(min_length=1, max_length=100)],
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*SAVERS)],
) -> Response:
    await drop_filter(filter_id, by=who, session=session)
    return go(address(request, "/desk/cases"))


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
