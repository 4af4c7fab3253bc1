"""Files of a conversation, such as the calendar entry of an appointment."""

import re
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from bot.channels.web.access import Reader
from core.confirmations import open_file
from core.errors import NotFound
from core.sealing import CannotOpen

router = APIRouter()
PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")
SENT_AS_THEY_ARE = ("text/calendar",)
"""Any other type is sent as bytes, which no browser shows or runs."""


@router.get("/files/{file_id}")
async def download(file_id: str, conversation: Reader) -> Response:
    """Return a file of the reader's own conversation; any other one is not found."""
    try:
        found = await open_file(conversation, file_id) if PUBLIC_ID.fullmatch(file_id) else None
    except CannotOpen:
        found = None
    if found is None:
        raise NotFound("error.not_found")
    file, content = found
    known = file.media_type in SENT_AS_THEY_ARE
    named = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    return Response(
        content,
        media_type=file.media_type if known else "application/octet-stream",
        headers={"Content-Disposition": named},
    )
