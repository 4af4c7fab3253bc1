"""Files of a conversation, such as the calendar entry of an appointment."""

import re
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from bot.channels.web.access import Reader
from core.errors import NotFound
from core.models import ChatFile
from core.sealing import CannotOpen, key_of, unseal

router = APIRouter()
PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")
SENT_AS_THEY_ARE = ("text/calendar",)
"""Any other type is sent as bytes, which no browser shows or runs."""


@router.get("/files/{file_id}")
async def download(file_id: str, conversation: Reader) -> Response:
    """Return a file of the reader's own conversation; any other one is not found."""
    found = None
    if PUBLIC_ID.fullmatch(file_id):
        found = (
            await ChatFile.filter(public_id=file_id, conversation_id=conversation.id)
            .select_related("person")
            .first()
        )
    if found is None:
        raise NotFound("error.not_found")
    try:
        content: str = unseal(key_of(found.person), found, "content")
    except CannotOpen:
        raise NotFound("error.not_found") from None
    known = found.media_type in SENT_AS_THEY_ARE
    named = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return Response(
        content.encode(),
        media_type=found.media_type if known else "application/octet-stream",
        headers={"Content-Disposition": named},
    )
