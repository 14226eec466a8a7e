"""How the list of tenants is spelled: the one list that belongs to no tenant but names them all."""

from typing import Final

TENANTS: Final = "platform#list#tenant"
