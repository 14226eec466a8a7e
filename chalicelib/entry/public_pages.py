"""The public pages behind the links in mails: unsubscribe, confirm an address.

A GET shows and changes nothing, for scanners follow every link; a POST does what the page says, and
mail programs send it by themselves (RFC 8058).
"""

from dataclasses import replace
from html import escape
from typing import Final, assert_never

from chalice.app import Blueprint

from chalicelib.domain.errors import MissingError, StaleWriteError, ThrottledError
from chalicelib.domain.mail.public_tokens import (
    ConfirmToken,
    UnsubscribeToken,
    parse_public_token,
)
from chalicelib.entry import wiring
from chalicelib.entry.answering import Answer, text
from chalicelib.entry.http import OpenRequest, answers_anyone
from chalicelib.entry.promises import promises

routes = Blueprint(__name__)

_HTML: Final = "text/html; charset=utf-8"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
_FORMS: Final = [
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/json",
    "text/plain",
]
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;
color:CanvasText;background:Canvas;color-scheme:light dark}}
button{{font:inherit;padding:.6rem 1.2rem}}
</style></head><body><h1>{title}</h1><p>{said}</p>{form}</body></html>
"""
_FORM: Final = '<form method="post"><button type="submit">{label}</button></form>'


@routes.route("/u/{token}", methods=["GET"], cors=True)
@answers_anyone(routes)
@promises(says=_HTML, refuses=(MissingError,))
def show_page(request: OpenRequest, token: str) -> Answer:
    """Show what following a link would do; nothing is changed."""
    known = _known(request, token)
    match known:
        case UnsubscribeToken():
            said = f"No more mail will be sent to {known.address}."
            return _page("Unsubscribe?", said, "Unsubscribe")
        case ConfirmToken():
            from chalicelib.services import sender_addresses  # noqa: PLC0415 - as it is used

            stores = wiring.stores_for(known.tenant_id)
            asked = sender_addresses.find(known, stores=stores, now=request.now)
            if asked is None:
                return _over()
            said = f"Mail from {asked.address} will then be filed as yours."
            return _page("Is this your address?", said, "Yes, it is mine")
        case _:
            assert_never(known)


@routes.route("/u/{token}", methods=["POST"], cors=True, content_types=_FORMS)
@answers_anyone(routes)
@promises(says=_HTML, refuses=(MissingError, StaleWriteError, ThrottledError))
def act_on_page(request: OpenRequest, token: str) -> Answer:
    """Do what the page of the link says; doing it again changes nothing."""
    known = _known(request, token)
    stores = wiring.stores_for(known.tenant_id)
    match known:
        case UnsubscribeToken():
            from chalicelib.services import unsubscribing  # noqa: PLC0415 - as it is used

            unsubscribing.unsubscribe(known, stores=stores, outside=request.outside)
            return _page("Unsubscribed", f"No more mail will be sent to {known.address}.")
        case ConfirmToken():
            from chalicelib.services import sender_addresses  # noqa: PLC0415 - as it is used

            asked = sender_addresses.confirm(known, stores=stores, now=request.now)
            if asked is None:
                return _over()
            return _page("Confirmed", f"Mail from {asked.address} is filed as yours from now on.")
        case _:
            assert_never(known)


def _known(request: OpenRequest, token: str) -> ConfirmToken | UnsubscribeToken:
    known = parse_public_token(token, keys=request.outside.mac_keys)
    if known is None:
        raise MissingError(kind="page", id="of this link")
    return known


def _over() -> Answer:
    return _page("Nothing to confirm", "The link was used, is too old, or a newer one was sent.")


def _page(title: str, said: str, label: str = "") -> Answer:
    form = _FORM.format(label=escape(label)) if label else ""
    body = _PAGE.format(title=escape(title), said=escape(said), form=form)
    return replace(text(body, content_type=_HTML), headers=_HEADERS)
