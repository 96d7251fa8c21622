"""What the kernel promises, looked at after every commit and once more at rest.

An onlooker reads the databases behind the kernel's back: each committed effect is held against all before it.
"""

import sqlite3
from collections.abc import Iterable

from shared.language.events import Source
from tests.model.process import Violated
from tests.model.services import COMPLETED, POISON, REPLY_DUE, SENT, STUDIED, TOLD

Fact = tuple[str, int]

IN_ORDER = {TOLD, COMPLETED, STUDIED}
DUE_EVERYWHERE = (
    (Source.RESEARCH, COMPLETED),
    (Source.NOTIFICATIONS, COMPLETED),
    (Source.INTAKE, STUDIED),
    (Source.NOTIFICATIONS, STUDIED),
    (Source.RESEARCH, REPLY_DUE),
    (Source.NOTIFICATIONS, SENT),
)


class Onlooker:
    """Sees one service's database as it is committed."""

    def __init__(self, source: Source, path: str) -> None:
        self.source = source
        self.effects: dict[str, dict[Fact, None]] = {}
        self._database = sqlite3.connect(path, isolation_level=None)
        self._seen = 0
        self._last: dict[tuple[str, str], int] = {}

    def look(self) -> None:
        """Take note of what the last commit added. Raises `Violated`."""
        rows = self._database.execute(
            "SELECT id, what, key, number, due_at, at FROM effects WHERE id > ? ORDER BY id", (self._seen,)
        )
        for self._seen, what, key, number, due_at, at in rows.fetchall():
            happened = self.effects.setdefault(what, {})
            if (key, number) in happened:
                raise Violated(f"doubled: {what} {key} {number} in {self.source}")
            happened[key, number] = None
            if what in IN_ORDER and number != self._last.get((what, key), 0) + 1:
                raise Violated(
                    f"out of order: {what} {key} {number} in {self.source} after {self._last.get((what, key))}"
                )
            self._last[what, key] = number
            if due_at is not None and at < due_at:
                raise Violated(f"too early: {what} {key} {number} in {self.source}, at {at}, due {due_at}")

    def count(self, table: str, where: str) -> int:
        return int(self._database.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])  # noqa: S608

    def dead(self) -> list[tuple[int, str, str]]:
        return self._database.execute("SELECT id, type, key FROM inbox_messages WHERE state = 'dead'").fetchall()

    def facts(self, what: str) -> set[Fact]:
        return set(self.effects.get(what, ()))

    def close(self) -> None:
        self._database.close()


class Checks:
    """The promises, over all services."""

    def __init__(self, onlookers: Iterable[Onlooker]) -> None:
        self.onlookers = {onlooker.source: onlooker for onlooker in onlookers}
        self.answered: list[Fact] = []
        """What a person was told is saved."""

    def missing(self, *, but_poison: bool) -> list[str]:
        """What was told and has not taken effect somewhere."""
        told = self.onlookers[Source.INTAKE].facts(TOLD)
        if but_poison:
            told = {(key, number) for key, number in told if key != POISON}
        return [
            f"{what} {key} {number} in {source}"
            for source, what in DUE_EVERYWHERE
            for key, number in sorted(told - self.onlookers[source].facts(what))
        ]

    def waiting(self) -> list[str]:
        """What the kernel's tables still hold to be done."""
        counts = {
            f"{one.source}: unsent": one.count("outbox_events", "stream_ms IS NULL") for one in self.onlookers.values()
        } | {
            f"{one.source}: in the inbox": one.count("inbox_messages", "state <> 'done'")
            for one in self.onlookers.values()
        }
        return [f"{what} {count}" for what, count in counts.items() if count]

    def dead(self) -> list[tuple[Source, int, str, str]]:
        return [(source, *row) for source, one in self.onlookers.items() for row in one.dead()]

    def poison_waits(self) -> None:
        """Raises `Violated` unless the poisoned fact alone is dead, and its successors wait behind it."""
        dead = [(source, key) for source, _, _, key in self.dead()]
        if dead != [(Source.NOTIFICATIONS, POISON)]:
            raise Violated(f"dead are {self.dead()}, and not the poison alone")
        if (POISON, 2) in self.onlookers[Source.NOTIFICATIONS].facts(COMPLETED):
            raise Violated("the poison took effect")

    def at_rest(self, *, sent: list[Fact]) -> None:
        """Everything once, nothing left. Raises `Violated`."""
        for onlooker in self.onlookers.values():
            onlooker.look()
        told = self.onlookers[Source.INTAKE].facts(TOLD)
        if lost := [fact for fact in self.answered if fact not in told]:
            raise Violated(f"answered, and not there: {lost}")
        if missing := self.missing(but_poison=False):
            raise Violated(f"lost: {missing[:4]}… {len(missing)} in all; {self.waiting()}; dead {self.dead()[:4]}")
        for source, what in DUE_EVERYWHERE:
            if beyond := self.onlookers[source].facts(what) - told:
                raise Violated(f"never told, and took effect: {what} {sorted(beyond)} in {source}")
        if waiting := self.waiting():
            raise Violated(f"at rest, and yet {waiting}")
        if unsent := self.onlookers[Source.NOTIFICATIONS].facts(SENT) - set(sent):
            raise Violated(f"recorded as sent, and never left: {sorted(unsent)}")
