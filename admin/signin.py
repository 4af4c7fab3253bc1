"""Coming and going: sign in, the first admin, sign out, language."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from admin import faults, session
from admin.languages import language_of
from admin.rendering import go, page, plain
from admin.session import Here, Visitor
from core import permissions, signin, staff
from core.errors import PassungError

router = APIRouter()
Text = Annotated[str, Form()]


@router.get("/")
async def front(request: Request, here: Here) -> Response:
    """Show everybody the page that their work begins with."""
    if permissions.may_read(here.staff):
        return go(request, "/inbox")
    if permissions.may_see_tasks(here.staff):
        return go(request, "/tasks")
    return await page(request, here, "nothing.html", tab="")


@router.get("/sign-in")
async def sign_in_page(request: Request, csrf: Visitor) -> Response:
    """Show the form to sign in, in a new house the one that makes its first admin."""
    if await signin.is_first_run():
        return go(request, "/set-up")
    return await _form(request, csrf, "sign_in.html", email="")


@router.post("/sign-in")
async def sign_in(request: Request, csrf: Visitor, email: Text, password: Text) -> Response:
    """Open a session."""
    try:
        token, _ = await signin.sign_in(email, password, session.address_of(request))
    except PassungError as error:
        return await _form(request, csrf, "sign_in.html", error, email=email)
    return session.open_cookie(go(request, "/"), token)


@router.get("/set-up")
async def set_up_page(request: Request, csrf: Visitor) -> Response:
    """Show the form for the first admin while nobody works here."""
    if not await signin.is_first_run():
        return go(request, "/sign-in")
    return await _form(request, csrf, "set_up.html", email="", name="")


@router.post("/set-up")
async def set_up(
    request: Request, csrf: Visitor, code: Text, email: Text, name: Text, password: Text
) -> Response:
    """Make the first admin and sign them in."""
    language, address = language_of(request), session.address_of(request)
    try:
        token, _ = await signin.set_up(code, email, name, password, language, address)
    except PassungError as error:
        return await _form(request, csrf, "set_up.html", error, email=email, name=name)
    return session.open_cookie(go(request, "/"), token)


@router.post("/sign-out")
async def sign_out(request: Request, here: Here) -> Response:
    """End this session."""
    await signin.sign_out(here)
    return session.close_cookie(go(request, "/sign-in"))


@router.post("/sign-out-others")
async def sign_out_others(request: Request, here: Here) -> Response:
    """End all other sessions of this person."""
    await signin.end_others(here)
    return go(request, "/")


@router.post("/language")
async def change_language(request: Request, here: Here, language: Text) -> Response:
    """Use another language from now on."""
    await staff.set_language(here.staff, language, by=here.actor)
    return go(request, "/")


async def _form(
    request: Request, csrf: str, template: str, error: PassungError | None = None, **values: str
) -> Response:
    problem = faults.text_of(language_of(request), error) if error else None
    status = faults.status_of(error) if error else 200
    shown = await plain(request, template, status=status, csrf=csrf, problem=problem, **values)
    return session.keep_form_cookie(request, shown)
