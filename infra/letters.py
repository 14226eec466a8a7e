"""Real mails put to use: the same words under other headers, for the demo and for tests."""

from collections.abc import Mapping


def with_headers(raw: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a mail with these headers in place of its own of the same names (None of them stays).

    `with_headers(raw, {"From": "Paula <paula@acme.test>", "In-Reply-To": "<id@host>"})`; an empty
    text only takes the header out. Line ends become CRLF, as SMTP wants them.
    """
    text = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    block, _, body = text.partition(b"\n\n")
    replaced = {name.lower().encode() for name in headers}
    kept: list[bytes] = []
    is_kept = True
    for line in block.split(b"\n"):
        if not line.startswith((b" ", b"\t")):
            is_kept = line.partition(b":")[0].strip().lower() not in replaced
        if is_kept:
            kept.append(line)
    new = [f"{name}: {value}".encode() for name, value in headers.items() if value]
    return b"\r\n".join([*new, *kept, b"", *body.split(b"\n")])
