"""The dialogue's part of a turn: decide, do what is wished, tell what came of it, write replies."""

from dataclasses import dataclass
from typing import Any, Self

from bot import alarm
from bot.acts import Scene, act
from bot.dialogue import Known, respond, tell
from bot.dialogue.state import State
from bot.dialogue.step import Reply, Said, Step
from bot.dialogue.wishes import AskNow, Done, Outcome, Wish
from bot.rendering import body_of
from core import clock, conversations, profiles
from core.models import ChatFile, Conversation, Message
from core.network.schema import Network
from core.rules.matching import Profile, dividing

DEPTH = 4
"""How often an outcome may lead to a further wish within one turn."""


@dataclass(frozen=True)
class Talk:
    """One turn of the dialogue in a locked conversation; `message` is None when it opens."""

    conversation: Conversation
    network: Network
    message: Message | None
    profiles: dict[int, Profile]

    @classmethod
    async def begin(
        cls, conversation: Conversation, network: Network, message: Message | None
    ) -> Self:
        return cls(conversation, network, message, await profiles.active())

    async def answer(self, said: Said) -> None:
        """Answer what the patient said."""
        before = conversations.dialogue_state(self.conversation)
        state, replies = await self._follow(respond(before, said, self._known(before)))
        if state != before:
            await conversations.keep_dialogue_state(self.conversation, state)
        await self._say(replies, state)

    async def after_crisis(self) -> None:
        """Leave the booking alone after a crisis message, one press away."""
        state = conversations.dialogue_state(self.conversation)
        await self._say(tell(state, AskNow(), Done(), self._known(state)).replies, state)

    async def _follow(self, first: Step) -> tuple[dict[str, Any], tuple[Reply, ...]]:
        """Do the wishes of a step and of what they lead to; return where that ends."""
        state, replies = first.state, first.replies
        waiting: list[tuple[Wish, int]] = [(wish, 1) for wish in first.wishes]
        while waiting:
            wish, depth = waiting.pop(0)
            step = tell(state, wish, await self._done(wish), self._known(state))
            state, replies = step.state, replies + step.replies
            if depth < DEPTH:
                waiting = [(further, depth + 1) for further in step.wishes] + waiting
        return state, replies

    async def _done(self, wish: Wish) -> Outcome:
        if not isinstance(wish, AskNow):
            return await act(wish, Scene(self.conversation, self.network))
        if self.message is not None:
            await alarm.answer(self.conversation, self.network, self.message, alarm.ASKED_FOR_HELP)
        return Done()

    def _known(self, state: dict[str, Any]) -> Known:
        return Known(
            network=self.network,
            language=self.conversation.language,
            now=clock.now(),
            zone=self.network.zone,
            channel=self.conversation.channel,
            consented=self.conversation.consented_at is not None,
            divides=dividing(State.from_json(state).criteria, self.profiles.values()),
        )

    async def _say(self, replies: tuple[Reply, ...], state: dict[str, Any]) -> None:
        known = self._known(state)
        for reply in replies:
            file = await self._file(reply.file) if reply.file else None
            body = body_of(reply, known, self.conversation.seq + 1, file)
            await conversations.append(self.conversation, "bot", reply.kind, body)

    async def _file(self, public_id: str) -> ChatFile | None:
        return await ChatFile.get_or_none(public_id=public_id, conversation=self.conversation)
