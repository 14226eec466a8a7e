"""An e-mail address in the one form by which we compare and find it."""

import unicodedata


def normalize_address(address: str) -> str:
    """Return `address` without surrounding space, composed and in lower case.

    Local parts may differ in case by the letter of RFC 5321; no mail system in use tells them apart.
    """
    return unicodedata.normalize("NFC", address.strip()).lower()
