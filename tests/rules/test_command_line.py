"""`athar policy`, `athar token` and `athar lifecycle`, as a person types them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from athar.cli import app
from shared.language.case_lifecycle import picture
from shared.policy.adopted import packs

PACKS = Path(__file__).parents[2] / "shared" / "policy" / "packs"


@pytest.mark.parametrize("association", sorted(packs()))
def test_each_pack_is_checked_and_read(association: str) -> None:
    checked = CliRunner().invoke(app, ["policy", "check", str(PACKS / f"{association}.yaml")])
    assert (checked.exit_code, association in checked.output) == (0, True)
    shown = CliRunner().invoke(app, ["policy", "show", association])
    assert (shown.exit_code, packs()[association].association.name.ar in " ".join(shown.output.split())) == (0, True)


def test_a_pack_that_contradicts_itself_is_refused_with_its_line(tmp_path: Path) -> None:
    text = (PACKS / "jamoum-orphans.yaml").read_text().replace("reply_floor_days: 14", "reply_floor_days: -1")
    broken = tmp_path / "broken.yaml"
    broken.write_text(text)
    line = next(number for number, words in enumerate(text.splitlines(), start=1) if "reply_floor_days" in words)
    refused = CliRunner().invoke(app, ["policy", "check", str(broken)])
    assert refused.exit_code == 1
    assert f"broken.yaml:{line}:" in refused.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--association", "nobody", "--role", "auditor", "--person", "p"], "there is no association"),
        (["--association", "jamoum-orphans", "--role", "delegate", "--person", "p"], "branch role"),
        (["--association", "jamoum-orphans", "--role", "auditor", "--person", "p", "--branch", "x"], "no branch"),
    ],
)
def test_a_token_for_nobody_is_not_made(tmp_path: Path, options: list[str], said: str) -> None:
    refused = CliRunner().invoke(app, ["token", "--data", str(tmp_path), *options])
    assert refused.exit_code == 2
    assert said in refused.output


def test_the_lifecycle_is_printed_as_a_picture() -> None:
    assert CliRunner().invoke(app, ["lifecycle"]).output.strip() == picture()
