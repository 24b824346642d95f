"""TCP ports of this machine: is one free, give me another, does somebody answer."""

from __future__ import annotations

import socket
import time


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether nobody listens on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def a_free_port(host: str = "127.0.0.1") -> int:
    """A port nobody listens on now, chosen by the system."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def this_or_another(port: int, host: str = "127.0.0.1", *, avoid: frozenset[int] = frozenset()) -> int:
    """The wanted port, or the next free one of the twenty above it, or any other."""
    for candidate in range(port, min(port + 20, 65_536)):
        if candidate not in avoid and is_free(candidate, host):
            return candidate
    return a_free_port(host)


def answers(port: int, host: str = "127.0.0.1", *, timeout: float = 0.2) -> bool:
    """Whether somebody accepts connections on the port."""
    try:
        with socket.create_connection((host, port), timeout=timeout):
            return True
    except OSError:
        return False


def wait_until_answers(port: int, host: str = "127.0.0.1", *, within: float) -> bool:
    """Wait until somebody accepts connections, for that many seconds at most."""
    deadline = time.monotonic() + within
    while not answers(port, host):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
