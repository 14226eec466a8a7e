"""HTTP doors to users and to their API tokens."""

from typing import Annotated

import msgspec
from chalice.app import Blueprint

from chalicelib.domain.crm.rights import RoleMissingError
from chalicelib.domain.crm.tokens import ApiToken, Scope
from chalicelib.domain.crm.users import Role, User
from chalicelib.domain.ids import ApiTokenId, UserId
from chalicelib.entry.http import (
    PAGING,
    Answer,
    Request,
    answers,
    created,
    data,
    deleted,
    page,
    part_of,
)
from chalicelib.entry.promises import promises
from chalicelib.entry.shapes import tenant as shapes
from chalicelib.entry.shapes.answers import Deleted, Instant
from chalicelib.services import tokens, users
from chalicelib.services.users import UserChanges
from chalicelib.storage.users import AddressTakenError

routes = Blueprint(__name__)


class NewUser(UserChanges, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes a user."""

    name: str
    email: str
    role: Role


class ChangedUser(UserChanges, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that changes a user."""

    reassign_to: Annotated[UserId, msgspec.Meta(min_length=1, max_length=64)] | None = None
    """With `is_active: false`: who goes on with what the user was at; else all of it is let go."""


class NewToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body that makes a token."""

    name: str
    scopes: frozenset[Scope]
    user_id: Annotated[UserId, msgspec.Meta(min_length=1, max_length=64)] | None = None
    expires_at: Instant | None = None


@routes.route("/v1/users", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.User)
def list_users(request: Request) -> Answer:
    """List the users, oldest first."""
    asked = request.page()
    listing = users.list_page(
        limit=asked.limit, cursor=asked.cursor, caller=request.caller, stores=request.stores
    )
    return page([_user(user) for user in listing.rows], listing.cursor)


@routes.route("/v1/users", methods=["POST"], cors=True)
@answers(routes, scope=Scope.ADMIN)
@promises(
    takes=NewUser, gives=shapes.User, statuses=(201,), refuses=(RoleMissingError, AddressTakenError)
)
def create_user(request: Request) -> Answer:
    """Make a user (admins)."""
    user = users.create(
        request.body(NewUser),
        caller=request.caller,
        stores=request.stores,
        mint=request.outside.mint,
        now=request.now,
    )
    return created(_user(user))


@routes.route("/v1/users/me", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.User)
def get_me(request: Request) -> Answer:
    """Show the caller."""
    return _shown(request, request.caller.user_id)


@routes.route("/v1/users/me", methods=["PATCH"], cors=True)
@answers(routes)
@promises(
    takes=UserChanges,
    gives=shapes.User,
    is_versioned=True,
    refuses=(RoleMissingError, AddressTakenError),
)
def change_me(request: Request) -> Answer:
    """Change the caller's own name, place, signature or mail linking."""
    return _changed(request, request.caller.user_id, request.body(UserChanges))


@routes.route("/v1/users/{user_id}", methods=["GET"], cors=True)
@answers(routes)
@promises(gives=shapes.User)
def get_user(request: Request, user_id: str) -> Answer:
    """Show one user."""
    return _shown(request, UserId(user_id))


@routes.route("/v1/users/{user_id}", methods=["PATCH"], cors=True)
@answers(routes)
@promises(
    takes=ChangedUser,
    gives=shapes.User,
    is_versioned=True,
    refuses=(RoleMissingError, AddressTakenError),
)
def change_user(request: Request, user_id: str) -> Answer:
    """Change a user (admins; users themselves a few fields).

    Who is made inactive lets go of their enrollments, unless `reassign_to` names who goes on.
    """
    body = request.body(ChangedUser)
    return _changed(request, UserId(user_id), body, body.reassign_to)


@routes.route("/v1/tokens", methods=["GET"], cors=True)
@answers(routes, queries=PAGING)
@promises(lists=shapes.Token)
def list_tokens(request: Request) -> Answer:
    """List the caller's tokens; with the scope admin, everybody's."""
    kept = tokens.list_all(caller=request.caller, stores=request.stores)
    return part_of(kept, request.page(), place=_age, show=_token)


@routes.route("/v1/tokens", methods=["POST"], cors=True)
@answers(routes)
@promises(takes=NewToken, gives=shapes.NewlyMadeToken, statuses=(201,), refuses=(RoleMissingError,))
def create_token(request: Request) -> Answer:
    """Make a token; its secret is in this answer and nowhere else."""
    body = request.body(NewToken)
    token, secret = tokens.create(
        tokens.NewToken(
            user_id=body.user_id,
            name=body.name,
            scopes=body.scopes,
            expires_at=body.expires_at,
        ),
        caller=request.caller,
        stores=request.stores,
        mint=request.outside.mint,
        now=request.now,
    )
    return created({**_token(token), "secret": secret}, secret="secret")  # noqa: S106 - a field's name


@routes.route("/v1/tokens/{token_id}", methods=["DELETE"], cors=True)
@answers(routes)
@promises(gives=Deleted, refuses=(RoleMissingError,))
def end_token(request: Request, token_id: str) -> Answer:
    """End a token; it opens nothing within half a minute."""
    tokens.end(ApiTokenId(token_id), caller=request.caller, stores=request.stores)
    return deleted(token_id)


def _shown(request: Request, user_id: UserId) -> Answer:
    return data(_user(users.get(user_id, caller=request.caller, stores=request.stores)))


def _changed(
    request: Request, user_id: UserId, changes: UserChanges, reassign_to: UserId | None = None
) -> Answer:
    user = users.change(
        user_id,
        changes=changes,
        reassign_to=reassign_to,
        read_version=request.if_match(),
        caller=request.caller,
        bench=request.bench,
    )
    return data(_user(user))


def _user(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "role": user.role,
        "business_unit": user.business_unit,
        "time_zone": user.time_zone,
        "country": user.country,
        "working_hours": user.working_hours,
        "time_off": user.time_off,
        "signature": user.signature,
        "link_emails": user.link_emails,
        "is_active": user.is_active,
        "confirmed_addresses": user.confirmed_addresses,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
        "version": user.version,
    }


def _token(token: ApiToken) -> dict[str, object]:
    return {
        "id": token.id,
        "user_id": token.user_id,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
    }


def _age(token: ApiToken) -> str:
    """Return what tokens are listed by: oldest first."""
    return f"{token.created_at.isoformat()} {token.id}"
