"""One HTTP call of a definition: refuses private addresses, carries its key, keeps secrets out of sight."""

from __future__ import annotations

import ipaddress
import json
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import httpx2

from domain.engine.ticket import Json

MOST_BYTES = 256_000
"""More of an answer is not kept: it goes into the workflow's history and the journal."""


class CallFailed(Exception):
    """The call did not give what was expected; the message goes into the ticket's journal."""


@dataclass(frozen=True, slots=True)
class Call:
    """What to send where, and which statuses are a success."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Json
    expect: Collection[int]
    timeout: float
    key: str


def make(call: Call, *, allow_private: bool, secret: str | None) -> Json:
    """Make the call: the answer as JSON, or its text, or None. Raises CallFailed."""
    url = httpx2.URL(call.url)
    if url.scheme not in ("http", "https") or not url.host:
        raise CallFailed(f"{call.url}: write an address that begins with http:// or https://")
    headers = {**call.headers, "Idempotency-Key": call.key, "User-Agent": "Evertick"}
    if secret is not None:
        headers["Authorization"] = f"Bearer {secret}"
    content = None
    if isinstance(call.body, str):
        content = call.body.encode()
    elif call.body is not None:
        content = json.dumps(call.body, ensure_ascii=False).encode()
        headers.setdefault("Content-Type", "application/json")
    # The address that was checked is the one connected to, so that a name cannot change its mind in between.
    target = url.copy_with(host=_address(url, allow_private=allow_private))
    headers["Host"] = url.netloc.decode("ascii")
    with httpx2.Client(timeout=call.timeout, follow_redirects=False, trust_env=False) as client:
        request = client.build_request(
            call.method, target, headers=headers, content=content, extensions={"sni_hostname": url.host}
        )
        try:
            response = client.send(request, stream=True)
            try:
                answer = _read(response)
            finally:
                response.close()
        except httpx2.HTTPError as error:
            raise CallFailed(f"{call.method} {call.url}: {type(error).__name__} {error}".strip()) from error
    if response.status_code not in call.expect:
        expected = ", ".join(str(status) for status in call.expect)
        raise CallFailed(f"{call.method} {call.url}: answered {response.status_code}, expected {expected}")
    return answer


def _read(response: httpx2.Response) -> Json:
    taken = bytearray()
    for chunk in response.iter_bytes():
        taken += chunk
        if len(taken) > MOST_BYTES:
            raise CallFailed(f"{response.request.url}: the answer is longer than {MOST_BYTES} bytes")
    if not taken:
        return None
    text = bytes(taken).decode(response.charset_encoding or "utf-8", errors="replace")
    if "json" not in response.headers.get("content-type", ""):
        return text
    try:
        found: Json = json.loads(text)
    except ValueError:
        return text
    return found


def _address(url: httpx2.URL, *, allow_private: bool) -> str:
    """An address of the host. Raises CallFailed when any of them is private, unless that is allowed."""
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise CallFailed(f"{url.host}: {error.strerror or error}") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not allow_private and not ipaddress.ip_address(address.partition("%")[0]).is_global:
            raise CallFailed(
                f"{url.host} is the private address {address}; set EVERTICK_HTTP_ALLOW_PRIVATE=true to allow such calls"
            )
    return addresses[0]
