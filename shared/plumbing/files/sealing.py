"""A file lies sealed under a key of its own; the key lies in the row that names the file, under
the key of the person whose paper it is. The folder alone opens nothing.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = b"ATHAR1\n"
PIECE = 64 * 1024
TAG = 16


class FileDamaged(Exception):
    """A sealed file that is not as it was written: cut off, changed, or another's."""


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def write_sealed(plain: IO[bytes], sealed: IO[bytes], *, key: bytes) -> tuple[int, str]:
    """Seal `plain` piece by piece; its size, and the digest of what was written."""
    cipher, digest, size, number = AESGCM(key), sha256(MARK), 0, 0
    sealed.write(MARK)
    piece = plain.read(PIECE)
    while True:
        following = plain.read(PIECE)
        box = cipher.encrypt(_nonce(number, last=not following), piece, None)
        sealed.write(box)
        digest.update(box)
        size += len(piece)
        if not following:
            return size, digest.hexdigest()
        piece, number = following, number + 1


def read_sealed(sealed: IO[bytes], *, key: bytes, first: int = 0) -> Iterator[bytes]:
    """The plain pieces from the `first` on, each proved before it is handed on. Raises `FileDamaged`."""
    cipher, number = AESGCM(key), first
    if sealed.read(len(MARK)) != MARK:
        raise FileDamaged
    if first:
        sealed.seek(first * (PIECE + TAG), 1)
    box = sealed.read(PIECE + TAG)
    while True:
        following = sealed.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), box, None)
        except InvalidTag:
            raise FileDamaged from None
        if not following:
            return
        box, number = following, number + 1


def _nonce(number: int, *, last: bool) -> bytes:
    """Each piece has its place, and the last one says so: none can be left out, moved or added."""
    return number.to_bytes(11, "big") + bytes([last])
