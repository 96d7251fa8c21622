"""Every event keeps the shape that its readers were promised."""

import json

import pytest

from shared.language.events import EVENTS, Event
from tests.contracts.pin import FOLDER, file_of, schema_of


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.type)
def test_an_event_has_the_shape_that_is_pinned(event: type[Event]) -> None:
    assert file_of(event).exists(), "pin it: python -m tests.contracts.pin"
    assert json.loads(file_of(event).read_text()) == schema_of(event)


def test_every_pinned_file_has_its_event() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {file_of(event).name for event in EVENTS.values()}


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.type)
def test_an_event_names_no_person_in_clear(event: type[Event]) -> None:
    personal = {
        "name",
        "mobile",
        "email",
        "national_id",
        "phone",
        "iban",
        "reason",
        "answer",
        "contact",
        "file",
        "code",
    }
    fields = schema_of(event)["data"]["properties"]
    clear = {name for name in personal & set(fields) if fields[name].get("format") != "sealed"}
    # A gateway's reason is a code of its own, never a person's words.
    assert clear - ({"reason"} if event.type == "message.failed" else set()) == set()


def test_type_and_version_name_one_event() -> None:
    names = [(event.type, event.version) for event in EVENTS.values()]
    assert len(names) == len(set(names)) == 69
