"""A person's key, and how a text under it is written: `p1.<key id>.<nonce and AES-256-GCM, in base64url>`."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PREFIX = "p1."
NONCE_BYTES = 12
"""Random: a person has some hundreds of texts, and a key bears four thousand million (NIST SP 800-38D §8.3)."""
KEY_BYTES = 32


def make_person_key() -> bytes:
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def subject_of(sealed: str) -> str:
    """Whose key a sealed text names."""
    return sealed[len(PREFIX) :].rpartition(".")[0]


class PersonKey:
    """The key of one person, as it is used. Each text is bound to its person: under another name it does not open."""

    __slots__ = ("_bound", "_cipher", "_fingerprint", "_head")

    def __init__(self, subject: str, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._fingerprint = blake2b(b"fingerprint", key=key).digest()
        self._head = f"{PREFIX}{subject}."
        self._bound = self._head.encode()

    def seal(self, text: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        token = nonce + self._cipher.encrypt(nonce, text.encode(), self._bound)
        return self._head + urlsafe_b64encode(token).decode()

    def open(self, sealed: str) -> str:
        """The text. Raises `cryptography.fernet.InvalidToken` when anything in it was changed."""
        try:
            token = urlsafe_b64decode(sealed.rpartition(".")[2])
            return self._cipher.decrypt(token[:NONCE_BYTES], token[NONCE_BYTES:], self._bound).decode()
        except (InvalidTag, NotBase64, ValueError):
            raise InvalidToken from None

    def fingerprint(self, text: str) -> str:
        """A hash of his data that tells nobody what they were, once the key is gone."""
        return blake2b(text.encode(), key=self._fingerprint, digest_size=32).hexdigest()
