"""Sessions that end, codes that reopen, and guessers who are stopped."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import chat_access, clock, conversations, db, limits, wake
from core.errors import Invalid, NotFound, TooMany
from core.limits import Limit
from core.models import Attempt, ChatSession, Conversation, ReturnCode

pytestmark = pytest.mark.anyio

HOME = "203.0.113.7"
ELSEWHERE = "198.51.100.9"


@pytest.fixture
async def leyla(database: str) -> Conversation:
    return await conversations.start("web", "de", "leyla")


async def test_a_token_finds_its_conversation_and_nobody_elses(leyla: Conversation) -> None:
    josef = await conversations.start("web", "de", "josef")
    hers, his = await chat_access.open_session(leyla), await chat_access.open_session(josef)
    for token, conversation in ((hers, leyla), (his, josef)):
        found = await chat_access.find(token)
        assert found is not None and found.id == conversation.id
        assert found.person.id == conversation.person_id
    for wrong in ("", "A" * 43, hers[:-1], hers.swapcase(), "é" * 43, "\ud800" * 43):
        assert await chat_access.find(wrong) is None
        assert await chat_access.newest_seq(wrong) is None


async def test_tokens_are_long_random_and_kept_as_hashes_only(leyla: Conversation) -> None:
    tokens = {await chat_access.open_session(leyla) for _ in range(20)}
    assert len(tokens) == 20 and all(len(token) == 43 for token in tokens)
    kept = str(await ChatSession.all().values())
    assert not any(token in kept for token in tokens)


@pytest.mark.parametrize(
    ("days_between", "times", "lasts"),
    [(6.9, 1, True), (7.0, 1, False), (6.0, 4, True), (6.0, 5, False)],
)
async def test_a_session_ends_after_a_week_unused_and_after_thirty_days(
    leyla: Conversation, days_between: float, times: int, lasts: bool
) -> None:
    with clock.frozen_at(clock.now()):
        token = await chat_access.open_session(leyla)
        for _ in range(times):
            clock.pass_time(timedelta(days=days_between))
            found = await chat_access.find(token)
        assert (found is not None) == lasts
        assert (await chat_access.newest_seq(token) is not None) == lasts


async def test_watching_alone_does_not_keep_a_session_alive(leyla: Conversation) -> None:
    with clock.frozen_at(clock.now()):
        token = await chat_access.open_session(leyla)
        clock.pass_time(timedelta(days=6))
        assert await chat_access.newest_seq(token) == 0
        clock.pass_time(timedelta(days=1))
        assert await chat_access.newest_seq(token) is None


async def test_the_last_use_is_not_written_at_every_read(leyla: Conversation) -> None:
    with clock.frozen_at(clock.now()):
        token = await chat_access.open_session(leyla)
        opened = (await ChatSession.get(conversation=leyla)).seen_at
        clock.pass_time(timedelta(minutes=9))
        await chat_access.find(token)
        assert (await ChatSession.get(conversation=leyla)).seen_at == opened
        clock.pass_time(timedelta(minutes=1))
        await chat_access.find(token)
        assert (await ChatSession.get(conversation=leyla)).seen_at == clock.now()


async def test_leaving_ends_one_session_at_once_and_tells_its_pages(leyla: Conversation) -> None:
    phone, desk = await chat_access.open_session(leyla), await chat_access.open_session(leyla)
    hearing = asyncio.create_task(wake.run())
    try:
        async with wake.listen(f"conversation:{leyla.public_id}") as signal:
            await signal.wait(0.5)
            await chat_access.end(phone)
            assert await signal.wait(5)
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
    assert await chat_access.find(phone) is None
    assert await chat_access.find(desk) is not None
    await chat_access.end(phone)
    await chat_access.end("never given")


async def test_a_code_reopens_as_often_as_needed_and_only_its_hash_is_kept(
    leyla: Conversation,
) -> None:
    code = await chat_access.new_return_code(leyla)
    assert len(code) == 14 and code[4] == code[9] == "-"
    for written in (code, code.lower(), code.replace("-", ""), f"  {code.replace('-', '—')}\n"):
        assert (await chat_access.redeem(written, HOME)).id == leyla.id
    kept = str(await ReturnCode.all().values())
    assert code not in kept and code.replace("-", "") not in kept
    assert await Attempt.all().count() == 0


async def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert chat_access.plain_code("oO0i-Il1L-abcd") == "000111" + "11" + "ABCD"
    assert chat_access.plain_code("ＡＢＣＤ-1234-ＥＦＧＨ") == "ABCD1234EFGH"


@given(st.text())
def test_any_text_is_a_code_or_is_refused(written: str) -> None:
    try:
        plain = chat_access.plain_code(written)
    except Invalid as error:
        assert error.key == "error.return_code_shape"
    else:
        assert len(plain) == 12 and set(plain) <= set(chat_access.ALPHABET)
        assert chat_access.plain_code(plain) == plain


async def test_an_ended_code_and_an_erased_person_open_nothing(leyla: Conversation) -> None:
    ended, erased = [await chat_access.new_return_code(leyla) for _ in range(2)]
    first = await ReturnCode.all().order_by("id").first()
    assert first is not None
    await ReturnCode.filter(id=first.id).update(ended_at=clock.now())
    with pytest.raises(NotFound):
        await chat_access.redeem(ended, HOME)
    person = await leyla.person
    person.erased_at = clock.now()
    await person.save()
    with pytest.raises(NotFound):
        await chat_access.redeem(erased, HOME)


async def test_ten_wrong_codes_close_one_address_for_an_hour_and_no_other(
    leyla: Conversation,
) -> None:
    code = await chat_access.new_return_code(leyla)
    with clock.frozen_at(clock.now()):
        for _ in range(10):
            with pytest.raises(NotFound):
                await chat_access.redeem("0000-0000-0000", HOME)
            clock.pass_time(timedelta(minutes=1))
        with pytest.raises(TooMany) as stopped:
            await chat_access.redeem(code, HOME)
        assert stopped.value.data["seconds"] == 50 * 60
        assert (await chat_access.redeem(code, ELSEWHERE)).id == leyla.id
        clock.pass_time(timedelta(minutes=50))
        assert (await chat_access.redeem(code, HOME)).id == leyla.id


async def test_many_guesses_at_once_pass_as_many_as_the_limit_says(database: str) -> None:
    async def guess(n: int) -> str:
        try:
            await chat_access.redeem(f"{n:012}", HOME)
        except (NotFound, TooMany) as error:
            return error.key
        return "opened"

    told = await asyncio.gather(*(guess(n) for n in range(60)))
    assert told.count("error.return_code_unknown") == chat_access.WRONG_CODES.most
    assert told.count("error.too_many") == 50


async def test_guesses_from_everywhere_together_are_limited_too(database: str) -> None:
    few = Limit("few", most=10, within=timedelta(hours=1), altogether=3)
    for n in range(3):
        await limits.take(few, f"address {n}")
    with pytest.raises(TooMany):
        await limits.take(few, "address 4")


async def test_a_try_that_was_refused_does_not_make_the_wait_longer(database: str) -> None:
    once = Limit("once", most=1, within=timedelta(minutes=10))
    with clock.frozen_at(clock.now()):
        await limits.take(once, HOME)
        for left in range(9, 0, -1):
            clock.pass_time(timedelta(minutes=1))
            with pytest.raises(TooMany) as stopped:
                await limits.take(once, HOME)
            assert stopped.value.data["seconds"] == left * 60
        clock.pass_time(timedelta(minutes=1))
        await limits.take(once, HOME)


async def test_no_address_is_kept_and_old_tries_are_forgotten(database: str) -> None:
    await chat_access.count_new_session(HOME)
    assert HOME not in str(await Attempt.all().values())
    assert await limits.forget_old(clock.now()) == 0
    assert await limits.forget_old(clock.now() + timedelta(days=1, seconds=1)) == 1


async def test_a_code_given_in_a_transaction_that_fails_opens_nothing(leyla: Conversation) -> None:
    code = ""
    with pytest.raises(RuntimeError):
        async with db.transaction():
            code = await chat_access.new_return_code(leyla)
            raise RuntimeError
    with pytest.raises(NotFound):
        await chat_access.redeem(code, HOME)
