"""Whatever is asked, by whichever role: no service breaks, and no answer crosses an association or a branch.

`make fuzz` asks for long; here each door is asked a few times with what its document allows, and with what it does not.
"""

import asyncio
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from athar.catalogue import SERVICES
from shared.language.roles import BRANCH_ROLES, Role
from tests.access.seeds import ABROAD, FAR, HERE, NEAR, SEEDS, THERE, Seed, dead_letter, set_environment
from tests.harness.desk import Desk, open_desk

EXAMPLES = int(os.environ.get("ATHAR_FUZZ_EXAMPLES", "3"))
MODES = tuple(schemathesis.GenerationMode)
PEOPLE = [
    *((role, HERE, branch) for role in Role for branch in ((NEAR, FAR) if role in BRANCH_ROLES else (None,))),
    *((role, THERE, ABROAD if role in BRANCH_ROLES else None) for role in Role),
]
Person = tuple[Role, str, str | None]


class Asker:
    """Asks one service as anybody, and looks at what comes back."""

    def __init__(self, desk: Desk, seed: Seed) -> None:
        self.desk, self.seed = desk, seed
        self.typed: dict[str, set[str]] = {}
        """What each association's people typed themselves: their own trail says so to their auditor."""

    async def ask(self, case: Any, person: Person) -> None:
        role, association, branch = person
        token = self.desk.token(role, association=association, branch=branch)
        try:
            asked = requests.Request(**case.as_transport_kwargs(base_url="http://athar.test")).prepare()
            content = asked.body.encode() if isinstance(asked.body, str) else asked.body
            headers = {**asked.headers, "Authorization": f"Bearer {token}"}
            request = self.desk.client.build_request(
                str(asked.method), str(asked.url), content=content, headers=headers
            )
        except (requests.RequestException, httpx.InvalidURL, UnicodeError, ValueError):
            # No client could send it either.
            reject()
        sent = f"{asked.url} {content!r}"
        typed = self.typed.setdefault(association, set())
        typed |= {sign for sign in self.foreign_signs(person) if sign in sent}
        answer = await self.desk.client.send(request)
        what = f"{case.method} {case.operation.path} as {role} of {association}/{branch}: {answer.text}"
        assert answer.status_code < 500, what
        own = typed if case.operation.path == "/api/v1/audit" else set()
        assert [sign for sign in self.foreign_signs(person) if sign in answer.text and sign not in own] == [], what
        assert set(re.findall(r'"association_id":"([^"]*)"', answer.text)) <= {association}, what

    def foreign_signs(self, person: Person) -> list[str]:
        role, association, branch = person
        if association == THERE:
            return [*self.seed.signs_here, *self.seed.signs_far]
        of_branch = {NEAR: self.seed.signs_far, FAR: self.seed.signs_here}.get(branch or "", [])
        return [*self.seed.signs_abroad, *(of_branch if role in BRANCH_ROLES else [])]

    def names(self) -> dict[str, str]:
        """What a curious person may have overheard: the names of things that are there."""
        return self.seed.here | self.seed.of_nobody


@pytest.mark.parametrize("name", sorted(SERVICES))
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_no_question_breaks_a_service_or_crosses_a_border(
    name: str, mode: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(tmp_path, monkeypatch)
    with asyncio.Runner() as runner:
        opened = open_desk(SERVICES[name], tmp_path, monkeypatch)
        desk = runner.run(opened.__aenter__())
        try:
            seed = runner.run(SEEDS[name](desk))
            seed.of_nobody["dead"] = runner.run(dead_letter(desk))
            ask_everything(Asker(desk, seed), runner, mode=mode)
        finally:
            runner.run(opened.__aexit__(None, None, None))


def ask_everything(asker: Asker, runner: asyncio.Runner, *, mode: Any) -> None:
    transport: Any = asker.desk.client._transport
    schema = schemathesis.openapi.from_dict(transport.app.openapi())
    operations = [result.ok() for result in schema.get_all_operations()]
    assert operations
    asked = set[str]()

    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize="ATHAR_FUZZ_EXAMPLES" not in os.environ,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        )
        @given(case=operation.as_strategy(generation_mode=mode), person=st.sampled_from(PEOPLE), known=st.booleans())
        def ask(case: Any, person: Person, *, known: bool) -> None:
            if known:
                overheard = asker.names()
                case.path_parameters = {
                    parameter: overheard.get(parameter, value)
                    for parameter, value in (case.path_parameters or {}).items()
                }
            runner.run(asker.ask(case, person))

        # Where an address is all that is asked for, and any word may be one, nothing can be wrong.
        with suppress(Unsatisfiable):
            ask()
            asked.add(operation.label)
    assert len(asked) >= len(operations) / 2, "hardly a door was asked"
