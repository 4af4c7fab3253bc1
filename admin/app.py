"""The office as one application of its own below `/office`: its own headers, guards and faults."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from admin import conversations, faults, inbox, live, signin, work
from admin.guard import Guard

BASE = "/office"
STATIC = Path(__file__).parent / "static"


def mount(app: FastAPI) -> None:
    """Put the office under `/office` of the web process; its database is the process's."""
    app.mount(BASE, Guard(build()))


def build() -> FastAPI:
    """Return the office without what guards it."""
    office = FastAPI(title="Passung", openapi_url=None, docs_url=None, redoc_url=None)
    for noun in (signin, inbox, conversations, work, live):
        office.include_router(noun.router)
    office.mount("/static", StaticFiles(directory=STATIC), name="static")
    faults.register(office)
    return office
