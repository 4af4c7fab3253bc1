"""Signing in: sessions end, tries are limited, and nobody learns which accounts exist."""

import asyncio
import time
from datetime import timedelta
from statistics import median

import pytest

from core import clock, signin
from core.errors import Conflict, Invalid, NotAllowed, TooMany
from core.models import Staff, StaffSession
from tests.office import MONDAY, PASSWORD, hire

pytestmark = pytest.mark.anyio
HERE = "192.0.2.7"


async def enter(password: str = PASSWORD, email: str = "paula@example.org", at: str = HERE) -> str:
    token, _ = await signin.sign_in(email, password, at)
    return token


async def test_each_sign_in_has_its_own_token_and_only_hashes_are_kept(database: str) -> None:
    await hire("paula")
    first, second = await enter(), await enter(email=" Paula@example.org")
    assert first != second and len(first) >= 43
    here = await signin.who(first)
    assert here is not None and here.staff.name == "Paula Sommer"
    kept = [value for row in await StaffSession.all().values() for value in row.values()]
    assert not {first, second, here.csrf} & set(map(str, kept))


async def test_the_csrf_token_of_one_session_does_not_fit_another(database: str) -> None:
    await hire("paula")
    one, other = await signin.who(await enter()), await signin.who(await enter())
    assert one is not None and other is not None
    assert signin.csrf_fits(one, one.csrf)
    assert not signin.csrf_fits(one, other.csrf)
    assert not signin.csrf_fits(one, "") and not signin.csrf_fits(one, "ü")


async def test_a_session_ends_when_nothing_is_done_for_half_an_hour(database: str) -> None:
    await hire("paula")
    with clock.frozen_at(MONDAY):
        token = await enter()
        for _ in range(3):
            clock.pass_time(timedelta(minutes=29))
            assert await signin.who(token)
        clock.pass_time(timedelta(minutes=30))
        assert await signin.who(token) is None


async def test_what_a_page_asks_for_by_itself_keeps_no_session_open(database: str) -> None:
    await hire("paula")
    with clock.frozen_at(MONDAY):
        token = await enter()
        for _ in range(29):
            clock.pass_time(timedelta(minutes=1))
            assert await signin.who(token, awake=False)
        clock.pass_time(timedelta(minutes=1))
        assert await signin.who(token) is None


async def test_a_session_ends_after_twelve_hours_however_busy(database: str) -> None:
    await hire("paula")
    with clock.frozen_at(MONDAY):
        token = await enter()
        for _ in range(35):
            clock.pass_time(timedelta(minutes=20))
            assert await signin.who(token)
        clock.pass_time(timedelta(minutes=20))
        assert await signin.who(token) is None


async def test_signing_out_ends_one_session_and_the_others_can_be_ended(database: str) -> None:
    await hire("paula")
    one, two, three = await enter(), await enter(), await enter()
    here = await signin.who(one)
    assert here is not None
    assert await signin.end_others(here) == 2
    assert await signin.who(two) is None and await signin.who(three) is None
    await signin.sign_out(here)
    assert await signin.who(one) is None
    assert await signin.who("") is None and await signin.who("x" * 5000) is None


async def test_unknown_accounts_and_wrong_passwords_get_the_same_answer(database: str) -> None:
    await hire("paula")
    gone = await hire("sara")
    await Staff.filter(id=gone.id).update(active=False)
    tries = [("paula@example.org", "falsch"), ("nobody@example.org", PASSWORD)]
    for email, password in (*tries, ("sara@example.org", PASSWORD)):
        with pytest.raises(NotAllowed) as refused:
            await enter(password, email)
        assert (refused.value.key, refused.value.data) == ("error.sign_in", {})


async def test_an_unknown_account_takes_as_long_as_a_wrong_password(database: str) -> None:
    await hire("paula")

    async def seconds(email: str, address: str) -> float:
        begun = time.perf_counter()
        with pytest.raises(NotAllowed):
            await enter("ganz sicher falsch", email, address)
        return time.perf_counter() - begun

    known = [await seconds("paula@example.org", f"198.51.{n}.1") for n in range(5)]
    unknown = [await seconds("nobody@example.org", f"203.0.{n}.1") for n in range(5)]
    assert 0.4 < median(known) / median(unknown) < 2.5


async def test_five_wrong_tries_block_one_account_from_one_network_for_a_while(
    database: str,
) -> None:
    await hire("paula")
    await hire("sara")
    with clock.frozen_at(MONDAY):
        for _ in range(5):
            with pytest.raises(NotAllowed):
                await enter("falsch")
        with pytest.raises(TooMany) as refused:
            await enter(at="192.0.2.200")
        assert 0 < int(str(refused.value.data["seconds"])) <= 900
        assert await enter(at="198.51.100.1"), "the real user elsewhere is not locked out"
        assert await enter(email="sara@example.org"), "nor are colleagues"
        clock.pass_time(timedelta(minutes=15))
        assert await enter()


async def test_many_accounts_tried_from_one_network_are_stopped_too(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.passwords.fits", _never)
    for n in range(30):
        with pytest.raises(NotAllowed):
            await enter("falsch", f"someone{n}@example.org")
    with pytest.raises(TooMany):
        await enter("falsch", "one.more@example.org")


async def _never(password: str, kept: str | None) -> bool:
    return False


async def test_those_who_know_their_password_are_never_counted(database: str) -> None:
    await hire("paula")
    for _ in range(7):
        await enter()


def test_an_address_counts_with_its_neighbours() -> None:
    assert signin.network_of("192.0.2.7") == signin.network_of("192.0.2.250")
    assert signin.network_of("192.0.2.7") != signin.network_of("192.0.3.7")
    assert signin.network_of("2001:db8::1") == signin.network_of("2001:db8::ffff:1")
    assert signin.network_of("") == ""


async def set_up(code: str, email: str = "tomasz@example.org") -> str:
    token, _ = await signin.set_up(code, email, "Tomasz Adler", PASSWORD, "de", HERE)
    return token


async def test_the_first_admin_needs_the_code_that_only_the_server_tells(database: str) -> None:
    assert await signin.is_first_run()
    with pytest.raises(NotAllowed):
        await set_up("AAAA-BBBB-CCCC-DDDD")
    with pytest.raises(Invalid):
        await signin.set_up(signin.first_run_code(), "x", "Tomasz", PASSWORD, "de", HERE)
    assert await signin.is_first_run()
    token = await set_up(signin.first_run_code().lower().replace("-", " "))
    here = await signin.who(token)
    assert here is not None and here.staff.roles == ["admin", "assistant"]
    with pytest.raises(Conflict):
        await set_up(signin.first_run_code(), "another@example.org")


async def test_of_many_who_set_up_at_once_one_becomes_the_admin(database: str) -> None:
    code = signin.first_run_code()
    tries = [set_up(code, f"admin{n}@example.org") for n in range(4)]
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, str) for one in ended) == 1
    assert sum(isinstance(one, Conflict) for one in ended) == 3
    assert await Staff.all().count() == 1


async def test_the_set_up_code_cannot_be_guessed_for_long(database: str) -> None:
    for _ in range(10):
        with pytest.raises(NotAllowed):
            await set_up("AAAA")
    with pytest.raises(TooMany):
        await set_up(signin.first_run_code())
