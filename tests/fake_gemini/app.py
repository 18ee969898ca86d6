"""The ASGI application: every row of the route table, for scenarios and for free play."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, get_args

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from fake_gemini.recording import Request
from fake_gemini.routes import ROWS, Row, Verb
from fake_gemini.sending import ScriptedResponse
from fake_gemini.wire import error_body

if TYPE_CHECKING:
    from fake_gemini.handle import Handle
    from fake_gemini.script import Json

FindHandle = Callable[[HttpRequest], "Handle | None"]


def application(handles: dict[str, Handle], free: Handle) -> Starlette:
    """Serves each handle under ``/s/<id>``, free play at the root, its usage at ``/fake/usage``."""

    async def usage(_request: HttpRequest) -> Response:
        return JSONResponse({"requests": len(free.requests), "reported_usage": free.reported_usage})

    def chosen(request: HttpRequest) -> Handle | None:
        return handles.get(request.path_params["handle"])

    return Starlette(
        routes=[
            Route("/fake/usage", usage),
            Mount("/s/{handle}", routes=_routes(chosen)),
            Mount("", routes=_routes(lambda _request: free)),
        ]
    )


def _routes(find: FindHandle) -> list[BaseRoute]:
    rows = [
        Route(path, _endpoint(row, find), methods=[row.verb]) for row in ROWS for path in row.paths
    ]
    return [
        *rows,
        Route("/{path:path}", _unknown_route, methods=list(get_args(Verb))),
    ]


def _endpoint(row: Row, find: FindHandle) -> Callable[[HttpRequest], object]:
    async def endpoint(request: HttpRequest) -> Response:
        handle = find(request)
        if handle is None:
            return await _unknown_route(request)
        recorded = _recorded(request, await request.body())
        told: list[Json] = []
        handle.requests.append(recorded)
        handle.responses.append(told)
        step = handle.answering(recorded, row.answer)
        reply = step.stream if row.shape(recorded) == "stream" else step.unary
        return ScriptedResponse(request, reply, told.append)

    return endpoint


def _recorded(request: HttpRequest, body: bytes) -> Request:
    root = request.scope.get("root_path", "")
    return Request(
        method=request.method,
        path=request.url.path.removeprefix(root),
        query=dict(request.query_params),
        headers=dict(request.headers),
        body=body,
        path_params=dict(request.path_params),
    )


async def _unknown_route(request: HttpRequest) -> Response:
    message = f"The requested URL {request.url.path} was not found on this server."
    return JSONResponse(error_body(404, message), status_code=404)
