"""Templates to answers: one place that knows Jinja, so that handlers stay short."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from admin.languages import language_of
from admin.words import Words
from core import permissions, texts, worklists
from core.errors import Misconfigured
from core.network import store
from core.network.schema import Network
from core.signin import SignedIn

TEMPLATES = Path(__file__).parent / "templates"


async def page(
    request: Request, here: SignedIn, template: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Return a page, or a fragment, for whoever is signed in."""
    words = Words(here.staff.language, await store.current())
    whole = not template.startswith("_")
    counts = None
    if whole and permissions.may_see_tasks(here.staff):
        counts = await worklists.counts(here.actor)
    values |= {
        "here": here,
        "counts": counts,
        "may_read": permissions.may_read(here.staff),
        "base": request.scope["root_path"],
    }
    return HTMLResponse(render(template, words, **values), status)


async def plain(
    request: Request, template: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Return a page for whoever is not signed in."""
    words = Words(language_of(request), await _network())
    values |= {"base": request.scope["root_path"], "languages": texts.languages()}
    return HTMLResponse(render(template, words, **values), status)


def render(template: str, words: Words, **values: Any) -> str:
    """Return a template filled in; a missing text or value raises."""
    return _templates().get_template(template).render(w=words, t=words.t, **values)


def go(request: Request, path: str) -> Response:
    """Send the browser to a page of the office, by htmx's header where htmx asked."""
    address = request.scope["root_path"] + path
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def by_htmx(request: Request) -> bool:
    return "hx-request" in request.headers


async def _network() -> Network | None:
    try:
        return await store.current()
    except Misconfigured:
        return None


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
