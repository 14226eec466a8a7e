"""Whether a person or a program opened a mail or followed a link (R45).

Mail gateways follow every link within a second to see whether it is safe, and some mail programs
fetch pictures before anybody looks. What they do is noted, and counts for nothing.
"""

import re
from datetime import timedelta
from ipaddress import IPv4Network, ip_address
from typing import Final

SECONDS_OF_GATEWAYS: Final = timedelta(seconds=3)
"""Nobody reads a mail so soon after it left; whoever scans it does."""

_BARE_AGENT: Final = "Mozilla/5.0"
"""All that Apple's Mail Privacy Protection says of itself when it fetches pictures beforehand."""
_SCANNERS: Final = re.compile(
    r"(?i)barracuda|mimecast|proofpoint|symantec|ironport|trendmicro|sophos|bitdefender|fortinet"
    r"|headlesschrome|phantomjs|python-requests|python-urllib|curl/|wget/|go-http-client|okhttp"
    r"|bot\b|crawler|spider|preview|scanner|linkcheck|microsoft office existence discovery"
)
_NETWORKS: Final = (IPv4Network("17.0.0.0/8"),)
"""Apple's own, from which no recipient reads mail. Microsoft's are not here: people sit there."""


def is_machine(*, agent: str, address: str, since_sent: timedelta | None) -> bool:
    """Whether an opening or a click was a program's; a picture proxy acts for its reader."""
    if since_sent is not None and since_sent < SECONDS_OF_GATEWAYS:
        return True
    if agent.strip() == _BARE_AGENT or _SCANNERS.search(agent[:500]) is not None:
        return True
    return _is_known(address)


def _is_known(address: str) -> bool:
    try:
        number = ip_address(address)
    except ValueError:
        return False
    return any(number in network for network in _NETWORKS if number.version == network.version)
