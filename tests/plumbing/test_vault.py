"""The vault: a key a person, wrapped, destroyed for good, and told apart from one that is only out of reach."""

import socket
import sqlite3
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Engine, create_engine, event, text

from shared.language.errors import PartDown, PersonErased
from shared.plumbing.vault import AT_ONCE, KEPT_SECONDS, LEFT_ALONE_SECONDS, STOCK, KeyUnknown, Vault
from tests.harness.containers import PostgresServer

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WORDS = "حصة العتيبي"
KEY = Fernet.generate_key().decode()


class Ticks:
    """Seconds that pass when a test lets them."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.containers)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/vault.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.make_database().replace("+asyncpg", "+psycopg")


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def vault(url: str, ticks: Ticks) -> Iterator[Vault]:
    vault = Vault(ticks=ticks)
    vault.open_at(url, keys=[KEY])
    vault.prepare()
    yield vault
    vault.close()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


def another(url: str, *keys: str) -> Vault:
    """The vault as another process has it."""
    vault = Vault(ticks=Ticks())
    vault.open_at(url, keys=keys or [KEY])
    return vault


def wrapped(engine: Engine, key_id: str) -> bytes | None:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT wrapped FROM person_keys WHERE key_id = :id"), {"id": key_id}).scalar()
    return None if found is None else bytes(found)


def test_what_one_process_seals_another_opens(vault: Vault, url: str) -> None:
    vault.make("p-1", now=NOW)
    sealed = vault.key_of("p-1").seal(WORDS)
    assert WORDS not in sealed
    other = another(url)
    assert other.key_of("p-1").open(sealed) == WORDS
    other.close()


def test_a_key_is_made_once(vault: Vault, url: str) -> None:
    vault.make("p-1", now=NOW)
    sealed = vault.key_of("p-1").seal(WORDS)
    other = another(url)
    other.make("p-1", now=NOW)
    assert other.key_of("p-1").open(sealed) == WORDS
    other.close()


def test_new_people_come_out_of_a_stock_each_with_a_key_that_others_open(vault: Vault, url: str) -> None:
    people = [vault.new_person(now=NOW) for _ in range(STOCK + 1)]
    assert len(set(people)) == STOCK + 1
    other = another(url)
    assert other.key_of(people[-1]).open(vault.key_of(people[-1]).seal(WORDS)) == WORDS
    other.close()


def test_a_stock_that_a_restored_vault_does_not_know_is_thrown_away(vault: Vault, engine: Engine, ticks: Ticks) -> None:
    vault.new_person(now=NOW)
    ticks.at += KEPT_SECONDS + 1
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM person_keys"))
    person = vault.new_person(now=NOW)
    assert not vault.is_destroyed(person)
    vault.key_of(person)


def test_preparing_it_twice_changes_nothing(vault: Vault) -> None:
    vault.make("p-1", now=NOW)
    vault.prepare()
    assert not vault.is_destroyed("p-1")


def test_a_destroyed_key_opens_nothing_seals_nothing_and_is_not_made_again(vault: Vault, engine: Engine) -> None:
    vault.make("p-1", now=NOW)
    vault.destroy("p-1", now=NOW)
    vault.destroy("p-1", now=NOW)
    with pytest.raises(PersonErased):
        vault.key_of("p-1")
    with pytest.raises(PersonErased):
        vault.make("p-1", now=NOW)
    assert vault.is_destroyed("p-1")
    assert wrapped(engine, "p-1") is None
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person_keys WHERE destroyed_at IS NOT NULL")).scalar() == 1


def test_another_process_finds_out_within_seconds_or_when_it_is_told(vault: Vault, url: str) -> None:
    vault.make("p-1", now=NOW)
    vault.make("p-2", now=NOW)
    told, untold = another(url), another(url)
    for other in (told, untold):
        other.key_of("p-1")
    vault.destroy("p-1", now=NOW)
    told.forget("p-1")
    assert told.is_destroyed("p-1")
    untold.key_of("p-1")
    untold._ticks.at = KEPT_SECONDS + 1  # type: ignore[attr-defined]
    assert untold.is_destroyed("p-1")
    assert not untold.is_destroyed("p-2")
    told.close()
    untold.close()


def test_a_key_at_hand_costs_no_trip(vault: Vault) -> None:
    vault.make("p-1", now=NOW)
    engine, vault._engine = vault._engine, None
    vault.make("p-1", now=NOW)
    assert vault.key_of("p-1").open(vault.key_of("p-1").seal(WORDS)) == WORDS
    vault._engine = engine


def test_the_keys_of_a_page_are_one_ask_and_whoever_is_erased_or_unknown_among_them_stays_so(
    vault: Vault, url: str
) -> None:
    for person in ("p-1", "p-2", "p-3"):
        vault.make(person, now=NOW)
    vault.destroy("p-3", now=NOW)
    other, asked = another(url), []
    event.listen(other._engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    other.fetch(["p-1", "p-2", "p-3", "nobody"])
    assert len(asked) == 1
    assert other.key_of("p-2").open(vault.key_of("p-2").seal(WORDS)) == WORDS
    with pytest.raises(PersonErased):
        other.key_of("p-3")
    assert len(asked) == 1
    with pytest.raises(KeyUnknown):
        other.key_of("nobody")
    other.close()


def test_a_key_that_was_never_made_is_no_erased_person(vault: Vault) -> None:
    assert not vault.is_destroyed("nobody")
    with pytest.raises(KeyUnknown):
        vault.key_of("nobody")


def test_keys_lie_wrapped_and_a_foreign_master_key_opens_none(vault: Vault, engine: Engine, url: str) -> None:
    vault.make("p-1", now=NOW)
    assert Fernet(KEY).decrypt(wrapped(engine, "p-1") or b"").startswith(b"p-1\0")
    stranger = another(url, Fernet.generate_key().decode())
    with pytest.raises(InvalidToken):
        stranger.key_of("p-1")
    stranger.close()


def test_a_key_that_was_put_under_anothers_name_does_not_open(vault: Vault, engine: Engine, url: str) -> None:
    vault.make("p-1", now=NOW)
    vault.make("p-2", now=NOW)
    with engine.begin() as connection:
        swap = "UPDATE person_keys SET wrapped = (SELECT wrapped FROM person_keys WHERE key_id = 'p-1')"
        connection.execute(text(f"{swap} WHERE key_id = 'p-2'"))
    other = another(url)
    with pytest.raises(InvalidToken):
        other.key_of("p-2")
    other.close()


def test_rewrapping_is_done_by_pages_spares_the_destroyed_and_may_be_begun_again(
    vault: Vault, engine: Engine, url: str
) -> None:
    people = [f"p-{number:04d}" for number in range(AT_ONCE + 3)]
    for person in people:
        vault.make(person, now=NOW)
    sealed = vault.key_of(people[0]).seal(WORDS)
    vault.destroy(people[1], now=NOW)
    newer = Fernet.generate_key().decode()
    rotating = another(url, newer, KEY)
    pages = rotating.rewrap()
    assert next(pages) == AT_ONCE
    pages.close()
    assert sum(another_run := list(rotating.rewrap())) == 2, another_run
    rotating.close()
    with_the_new_alone = another(url, newer)
    assert with_the_new_alone.key_of(people[0]).open(sealed) == WORDS
    assert with_the_new_alone.is_destroyed(people[1])
    assert wrapped(engine, people[1]) is None
    with_the_new_alone.close()


def test_a_vault_that_is_away_is_a_part_that_is_down_and_is_left_alone_for_a_moment(tmp_path: Path) -> None:
    ticks = Ticks()
    vault = Vault(ticks=ticks)
    vault.open_at(f"sqlite:///{tmp_path}/nowhere/vault.db", keys=[KEY])
    with pytest.raises(PartDown):
        vault.key_of("p-1")
    (tmp_path / "nowhere").mkdir()
    with pytest.raises(PartDown):
        vault.prepare()
    ticks.at += LEFT_ALONE_SECONDS
    vault.prepare()
    vault.make("p-1", now=NOW)
    vault.close()


def test_a_vault_that_was_never_opened_is_a_bug() -> None:
    with pytest.raises(RuntimeError, match="not opened"):
        Vault().key_of("p-1")


def test_no_page_of_the_file_holds_a_destroyed_key(tmp_path: Path) -> None:
    vault = Vault()
    vault.open_at(f"sqlite:///{tmp_path}/vault.db", keys=[KEY])
    vault.prepare()
    vault.make("p-1", now=NOW)
    file = sqlite3.connect(tmp_path / "vault.db")
    (kept,) = file.execute("SELECT wrapped FROM person_keys").fetchone()
    file.close()
    vault.destroy("p-1", now=NOW)
    assert [path.name for path in tmp_path.iterdir() if kept[:40] in path.read_bytes()] == []
    vault.close()


def test_a_server_that_falls_silent_holds_the_process_for_some_seconds_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=_greet_and_fall_silent, args=(server,), daemon=True).start()
        silent = Vault()
        silent.open_at(f"postgresql+psycopg://u:p@127.0.0.1:{server.getsockname()[1]}/d", keys=[KEY])
        asking = Thread(target=_is_down, args=(silent,), daemon=True)
        asking.start()
        asking.join(20)
        assert not asking.is_alive()
        with pytest.raises(PartDown):
            silent.look()


def _is_down(vault: Vault) -> None:
    with pytest.raises(PartDown):
        vault.look()


def _greet_and_fall_silent(server: socket.socket) -> None:
    """PostgreSQL's side of a start (its documentation, 55.7), and nothing after it: as one that was stopped."""
    line, _ = server.accept()
    refused_encryption = 80877103, 80877104
    while True:
        (length,) = struct.unpack("!I", line.recv(4))
        asked = line.recv(length - 4)
        if struct.unpack("!I", asked[:4])[0] not in refused_encryption:
            break
        line.sendall(b"N")
    line.sendall(b"R" + struct.pack("!II", 8, 0))
    for name, value in (("server_version", "15.0"), ("client_encoding", "UTF8"), ("standard_conforming_strings", "on")):
        told = f"{name}\0{value}\0".encode()
        line.sendall(b"S" + struct.pack("!I", 4 + len(told)) + told)
    line.sendall(b"K" + struct.pack("!III", 12, 1, 1) + b"Z" + struct.pack("!I", 5) + b"I")
    while line.recv(4096):
        continue
    line.close()
