"""One word per thing: types and modules are not named by a word the glossary turned down."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.house import ROOT, modules, types

WE_SAY: Final = {
    "account": "Organization, or Tenant",
    "action": "Step, or Effect",
    "agent": "User",
    "association": "Link",
    "blueprint": "SequenceTemplate",
    "cadence": "Sequence",
    "campaign": "Sequence",
    "chain": "Thread",
    "child": "Branch",
    "command": "Step, or Effect",
    "company": "Organization, or Tenant",
    "connection": "Enrollment",
    "contact": "Person",
    "conversation": "Thread",
    "customer": "Person",
    "dropbox": "SmartBccAddress",
    "dropped": "Quarantined, or Parked",
    "edge": "Branch",
    "enrolment": "Enrollment",
    "entity": "Item",
    "event": "Signal",
    "graph": "Flow",
    "inbox": "Pulse",
    "journey": "Sequence",
    "lock": "Lease",
    "match": "Link",
    "membership": "Enrollment",
    "node": "Step",
    "object": "Item",
    "opportunity": "Deal",
    "org": "Tenant",
    "organisation": "Organization",
    "permission": "Consent",
    "prospect": "Lead",
    "record": "Item",
    "rep": "User",
    "seller": "User",
    "tree": "Flow",
    "workflow": "Sequence",
    "workspace": "Tenant",
}
"""Words of the glossary's last column that are wrong as names wherever they stand."""

NOT_UNDERSTOOD_YET: Final = {"common", "core", "helper", "helpers", "misc", "util", "utils"}

EXCEPTIONS: Final = {
    "DnsRecord": "the DNS's own word",
    "EventArchive": "keeps what SES says as SES says it",
    "ItemAction": "the API's own key `item_action`",
    "LinkedInAction": "the API's own key `action`",
    "Record": "an effect, the verb: to record in the history",
    "MailEvent": "what SES says of a mail, not yet a signal",
}


def words(name: str) -> set[str]:
    """Split a name of a type or a module into its words, also without their plural."""
    split = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    return split | {word.removesuffix("s") for word in split}


@pytest.mark.parametrize("module", modules("chalicelib"), ids=str)
def test_types_and_modules_bear_the_glossarys_names(module: Path) -> None:
    names = {module.stem, *types(module)} - set(EXCEPTIONS)
    # A private type may spell a vendor's shape in the vendor's words.
    names -= {name for name in names if name.startswith("_")}
    # The ready-made sequences bear the names under which the trade knows them.
    if module.parent.name == "ready_made":
        names.discard(module.stem)

    # An event is AWS's word for what comes in at a door; above the doors it is a signal.
    forbidden = set(WE_SAY) - ({"event"} if "entry" in module.parts else set())
    wrong = {
        name: " / ".join(WE_SAY[word] for word in sorted(words(name) & forbidden))
        for name in names
        if words(name) & forbidden
    }

    assert wrong == {}
    assert words(module.stem) & NOT_UNDERSTOOD_YET == set()


def test_every_forbidden_word_stands_in_the_glossary() -> None:
    rows = (ROOT / "docs" / "glossary.md").read_text().splitlines()
    never = " ".join(row.split("|")[3] for row in rows if row.startswith("|")).lower()

    spelled = {word for word in WE_SAY if re.search(rf"\b{word}", never)}

    assert set(WE_SAY) - spelled == {"organisation"}, "US spelling needs no row"


def test_every_exception_is_still_needed() -> None:
    known = {name for module in modules("chalicelib") for name in types(module)}

    assert set(EXCEPTIONS) - known == set()


@pytest.mark.parametrize(
    "name, expected",
    [
        ("EmailStep", {"email", "step"}),
        ("smart_bcc", {"smart", "bcc"}),
        ("Contacts", {"contacts", "contact"}),
        ("HTTPDoor", {"http", "door"}),
    ],
)
def test_a_name_is_split_into_its_words(name: str, expected: set[str]) -> None:
    assert expected <= words(name)
