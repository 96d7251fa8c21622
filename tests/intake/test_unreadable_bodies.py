"""A body that cannot be read is refused as malformed, and leaves nothing behind."""

import pytest

from shared.language.roles import Role
from tests.contracts.problem import everything_written
from tests.intake.office import Office

DEEP = b"[" * 100_000
HUGE = b'{"form": {"need": ' + b"1" * 5_000 + b"}}"
HALF_A_LETTER = (
    rb'{"channel": "interview", "service_id": "x", "applicant": {"national_id": "1", "name": "\ud800\ud800"}}'
)


async def assert_malformed(office: Office, body: bytes) -> None:
    before = everything_written(office.desk)
    token = office.desk.token(Role.INTAKE_OFFICER)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = await office.desk.client.post("/api/v1/cases", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert everything_written(office.desk) == before


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"words"', b"\xff\xfe", b"\x00", b'{"channel": NaN}', HALF_A_LETTER],
    ids=["empty", "cut off", "null", "a list", "words", "no UTF-8", "NUL", "no number", "half a letter"],
)
async def test_a_body_that_cannot_be_read_is_malformed(office: Office, body: bytes) -> None:
    await assert_malformed(office, body)


@pytest.mark.parametrize("body", [DEEP, HUGE], ids=["deep", "huge"])
async def test_a_body_that_breaks_the_reader_is_malformed_too(office: Office, body: bytes) -> None:
    await assert_malformed(office, body)
