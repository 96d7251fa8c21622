"""`athar up` as an operator knows it: it starts, stops, and finds all data again, even after it was killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from athar.demo.people import next_person
from shared.policy.adopted import pack_of

PATIENCE_SECONDS = 60


@contextmanager
def stack(folder: Path, *, end: signal.Signals) -> Iterator[str]:
    """A stack on the data in `folder`, ended by `end`; its address."""
    address = folder / "address"
    address.unlink(missing_ok=True)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "athar", "up", "--data", str(folder / "data"), "--port", "0"],
            env={**os.environ, "ATHAR_ADDRESS_FILE": str(address)},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            assert "is up at" in said, (folder / "log").read_text()
            yield address.read_text()
        finally:
            process.send_signal(end)
            process.wait(timeout=PATIENCE_SECONDS)
            process.stdout.close()
    if end is not signal.SIGKILL:
        assert process.returncode == 0, (folder / "log").read_text()


def token(folder: Path, role: str, *more: str) -> str:
    command = [
        sys.executable,
        "-m",
        "athar",
        "token",
        "--data",
        str(folder / "data"),
        "--role",
        role,
        "--person",
        "p-1",
    ]
    done = subprocess.run(
        [*command, "--association", "jamoum-orphans", *more], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def request(number: int) -> dict[str, object]:
    person, service = next_person(), pack_of("jamoum-orphans").services[0]
    sample = {"text": "حاجة", "integer": number, "boolean": True}
    return {
        "association_id": "jamoum-orphans",
        "service_id": service.id,
        "applicant": {"national_id": person.national_id, "name": person.name, "mobile": person.mobile},
        "form": {field.id: sample[field.kind] for field in service.form},
    }


def ask(address: str, number: int) -> str:
    answer = httpx.post(f"{address}/intake/api/v1/public/requests", json=request(number), timeout=30)
    assert answer.status_code == 201, answer.text
    reference: str = answer.json()["reference"]
    return reference


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_second_start_finds_all_data_again(tmp_path: Path, end: signal.Signals) -> None:
    with stack(tmp_path, end=end) as address:
        references = [ask(address, number) for number in (1, 2)]
    officer = token(tmp_path, "intake_officer")
    with stack(tmp_path, end=signal.SIGINT) as address:
        headers = {"Authorization": f"Bearer {officer}"}
        page = httpx.get(f"{address}/intake/api/v1/cases", headers=headers, timeout=30).json()
        assert [case["reference"] for case in page["items"]] == references
        assert ask(address, 3) == "JMM-" + references[0].split("-")[1] + "-000003"


def test_no_server_is_left_behind(tmp_path: Path) -> None:
    with stack(tmp_path, end=signal.SIGTERM):
        pass
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True, check=False)
    assert left.stdout == ""


def test_keys_are_made_once_and_read_by_their_owner_alone(tmp_path: Path) -> None:
    with stack(tmp_path, end=signal.SIGINT):
        pass
    secrets = sorted((tmp_path / "data" / "secrets").iterdir())
    before = [path.read_bytes() for path in secrets]
    assert {path.stat().st_mode & 0o077 for path in secrets} == {0}
    with stack(tmp_path, end=signal.SIGINT):
        pass
    assert [path.read_bytes() for path in secrets] == before


def test_a_port_that_is_taken_is_said_in_words(tmp_path: Path) -> None:
    with stack(tmp_path, end=signal.SIGINT) as address:
        port = address.rpartition(":")[2]
        command = [sys.executable, "-m", "athar", "up", "--data", str(tmp_path / "other"), "--port", port]
        second = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert second.returncode == 1
    assert f"Port {port} is taken" in second.stderr


def test_a_second_start_on_the_same_data_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    with stack(tmp_path, end=signal.SIGINT) as address:
        command = [sys.executable, "-m", "athar", "up", "--data", str(tmp_path / "data"), "--port", "0"]
        second = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
        assert second.returncode == 1
        assert "runs already" in second.stderr
        assert ask(address, 1).endswith("-000001")


def test_every_service_shows_what_it_can_be_asked_and_what_it_tells(tmp_path: Path) -> None:
    with stack(tmp_path, end=signal.SIGINT) as address:
        for service in ("intake", "research", "notifications", "feedback"):
            openapi = httpx.get(f"{address}/{service}/openapi.json", timeout=30).json()
            assert openapi["info"]["title"] == f"Athar {service}"
            events = httpx.get(f"{address}/{service}/asyncapi.json", timeout=30).json()
            assert events["info"]["title"] == f"Athar {service}"
            health = httpx.get(f"{address}/{service}/health", timeout=30)
            assert json.loads(health.text)["status"] == "ok"
        nowhere = httpx.get(f"{address}/nowhere", timeout=30)
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
