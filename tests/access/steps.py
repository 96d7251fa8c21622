"""What each step of the sign-in answers, by how far the session that comes to it has come.

A step's door is anyone's: what stands behind it is the session. A new step without a row here fails the build.
"""

from typing import Final

NOBODY, FOREIGN, OVER = "nobody", "a stranger's secret", "a session that is over"
FACTOR, PASSWORD, SETUP, SEAT, OPEN = "second_factor", "new_password", "second_factor_setup", "seat", "open"
WITHOUT: Final = (NOBODY, FOREIGN, OVER)
HALF: Final = (FACTOR, PASSWORD, SETUP, SEAT)
EVERYBODY: Final = (*WITHOUT, *HALF, OPEN)

Row = dict[str, int]
STEP = {
    FACTOR: "/sign-in/second-factor",
    PASSWORD: "/sign-in/password",
    SETUP: "/sign-in/second-factor-setup",
    SEAT: "/sign-in/seat",
    OPEN: "/session",
}
"""Where a browser whose session has come so far is led."""


def _row(here: dict[str, int], *, without: int, elsewhere: int) -> Row:
    return dict.fromkeys(WITHOUT, without) | dict.fromkeys((*HALF, OPEN), elsewhere) | here


def _page(*at: str) -> Row:
    return _row(dict.fromkeys(at, 200), without=401, elsewhere=303)


def _takes(**here: int) -> Row:
    return _row(here, without=401, elsewhere=409)


SENT: dict[str, Row] = {
    "/sign-in/second-factor": _takes(second_factor=401),
    "/sign-in/second-factor/text": _takes(second_factor=409),
    "/sign-in/password": _takes(new_password=422),
    "/sign-in/second-factor-setup": _takes(second_factor_setup=200),
    "/sign-in/second-factor-setup/text": _takes(second_factor_setup=200),
    "/sign-in/second-factor-setup/confirmation": _takes(second_factor_setup=401),
    "/sign-in/seat": _takes(seat=404, open=404),
}
"""To what is sent, which is wrong wherever anything can be: no step lets on by a wrong answer."""

ANSWERS: dict[str, Row] = {
    "GET /sign-in": dict.fromkeys(EVERYBODY, 200),
    "GET /sign-in/second-factor": _page(FACTOR),
    "GET /sign-in/password": _page(PASSWORD),
    "GET /sign-in/second-factor-setup": _page(SETUP),
    "GET /sign-in/seat": _page(SEAT, OPEN),
    # Here is no identity provider.
    "GET /sign-in/issuer": dict.fromkeys(EVERYBODY, 404),
    "GET /sign-in/issuer/return": dict.fromkeys(EVERYBODY, 401),
    "POST /sign-in": dict.fromkeys(EVERYBODY, 401),
    "POST /api/v1/public/sign-in": dict.fromkeys(EVERYBODY, 401),
    **{f"POST {path}": row for path, row in SENT.items()},
    **{f"POST /api/v1/public{path}": row for path, row in SENT.items()},
    "POST /api/v1/public/sign-in/second-factor-setup/text": _takes(second_factor_setup=429),
    # These change the secret of an open session, so they come last.
    "GET /session/renewal": _row({OPEN: 307}, without=303, elsewhere=303),
    "POST /session/renewal": _row({OPEN: 307}, without=303, elsewhere=303),
    "POST /api/v1/public/session/renewal": _takes(open=200),
}
