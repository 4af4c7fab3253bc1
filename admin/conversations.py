"""One conversation: read, take over, reply, hand back."""

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from admin.rendering import by_htmx, go, page
from admin.session import Here
from admin.words import alarm_mark
from core import dossier, handoff, inbox, thread
from core.signin import SignedIn

router = APIRouter(prefix="/conversations")
Text = Annotated[str, Form()]
Number = Annotated[int, Query(ge=0, le=2**31 - 1)]


@router.get("/{conversation}")
async def show(request: Request, here: Here, conversation: str) -> Response:
    """Show a conversation beside the lists."""
    values = await _opened(here, conversation)
    lists = await inbox.conversations_for(here.actor)
    return await page(
        request, here, "inbox.html", tab="inbox", inbox=lists, selected=conversation, **values
    )


@router.get("/{conversation}/more")
async def more(
    request: Request,
    here: Here,
    conversation: str,
    after: Number = 0,
    gen: Number = 0,
    alarm: str = "",
) -> Response:
    """Return what was written since; a new head when the lead or the alarm has changed.

    What stands in the foot is somebody's unsent answer: it is replaced with the lead alone.
    """
    read = await thread.read(conversation, by=here.actor, after=after)
    changed = read.gen != gen
    alarmed = alarm != alarm_mark(read)
    if not read.lines and not changed and not alarmed:
        return Response(status_code=204)
    return await page(
        request,
        here,
        "_more.html",
        thread=read,
        changed=changed,
        alarmed=alarmed,
        once=_once(),
        conversation=conversation,
    )


@router.get("/{conversation}/side")
async def side(request: Request, here: Here, conversation: str) -> Response:
    """Return what is known about the person."""
    known = await dossier.read(conversation, by=here.actor)
    return await page(request, here, "_side.html", dossier=known, conversation=conversation)


@router.post("/{conversation}/take-over")
async def take_over(request: Request, here: Here, conversation: str) -> Response:
    """Take the lead."""
    await handoff.take_over(conversation, by=here.actor)
    return await _after_deed(request, here, conversation)


@router.post("/{conversation}/hand-back")
async def hand_back(request: Request, here: Here, conversation: str) -> Response:
    """Give the lead back to the bot."""
    await handoff.hand_back(conversation, by=here.actor)
    return await _after_deed(request, here, conversation)


@router.post("/{conversation}/reply")
async def reply(
    request: Request, here: Here, conversation: str, text: Text = "", once: Text = ""
) -> Response:
    """Write to the patient; the page then asks for what is new."""
    await handoff.reply(conversation, text, by=here.actor, once=once or None)
    if not by_htmx(request):
        return go(request, f"/conversations/{conversation}")
    answer = await page(request, here, "_composer.html", conversation=conversation, once=_once())
    answer.headers["HX-Trigger"] = "thread-changed"
    return answer


async def _after_deed(request: Request, here: SignedIn, conversation: str) -> Response:
    if not by_htmx(request):
        return go(request, f"/conversations/{conversation}")
    values = await _opened(here, conversation)
    answer = await page(request, here, "_detail.html", **values)
    answer.headers["HX-Trigger"] = "queues-changed"
    return answer


async def _opened(here: SignedIn, conversation: str) -> dict[str, Any]:
    read = await thread.read(conversation, by=here.actor)
    known = await dossier.read(conversation, by=here.actor)
    return {"thread": read, "dossier": known, "conversation": conversation, "once": _once()}


def _once() -> str:
    return secrets.token_urlsafe(16)
