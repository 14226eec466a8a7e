"""A webhook's secret opens for its webhook alone, and signs as the contract says."""

import pytest

from chalicelib.domain.webhooks.secrets import SealBrokenError, open_sealed, seal, signature

KEYS = (("a", b"a-key-for-tests"),)
SECRET = "whsec_" + "abcdefgh" * 6


def sealed(keys: tuple[tuple[str, bytes], ...] = KEYS, nonce: str = "once") -> str:
    return seal(SECRET, of="tenant.webhook-1", nonce=nonce, keys=keys)


def test_what_was_sealed_opens_for_its_owner() -> None:
    assert open_sealed(sealed(), of="tenant.webhook-1", keys=KEYS) == SECRET


def test_nothing_of_the_secret_shows_and_a_nonce_changes_all() -> None:
    one, other = sealed(), sealed(nonce="twice")

    assert SECRET not in one
    assert one.rpartition(".")[2][:20] != other.rpartition(".")[2][:20]


def test_an_older_key_still_opens() -> None:
    newer = (("b", b"a-newer-key"), *KEYS)

    assert open_sealed(sealed(), of="tenant.webhook-1", keys=newer) == SECRET
    assert sealed(newer).startswith("b.")


@pytest.mark.parametrize(
    "broken, owner",
    [
        (sealed(), "tenant.webhook-2"),
        (sealed(), "other-tenant.webhook-1"),
        (sealed()[:-6] + "AAAA==", "tenant.webhook-1"),
        (sealed().replace("once", "ones"), "tenant.webhook-1"),
        (sealed().replace("a.", "z.", 1), "tenant.webhook-1"),
    ],
)
def test_a_seal_that_was_moved_or_changed_does_not_open(broken: str, owner: str) -> None:
    with pytest.raises(SealBrokenError):
        open_sealed(broken, of=owner, keys=KEYS)


def test_a_signature_is_that_of_openssl() -> None:
    told = signature("whsec_of-tests", '{"id":"n-1"}', at=1767225600)

    assert told == (
        "t=1767225600,v1=225cb86848067f42b9cd8ac37bde2f443495087beed3738393f4bbec5d826785"
    )
