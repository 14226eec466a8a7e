"""Everything the product may refuse, and who must act on it.

A refusal is a `DomainError`; a bug is never one. Errors carry values; the door that answers puts
`sentence` and values together.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: where (`$.steps[2].next`, or a step id), which rule, in words."""

    path: str
    code: str
    message: str


class DomainError(Exception):
    """A refusal. `code` is for programs, `sentence` for people; `values` fill its braces."""

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = "The request was refused."

    def __init__(self, **values: object) -> None:
        """Keep the values that the sentence names."""
        super().__init__(self.code, values)
        self.values = values

    @property
    def detail(self) -> str:
        """The sentence with its values."""
        return self.sentence.format_map(self.values)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every single thing that is wrong, where there is more to say than one sentence."""
        return ()


class MalformedError(DomainError):
    """It cannot be read; the sender must write it differently."""

    code = "malformed"
    sentence = "The request cannot be read: {reason}."


class MissingError(DomainError):
    """It names nothing of this tenant."""

    code = "not_found"
    sentence = "There is no {kind} with the id {id}."


class StateError(DomainError):
    """The thing has moved on: read again, decide again."""

    code = "state_conflict"
    sentence = "The {kind} is {state}; {remedy}."


class StaleWriteError(StateError):
    """Somebody wrote since it was read; nothing was changed by this attempt."""

    code = "version_conflict"
    sentence = "The {kind} {id} has changed since it was read; read it again and repeat."


class IllegalMoveError(StateError):
    """The status does not allow this move; nothing was changed."""

    code = "illegal_move"
    sentence = "The {kind} {id} is {status}; you cannot {move} it now."


class RuleError(DomainError):
    """One or more rules say no; all of them at once in `problems`."""

    code = "rule_violation"
    sentence = "{count} rule(s) refuse this."

    def __init__(self, *problems: Problem) -> None:
        """Take every problem found."""
        super().__init__(count=len(problems))
        self._problems = problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem found, in order."""
        return self._problems


class AuthError(DomainError):
    """No token, or one that opens nothing."""

    code = "unauthorized"
    sentence = "Send a valid API token as `Authorization: Bearer <token>` or `x-api-token`."


class ForbiddenError(DomainError):
    """The caller may not do this; `code` says which of the causes it is."""

    code = "forbidden"
    sentence = "Your role {role} does not allow this: {action}."


class NotAcceptableError(DomainError):
    """The client takes none of the media types that this can be shown in."""

    code = "not_acceptable"
    sentence = "This can be shown as {kinds}; say so in `Accept`."


class ActiveSequenceLimitError(ForbiddenError):
    """As many sequences are active as a tenant may have (D365-SEQ-26)."""

    code = "active_sequence_limit"
    sentence = "{limit} sequences are active already; deactivate one first."


class TooLargeError(DomainError):
    """More bytes than we take."""

    code = "too_large"
    sentence = "At most {limit} bytes are taken."


class ThrottledError(DomainError):
    """Too much at once; nothing was changed, the same request will do later."""

    code = "throttled"
    sentence = "Too much at once; wait {retry_after} s and repeat."
