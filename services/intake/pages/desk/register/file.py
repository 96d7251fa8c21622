"""A person's file on one page, its numbers masked: who he is, his household, and who acts for him."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from services.intake.pages.desk.on_desk import router
from services.intake.pages.desk.register.acts import told_by
from services.intake.pages.desk.register.on_file import OnFile, file_page, open_file
from services.intake.pages.desk.register.shown import rows_of_file, rows_of_mandates, typed_otherwise_of
from services.intake.pages.desk.register.words import KINSHIPS
from services.intake.seats import FRONT, SEEKERS
from services.intake.use_cases.register.keep_household import Home, see_homes
from services.intake.use_cases.register.note_mandate import list_mandates
from shared.language import errors
from shared.plumbing.doors import Session, allow, refuses
from shared.plumbing.identity import Principal
from shared.ui.language import mark

pages = router()

SHOWN = 50
TOLD = {
    "registered": mark("His file is open."),
    "known": mark("He has a file already. What it lacked was taken from what you typed; the rest stays as it was."),
}


@pages.get("/desk/people/{subject_id}", response_class=HTMLResponse, summary="A person's file; its numbers are masked")
@refuses(errors.PersonNotFound)
async def show_person_page(
    subject_id: str,
    request: Request,
    session: Session,
    who: Annotated[Principal, allow(*SEEKERS)],
    done: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    file = await open_file(request, session)
    homes = await see_homes(subject_id, scope=who.scope, session=session, now=file.now)
    mandates = await list_mandates(subject_id, after="", limit=SHOWN, scope=who.scope, session=session)
    return await file_page(
        file,
        "file.html",
        told=TOLD.get(done) or told_by(done),
        rows=rows_of_file(file),
        branches=[file.branch(branch) for branch in file.found.branches],
        merged_into=file.found.person.merged_into,
        duplicates=[(pair.id, pair.score) for pair in file.found.duplicates],
        homes=[_home(home, file) for home in homes],
        mandates=await rows_of_mandates(file, mandates),
        differs=await _typed_otherwise(file),
        shows=who.role in FRONT,
    )


def _home(home: Home, file: OnFile) -> dict[str, object]:
    head = home.head
    members = home.members or []
    return {
        "own": head is not None and head.id == file.id,
        "head": head.name if head is not None else "",
        "head_id": head.id if head is not None else None,
        "members": [(one.name, KINSHIPS[one.kinship]) for one in members if one.lives_there(file.today)],
        "figures": home.figures,
        "call": [file.branch(branch) for branch in home.branches],
    }


async def _typed_otherwise(file: OnFile) -> list[str]:
    """The fields that somebody typed otherwise than the file says, and that nobody has decided."""
    found = {one.field: one.words for one in await typed_otherwise_of(file)}
    return [words for _, words in sorted(found.items())]
