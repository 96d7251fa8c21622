"""People at the desk: looked for, then registered. All of them are made up."""

from typing import Any
from urllib.parse import quote

import httpx

from shared.language.roles import Role
from tests.intake.office import Office

PEOPLE = "/api/v1/people"
PAIRS = "/api/v1/duplicates"
NEAR: dict[str, Any] = {"role": Role.DELEGATE, "branch": "hada_sham", "person": "delegate-near"}
FAR: dict[str, Any] = {"role": Role.DELEGATE, "branch": "ayn_shams", "person": "delegate-far"}
IBAN = "SA0380000000608010167519"


def number(nth: int) -> str:
    """The nth of eight made-up national ids, far from each other, with its check digit (ISO/IEC 7812-1 B)."""
    nine = f"1{nth * 11111111:08d}"
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(nine))
    return nine + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


async def look_for(office: Office, q: str, **who: Any) -> dict[str, Any]:
    found: dict[str, Any] = await office.get(f"{PEOPLE}?q={quote(q)}", **who)
    return found


async def try_to_register(office: Office, national_id: str, name: str, **changes: Any) -> httpx.Response:
    """Look for his number, then register him; `who` says as whom."""
    who = changes.pop("who", {})
    proof = (await look_for(office, national_id, **who))["search"]
    body = {"national_id": national_id, "name": name, "search": proof, **changes}
    return await office.desk.call("POST", PEOPLE, body=body, **(office.who | who))


async def register(office: Office, national_id: str, name: str, **changes: Any) -> dict[str, Any]:
    answer = await try_to_register(office, national_id, name, **changes)
    assert answer.status_code == 201, answer.text
    met: dict[str, Any] = answer.json()
    return met


async def register_id(office: Office, national_id: str, name: str, **changes: Any) -> str:
    """The id of the file that the registration opened."""
    return str((await register(office, national_id, name, **changes))["person"]["id"])


def open_pairs(page: dict[str, Any]) -> list[set[str]]:
    return [{pair["one_id"], pair["other_id"]} for pair in page["items"]]
