"""What goes wrong, as a page or a notice: each family of errors has one status, decided here."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from admin.languages import language_of
from admin.rendering import go, plain
from admin.session import SignedOut, close_cookie
from core import errors, texts
from core.errors import PassungError

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[PassungError], int], ...] = (
    (errors.Invalid, 422),
    (errors.NotFound, 404),
    (errors.NotAllowed, 403),
    (errors.Conflict, 409),
    (errors.TooMany, 429),
    (errors.Misconfigured, 503),
)
_KEYS = {404: "error.not_found", 405: "error.method", 422: "error.form_incomplete"}


def register(office: FastAPI) -> None:
    """Let every fault of the office be answered in the reader's language."""
    office.add_exception_handler(SignedOut, _signed_out)
    office.add_exception_handler(PassungError, _expected)
    office.add_exception_handler(HTTPException, _http)
    office.add_exception_handler(RequestValidationError, _not_valid)
    office.add_exception_handler(Exception, _unexpected)


def status_of(error: PassungError) -> int:
    return next((status for family, status in STATUS if isinstance(error, family)), 500)


def text_of(language: str, error: PassungError) -> str:
    """Return what to tell about an error; one without a text of its own says that it failed."""
    if isinstance(error, errors.TooMany):
        minutes = -(-int(str(error.data.get("seconds", 60))) // 60)
        wait = texts.say_n(language, "time.minutes", minutes)
        return texts.say(language, "error.too_many_wait", minutes=wait)
    key = error.key if texts.has(error.key, language) else "error.office_fault"
    return texts.say(language, key, **error.data)


async def answer(request: Request, status: int, text: str) -> Response:
    """Return a fault as a notice for htmx, else as a page."""
    template = "_notice.html" if "hx-request" in request.headers else "fault.html"
    return await plain(request, template, status=status, text=text)


async def _signed_out(request: Request, error: Exception) -> Response:
    return close_cookie(go(request, "/sign-in"))


async def _expected(request: Request, error: Exception) -> Response:
    assert isinstance(error, PassungError)
    return await answer(request, status_of(error), text_of(language_of(request), error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    key = _KEYS.get(error.status_code, "error.office_fault")
    return await answer(request, error.status_code, texts.say(language_of(request), key))


async def _not_valid(request: Request, error: Exception) -> Response:
    return await answer(request, 422, texts.say(language_of(request), _KEYS[422]))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("a page of the office failed", exc_info=error)
    return await answer(request, 500, texts.say(language_of(request), "error.office_fault"))
