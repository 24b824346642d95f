"""A client of an API whose desk lives in memory."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from fastapi.routing import APIRoute
from httpx2 import Response
from starlette.testclient import TestClient

from api import schemas_answers
from api.app import MAX_BODY, create_api
from tests.api.fake_desk import FakeDesk

TICKETS = "/api/v1/tickets"
ONE = f"{TICKETS}/INC-000001"
NEW = {"process": "incident", "fields": {"title": "VPN unusable", "category": "vpn"}}


@cache
def reference() -> dict[str, Any]:
    """The OpenAPI document, made once."""
    return create_api(FakeDesk()).openapi()


class Client:
    """Sends requests as one person after another; `desk` is what stands behind the API."""

    def __init__(self, *, max_body: int = MAX_BODY) -> None:
        self.desk = FakeDesk()
        self.app = create_api(self.desk, max_body=max_body)
        self.http = TestClient(self.app, raise_server_exceptions=False)

    def send(
        self, method: str, path: str, *, by: str | None = "alice", promised: bool = True, **request: Any
    ) -> Response:
        """`by`: a person's id; None: no token. `promised`: the answer is one that the reference tells."""
        headers = dict(request.pop("headers", {}))
        if by is not None:
            headers.setdefault("Authorization", f"Bearer token-{by}")
        response = self.http.request(method, path, headers=headers, **request)
        if promised:
            self._check_against_the_reference(method, response)
        return response

    def _check_against_the_reference(self, method: str, response: Response) -> None:
        """Every answer of every test is one that the OpenAPI document promises, of the promised shape."""
        path = response.request.url.path
        for route in self.app.routes:
            if (
                not isinstance(route, APIRoute)
                or method not in (route.methods or ())
                or not route.path_regex.match(path)
            ):
                continue
            promised = reference()["paths"][route.path][method.lower()]["responses"]
            assert str(response.status_code) in promised, (
                f"{method} {route.path}: {response.status_code} is not told"
            )
            answer = promised[str(response.status_code)]
            for header in answer.get("headers", {}):
                optional = header in ("Idempotency-Replayed", "Link")
                assert optional or header in response.headers, f"{header} is promised"
            if response.status_code < 400:
                model = route.response_model if response.status_code != 202 else schemas_answers.Operation
                model.model_validate_json(response.content)
            elif response.headers["content-type"] == "application/problem+json":
                schemas_answers.Problem.model_validate_json(response.content)
                told = re.findall("`([a-z_]+)`", answer["description"])
                assert response.json()["code"] in told, (
                    f"{method} {route.path}: {response.json()['code']} is not told"
                )

    def open(self, *, by: str = "alice", **fields: object) -> Response:
        body = {"process": "incident", "fields": {**NEW["fields"], **fields}}  # type: ignore[dict-item]  # NEW is a plain dict
        return self.send("POST", TICKETS, by=by, json=body)

    def move(
        self, transition: str, *, by: str = "wang", revision: int | str = 1, **fields: object
    ) -> Response:
        body = {"transition": transition, "fields": fields}
        return self.send(
            "POST", f"{ONE}/transitions", by=by, json=body, headers={"If-Match": f'"{revision}"'}
        )


def problem(response: Response, status: int, code: str) -> dict[str, Any]:
    """The body of a problem, after the checks that every problem has to pass."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["code"] == code, body
    assert body["status"] == status
    assert body["type"] == f"/api/docs#problem-{code}"
    assert all((body["title"], body["detail"])), "a problem says what is wrong"
    assert body["instance"] == f"urn:evertick:request:{response.headers['x-request-id']}"
    return body


def mistakes(body: dict[str, Any]) -> dict[str, str]:
    """Field → code of a problem's errors."""
    return {error["field"]: error["code"] for error in body["errors"]}
