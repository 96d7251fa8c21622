"""Real papers, damaged at random: each is taken or refused in words, within its time."""

import random
import tempfile
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.language import errors
from shared.plumbing.files.check import REFUSALS, SECONDS, Inspectors
from tests.edge import papers

WHOLE = {
    "jpeg": papers.photograph(),
    "progressive": papers.image("JPEG", size=(200, 150), progressive=True),
    "png": papers.image("PNG", size=(200, 150)),
    "webp": papers.image("WEBP", size=(200, 150)),
    "pdf": papers.pdf(),
    "packed pdf": papers.hidden(b"<< /Type /Page >>"),
}


def mutated(data: bytes, seed: int) -> bytes:
    dice, spoilt = random.Random(seed), bytearray(data)  # noqa: S311 - which bytes are spoilt is no secret
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(spoilt))
        match dice.randrange(5):
            case 0:
                spoilt[at] = dice.randrange(256)
            case 1:
                del spoilt[at : at + dice.randint(1, 40)]
            case 2:
                spoilt[at:at] = dice.randbytes(dice.randint(1, 40))
            case 3:
                spoilt[at : at + 4] = b"\xff\xff\xff\xff"
            case _:
                spoilt[at:at] = spoilt[at : at + dice.randint(1, 200)]
        if not spoilt:
            break
    return bytes(spoilt)


@pytest.mark.timeout(300)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(WHOLE)), seed=st.integers(0, 2**32))
async def test_a_damaged_paper_is_taken_or_refused_and_nothing_else(name: str, seed: int) -> None:
    began = time.monotonic()
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as out:
        file.write(mutated(WHOLE[name], seed))
        try:
            assert await Inspectors().clean(file, out)
        except errors.Refusal as refusal:
            assert type(refusal) in REFUSALS  # noqa: PT017 - either end is right
    assert time.monotonic() - began < SECONDS
