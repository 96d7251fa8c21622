"""The administrator's pages of imports: send a list, say what its columns are, look at every row, take it in."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.domain.imports.columns import NEEDED, letter, targets_of
from services.intake.domain.imports.run import AT_WORK, Import, ImportStatus, Known, Outcome
from services.intake.pages.desk.words import CHANNELS
from services.intake.pages.paths import address, base_of, go
from services.intake.pages.step import LOOK
from services.intake.store import imports as store
from services.intake.use_cases.imports.begin_import import begin_import, check_may_import
from services.intake.use_cases.imports.steer_import import (
    ChooseColumns,
    check_import,
    choose_columns,
    discard_import,
    start_import,
    stop_import,
)
from shared.language import errors
from shared.language.clauses import Channel
from shared.language.roles import Role
from shared.plumbing import browser
from shared.plumbing.doors import AtharRoute, Now, Session, allow, refuses
from shared.plumbing.files.arrival import File, takes_file
from shared.plumbing.files.check import Taken
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack
from shared.ui import Form, frame_of, language_of
from shared.ui.language import Language, mark

pages = APIRouter(route_class=AtharRoute, tags=["pages"])

Administrator = Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR)]
Reader = Annotated[Principal, allow(Role.ASSOCIATION_ADMINISTRATOR, Role.AUDITOR)]
PAGE, REFUSED_SHOWN = 50, 20
IN_THE_WAY = (errors.ImportNotFound, errors.ImportOutOfOrder)
S = ImportStatus

STATES = {
    S.UPLOADED: ("info", mark("Sent")),
    S.CHECKING: ("study", mark("Being looked at")),
    S.CHECKED: ("warn", mark("Looked at")),
    S.RUNNING: ("study", mark("Being taken in")),
    S.STOPPED: ("bad", mark("Stopped")),
    S.DONE: ("good", mark("Taken in")),
    S.DISCARDED: ("plain", mark("Given up")),
}
"""By the status: colour of its tag, and its words."""
EXPLAINED = {
    S.UPLOADED: mark("Say below which column is which, then have every row looked at. Nothing is taken in by that."),
    S.CHECKING: mark("Every row is being looked at. You may leave this page; it goes on."),
    S.CHECKED: mark("This is what would become of the rows. Refused rows are left out when you take the list in."),
    S.RUNNING: mark("The rows are being taken in. You may leave this page; it goes on, also after a failure."),
    S.STOPPED: mark("What was taken in stays. Go on, or give the rest up."),
    S.DONE: mark(
        "Every row that is right was taken in, and the list was destroyed. Correct refused rows and send them."
    ),
    S.DISCARDED: mark("The list was destroyed. What was taken in before stays."),
}
CHECK = ("check", mark("Look at every row"), "primary")
GIVE_UP = ("discard", mark("Give the list up"), "danger")
ACTS = {
    S.UPLOADED: (CHECK, GIVE_UP),
    S.CHECKING: (("stop", mark("Stop"), "plain"),),
    S.CHECKED: (
        ("start", mark("Take the list in"), "primary"),
        ("check", mark("Look at every row again"), "plain"),
        GIVE_UP,
    ),
    S.RUNNING: (("stop", mark("Stop"), "plain"),),
    S.STOPPED: (("start", mark("Go on"), "primary"), ("discard", mark("Give the rest up"), "danger")),
    S.DONE: (),
    S.DISCARDED: (),
}


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong with a row."""

    number: int
    column: str | None
    heading: str
    sentence: str


@pages.get("/imports", response_class=HTMLResponse, summary="The lists that were sent")
async def show_imports(
    request: Request, session: Session, who: Reader, after: Annotated[str, Query(max_length=50)] = ""
) -> HTMLResponse:
    found = await store.list_imports(session, association_id=who.association_id, after=after, limit=PAGE)
    return LOOK.page(
        request,
        "imports/list.html",
        frame=frame_of(request, who, here="imports"),
        base=base_of(request),
        form=Form(),
        imports=found,
        next=found[-1].id if len(found) == PAGE else None,
        may_send=who.role is Role.ASSOCIATION_ADMINISTRATOR,
        states=STATES,
    )


@pages.post("/imports", response_class=HTMLResponse, summary="Send a list")
@takes_file(check_may_import, taken=Taken.TABLE)
async def post_list(file: File, request: Request, session: Session, now: Now, who: Administrator) -> Response:
    cabinet = request.app.state.runtime.cabinet
    begun = await begin_import(file.take(), file_name=file.name, by=who, cabinet=cabinet, session=session, now=now)
    return go(address(request, f"/imports/{begun.id}"))


@pages.get(
    "/imports/{import_id}", response_class=HTMLResponse, summary="How far an import is, and what its columns are"
)
@refuses(errors.ImportNotFound)
async def show_one(import_id: str, request: Request, session: Session, who: Reader) -> HTMLResponse:
    return await _page(request, session, who, await store.see_import(session, import_id))


@pages.post("/imports/{import_id}/columns", response_class=HTMLResponse, summary="Say which column is which")
@refuses(*IN_THE_WAY)
async def post_columns(import_id: str, request: Request, session: Session, who: Administrator) -> Response:
    given = browser.form_fields(await request.body())
    found = await store.get_import(session, import_id)
    try:
        await choose_columns(_chosen(found, given), session=session)
    except errors.ImportOutOfOrder:
        raise
    except errors.Refusal as refusal:
        sentence = refusal.sentence(language_of(request).value)
        return await _page(request, session, who, found, form=Form(given, {"": sentence}), status=refusal.status)
    return go(address(request, f"/imports/{import_id}"))


@pages.post("/imports/{import_id}/check", response_class=HTMLResponse, summary="Look at every row")
@refuses(*IN_THE_WAY)
async def post_check(import_id: str, request: Request, session: Session, now: Now, who: Administrator) -> Response:
    try:
        await check_import(import_id, session=session, now=now)
    except errors.ColumnsLacking as refusal:
        found = await store.see_import(session, import_id)
        form = Form(_values(found), {"": refusal.sentence(language_of(request).value)})
        return await _page(request, session, who, found, form=form, status=refusal.status)
    return go(address(request, f"/imports/{import_id}"))


@pages.post("/imports/{import_id}/start", response_class=HTMLResponse, summary="Take the list in, or go on")
@refuses(*IN_THE_WAY)
async def post_start(import_id: str, request: Request, session: Session, now: Now, who: Administrator) -> Response:
    await start_import(import_id, by=who.person_id, session=session, now=now)
    return go(address(request, f"/imports/{import_id}"))


@pages.post("/imports/{import_id}/stop", response_class=HTMLResponse, summary="Go no further")
@refuses(*IN_THE_WAY)
async def post_stop(import_id: str, request: Request, session: Session, who: Administrator) -> Response:  # noqa: ARG001
    await stop_import(import_id, session=session)
    return go(address(request, f"/imports/{import_id}"))


@pages.post("/imports/{import_id}/discard", response_class=HTMLResponse, summary="Give the rest up")
@refuses(*IN_THE_WAY)
async def post_discard(import_id: str, request: Request, session: Session, now: Now, who: Administrator) -> Response:  # noqa: ARG001
    await discard_import(import_id, session=session, now=now)
    return go(address(request, f"/imports/{import_id}"))


def _chosen(found: Import, given: dict[str, str]) -> ChooseColumns:
    """What the form says. Raises `ColumnUnknown` or `Malformed` for what no page of ours offers."""
    try:
        columns = {name.removeprefix("t."): int(place) for name, place in given.items() if name[:2] == "t." and place}
        return ChooseColumns(
            import_id=found.id,
            columns=columns,
            known=Known(given.get("known", found.known)),
            channel=Channel(given.get("channel", found.channel)),
            branch_id=given.get("branch_id") or None,
            service_id=given.get("service_id") or None,
        )
    except ValueError:
        raise errors.ColumnUnknown(field="columns", column="?") from None


def _values(found: Import) -> dict[str, str]:
    chosen = {f"t.{target}": str(place) for target, place in found.columns.items()}
    return chosen | {
        "channel": found.channel.value,
        "branch_id": found.default_branch or "",
        "service_id": found.default_service or "",
        "known": found.known.value,
    }


async def _page(
    request: Request, session: Session, who: Principal, found: Import, *, form: Form | None = None, status: int = 200
) -> HTMLResponse:
    language, pack = language_of(request), pack_of(found.association_id)
    rows = await store.list_import_rows(session, found.id, outcome=Outcome.REFUSED, after=0, limit=REFUSED_SHOWN)
    heads = found.headings
    wrong = [
        Wrong(row.number, *_place(fault["column"], heads), fault[language.value])
        for row in rows
        for fault in row.faults
    ]
    return LOOK.page(
        request,
        "imports/one.html",
        frame=frame_of(request, who, here="imports"),
        status_code=status,
        base=base_of(request),
        here=address(request, f"/imports/{found.id}"),
        form=form or Form(_values(found)),
        one=found,
        states=STATES,
        explained=EXPLAINED,
        acts=ACTS[found.status],
        at_work=found.status in AT_WORK,
        may_steer=who.role is Role.ASSOCIATION_ADMINISTRATOR,
        may_choose=who.role is Role.ASSOCIATION_ADMINISTRATOR and found.status in {S.UPLOADED, S.CHECKED},
        refused=wrong[:REFUSED_SHOWN],
        more=len(wrong) > REFUSED_SHOWN or len(rows) == REFUSED_SHOWN,
        **_choices(found, pack, heads, language=language),
    )


def _place(place: int | None, heads: list[str]) -> tuple[str | None, str]:
    if place is None:
        return None, ""
    return letter(place), heads[place] if place < len(heads) else ""


def _choices(found: Import, pack: Pack, heads: list[str], *, language: Language) -> dict[str, Any]:
    arabic = language is Language.ARABIC
    adopted = [channel for channel in Channel if pack.adopts(channel.clause) or channel is found.channel]
    targets = targets_of(pack).values()
    return {
        "columns": [(str(place), f"{letter(place)}: {head}") for place, head in enumerate(heads)],
        "targets": [(one.id, one.ar if arabic else one.en, one.id in NEEDED) for one in targets],
        "channels": [(one.value, CHANNELS[one]) for one in adopted],
        "branches": [(one.id, one.name.ar if arabic else one.name.en) for one in pack.branches],
        "services": [(one.id, one.name.ar if arabic else one.name.en) for one in pack.services],
    }
