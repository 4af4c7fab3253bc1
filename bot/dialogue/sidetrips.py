"""What can be asked for at any time: a human, help, the language, what is stored, a new start."""

from bot.dialogue.actions import button, labelled
from bot.dialogue.details import IDLE_CHOICES
from bot.dialogue.intake import forward
from bot.dialogue.known import Known
from bot.dialogue.prompts import notice, prompt
from bot.dialogue.state import State, after, step
from bot.dialogue.step import Reply, Step
from bot.dialogue.wishes import (
    AskHuman,
    AskNow,
    HumanAsked,
    ReleaseOffer,
    Stored,
    TellStored,
    UseLanguage,
)
from bot.dialogue.wording import moment_words
from core import texts
from core.rules.criteria import Criteria


def human(state: State) -> Step:
    """Ask for a human."""
    return step(state.with_(tries=0), wishes=(AskHuman(),))


def human_asked(state: State, outcome: HumanAsked, known: Known) -> Step:
    """Say when somebody will answer; the dialogue stays open meanwhile."""
    key = "dialogue.human.open" if outcome.open_now else "dialogue.human.closed"
    if outcome.already:
        key = "dialogue.human.already"
    said = {"phone": known.network.phone}
    if outcome.answer_by is None:
        key = "dialogue.human.some_time"
    else:
        said["by"] = moment_words(outcome.answer_by, known)
    return after((Reply(key, said),), prompt(state, known))


def now(state: State) -> Step:
    """Ask for help in danger; the crisis text itself does not come from here."""
    return step(state, wishes=(AskNow(),))


def after_now(state: State) -> Step:
    """Leave the booking alone, one press away."""
    return step(
        state,
        Reply("dialogue.after_now", choices=(button("continue", "dialogue.button.continue"),)),
    )


def help_(state: State, known: Known) -> Step:
    """Say what can be done here, then what stands open."""
    return after((Reply("dialogue.help", {"phone": known.network.phone}),), prompt(state, known))


def stored(state: State) -> Step:
    """Ask what is stored."""
    return step(state, wishes=(TellStored(),))


def stored_told(state: State, outcome: Stored, known: Known) -> Step:
    """Say what is stored."""
    language, say = known.language, texts.say
    kept = [texts.say_n(language, "dialogue.stored.messages", outcome.messages)]
    kept.append(texts.say_n(language, "dialogue.stored.bookings", outcome.bookings))
    if outcome.has_name:
        kept.append(say(language, "dialogue.stored.name"))
    if outcome.has_contact:
        kept.append(say(language, "dialogue.stored.contact"))
    since = texts.date_words(language, outcome.since, known.zone)
    replies = [Reply("dialogue.stored", {"what": texts.join(language, kept), "since": since})]
    if known.network.privacy_url:
        replies.append(Reply("dialogue.stored_link", {"url": known.network.privacy_url}))
    return after(tuple(replies), prompt(state, known))


def language(state: State, wanted: str, known: Known) -> Step:
    """Change the language, or show those that there are."""
    languages = [code for code in known.network.languages if code in texts.languages()]
    if wanted in languages:
        return step(state, wishes=(UseLanguage(wanted),))
    key = "dialogue.language.unknown" if wanted else "dialogue.language.choose"
    ordered = sorted(languages, key=lambda code: code == known.language)
    choices = tuple(
        labelled("language", texts.say(code, "dialogue.language.name"), language=code)
        for code in ordered
    )
    return step(state, Reply(key, choices=choices))


def language_used(state: State, known: Known) -> Step:
    """Go on in the new language, with the current question."""
    return after((Reply("dialogue.language.used"),), prompt(state, known))


def restart(state: State, known: Known) -> Step:
    """Begin anew: what is held is released; what is booked stays."""
    fresh = State(
        at="consent", booked=state.booked, waiting=state.waiting, email=state.email,
        phone=state.phone, no_contact=False,
    )  # fmt: skip
    if not known.consented:
        return _released(step(fresh, Reply("dialogue.restarted"), notice(known)))
    if state.booked:
        first = Reply("dialogue.restarted_booked", choices=(IDLE_CHOICES[1], *IDLE_CHOICES[:1],
                                                            *IDLE_CHOICES[2:]))  # fmt: skip
        return _released(step(fresh.with_(at="idle"), first))
    return _released(after((Reply("dialogue.restarted"),), forward(fresh, known)))


def stop(state: State, known: Known) -> Step:
    """End here for now; everything booked stays, everything held is released."""
    fresh = State(
        at="idle", criteria=_kept(state), booked=state.booked, waiting=state.waiting,
        name=state.name, birth_date=state.birth_date, email=state.email, phone=state.phone,
    )  # fmt: skip
    if not known.consented:
        return _released(step(State(), Reply("dialogue.stopped"), notice(known)))
    return _released(after((Reply("dialogue.stopped"),), prompt(fresh, known)))


def _kept(state: State) -> Criteria:
    return Criteria() if state.moving else state.criteria


def _released(then: Step) -> Step:
    return Step(then.state, then.replies, (ReleaseOffer(), *then.wishes))
