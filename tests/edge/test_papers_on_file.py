"""The file of a paper that serves again stays where it is, and is shown wherever the paper is."""

from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from tests.edge.file_desk import FileDesk, form
from tests.edge.papers import image, pdf
from tests.harness.desk import Desk
from tests.intake.office import NAME, Office

EDITION = {"edition": "1", "title": "دليل خدمات البحث الاجتماعي", "text": "تبدأ الدراسة بزيارة منزلية."}


async def reuse(office: Office, case: dict[str, str], document_id: str, **who: object) -> str:
    body = {"document_id": document_id, "agreed": "guardian", "agreed_name": NAME}
    return str((await office.step(case, "papers-on-file", body, **who))["id"])


async def test_its_file_is_shown_from_the_new_request_and_is_kept_once(papers_desk: FileDesk) -> None:
    office = papers_desk.office
    await papers_desk.send(form(image()))
    kept = papers_desk.kept()
    second = await office.begin()
    again = FileDesk(office, second, await reuse(office, second, papers_desk.document_id), papers_desk.folder)
    third = await office.begin()
    once_more = FileDesk(office, third, await reuse(office, third, again.document_id), papers_desk.folder)
    first_shown = await papers_desk.show()
    for desk in (again, once_more):
        shown = await desk.show()
        assert (shown.status_code, shown.content) == (200, first_shown.content)
    assert papers_desk.kept() == kept


async def test_the_branch_of_the_new_request_is_shown_it_and_no_other(intake: Desk, papers_desk: FileDesk) -> None:
    office = papers_desk.office
    await papers_desk.send(form(image()))
    here = {"role": Role.DELEGATE, "branch": "hada_sham"}
    case = await Office(intake, **here).walk(to=CaseStatus.RECEIVED)
    served = FileDesk(office, case, await reuse(office, case, papers_desk.document_id), papers_desk.folder)
    assert (await served.show(**here)).status_code == 200
    assert (await served.show(role=Role.DELEGATE, branch="ayn_shams")).status_code == 404
    assert (await papers_desk.show(**here)).status_code == 404


async def test_the_page_of_the_new_request_leads_to_its_file(intake: Desk, papers_desk: FileDesk) -> None:
    office = papers_desk.office
    here = {"role": Role.DELEGATE, "branch": "hada_sham"}
    case = await Office(intake, **here).walk(to=CaseStatus.RECEIVED)
    document_id = await reuse(office, case, papers_desk.document_id)
    for sent in (False, True):
        if sent:
            await papers_desk.send(form(image()))
        page = (await intake.call("GET", f"/desk/cases/{case['id']}", **here)).text
        assert (f"/api/v1/cases/{case['id']}/documents/{document_id}/file" in page) is sent


async def test_the_document_of_a_tool_is_kept_and_shown_to_the_staff(intake: Desk, papers_desk: FileDesk) -> None:
    """`tool.research_guide`: in its version in force, as the document that it is."""
    office = papers_desk.office
    administrator = {"role": Role.ASSOCIATION_ADMINISTRATOR}
    edition = (await office.post("/api/v1/tools/research_guide/editions", EDITION, **administrator)).json()
    path = f"/api/v1/tools/research_guide/editions/{edition['id']}/file"
    missing = await intake.call("GET", path, **office.who)
    assert (missing.status_code, missing.json()["code"]) == (404, "edition_without_file")
    sent = await papers_desk.send(form(pdf(), name="guide.pdf"), path=path, who=administrator)
    assert sent.status_code == 201, sent.text
    shown = await intake.call("GET", path, **office.who)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "application/pdf")
    assert shown.content.startswith(b"%PDF")
    elsewhere = path.replace("research_guide", "bylaws")
    answer = await intake.call("GET", elsewhere, **office.who)
    assert (answer.status_code, answer.json()["code"]) == (404, "edition_not_found")
    await papers_desk.is_refused(form(image()), status=403, code="not_allowed", path=path)
