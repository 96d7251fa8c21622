"""Passwords: kept as argon2id hashes, checked with the same work whoever asks (OWASP, password storage)."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache, partial
from secrets import choice

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from shared.language.errors import PasswordWeak

SHORTEST, LONGEST, VARIED = 12, 256, 5
ONE_TIME_LASTS = timedelta(hours=72)
# Letters that nobody mistakes for each other when a password is read out.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"

_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))


@cache
def _threads() -> ThreadPoolExecutor:
    # Each takes a core and 19 MB for its while: as many at once as a small machine bears.
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


@cache
def _of_nobody() -> str:
    return _hasher.hash(one_time_password())


async def hash_of(password: str) -> str:
    """The hash to keep; computed beside the loop, with no transaction open."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), _hasher.hash, _plain(password))


async def is_right(password: str, hashed: str | None) -> bool:
    """Whether it is the password of `hashed`; with as much work where there is none."""
    loop = asyncio.get_running_loop()
    against = await loop.run_in_executor(_threads(), _of_nobody) if hashed is None else hashed
    right = await loop.run_in_executor(_threads(), partial(_hasher.verify, _plain(password), against))
    return right and hashed is not None


def check_strength(password: str, *, user_name: str) -> None:
    """Long and varied instead of composed (NIST SP 800-63B §3.1.1.2). Raises `PasswordWeak`."""
    plain = _plain(password)
    if len(plain) < SHORTEST or len(set(plain)) < VARIED or user_name.casefold() in plain.casefold():
        raise PasswordWeak(field="new_password")


def one_time_password() -> str:
    """Made by us, to be changed at first use: 75 bits, in groups that can be read out."""
    return "-".join("".join(choice(_LETTERS) for _ in range(5)) for _ in range(3))


def _plain(password: str) -> str:
    # The same letters, however the keyboard composed them.
    return unicodedata.normalize("NFKC", password)
