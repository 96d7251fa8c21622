"""A secret comes from the environment or a file, has no default, and is shown by nothing that speaks."""

import importlib
import logging
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError

from athar.catalogue import SERVICES
from shared.language.roles import Role
from shared.plumbing.settings import ServiceSettings, Settings
from tests.edge.file_desk import FileDesk
from tests.harness.desk import SEAL_KEY

ALL = [Settings, *(service.settings for service in SERVICES.values())]
SECRET = re.compile(r"password|secret|token|api_key|private|credential|_keys?$|signing", re.IGNORECASE)
PUBLIC = {"verification_keys_file"}
"""Named like secrets, and public halves."""
KNOWN = "athar-known-secret-7f3a"


def fields(kind: type[Any]) -> list[tuple[str, Any]]:
    return list(kind.model_fields.items())


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_secret_has_no_default_and_hides_itself(kind: type[Any]) -> None:
    for name, field in fields(kind):
        holds = SecretStr in getattr(field.annotation, "__args__", (field.annotation,))
        if SECRET.search(name) and not name.endswith("_file") and name not in PUBLIC:
            assert holds, f"{name} sounds like a secret and would be shown"
        if holds:
            assert field.default is None or field.is_required(), f"{name} has a default"


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_secret_may_come_from_a_file(kind: type[Any]) -> None:
    names = {name for name, _ in fields(kind)}
    for name, field in fields(kind):
        if SecretStr in getattr(field.annotation, "__args__", ()):
            assert f"{name}_file" in names, f"{name} cannot be mounted as a file"


def everything_set(**changes: Any) -> Settings:
    return Settings(
        **{
            "environment": "production",
            "redis_url": f"redis://:{KNOWN}@redis:6379/0",
            "seal_keys": KNOWN,
            "vault_url": f"postgresql+psycopg://u:{KNOWN}@db/v",
            "verification_keys_file": "k",
            **changes,
        }
    )


def test_settings_that_are_printed_show_no_secret() -> None:
    for printed in (repr(everything_set()), str(everything_set()), f"{everything_set()}"):
        assert KNOWN not in printed
    assert KNOWN not in repr(ServiceSettings(database_url=f"postgresql+asyncpg://u:{KNOWN}@db/x"))


@pytest.mark.parametrize("changes", [{"environment": "prodcution"}, {"rate_public": "x"}, {"clock_file": "c"}])
def test_settings_that_are_refused_show_no_secret(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        everything_set(**changes)
    assert KNOWN not in str(refused.value)
    with pytest.raises(ValidationError) as refused:
        everything_set(**changes, seal_keys=None, seal_keys_file=None)
    assert KNOWN not in repr(refused.value)


def test_no_document_and_no_page_shows_one(app: FastAPI) -> None:
    assert SEAL_KEY not in str(app.openapi())


async def test_no_answer_and_no_log_line_shows_one(papers_desk: FileDesk, caplog: pytest.LogCaptureFixture) -> None:
    desk = papers_desk.office.desk
    token = desk.token(Role.PLATFORM_OPERATOR)
    shown: list[httpx.Response] = []
    with caplog.at_level(logging.DEBUG):
        for path in ("/metrics", "/ready", "/health", "/openapi.json", "/asyncapi.json", "/nowhere", "/api/v1/cases"):
            for end in ("", "x"):
                headers = {"Authorization": f"Bearer {token}{end}"}
                shown += [await desk.client.get(path, headers=headers)]
    everything = " ".join([*(answer.text + str(answer.headers) for answer in shown), caplog.text])
    for secret in (SEAL_KEY, token, desk.runtime.own_settings.url()):
        assert secret not in everything


def test_no_secret_stands_in_the_code() -> None:
    """No module of ours makes or holds one when it is loaded."""
    for module in ("athar.cli.commands", "athar.stack.one", *(f"services.{name}.main" for name in SERVICES)):
        loaded = vars(importlib.import_module(module))
        held = {
            name for name, value in loaded.items() if SECRET.search(name) and isinstance(value, (str, bytes)) and value
        }
        assert held == set(), module


def test_what_the_composition_mounts_as_secrets_it_names_nowhere_in_clear() -> None:
    text = (Path(__file__).parents[2] / "deploy" / "compose.yaml").read_text()
    said = re.findall(r"^\s+(\w*(?:PASSWORD|SECRET|TOKEN|_KEYS?))\s*:\s*(\S+)", text, re.MULTILINE)
    assert [name for name, value in said if not value.startswith(("/run/secrets", "{file"))] == []
