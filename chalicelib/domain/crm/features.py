"""Which features a caller finds: by the tenant's plan, and by what its admins switched off.

"I can't find the option" has three causes, and each has a code of its own (D365-SEQ-31): the role
lacks the right (`role_missing`), an admin has switched it off (`switched_off`), or the plan does
not hold it (`plan`).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chalicelib.domain.crm.settings import Feature, settings_in
from chalicelib.domain.crm.users import Plan, Tenant
from chalicelib.domain.errors import ForbiddenError

FEATURES_BY_PLAN: Final[Mapping[Plan, frozenset[Feature]]] = MappingProxyType(
    {
        # Smart Bcc is in every plan (PD-LINK-26).
        Plan.ESSENTIAL: frozenset({Feature.SMART_BCC, Feature.EMAIL_TEMPLATES, Feature.IMPORTS}),
        Plan.GROWTH: frozenset(Feature),
    }
)


class Lack(StrEnum):
    """Why a feature is not there."""

    PLAN = "plan"
    SWITCHED_OFF = "switched_off"


class PlanError(ForbiddenError):
    """The tenant's plan does not hold this feature."""

    code = "plan"
    sentence = "The plan of this tenant does not hold {feature}; ask the operator of the service."


class SwitchedOffError(ForbiddenError):
    """An admin of the tenant has switched this feature off."""

    code = "switched_off"
    sentence = "{feature} is switched off; an admin can change `features_off` in the settings."


def lacks_of(tenant: Tenant) -> Mapping[Feature, Lack]:
    """Return the features that a tenant does not have, and why."""
    held = FEATURES_BY_PLAN[tenant.plan]
    off = dict.fromkeys(settings_in(tenant).features_off, Lack.SWITCHED_OFF)
    return {**off, **{each: Lack.PLAN for each in Feature if each not in held}}


def require_feature(feature: Feature, lacks: Mapping[Feature, Lack]) -> None:
    """Insist on a feature."""
    match lacks.get(feature):
        case Lack.PLAN:
            raise PlanError(feature=feature)
        case Lack.SWITCHED_OFF:
            raise SwitchedOffError(feature=feature)
        case None:
            return
