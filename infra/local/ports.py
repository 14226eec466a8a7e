"""Takes the three ports before anything else starts, so that a taken one costs one clear line."""

import socket
from contextlib import ExitStack
from dataclasses import dataclass

from infra.local.settings import HOST, LocalSettings


class CannotStartError(Exception):
    """The stack cannot start here; the message is the one line to print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Listening sockets, handed on to whoever serves."""

    http: socket.socket
    smtp: socket.socket
    aws: socket.socket


def take_ports(settings: LocalSettings) -> Ports:
    """Bind all three or none."""
    with ExitStack() as undo:
        http = undo.enter_context(_bind(settings.port, "the API", "--port"))
        smtp = undo.enter_context(_bind(settings.smtp_port, "mail", "--smtp-port"))
        aws = undo.enter_context(_bind(settings.aws_port, "the AWS emulator", "--aws-port"))
        undo.pop_all()
    return Ports(http=http, smtp=smtp, aws=aws)


def _bind(port: int, purpose: str, option: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # A port left in TIME_WAIT by the last run is not taken.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        message = (
            f"Port {port} on {HOST}, meant for {purpose}, cannot be used ({_reason(error)}): "
            f"stop what uses it, or choose another with {option}."
        )
        raise CannotStartError(message) from error
    return listener


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
