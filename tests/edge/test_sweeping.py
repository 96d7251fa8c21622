"""What dies on the way leaves no file behind, and what a row names is never swept away."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from services.intake.use_cases.keep_file import sweep_files
from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.clock import SystemClock
from shared.plumbing.files.sealing import MARK
from tests.contracts.problem import assert_problem
from tests.edge import papers
from tests.edge.file_desk import FileDesk, form, part_down
from tests.harness.desk import Desk

JPEG = papers.image()


async def swept(desk: Desk, *, after: timedelta) -> int:
    real = SystemClock().now()

    class Later(SystemClock):
        def now(self) -> datetime:
            return real + after

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.intake.use_cases.keep_file.SystemClock", Later)
        return await sweep_files(desk.runtime)


async def test_what_died_before_its_row_is_swept_and_what_a_row_names_stays(papers_desk: FileDesk) -> None:
    desk = papers_desk.office.desk
    await papers_desk.send(form(JPEG))
    (named,) = papers_desk.kept()
    orphan = named.with_name("0" * 40)
    orphan.write_bytes(MARK)
    draft = papers_desk.folder / "incoming" / "1"
    draft.write_bytes(b"half")
    assert await swept(desk, after=timedelta(minutes=10)) == 0
    assert orphan.exists()
    assert draft.exists()
    assert await swept(desk, after=timedelta(hours=2)) == 0
    assert not draft.exists()
    assert await swept(desk, after=timedelta(days=3)) == 1
    assert papers_desk.kept() == [named]
    assert (await papers_desk.show()).status_code == 200
    orphan.write_bytes(MARK)
    assert await swept(desk, after=timedelta(days=4)) == 0, "a day that was swept is not gone through again"


async def test_a_refusal_after_the_file_was_sealed_takes_it_away(papers_desk: FileDesk) -> None:
    """As where the case goes up while its file travels."""
    office = papers_desk.office
    case = papers_desk.case

    async def slowly() -> object:
        yield form(JPEG)[:100]
        await office.walk(to=CaseStatus.REFERRED, case=case)
        yield form(JPEG)[100:]

    answer = await papers_desk.send(slowly())
    assert_problem(answer, status=409, code="step_out_of_order")
    assert (papers_desk.kept(), papers_desk.drafts()) == ([], [])


async def test_a_database_that_dies_with_the_commit_leaves_the_file_for_the_sweep(papers_desk: FileDesk) -> None:
    """Nobody knows whether the row is there: the file stays, and the sweep asks."""
    engine = papers_desk.office.desk.runtime.database.engine.sync_engine
    named: list[object] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        named.extend(["row"] if "INSERT INTO document_files" in statement else [])

    def die(_: object) -> None:
        if named:
            raise OperationalError("COMMIT", {}, OSError("gone"))

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", die)
    try:
        with part_down():
            assert_problem(await papers_desk.send(form(JPEG)), status=503, code="part_down")
    finally:
        event.remove(engine, "commit", die)
        event.remove(engine, "before_cursor_execute", note)
    assert len(papers_desk.kept()) == 1
    assert await swept(papers_desk.office.desk, after=timedelta(days=3)) == 1
    assert papers_desk.kept() == []


async def test_what_arrives_lies_in_a_file_without_a_name(papers_desk: FileDesk) -> None:
    """So that a process that is killed in the midst leaves nothing behind."""
    seen: list[object] = []

    async def looked_at() -> object:
        yield form(JPEG)[:100]
        seen.append((papers_desk.kept(), papers_desk.drafts()))
        yield form(JPEG)[100:]

    assert (await papers_desk.send(looked_at())).status_code == 201
    assert seen == [([], [])]
