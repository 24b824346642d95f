"""Random requests to every route: never a 500, always an answer that the reference promises."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Route

from tests.api.client import Client

ROUNDS = 15

TEXTS = [
    "",
    "incident",
    "start",
    "resolve",
    "INC-000001",
    "wang",
    "中文😀",
    "x" * 300,
    "\0",
    "\ud800",
    "a\nb",
    "' or 1=1",
    "vpn",
]
NAMES = [
    "process",
    "fields",
    "channel",
    "transition",
    "text",
    "public",
    "team",
    "assignee",
    "failed",
    "message",
]
FIELDS = [
    "title",
    "category",
    "description",
    "affected_users",
    "resolution",
    "internal_notes",
    "\u0007",
    "nope",
]
NUMBERS: list[object] = [0, -1, 1.5, 2**53 - 1, 2**70, 1e300]
REFS = [
    "INC-000001",
    "INC-000002",
    "00000000-0000-0000-0000-000000000001",
    "x",
    "%00",
    "%ff",
    "..",
    "x" * 200,
    "a b",
]
HEADERS = {
    "Idempotency-Key": ["k1", "k2", "", "x" * 300, "a b"],
    "If-Match": ["*", '"1"', '"2"', "1", 'W/"1"', '""', '"x"'],
    "Content-Type": [
        "application/json",
        "application/json",
        "application/json",
        "text/plain",
        "",
        "a/b; c=d",
    ],
    "Accept-Language": ["zh", "de;q=2", ";;;", "en"],
    "Accept": ["text/html", "nothing"],
    "Authorization": ["Bearer token-bob", "Bearer nobody", "Bearer", ""],
}
QUERIES = [
    "",
    "limit=5",
    "limit=x",
    "cursor=1",
    "cursor=%00",
    "q=%ff",
    "a=b",
    "state=new&state=%F0",
    "after_seq=1",
    "&&=",
]


@pytest.mark.parametrize("_time", range(3))  # names of tests must be the same in every process of a run
def test_random_requests_never_get_a_500(_time: int) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    client = Client()
    routes = [route for route in client.app.routes if isinstance(route, APIRoute)]
    for _ in range(3):
        client.open()
    for _ in range(ROUNDS):
        for route in routes:
            method, path, request = a_random_request(chance, route)
            response = client.send(method, path, by=chance.choice(["alice", "wang"]), **request)
            said = (method, path, request, response.text)
            assert response.status_code < 500, said
            if response.status_code >= 400:
                assert response.headers["content-type"] == "application/problem+json", said


def a_random_request(chance: random.Random, route: Route) -> tuple[str, str, dict[str, Any]]:
    """Method, address, and what goes with it."""
    path = route.path
    for name in route.param_convertors:
        path = path.replace(f"{{{name}}}", chance.choice([*REFS, "response", "incident", "review"]))
    own = route.methods or set()
    headers = {
        name: chance.choice(values)
        for name, values in HEADERS.items()
        if chance.random() < (0.1 if name == "Authorization" else 0.6)
    }
    method = chance.choice([*sorted(own), *sorted(own), "PUT", "DELETE"])
    return method, f"{path}?{chance.choice(QUERIES)}", {"headers": headers, "content": _body(chance)}


def _body(chance: random.Random) -> bytes:
    kind = chance.random()
    if kind < 0.1:
        return bytes(chance.randrange(256) for _ in range(chance.randrange(30)))
    if kind < 0.2:
        return json.dumps(_value(chance, 4)).encode()
    names = chance.sample(NAMES, chance.randrange(1, 4))
    body = {name: _value(chance, 3) for name in names}
    if chance.random() < 0.5:
        body["fields"] = {chance.choice(FIELDS): _value(chance, 2) for _ in range(chance.randrange(4))}
    text = json.dumps(body, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    return text if chance.random() < 0.95 else text[: chance.randrange(len(text))]


def _value(chance: random.Random, depth: int) -> object:
    choices: list[object] = [chance.choice(TEXTS), chance.choice(NUMBERS), True, False, None]
    if depth:
        choices.append([_value(chance, depth - 1) for _ in range(chance.randrange(3))])
        choices.append({chance.choice([*FIELDS, *TEXTS]): _value(chance, depth - 1) for _ in range(3)})
    return chance.choice(choices)
