"""Making, listing and ending API tokens; a secret is seen once, by whoever makes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.crm import fields
from chalicelib.domain.crm.rights import Right, may, require
from chalicelib.domain.crm.tokens import ApiToken, Scope, ScopeMissingError, opened_by
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import MissingError, Problem, RuleError
from chalicelib.domain.ids import ApiTokenId, UserId
from chalicelib.gateways.mint import Mint
from chalicelib.storage.stores import Stores

SECRET_PREFIX: Final = "sekvens_"  # noqa: S105 - what every secret begins with
"""So that scanners of repositories know a leaked one when they see it."""
SECRET_CHARACTERS: Final = 48
"""Of base32: 240 bits."""
MOST_TOKENS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """What a token is to be."""

    user_id: UserId | None
    name: str
    scopes: frozenset[Scope]
    expires_at: datetime | None


def list_all(*, caller: Caller, stores: Stores) -> list[ApiToken]:
    """Return the caller's tokens, or with the right to them, everybody's."""
    require(caller, Right.MANAGE_OWN_TOKENS)
    tokens = stores.tokens.list_all()
    if _may_have_all(caller):
        return tokens
    return [token for token in tokens if token.user_id == caller.user_id]


def create(
    new: NewToken, *, caller: Caller, stores: Stores, mint: Mint, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token; return it with its secret, which is kept nowhere."""
    user_id = new.user_id or caller.user_id
    _insist_on_right(user_id, caller)
    for scope in sorted(new.scopes):
        if not opened_by({scope}) <= caller.scopes:
            raise ScopeMissingError(scope=scope)  # nobody hands on more than they hold
    _insist(new, user_id, stores, now)
    return mint_token(
        user_id,
        name=new.name,
        scopes=new.scopes,
        expires_at=new.expires_at,
        stores=stores,
        mint=mint,
        now=now,
    )


def mint_token(
    user_id: UserId,
    *,
    name: str,
    scopes: frozenset[Scope],
    expires_at: datetime | None = None,
    stores: Stores,
    mint: Mint,
    now: datetime,
) -> tuple[ApiToken, str]:
    """Make a token whatever anybody's rights; operators use it for the first one."""
    token = ApiToken(
        id=ApiTokenId(mint.new_id(now)),
        tenant_id=stores.tenant_id,
        user_id=user_id,
        name=name,
        scopes=scopes,
        created_at=now,
        expires_at=expires_at,
    )
    secret = SECRET_PREFIX + mint.secret(SECRET_CHARACTERS)
    stores.tokens.add(token, secret=secret)
    return token, secret


def end(token_id: ApiTokenId, *, caller: Caller, stores: Stores) -> None:
    """End a token; it opens nothing within half a minute."""
    token = stores.tokens.get(token_id)
    if token.user_id != caller.user_id and not _may_have_all(caller):
        raise MissingError(kind="token", id=token_id)
    _insist_on_right(token.user_id, caller)
    stores.tokens.remove(token_id)


def _may_have_all(caller: Caller) -> bool:
    return Scope.ADMIN in caller.scopes and may(caller.role, Right.MANAGE_ALL_TOKENS)


def _insist_on_right(user_id: UserId, caller: Caller) -> None:
    is_own = user_id == caller.user_id
    require(caller, Right.MANAGE_OWN_TOKENS if is_own else Right.MANAGE_ALL_TOKENS)
    if not is_own and Scope.ADMIN not in caller.scopes:
        raise ScopeMissingError(scope=Scope.ADMIN)


def _insist(new: NewToken, user_id: UserId, stores: Stores, now: datetime) -> None:
    problems = list(fields.check_line("$.name", new.name))
    if not new.scopes:
        message = f"Give at least one of: {', '.join(Scope)}."
        problems.append(Problem(path="$.scopes", code="blank", message=message))
    if new.expires_at is not None and (new.expires_at.tzinfo is None or new.expires_at <= now):
        message = "Give an instant to come, such as 2027-01-01T00:00:00Z."
        problems.append(Problem(path="$.expires_at", code="wrong_value", message=message))
    user = stores.users.find(user_id)
    if user is None or not user.is_active:
        message = "There is no active user with this id."
        problems.append(Problem(path="$.user_id", code="not_found", message=message))
    if len(stores.tokens.list_all()) >= MOST_TOKENS:
        message = f"There are {MOST_TOKENS} tokens; end some that nobody uses."
        problems.append(Problem(path="$", code="too_many", message=message))
    if problems:
        raise RuleError(*problems)
