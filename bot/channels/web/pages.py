"""The patient's page, its scripts and styles, and what other sites embed."""

import os
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.channels.web import world
from bot.web import pages
from core.config import settings
from core.network.schema import Network

router = APIRouter()
STATIC = pages.STATIC
ASK_FIRST = "no-cache"
"""Kept by the browser, and used only when the server says that it is still the same."""

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)


async def front(request: Request) -> Response:
    """The page itself; `?language=` wishes a language, `?embed=1` is the frame of other sites."""
    network = await world.network()
    wished = world.match_language(request.query_params.get("language", ""), network.languages)
    language = wished or world.accepted(request, network.languages) or network.languages[0]
    shown = pages.page(language, network, _base_path())
    policy = _PAGE_POLICY.format(ancestors=_ancestors(request, network))
    headers = {"Content-Security-Policy": policy, "Vary": "Accept-Language"}
    return HTMLResponse(shown, headers=headers)


@router.get("/bye")
async def bye(request: Request) -> Response:
    """Where *leave quickly* ends."""
    return HTMLResponse(pages.bye(world.reader_language(request)))


@router.get("/widget.js")
async def widget(request: Request) -> Response:
    """The script with which other sites embed the chat."""
    script = pages.widget(await world.network(), _base_path()).encode()
    tag = f'"{sha256(script).hexdigest()[:32]}"'
    headers = {
        "Cache-Control": ASK_FIRST,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": tag,
    }
    if request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(script, media_type="text/javascript", headers=headers)


class Static(StaticFiles):
    """The page's own scripts and styles."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = ASK_FIRST
        return response


def _base_path() -> str:
    return urlsplit(settings().base_url).path


def _ancestors(request: Request, network: Network) -> str:
    allowed = network.embed_origins if request.query_params.get("embed") == "1" else ()
    return " ".join(allowed) or "'none'"
