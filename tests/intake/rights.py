"""How a person asks about his own data, and what is done about it."""

from typing import Any

import httpx

from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from tests.intake.office import NATIONAL_ID, Office, hear_itself

S = CaseStatus
ADMIN: dict[str, Any] = {"role": Role.ASSOCIATION_ADMINISTRATOR}
REQUESTS = "/api/v1/personal/requests"
ASKED = {"national_id": NATIONAL_ID, "right": "erasure", "manner": "spoken", "proof": "document_seen"}
WORDS = "أريد حذف كل ما عندكم عني"


async def ask(office: Office, **changes: Any) -> dict[str, Any]:
    asked: dict[str, Any] = (await office.post(REQUESTS, ASKED | changes)).json()
    return asked


async def act(office: Office, request: dict[str, Any], what: str, body: Any = None) -> httpx.Response:
    return await office.desk.call("POST", f"{REQUESTS}/{request['id']}/{what}", body=body, **(office.who | ADMIN))


async def erase(office: Office) -> str:
    """Whose case has ended asks to be erased, and is; the id of his key."""
    request = await ask(office, words=WORDS)
    done = await act(office, request, "erasure")
    assert done.status_code == 202, done.text
    await hear_itself(office.desk)
    assert await office.desk.dead() == []
    return str(request["subject_id"])
