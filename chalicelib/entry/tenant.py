"""HTTP doors to what the tenant sets for all its users: settings and sending domains."""

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.crm.rights import Right, RoleMissingError, require
from chalicelib.domain.crm.sending_domains import DomainTakenError, SendingDomain
from chalicelib.domain.crm.settings import TenantSettings
from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.ids import DomainName
from chalicelib.entry import wiring
from chalicelib.entry.bodies import changing
from chalicelib.entry.http import PAGING, Answer, Request, answers, created, data, part_of
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import tenant as shapes
from chalicelib.services import domains, tenants

routes = Blueprint(__name__)


SettingsChange = changing("SettingsChange", TenantSettings)
"""The body that changes settings."""


class NewDomain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that claims a sending domain."""

    domain: str


@routes.route("/v1/settings", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.TenantSettings)
def get_settings(request: Request) -> Answer:
    """Show the settings, defaults filled in."""
    settings, version = tenants.settings_of(caller=request.caller, stores=request.stores)
    return data(_settings(settings, version))


@routes.route("/v1/settings", methods=["PATCH"], cors=True)
@answers(routes, scope=Scope.ADMIN)
@promises(
    takes=SettingsChange,
    gives=shapes.TenantSettings,
    is_versioned=True,
    refuses=(RoleMissingError,),
)
def change_settings(request: Request) -> Answer:
    """Change the settings that are given (admins)."""
    settings, version = tenants.change_settings(
        msgspec.to_builtins(request.body(SettingsChange)),
        read_version=request.if_match(),
        caller=request.caller,
        stores=request.stores,
    )
    return data(_settings(settings, version))


@routes.route("/v1/sending-domains", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.SendingDomain)
def list_domains(request: Request) -> Answer:
    """List the sending domains, with their DNS records."""
    require(request.caller, Right.READ_SETTINGS)
    kept = request.stores.domains.list_all()
    return part_of(kept, request.page(), place=lambda domain: domain.name, show=_domain)


@routes.route("/v1/sending-domains", methods=["POST"], cors=True)
@answers(routes, scope=Scope.ADMIN)
@promises(
    takes=NewDomain,
    gives=shapes.SendingDomain,
    statuses=(200, 201),
    refuses=(RoleMissingError, DomainTakenError),
)
def add_domain(request: Request) -> Answer:
    """Claim a domain and get its DNS records; posted again, its proof is checked (admins)."""
    domain = domains.add(
        request.body(NewDomain).domain,
        caller=request.caller,
        stores=request.stores,
        identities=wiring.identities(),
        ses_tenants=wiring.ses_tenants(),
        now=request.now,
    )
    is_new = domain.created_at == request.now
    return created(_domain(domain)) if is_new else data(_domain(domain))


@routes.route("/v1/sending-domains/{domain}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.SendingDomain)
def get_domain(request: Request, domain: str) -> Answer:
    """Show one domain, as it was when last checked."""
    require(request.caller, Right.READ_SETTINGS)
    return data(_domain(request.stores.domains.get(DomainName(domain))))


def _settings(settings: TenantSettings, version: int) -> dict[str, object]:
    return {**msgspec.to_builtins(settings), "version": version}


def _domain(domain: SendingDomain) -> dict[str, object]:
    return {
        "id": domain.name,
        "domain": domain.name,
        "status": domain.status,
        "dns_records": [
            {"type": each.type, "name": each.name, "value": each.value} for each in domain.records
        ],
        "created_at": domain.created_at,
        "checked_at": domain.checked_at,
    }
