"""Tasks and the waiting list, as plain lists."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from admin.rendering import page
from admin.session import Here
from core import worklists

router = APIRouter()


@router.get("/tasks")
async def tasks(request: Request, here: Here) -> Response:
    """Show what a human must do, soonest due first."""
    rows = await worklists.tasks_for(here.actor)
    return await page(request, here, "tasks.html", tab="tasks", rows=rows)


@router.get("/waiting")
async def waiting(request: Request, here: Here) -> Response:
    """Show who waits for an appointment, longest first."""
    rows = await worklists.waiting_list(here.actor)
    return await page(request, here, "waiting.html", tab="waiting", rows=rows)
