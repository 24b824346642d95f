"""Static files: found by content hash, so that a browser keeps them for good and never shows an old one."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_FOR_GOOD = "public, max-age=31536000, immutable"


class Assets:
    """The files of `web/static`, read once."""

    def __init__(self) -> None:
        found = (one for one in (files("web") / "static").iterdir() if one.name.rpartition(".")[2] in _TYPES)
        self._bodies = {one.name: one.read_bytes() for one in found}
        self._hashes = {name: hashlib.sha256(body).hexdigest()[:12] for name, body in self._bodies.items()}

    def url(self, name: str) -> str:
        """`/static/3fa9c1d2b4e5/evertick.css`. An unknown file is a KeyError: templates are code."""
        return f"/static/{self._hashes[name]}/{name}"

    async def serve(self, request: Request) -> Response:
        """The file; an outdated hash gets today's file but is not to be kept."""
        name, wanted = request.path_params["name"], request.path_params["hash"]
        body = self._bodies.get(name)
        if body is None:
            return Response("no such file\n", status_code=404, media_type="text/plain")
        keep = _FOR_GOOD if wanted == self._hashes[name] else "no-cache"
        return Response(
            body,
            media_type=_TYPES[name.rpartition(".")[2]],
            headers={"Cache-Control": keep, "ETag": f'"{self._hashes[name]}"'},
        )
