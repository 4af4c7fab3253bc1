"""A minor's booking asks for the consent of those who have custody, and never waits for it."""

from datetime import date, timedelta

from core import clock
from core.models import Person, Task, Therapist
from core.network.schema import Network
from tests import builders
from tests.builders import at, book, seats


async def test_a_childs_booking_opens_one_task_due_a_day_before(
    anna: Therapist, mehmet: Person, network: Network
) -> None:
    await seats(anna, at(3), at(5))
    can = await builders.patient("Can Kaya", date(2016, 5, 1))
    booking = await book(can, network, writer=mehmet)
    await book(can, network, writer=mehmet)
    task = await Task.get(kind="guardian_consent")
    assert task.subject_id == can.public_id
    assert task.due_at == booking.starts_at - timedelta(days=1)


async def test_an_appointment_within_a_day_is_due_at_once(
    anna: Therapist, mehmet: Person, network: Network
) -> None:
    await seats(anna, at(0, 4))
    can = await builders.patient("Can Kaya", date(2016, 5, 1))
    await book(can, network, writer=mehmet)
    assert (await Task.get(kind="guardian_consent")).due_at <= clock.now()


async def test_a_grown_patient_needs_nobodys_consent(anna: Therapist, network: Network) -> None:
    await seats(anna, at(3))
    leyla = await builders.patient("Leyla Ahmadi", date(1990, 4, 3))
    await book(leyla, network)
    assert not await Task.exists(kind="guardian_consent")
