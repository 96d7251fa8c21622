"""A changed event is noticed, and is not pinned anew by accident."""

from copy import deepcopy
from pathlib import Path
from typing import Any, ClassVar

import pytest

from shared.language.events import EVENTS, CaseEvent, CaseReferred, Event, Source
from tests.contracts import pin as pinning

REFERRED = ("case.referred", 1)


class CaseReferredOtherwise(CaseEvent):
    """A `case.referred` of the same version that lost its fields. Abstract: `EVENTS` was made before it."""

    type: ClassVar[str] = CaseReferred.type
    source: ClassVar[Source] = CaseReferred.source


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of pinned schemas, and `case.referred` the only event."""
    monkeypatch.setattr(pinning, "FOLDER", tmp_path)
    monkeypatch.setattr(pinning, "EVENTS", {REFERRED: CaseReferred})
    assert pinning.pin(replace=False) == []
    return tmp_path


def test_a_new_event_is_pinned_and_an_unchanged_one_stays(folder: Path) -> None:
    (file,) = folder.iterdir()
    assert file.name == "case.referred.v1.json"
    written = file.read_text()
    assert pinning.pin(replace=False) == []
    assert file.read_text() == written


def test_a_changed_event_keeps_its_file_unless_replacing_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = folder.iterdir()
    written = file.read_text()
    monkeypatch.setattr(pinning, "EVENTS", {REFERRED: CaseReferredOtherwise})
    assert pinning.pin(replace=False) == ["case.referred.v1.json"]
    assert file.read_text() == written
    assert pinning.pin(replace=True) == []
    assert file.read_text() != written


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["properties"].pop("round"),
        lambda data: data["properties"]["round"].update(type="string"),
        lambda data: data["required"].remove("file"),
        lambda data: data["$defs"]["ReviewingBody"]["enum"].remove("department"),
        lambda data: data["properties"]["file"].pop("format"),
    ],
    ids=["removed", "retyped", "made optional", "a value less", "unsealed"],
)
def test_a_field_that_was_removed_or_retyped_is_another_shape(change: Any) -> None:
    pinned = pinning.schema_of(CaseReferred)
    changed = deepcopy(pinned)
    change(changed["data"])
    assert changed != pinned


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.type)
def test_an_event_class_is_called_as_its_type(event: type[Event]) -> None:
    words = event.type.replace(".", "_").split("_")
    assert "".join(word.capitalize() for word in words) == event.__name__


def test_what_is_personal_in_an_event_is_sealed() -> None:
    sealed = {
        (event.type, name)
        for event in EVENTS.values()
        for name, part in pinning.schema_of(event)["data"]["properties"].items()
        if part.get("format") == "sealed"
    }
    assert sealed == {
        ("case.received", "contact"),
        ("delivery.planned", "place"),
        ("delivery.code_made", "code"),
        ("case.referred", "file"),
        ("case.appealed", "file"),
        ("case.answered", "reason"),
        ("clarification.answered", "answer"),
        ("survey.invited", "code"),
        ("applicant.shown", "reason"),
        ("contact.shown", "reason"),
        ("person.corrected", "contact"),
        ("person.shown", "reason"),
        ("sign_in_code.made", "mobile"),
        ("sign_in_code.made", "code"),
        ("applicant_code.made", "mobile"),
        ("applicant_code.made", "code"),
    }
