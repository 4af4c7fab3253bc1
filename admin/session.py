"""Who is at the other end: the session's cookie, and the CSRF token that each form must bring."""

import hmac
import secrets
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response

from admin.guard import SAFE
from core import permissions, signin
from core.config import settings
from core.errors import NotAllowed
from core.signin import SignedIn

CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"


class SignedOut(Exception):
    """There is no session, or it has ended."""


async def signed_in(request: Request) -> SignedIn:
    """Return who is here; an unsafe request must bring the session's CSRF token.

    Raises `SignedOut`, and `NotAllowed` for a missing or wrong token.
    """
    token = request.cookies.get(cookie_name())
    here = await signin.who(token, awake=not _asked_by_itself(request)) if token else None
    if here is None:
        raise SignedOut
    if request.method not in SAFE and not signin.csrf_fits(here, await _given(request)):
        raise NotAllowed("error.form_stale")
    request.state.language = here.staff.language
    return here


Here = Annotated[SignedIn, Depends(signed_in)]


async def reading(here: Here) -> SignedIn:
    """Return who is here; raises `NotAllowed` unless they may read conversations."""
    permissions.reader(here.actor)
    return here


Reader = Annotated[SignedIn, Depends(reading)]


async def visitor(request: Request) -> str:
    """Return the CSRF token for a form before signing in; an unsafe request must bring it."""
    token = request.cookies.get(cookie_name("-form")) or secrets.token_urlsafe(32)
    request.state.form_token = token
    csrf = hmac.new(token.encode(), b"form", sha256).hexdigest()
    if request.method not in SAFE:
        known = cookie_name("-form") in request.cookies
        if not known or not hmac.compare_digest(csrf.encode(), (await _given(request)).encode()):
            raise NotAllowed("error.form_stale")
    return csrf


Visitor = Annotated[str, Depends(visitor)]


def keep_form_cookie(request: Request, response: Response) -> Response:
    """Remember the browser that was shown a form before signing in."""
    _set(response, cookie_name("-form"), request.state.form_token)
    return response


def open_cookie(response: Response, token: str) -> Response:
    """Give the browser its session, and forget the form's cookie."""
    _set(response, cookie_name(), token)
    return _forget(response, cookie_name("-form"))


def close_cookie(response: Response) -> Response:
    """Take the session's cookie back."""
    return _forget(response, cookie_name())


def cookie_name(suffix: str = "") -> str:
    """Return the cookie's name: with `__Host-` where the address is secure."""
    return f"{'__Host-' if _secure() else ''}passung-office{suffix}"


def address_of(request: Request) -> str:
    """Return the network address that tries are counted by."""
    return request.client.host if request.client else ""


def _asked_by_itself(request: Request) -> bool:
    # Lists refresh on their own: an unattended screen must still sign itself out.
    return request.method == "GET" and "refresh" in request.query_params


async def _given(request: Request) -> str:
    header = request.headers.get(CSRF_HEADER)
    if header is not None:
        return header
    field = (await request.form()).get(CSRF_FIELD)
    return field if isinstance(field, str) else ""


def _secure() -> bool:
    return settings().base_url.startswith("https://")


def _set(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, path="/", secure=_secure(), httponly=True, samesite="lax")


def _forget(response: Response, name: str) -> Response:
    response.delete_cookie(name, path="/", secure=_secure(), httponly=True, samesite="lax")
    return response
