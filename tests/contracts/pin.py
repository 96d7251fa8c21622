"""Pin the JSON Schema of every event: `python -m tests.contracts.pin`.

A new event gets its file. One whose file says otherwise is refused: an event never changes shape. `--replace` is for
the time before a release alone.
"""

import json
import sys
from pathlib import Path
from typing import Any

from shared.language.events import EVENTS, Event

FOLDER = Path(__file__).parent / "events"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """What readers of the event rely on."""
    return {
        "type": event.type,
        "version": event.version,
        "source": event.source.value,
        "data": event.model_json_schema(),
    }


def file_of(event: type[Event]) -> Path:
    return FOLDER / f"{event.type}.v{event.version}.json"


def pin(*, replace: bool) -> list[str]:
    """Write what is missing; the names of the events whose pinned shape is another."""
    FOLDER.mkdir(exist_ok=True)
    changed = []
    for event in EVENTS.values():
        path, schema = file_of(event), schema_of(event)
        if path.exists() and json.loads(path.read_text()) != schema and not replace:
            changed.append(path.name)
        else:
            path.write_text(json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    return changed


if __name__ == "__main__":
    if names := pin(replace="--replace" in sys.argv):
        sys.exit(f"These events changed shape: {', '.join(names)}. Add an optional field, or write a new version.")
