"""What pages of other hosts may do with the API: everything a token lets them, and read the answer.

No cookie opens a door here, so there is nothing that a foreign page could misuse (`*`).
"""

from typing import TYPE_CHECKING, Final

from chalice.app import CORSConfig

from chalicelib.entry.throttle import HEADERS

if TYPE_CHECKING:
    from chalice.app import Chalice

CORS: Final = CORSConfig(
    allow_origin="*",
    allow_headers=["Authorization", "x-api-token", "Content-Type", "Idempotency-Key", "If-Match"],
    expose_headers=["x-request-id", "Retry-After", "WWW-Authenticate", "Allow", *HEADERS],
    max_age=600,
)


def open_to_browsers(app: "Chalice") -> None:
    """Give every route that wants them the same headers for browsers."""
    for entries in app.routes.values():
        for entry in entries.values():
            if entry.cors is not None:
                entry.cors = CORS
