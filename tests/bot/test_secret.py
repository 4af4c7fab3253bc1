"""What is for the patient alone is covered where staff read along."""

import re

from bot.rendering import COVERED
from core import thread
from core.actors import of_staff
from core.models import Staff
from core.network.schema import Network
from tests.bot.patient import Patient
from tests.office import hire


async def test_staff_read_a_return_code_covered_and_the_patient_reads_it_whole(
    office: Network,
) -> None:
    leyla = await Patient.begin()
    await leyla.book()
    thread_text = " ".join(m["text"] for m in await leyla.thread())
    told = re.search(r"Ihr Rückkehrcode: ([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})", thread_text)
    assert told
    code = told.group(1)
    paula: Staff = await hire("paula")
    read = await thread.read(leyla.conversation.public_id, by=of_staff(paula))
    shown = " ".join(line.text for line in read.lines)
    assert code not in shown and COVERED in shown
    assert "staff_text" not in str(await leyla.thread())
