"""Serves a WSGI application by waitress on a socket, in threads, and can be stopped."""

import socket
import threading
from typing import Any, Final

from waitress import wasyncore
from waitress.server import create_server

from infra.local.wsgi import MOST_BYTES, WsgiApp

THREADS: Final = 8


class HttpServer:
    """The running server."""

    def __init__(self, app: WsgiApp, listener: socket.socket) -> None:
        """Begin to serve."""
        self._map: dict[int, Any] = {}
        self._server: Any = create_server(
            app,
            map=self._map,
            sockets=[listener],
            threads=THREADS,
            ident="Sekvens",
            # A little more than the gateway lets through: the gateway's refusal is the better one.
            max_request_body_size=MOST_BYTES + 1024,
            asyncore_use_poll=True,
        )
        self._thread = threading.Thread(target=self._server.run, name="http", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close every connection; requests under way get a moment to end."""
        # Sockets belong to the server's thread: it must close them itself.
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._map))
        self._thread.join()
        self._server.task_dispatcher.shutdown()
