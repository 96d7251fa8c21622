"""The image of a paper: taken, shown to those who study the case, and nothing of it left where it is refused."""

import asyncio
import hashlib
import os

import pytest

from services.intake import store
from services.intake.domain.files import MOST_FILES
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import PersonErased
from shared.language.roles import Role
from shared.plumbing.files.names import plain_name
from shared.plumbing.files.sealing import MARK, FileDamaged
from shared.plumbing.scope import EVERYTHING
from tests.contracts.problem import assert_problem
from tests.edge import papers
from tests.edge.file_desk import FORM, FileDesk, form, part_down
from tests.harness.desk import ASSOCIATION

JPEG = papers.image()
LIMIT = 10_000_000


async def test_a_paper_is_kept_and_shown_as_an_image_alone(papers_desk: FileDesk) -> None:
    answer = await papers_desk.send(form(papers.photograph()))
    assert (answer.status_code, answer.json()["media_type"]) == (201, "image/jpeg")
    shown = await papers_desk.show(role=Role.SOCIAL_RESEARCHER)
    assert shown.status_code == 200
    assert len(shown.content) == answer.json()["size"] == int(shown.headers["content-length"])
    assert papers.GPS_WORD not in shown.content
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-disposition"].startswith("inline")
    assert shown.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"] == "no-store"


async def test_a_pdf_is_handed_over_and_never_opened_in_the_page(papers_desk: FileDesk) -> None:
    assert (await papers_desk.send(papers.pdf(), kind="application/pdf")).status_code == 201
    shown = await papers_desk.show()
    assert shown.content == papers.pdf()
    assert shown.headers["content-disposition"] == 'attachment; filename="document.pdf"'


async def test_a_file_lies_sealed_under_a_name_that_says_nothing(papers_desk: FileDesk) -> None:
    await papers_desk.send(form(papers.pdf(content=b"HESSA"), name="هوية حصة.pdf"))
    (file,) = papers_desk.kept()
    lies = file.read_bytes()
    assert lies.startswith(MARK)
    assert b"PDF" not in lies
    assert file.stat().st_mode & 0o077 == 0
    async with papers_desk.office.desk.runtime.database.read(scope=EVERYTHING) as session:
        (row,) = await store.files_of(session, papers_desk.document_id)
    assert row.digest == hashlib.sha256(lies).hexdigest()
    assert row.name == "هوية حصة.pdf"
    assert "filename*=UTF-8''%D9%87" in (await papers_desk.show()).headers["content-disposition"]


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 131_072, 200_001])
async def test_a_file_of_any_size_comes_back_as_it_was(papers_desk: FileDesk, size: int) -> None:
    sent = papers.pdf(content=os.urandom(size))
    assert (await papers_desk.send(sent, kind="application/octet-stream")).status_code == 201
    assert (await papers_desk.show()).content == sent


async def test_a_sealed_file_that_was_changed_is_not_shown(papers_desk: FileDesk) -> None:
    await papers_desk.send(form(JPEG))
    (file,) = papers_desk.kept()
    spoilt = bytearray(file.read_bytes())
    spoilt[60] ^= 1
    file.write_bytes(spoilt)
    with pytest.raises(FileDamaged):
        await papers_desk.show()
    file.unlink()
    with part_down():
        assert_problem(await papers_desk.show(), status=503, code="part_down")


async def test_the_newest_file_is_shown_and_those_before_it_stay(papers_desk: FileDesk) -> None:
    for width in (10, 20):
        await papers_desk.send(form(papers.image("PNG", size=(width, 10))))
    shown = await papers_desk.show()
    assert int.from_bytes(shown.content[16:20], "big") == 20
    assert len(papers_desk.kept()) == 2


async def test_a_document_has_so_many_files_and_no_more(papers_desk: FileDesk) -> None:
    for _ in range(MOST_FILES):
        assert (await papers_desk.send(form(JPEG))).status_code == 201
    await papers_desk.is_refused(form(JPEG), status=409, code="too_many_files")


async def test_the_same_upload_again_is_answered_again_and_kept_once(papers_desk: FileDesk) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = await papers_desk.send(form(JPEG), **key)
    # A browser draws the border of its form anew.
    again = await papers_desk.send(form(JPEG, border="another"), kind="multipart/form-data; boundary=another", **key)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert len(papers_desk.kept()) == 1
    other = await papers_desk.send(form(papers.image(size=(9, 9))), **key)
    assert_problem(other, status=422, code="idempotency_key_reused", field="Idempotency-Key")
    assert len(papers_desk.kept()) == 1


async def test_the_same_upload_twice_at_once_is_kept_once(papers_desk: FileDesk) -> None:
    key = {"Idempotency-Key": "k-2"}
    answers = await asyncio.gather(*(papers_desk.send(form(JPEG), **key) for _ in range(3)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert len(papers_desk.kept()) == 1


async def test_a_document_without_a_file_says_so(papers_desk: FileDesk) -> None:
    assert_problem(await papers_desk.show(), status=404, code="document_without_file")


async def test_a_file_is_for_those_who_study_the_case(papers_desk: FileDesk) -> None:
    await papers_desk.send(form(JPEG))
    for role in (Role.QUALITY_OFFICER, Role.NOTIFICATIONS_OPERATOR, Role.PLATFORM_OPERATOR, Role.COMMITTEE_MEMBER):
        assert (await papers_desk.show(role=role)).status_code == 403
    assert_problem(await papers_desk.show(role=Role.DELEGATE, branch="another"), status=404, code="case_not_found")
    assert_problem(await papers_desk.show(association="kharj-dawah"), status=404, code="case_not_found")
    assert (await papers_desk.office.desk.client.get(papers_desk.path)).status_code == 401


async def test_who_may_not_is_refused_before_a_byte_is_kept(papers_desk: FileDesk) -> None:
    body = form(JPEG)
    await papers_desk.is_refused(body, status=404, code="case_not_found", who={"association": "kharj-dawah"})
    branch = {"role": Role.DELEGATE, "branch": "another"}
    await papers_desk.is_refused(body, status=404, code="case_not_found", who=branch)
    await papers_desk.is_refused(body, status=403, code="not_allowed", who={"role": Role.AUDITOR})
    elsewhere = papers_desk.path.replace(papers_desk.document_id, "another")
    await papers_desk.is_refused(body, status=404, code="document_not_found", path=elsewhere)


async def test_a_document_is_found_under_its_own_case_alone(papers_desk: FileDesk) -> None:
    other = await papers_desk.office.begin()
    path = papers_desk.path.replace(papers_desk.case["id"], other["id"])
    await papers_desk.is_refused(form(JPEG), status=404, code="document_not_found", path=path)


async def test_a_case_that_went_up_takes_no_more_papers(papers_desk: FileDesk) -> None:
    await papers_desk.office.walk(to=CaseStatus.REFERRED, case=papers_desk.case)
    await papers_desk.is_refused(form(JPEG), status=409, code="step_out_of_order")


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (papers.SVG, 415, "file_type_not_taken"),
        (papers.HTML, 415, "file_type_not_taken"),
        (papers.archive(), 415, "file_type_not_taken"),
        (b"\xff\xd8\xff" + papers.HTML, 422, "file_unreadable"),
        (papers.image() + papers.HTML, 422, "file_not_plain"),
        (papers.bomb(), 422, "image_too_large"),
        (papers.pdf(catalog=b"/OpenAction << /S /JavaScript >>"), 422, "file_not_plain"),
    ],
    ids=["svg", "html", "zip bomb", "html after a jpeg's first bytes", "polyglot", "bomb", "script"],
)
async def test_what_is_dressed_as_a_jpeg_is_refused_and_nothing_written(
    papers_desk: FileDesk, data: bytes, status: int, code: str
) -> None:
    await papers_desk.is_refused(form(data, name="scan.jpg"), status=status, code=code, field="file")
    await papers_desk.is_refused(data, kind="image/jpeg", status=status, code=code, field="file")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\cmd.exe", "cmd.exe"),
        ("/etc/cron.d/x", "x"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\x00b\x1b[31m.jpg", "ab[31m.jpg"),
        ("هوية.jpg", "هوية.jpg"),
        ("..", None),
        ("x" * 5000, "x" * 120),
    ],
)
def test_a_path_in_a_file_name_is_only_words(said: str, kept: str | None) -> None:
    assert plain_name(said) == kept


async def test_a_path_in_a_file_name_leads_nowhere(papers_desk: FileDesk) -> None:
    answer = await papers_desk.send(form(JPEG, name="../../../../tmp/athar-was-here.jpg"))
    assert answer.status_code == 201
    (file,) = papers_desk.kept()
    assert "athar" not in file.name
    assert "athar-was-here.jpg" in (await papers_desk.show()).headers["content-disposition"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        form(JPEG)[:-12],
        form(JPEG, field="other"),
        form(JPEG)[:-12] + b"\r\n" + form(JPEG),
        form(b""),
        b"--b0rder\r\n" + b"X-A: b\r\n" * 50 + b"\r\n" + JPEG,
        b"--b0rder\r\nContent-Disposition: form-data; name=" + b"f" * 20_000,
        b"no form at all",
    ],
    ids=["nothing", "cut off", "other field", "two files", "empty file", "many headers", "long header", "no form"],
)
async def test_a_form_that_is_none_is_refused_and_nothing_written(papers_desk: FileDesk, body: bytes) -> None:
    await papers_desk.is_refused(body, status=422, code="malformed", field="file")


async def test_a_form_without_a_border_is_refused(papers_desk: FileDesk) -> None:
    await papers_desk.is_refused(form(JPEG), kind="multipart/form-data", status=422, code="malformed", field="file")


async def test_a_file_over_the_limit_is_refused_by_what_it_says_of_itself(papers_desk: FileDesk) -> None:
    read = 0

    async def five_gigabytes() -> object:
        nonlocal read
        while True:
            read += 1
            yield bytes(65_536)

    headers = {"Content-Length": str(5 * 2**30)}
    body = five_gigabytes()
    await papers_desk.is_refused(body, kind="image/jpeg", status=413, code="body_too_large", **headers)
    assert read <= 1


@pytest.mark.parametrize("kind", [FORM, "image/jpeg"])
async def test_a_file_that_does_not_say_how_large_it_is_is_refused_at_the_limit(
    papers_desk: FileDesk, kind: str
) -> None:
    read = 0

    async def without_end() -> object:
        nonlocal read
        yield form(b"", name="x.jpg").partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if kind == FORM else b""
        while True:
            read += 65_536
            yield b"\xff\xd8\xff" + bytes(65_533)

    await papers_desk.is_refused(without_end(), kind=kind, status=413, code="body_too_large")
    assert read < LIMIT + 200_000


async def test_without_a_folder_no_file_is_taken_and_the_rest_goes_on(papers_desk: FileDesk) -> None:
    runtime = papers_desk.office.desk.runtime
    runtime.settings = runtime.settings.model_copy(update={"files_folder": None})
    runtime.__dict__.pop("cabinet", None)
    assert_problem(await papers_desk.send(form(JPEG)), status=503, code="part_down")
    assert (await papers_desk.office.now(papers_desk.case))["status"] == "draft"


async def test_the_paper_of_an_erased_person_opens_no_more(papers_desk: FileDesk) -> None:
    await papers_desk.send(papers.pdf(content=b"HESSA"), kind="application/pdf")
    office = papers_desk.office
    subject = (await office.get(f"/api/v1/cases/{papers_desk.case['id']}/applicant"))["subject_id"]
    await office.desk.hear(PersonErased(association_id=ASSOCIATION, subject_id=subject))
    assert_problem(await papers_desk.show(), status=410, code="person_erased")
    (file,) = papers_desk.kept()
    assert b"HESSA" not in file.read_bytes()
