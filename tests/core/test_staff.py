"""Who works here: added, disabled, and never locked out of the house."""

import pytest

from core import handoff, passwords, staff
from core.actors import PATIENT, SYSTEM, of_staff
from core.errors import Conflict, Invalid, NotAllowed, NotFound, PassungError
from core.models import Audit, Conversation, Staff
from core.network.schema import Network
from core.signin import sign_in, who
from tests.office import PASSWORD, conversation_of, hire

pytestmark = pytest.mark.anyio
SENTENCE = "Im Garten wachsen Bohnen"


async def add(**changes: object) -> Staff:
    values = {
        "email": "Paula@Example.org ",
        "name": " Paula  Sommer",
        "roles": ["assistant"],
        "password": SENTENCE,
        "language": "de",
        "by": SYSTEM,
    }
    return await staff.add(**(values | changes))


async def test_a_colleague_is_added_once_and_kept_as_a_hash(database: str) -> None:
    paula = await add()
    assert (paula.email, paula.name, paula.roles) == (
        "paula@example.org",
        "Paula Sommer",
        ["assistant"],
    )
    assert paula.password_hash.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    with pytest.raises(Conflict):
        await add(email="paula@example.org")
    assert await Staff.all().count() == 1


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"email": "paula"}, "error.staff.email"),
        ({"email": f"{'a' * 250}@example.org"}, "error.staff.email"),
        ({"name": "  "}, "error.staff.name"),
        ({"name": "Pau\x00la"}, "error.staff.name"),
        ({"roles": []}, "error.staff.roles"),
        ({"roles": ["queen"]}, "error.staff.roles"),
        ({"language": "tlh"}, "error.staff.language"),
        ({"password": "kurz"}, "error.password.short"),
        ({"password": "Bohnen " * 20}, "error.password.long"),
        ({"password": "paula@example.org"}, "error.password.common"),
        ({"password": "Passwort1234"}, "error.password.common"),
        ({"password": "aaaaaaaaaaaaaa"}, "error.password.common"),
    ],
)
async def test_what_does_not_fit_is_named_and_nothing_is_stored(
    database: str, changes: dict[str, object], key: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await add(**changes)
    assert refused.value.key == key
    assert not await Staff.all().exists()


def test_a_long_sentence_of_any_letters_is_a_password() -> None:
    for good in ("Im Garten wachsen Bohnen", "korrekt pferd batterie", "x1y2z3w4v5u6" * 10):
        passwords.check(good, "paula@example.org")


def test_every_common_password_is_long_enough_to_matter() -> None:
    listed = passwords._common()
    assert len(listed) >= 90
    assert all(passwords.SHORTEST <= len(one) <= passwords.LONGEST for one in listed)


@pytest.mark.parametrize("role", ["paula", "nora", "anna"])
async def test_only_an_admin_adds_and_disables_colleagues(database: str, role: str) -> None:
    other, tomasz = await hire("sara"), await hire("tomasz")
    somebody = of_staff(await hire(role))
    for actor in (somebody, PATIENT):
        with pytest.raises(NotAllowed):
            await add(by=actor)
        with pytest.raises(NotAllowed):
            await staff.disable(other.public_id, by=actor)
        with pytest.raises(NotAllowed):
            await staff.set_password(other.public_id, SENTENCE, by=actor)
    assert await add(by=of_staff(tomasz)) if role != "paula" else True


async def test_who_is_disabled_is_out_at_once_and_their_patients_wait_for_a_colleague(
    network: Network,
) -> None:
    paula, tomasz = await hire("paula"), await hire("tomasz")
    thread = await conversation_of("leyla", "Guten Tag")
    await handoff.take_over(thread.public_id, by=of_staff(paula))
    token, _ = await sign_in(paula.email, PASSWORD, "192.0.2.1")
    await staff.disable(paula.public_id, by=of_staff(tomasz))
    assert await who(token) is None
    with pytest.raises(NotAllowed):
        await sign_in(paula.email, PASSWORD, "192.0.2.1")
    thread = await Conversation.get(id=thread.id)
    assert (thread.lead, thread.holder_id, thread.lead_gen) == ("waiting", None, 2)
    assert await Audit.filter(action="conversation.release").count() == 1


async def test_the_last_admin_stays(database: str) -> None:
    tomasz = await hire("tomasz")
    with pytest.raises(Conflict):
        await staff.disable(tomasz.public_id, by=of_staff(tomasz))
    second = await add(roles=["admin"])
    await staff.disable(tomasz.public_id, by=of_staff(second))
    with pytest.raises(PassungError):
        await staff.disable(second.public_id, by=of_staff(tomasz))


async def test_a_new_password_ends_all_sessions(database: str) -> None:
    paula = await hire("paula")
    token, here = await sign_in(paula.email, PASSWORD, "192.0.2.1")
    await staff.set_password(paula.public_id, SENTENCE, by=here.actor)
    assert await who(token) is None
    with pytest.raises(NotAllowed):
        await sign_in(paula.email, PASSWORD, "192.0.2.1")
    assert await sign_in(paula.email, SENTENCE, "192.0.2.1")


async def test_nobody_who_is_not_there_is_changed(database: str) -> None:
    for deed in (staff.disable("x", by=SYSTEM), staff.set_password("x", SENTENCE, by=SYSTEM)):
        with pytest.raises(NotFound):
            await deed
