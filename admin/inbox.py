"""The inbox: who needs somebody, most urgent first."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from admin.rendering import page
from admin.session import Here
from core import inbox

router = APIRouter()


@router.get("/inbox")
async def show(request: Request, here: Here) -> Response:
    """Show the lists, with nobody's conversation open."""
    lists = await inbox.conversations_for(here.actor)
    return await page(request, here, "inbox.html", tab="inbox", inbox=lists, selected=None)


@router.get("/inbox/queues")
async def queues(request: Request, here: Here, selected: str = "") -> Response:
    """Return the lists alone, for a page that is open."""
    lists = await inbox.conversations_for(here.actor)
    return await page(request, here, "_queues.html", inbox=lists, selected=selected, alone=True)
