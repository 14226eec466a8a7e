"""Keys of what belongs to mail: an owner's folders, what waits for a choice, words to search by.

The rest of mail's keys stand in `keys.py`; these were too many for one room.
"""

from typing import Final

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.ids import TenantId, ThreadId, UserId
from chalicelib.domain.mail.threads import Folder
from chalicelib.storage.keys import deliveries_list
from chalicelib.storage.spelling import digest

CHOICE: Final = "choice"
"""Sort key, in a thread's partition, of the row that lists it among those to choose for."""
ASKED_ADDRESSES: Final = "asked#"
_LETTERS: Final = 2


def folder(tenant_id: TenantId, owner_id: UserId, of: Folder) -> str:
    """List partition of one folder of an owner, by last message."""
    return f"t#{tenant_id}#list#thread#{owner_id}#{of}"


def choices(tenant_id: TenantId, owner_id: UserId) -> str:
    """List partition of an owner's threads for which a person must choose the item."""
    return f"t#{tenant_id}#list#choice#{owner_id}"


def thread_words(tenant_id: TenantId, owner_id: UserId, word: str) -> str:
    """Partition of the words of an owner's threads that begin with the same two letters."""
    return f"t#{tenant_id}#word#thread#{owner_id}#{word[:_LETTERS]}"


def thread_word(word: str, thread_id: ThreadId) -> str:
    """Sort key of one word of one thread."""
    return f"{word}#{thread_id}"


def subject(tenant_id: TenantId, owner_id: UserId, plain: str) -> str:
    """Partition of an owner's threads that began with one subject."""
    return f"t#{tenant_id}#owner#{owner_id}#subject#{digest(plain)}"


def discarded_list(tenant_id: TenantId | None) -> str:
    """List partition of discarded deliveries whose bytes still lie there, by arrival."""
    return f"{deliveries_list(tenant_id)}#discarded"


def item_threads(tenant_id: TenantId, ref: ItemRef) -> str:
    """List partition of the threads of one item, by when they were linked."""
    return f"t#{tenant_id}#list#thread#{ref.kind}#{ref.id}"


def arrivals(tenant_id: TenantId, scope: str) -> str:
    """Partition of the counts of what came to an address, to the tenant, from a correspondent."""
    return f"t#{tenant_id}#arrivals#{digest(scope)}"


def notice(tenant_id: TenantId, name: str) -> str:
    """Partition of the mark that somebody was told of something."""
    return f"t#{tenant_id}#notice#{digest(name)}"


def asked_address(address: str) -> str:
    """Sort key, in a user's partition, of an address that waits for its confirmation."""
    return f"{ASKED_ADDRESSES}{digest(address)}"


def confirmation(tenant_id: TenantId, nonce: str) -> str:
    """Partition of what the link of a confirmation mail is for."""
    return f"t#{tenant_id}#confirmation#{nonce}"
