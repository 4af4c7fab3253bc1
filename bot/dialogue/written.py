"""Free text: commands, wishes, and the answer that the current step waits for."""

from collections.abc import Callable

from bot.dialogue import about, appointments, details, intake, offers, sidetrips, waiting
from bot.dialogue.actions import HUMAN
from bot.dialogue.known import Known
from bot.dialogue.pressed import another_new, keep, press
from bot.dialogue.prompts import notice, prompt
from bot.dialogue.state import RESUMABLE, State, after, step
from bot.dialogue.step import Reply, Step
from bot.dialogue.wishes import GiveConsent
from bot.understanding import Understood, understand
from bot.understanding.normalise import words

TRIES_BEFORE_A_HUMAN = 2
_COMMANDS = {
    "help": "help", "human": "human", "now": "now", "appointments": "list", "cancel": "cancel",
    "move": "move", "restart": "restart", "stored": "stored", "stop": "stop", "start": "continue",
}  # fmt: skip
_ANYWHERE = ("now", "human", "cancel", "move", "list", "restart", "stored", "language", "help")
_WITHOUT_CONSENT = ("now", "human", "stored", "language", "help", *about.ASKED)
_NUMBERED = frozenset({"idle", "nothing", "change", "cancelled", "age_check"})
"""Steps at which "2" can only mean the second button."""
Reader = Callable[[State, str, Understood, Known], Step | None]


def write(state: State, text: str, known: Known) -> Step:
    """Answer a text; when nothing is found in it, say what would help."""
    stripped = text.strip()
    if stripped.startswith("/"):
        done = _command(state, stripped, known)
        if done:
            return done
    if not words(text):
        return _kindly("dialogue.empty", state, known)
    said = understand(text, known.network, known.today)
    if not known.consented:
        return _before_consent(state, said, known)
    done = _wish(state, said, known)
    if done is None and said.number is not None and state.at in _NUMBERED:
        done = _nth(state, said.number, known)
    if done is None:
        done = _READERS.get(state.at, _read_facts)(state, text, said, known)
    if done is None and about.other_script(text):
        return unclear(state, known, "dialogue.unclear.script")
    return done or unclear(state, known)


def earlier(state: State, texts: tuple[str, ...], known: Known) -> Step:
    """Understand what was written before consent as if it were said now."""
    said = understand("\n".join(texts), known.network, known.today)
    thanks = (Reply("dialogue.consented"),)
    if said.wish in ("cancel", "move", "list") and not said.concerns:
        return after(thanks, appointments.ask_list(state, said.wish))
    facts = intake.understood(state, said, known) if texts else None
    return after(thanks, facts or intake.forward(state, known))


def unclear(state: State, known: Known, kind: str = "") -> Step:
    """Say what was not found and what would help; after two tries offer a human."""
    tries = state.tries + 1
    then = prompt(state, known)
    stuck = bool(kind) or tries >= TRIES_BEFORE_A_HUMAN
    key = f"dialogue.unclear.{_what(state)}"
    if stuck:
        key = kind or "dialogue.unclear_again"
    said = about.languages(known) if kind else {}
    replies = list(then.replies)
    if stuck and replies:
        last = replies[-1]
        if HUMAN not in last.choices:
            replies[-1] = _with_human(last)
    first = Reply(key, said)
    if stuck and not replies:
        first = Reply(key, said, choices=(HUMAN,))
    counted = State.from_json(then.state).with_(tries=tries)
    return Step(counted.to_json(), (first, *replies), then.wishes)


def _with_human(reply: Reply) -> Reply:
    return Reply(
        reply.key, reply.args, reply.kind, (*reply.choices, HUMAN), reply.chips, reply.cards,
        reply.file,
    )  # fmt: skip


def _what(state: State) -> str:
    if state.at == "ask":
        return state.question or "concern"
    known = ("name", "birth_date", "contact", "policy", "offers", "pick", "confirm_cancel")
    return state.at if state.at in known else "other"


def _kindly(key: str, state: State, known: Known) -> Step:
    return after((Reply(key),), prompt(state, known))


def _command(state: State, text: str, known: Known) -> Step | None:
    name, *rest = text[1:].split() or [""]
    name = name.split("@")[0].casefold()
    if name == "language":
        return sidetrips.language(state, rest[0].casefold() if rest else "", known)
    do = _COMMANDS.get(name)
    return press(state, {"do": do}, known) if do else None


def _before_consent(state: State, said: Understood, known: Known) -> Step:
    if said.wish in _WITHOUT_CONSENT:
        return _do(state, said, known)
    if said.yes and not said.any_fact:
        return step(state, wishes=(GiveConsent(),))
    return step(state.with_(at="consent"), Reply("dialogue.consent_first"), notice(known))


def _wish(state: State, said: Understood, known: Known) -> Step | None:
    """Do a wish that is understood anywhere."""
    if state.at == "ask" and said.concerns and said.wish not in ("now", "human"):
        return None  # "I had to cancel my holiday because of panic attacks"
    if said.wish in (*_ANYWHERE, *about.ASKED):
        return _do(state, said, known)
    if said.wish == "hello" or (said.wish == "thanks" and state.at in RESUMABLE):
        return prompt(state, known)
    if said.wish == "back":
        return about.back(state, known)
    if said.wish == "thanks" and state.at != "cancelled":
        return sidetrips.stop(state, known)
    if said.wish == "stop" and state.at != "cancelled":
        if state.at in ("confirm_cancel", "pick"):
            return keep(state, known)
        return sidetrips.stop(state, known)
    if said.wish == "wait" and not state.moving and state.at not in ("name", "wait_contact"):
        return waiting.begin(state)
    return None


def _do(state: State, said: Understood, known: Known) -> Step:
    if said.wish == "language":
        return sidetrips.language(state, said.speak or "", known)
    if said.wish in about.ASKED:
        return about.tell(state, said.wish or "", known)
    return press(state, {"do": said.wish}, known)


def _read_facts(state: State, text: str, said: Understood, known: Known) -> Step | None:
    """While the appointment is looked for, every sentence may change what is looked for."""
    if state.at == "nothing" and said.wish == "other_times":
        return intake.search(state, known, widened=True)
    return intake.understood(state, said, known)


def _read_answer(state: State, text: str, said: Understood, known: Known) -> Step | None:
    """An answer to a question of the intake: a number, an age, or words."""
    if said.number is not None:
        if state.question == "whom" and said.number < 120:
            text = f"age {said.number}"
            return intake.understood(state, understand(text, known.network, known.today), known)
        return _nth(state, said.number, known)
    if said.wish == "other_times" and not said.any_fact:
        said = understand("egal", known.network, known.today)
    if said.wish == "book" and not said.any_fact and not said.no_preference:
        return prompt(state, known)
    return intake.understood(state, said, known)


def _nth(state: State, number: int, known: Known) -> Step | None:
    """Take "2" as a press on the second button of what stands open."""
    replies = prompt(state, known).replies
    choices = replies[-1].choices if replies else ()
    if 1 <= number <= len(choices):
        return press(state, choices[number - 1].action, known)
    return None


def _read_seat(state: State, text: str, said: Understood, known: Known) -> Step | None:
    seat = offers.named_seat(state, said, known)
    if seat and state.offer:
        return offers.take(state, state.offer.offer, seat.seat, known)
    if said.any_fact:
        return intake.understood(state, said, known)
    if said.wish == "other_times" or said.no:
        return intake.search(state, known, widened=True)
    return None


def _read_name(state: State, text: str, said: Understood, known: Known) -> Step | None:
    if said.wish == "other_times":
        return intake.search(state, known, widened=True)
    return details.said_name(state, text, known)


def _read_birth(state: State, text: str, said: Understood, known: Known) -> Step | None:
    if state.at == "age_check" and said.yes:
        return details.age_right(state, known)
    if state.at == "age_check" and said.no:
        return press(state, {"do": "birth_again"}, known)
    return details.said_birth_date(state, text, known)


def _read_contact(state: State, text: str, said: Understood, known: Known) -> Step | None:
    read = details.said_contact(state, text, known)
    if isinstance(read, State):
        waits = state.at == "wait_contact"
        return waiting.enlist(read) if waits else details.onward(read, known)
    if isinstance(read, Reply):
        return step(state, read)
    if said.wish == "skip" or said.no or said.no_preference:
        return press(state, {"do": "skip_contact"}, known)
    return None


def _read_rules(state: State, text: str, said: Understood, known: Known) -> Step | None:
    if said.no:
        return details.declined(state, known)
    if said.yes and state.policy is not None:
        return details.accept(state, known)
    if said.wish == "other_times":
        return intake.search(state, known, widened=True)
    return None


def _read_pick(state: State, text: str, said: Understood, known: Known) -> Step | None:
    if said.no:
        return keep(state, known)
    if said.number and 1 <= said.number <= len(state.listed):
        return appointments.picked(state, state.listed[said.number - 1].booking, known)
    seats = tuple(each.seat for each in state.listed)
    seat = offers.one_named(seats, said, known)
    one = next((each for each in state.listed if each.seat == seat), None)
    return appointments.picked(state, one.booking, known) if one else None


def _read_confirm(state: State, text: str, said: Understood, known: Known) -> Step | None:
    if said.no:
        return keep(state, known)
    if said.yes and state.cancelling:
        return appointments.confirm(state, state.cancelling)
    return None


def _read_after_cancel(state: State, text: str, said: Understood, known: Known) -> Step | None:
    if said.wish in ("stop", "thanks") or said.no:
        return sidetrips.stop(state, known)
    if said.wish in ("other_times", "book") or said.yes:
        return appointments.another_time(state, known)
    return _read_idle(state, text, said, known)


def _read_idle(state: State, text: str, said: Understood, known: Known) -> Step | None:
    """Somebody who is done and writes what they look for begins anew."""
    if said.any_fact:
        fresh = another_new(state, known)
        # The question was not put yet, so nothing is said of what it found.
        return intake.understood(State.from_json(fresh.state).with_(at="idle"), said, known)
    if said.wish in ("book", "other_times") or said.yes:
        return press(state, {"do": "another"}, known)
    return None


_READERS: dict[str, Reader] = {
    "ask": _read_answer,
    "offers": _read_seat,
    "name": _read_name,
    "birth_date": _read_birth,
    "age_check": _read_birth,
    "contact": _read_contact,
    "wait_contact": _read_contact,
    "policy": _read_rules,
    "pick": _read_pick,
    "confirm_cancel": _read_confirm,
    "cancelled": _read_after_cancel,
    "idle": _read_idle,
}
