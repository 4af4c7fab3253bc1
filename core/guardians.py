"""Consent of those who have custody: while it is missing it is a task, never a bar to help."""

from datetime import datetime, timedelta

from core import persons, tasks
from core.models import Booking, Person
from core.rules.ages import age_on

OF_AGE = 18
TASK = "guardian_consent"
BEFORE_TREATMENT = timedelta(days=1)


async def ask_for_consent(booking: Booking, patient: Person, *, now: datetime) -> None:
    """Open a task about a minor's custody, due a day before treatment; one for each patient."""
    born = persons.details_of(patient).birth_date
    if born is None or age_on(born, booking.starts_at.date()) >= OF_AGE:
        return
    due_at = max(now, booking.starts_at - BEFORE_TREATMENT)
    await tasks.open_task(TASK, row=patient, due_at=due_at, person=patient)
