"""The people of the demo: two tenants, made once, and the file that lets a program be each of them.

The tenants are made as the operator's commands make them; Smart BCC addresses are asked of the API.
"""

import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from chalicelib.domain.crm.users import Role
from chalicelib.services.tenants import Access
from infra import ops
from infra.local.asking import ask
from infra.local.files import write
from infra.local.pages import CLOCK, OUTBOX
from infra.local.resources import Aws
from infra.local.settings import HOST, INBOUND_DOMAIN, LocalSettings
from infra.local.wsgi import WsgiApp

DEMO: Final = "demo.sekvens.test"
OTHER: Final = "other.sekvens.test"
ZONE: Final = "Europe/Berlin"
UNKNOWN: Final = 401

Person = dict[str, Any]


def mac_keys(data: Path) -> str:
    """Return the signing keys, made at the first start: tokens in old mail must verify for ever."""
    file = data / "mac-keys"
    if not file.exists():
        write(file, f"a:{secrets.token_hex(32)}", mode=0o600)
    return file.read_text()


def write_credentials(settings: LocalSettings, api: WsgiApp, aws: Aws, *, now: datetime) -> bool:
    """Keep the people whom the table still knows, or make them anew; False if they were kept."""
    people = _kept(settings, api)
    made = people is None
    if people is None:
        people = _make(now)
        # Who receives mail for a domain has proven it, and may send notices from it.
        for name in (DEMO, OTHER, INBOUND_DOMAIN):
            aws.ses.create_email_identity(EmailIdentity=name)
    for person in _persons(people):
        if person["smart_bcc_address"] is None:
            person["smart_bcc_address"] = _smart_bcc(api, person["token"])
    places = {
        "base_url": settings.base_url,
        "smtp_host": HOST,
        "smtp_port": settings.smtp_port,
        "outbox_url": settings.base_url + OUTBOX,
        "clock_url": settings.base_url + CLOCK,
    }
    write(settings.credentials_file, json.dumps(people | places, indent=2) + "\n", mode=0o600)
    return made


def _kept(settings: LocalSettings, api: WsgiApp) -> dict[str, Any] | None:
    try:
        people: dict[str, Any] = json.loads(settings.credentials_file.read_text())
        tokens = [person["token"] for person in _persons(people)]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    answers = [ask(api, "GET", "/v1/users/me", token=token)[0] for token in tokens]
    return None if UNKNOWN in answers else people


def _persons(people: dict[str, Any]) -> list[Person]:
    return [people, *people["users"].values(), people["other_tenant"]]


def _make(now: datetime) -> dict[str, Any]:
    demo = _tenant("Demo", "Ada", domain=DEMO, now=now)
    other = _tenant("Other", "Olga", domain=OTHER, now=now)
    users = {
        role.value: _person(
            ops.create_user(
                demo.tenant_id,
                name=name,
                email=f"{name.lower()}@{DEMO}",
                role=role,
                time_zone=ZONE,
                now=now,
            ),
            f"{name.lower()}@{DEMO}",
        )
        for name, role in (("Sam", Role.SALESPERSON), ("Mia", Role.SEQUENCE_MANAGER))
    }
    return {
        **_person(demo, f"ada@{DEMO}"),
        "users": users,
        "other_tenant": _person(other, f"olga@{OTHER}"),
    }


def _tenant(name: str, admin: str, *, domain: str, now: datetime) -> Access:
    email = f"{admin.lower()}@{domain}"
    access = ops.create_tenant(name, admin_name=admin, email=email, time_zone=ZONE, now=now)
    ops.verify_domain(access.tenant_id, domain, now=now)
    return access


def _person(access: Access, email: str) -> Person:
    return {
        "token": access.secret,
        "user_id": access.user_id,
        "email": email,
        "smart_bcc_address": None,
    }


def _smart_bcc(api: WsgiApp, token: str) -> str | None:
    """Return the caller's own address, made if need be; None while the API has no such path."""
    status, answer = ask(api, "GET", "/v1/smart-bcc", token=token)
    own = [each for each in answer["data"] if each["item"] is None] if status == 200 else []  # noqa: PLR2004
    if not own:
        status, answer = ask(api, "POST", "/v1/smart-bcc", token=token, body={})
        own = [answer["data"]] if status == 201 else []  # noqa: PLR2004
    return str(own[0]["address"]) if own else None
