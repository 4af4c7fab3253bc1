"""The web chat: the patient's page and the protocol that it speaks."""

from fastapi import FastAPI
from starlette.routing import Route, request_response

from bot.channels.web import errors, events, files, messages, pages, sessions
from bot.channels.web.shield import Shield

__all__ = ["mount"]


def mount(app: FastAPI) -> None:
    """Put the page at `/` and everything else of the chat below `/chat`."""
    chat = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    errors.handle_in(chat)
    for part in (sessions, messages, events, files, pages):
        chat.include_router(part.router)
    chat.mount("/static", pages.Static(directory=pages.STATIC))
    app.mount("/chat", Shield(chat))
    app.router.routes.append(Route("/", Shield(request_response(pages.front)), methods=["GET"]))
