"""What is looked for: one open request per conversation, changed while the patient answers."""

from core import clock
from core.models import Conversation, Person, Request
from core.rules.criteria import Criteria


async def keep(
    conversation: Conversation, criteria: Criteria, *, person: Person | None = None
) -> Request:
    """Write the criteria into the conversation's open request, or open one."""
    now = clock.now()
    writer: Person = conversation.person
    patient = person or writer
    request = (
        await Request.filter(
            conversation=conversation, person=patient, state__in=["open", "waiting"]
        )
        .order_by("-id")
        .first()
    )
    if request is None:
        request = Request(person=patient, writer=writer, conversation=conversation, created_at=now)
    request.service, request.kind = criteria.service or "", criteria.kind
    request.criteria, request.updated_at = criteria.to_json(), now
    await request.save()
    return request
