"""What keeps the system readable, in tests of ten lines."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from starlette.routing import Mount

from athar.catalogue import SERVICES
from shared.language.case_lifecycle import CaseStatus, picture
from shared.language.clauses import Channel, Clause, Tool
from shared.language.events import EVENTS, HEARS, TEMPLATE_CLAUSES, Source
from shared.language.roles import Role
from shared.plumbing.doors import AtharRoute
from shared.plumbing.listener import Listener
from tests.contracts.conftest import build

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def listener_of(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Listener:
    runtime = build(name, folder, monkeypatch).state.runtime
    return SERVICES[name].make_listener(runtime)


def test_the_readme_shows_the_lifecycle_as_it_is() -> None:
    shown = re.search(r"```mermaid\n(.*?)\n```", README, re.DOTALL)
    assert shown is not None
    assert shown.group(1) == picture()


@pytest.mark.parametrize("word", [*CaseStatus, *Role])
def test_the_glossary_has_the_arabic_word_for_each_status_and_role(word: CaseStatus | Role) -> None:
    line = next((line for line in README.splitlines() if line.startswith("|") and f"`{word.value}`" in line), "")
    assert re.search(r"[\u0600-\u06ff]", line), f"{word.value} is not in the README's glossary"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_route_says_who_may_call_it(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = {"/openapi.json", "/docs/events"}
    others = [
        route
        for route in build(name, tmp_path, monkeypatch).routes
        if not isinstance(route, AtharRoute) and getattr(route, "path", "") not in documents
    ]
    assert [getattr(route, "path", route) for route in others] == []
    mounts = [r.path for r in build(name, tmp_path, monkeypatch).routes if isinstance(r, Mount)]
    assert mounts == ["/docs/events"]


def test_every_event_has_a_listener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    intake = listener_of("intake", tmp_path, monkeypatch)
    assert set(intake.sources) == set(Source)
    assert intake.watch is not None, "the case file is made of every event"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_listens_to_what_is_told_where_it_listens(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = listener_of(name, tmp_path, monkeypatch)
    told = {event.type for event in EVENTS.values() if event.source in listener.sources}
    assert {kind for kind in listener.handlers if kind not in listener.timers} <= told
    assert listener.sources == HEARS[listener.service], "its streams are kept until it has them"


def test_every_clause_can_be_shown_kept_by_some_fact() -> None:
    shown = {clause for event in EVENTS.values() for clause in event.clauses}
    shown |= {clause for clauses in TEMPLATE_CLAUSES.values() for clause in clauses}
    shown |= {channel.clause for channel in Channel} | {tool.clause for tool in Tool}
    # Told by facts whose data decide: a reception, a far channel, a corrected idea, a routing, another party.
    shown |= {
        Clause.STEP_RECEPTION,
        Clause.GOAL_FROM_WHERE_HE_IS,
        Clause.GOAL_TRUST_FACTS,
        Clause.POLICY_PARTIES,
    }
    assert set(Clause) - shown == set()


def source_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.split() if (ROOT / line).exists()]


def test_no_room_is_called_utils() -> None:
    assert [path for path in source_files() if path.stem in {"utils", "helpers", "common"}] == []


def test_no_file_becomes_the_one_where_everything_meets() -> None:
    long = {path: lines for path in source_files() if (lines := len(path.read_text().splitlines())) > 350}
    assert {str(path): lines for path, lines in long.items() if not only_lists_names(path)} == {}


def only_lists_names(path: Path) -> bool:
    """Nothing can be written into it but another name: it grows with what there is, and decides nothing."""
    return all(
        isinstance(part, ast.ImportFrom)
        or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        or (isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "__all__")
        for part in ast.parse(path.read_text()).body
    )


def test_every_service_has_the_same_rooms() -> None:
    for name in SERVICES:
        rooms = {path.stem for path in (ROOT / "services" / name).iterdir()}
        assert {"main", "settings", "api", "consumers", "use_cases", "domain", "store", "migrations"} <= rooms, name
