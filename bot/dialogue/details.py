"""From a chosen seat to a booking: name, date of birth, contact, rules."""

from datetime import date

from bot.dialogue.actions import ANOTHER, CANCEL, HUMAN, LIST, MOVE, button
from bot.dialogue.intake import search
from bot.dialogue.known import Known
from bot.dialogue.state import Held, State, after, step
from bot.dialogue.step import Card, Reply, Step
from bot.dialogue.wishes import Book, Booked, Kept, PolicyShown, PolicyView, ShowPolicy
from bot.dialogue.wording import clock, moment_words, when, where
from bot.understanding.ages import age_group_of
from bot.understanding.contact import contact, person_name
from bot.understanding.dates import birth_date, years_between
from core import texts
from core.rules.criteria import ANY

IDLE_CHOICES = (LIST, ANOTHER, CANCEL, MOVE)
_MINORS = frozenset({"child", "adolescent"})
_GROWN = frozenset({"adult", "senior"})


def kept(state: State, outcome: Kept, known: Known) -> Step:
    """The seat is held for the patient; ask what is still missing."""
    held = state.offer or Held("", outcome.held_until, (outcome.seat,))
    offer = Held(held.offer, outcome.held_until, held.seats, held.therapist_full)
    state = state.with_(seat=outcome.seat, offer=offer)
    then = onward(state, known)
    ready = State.from_json(then.state).at == "policy"
    said = Reply(
        "dialogue.kept_ready" if ready else "dialogue.kept",
        {"when": when(outcome.seat, known), "therapist": outcome.seat.therapist_name,
         "time": clock(outcome.held_until, known)},
    )  # fmt: skip
    return after((said,), then)


def onward(state: State, known: Known) -> Step:
    """Ask for the next detail, or show the rules when all is there."""
    at = "policy"
    if not state.moving:
        if state.name is None:
            at = "name"
        elif state.birth_date is None:
            at = "birth_date"
        elif state.email is None and state.phone is None and not state.no_contact:
            at = "contact"
    return put(state.with_(at=at, tries=0), known)


def put(state: State, known: Known) -> Step:
    """Put the question of the current detail."""
    if state.seat is None or state.offer is None:
        return search(state, known)
    child = state.criteria.relation in ("parent", "guardian")
    whose = "relative" if state.criteria.relation == "relative" else "child" if child else "self"
    if state.at in ("name", "birth_date"):
        return step(state, Reply(f"dialogue.ask.{state.at}.{whose}"))
    if state.at == "age_check" and state.born_perhaps:
        return step(state, _age_check(state, state.born_perhaps, known))
    if state.at == "contact":
        return step(state, ask_contact("dialogue.ask.contact"))
    wish = ShowPolicy(state.offer.offer, state.seat.seat, state.birth_date, state.moving)
    return step(state.with_(at="policy"), wishes=(wish,))


def ask_contact(key: str) -> Reply:
    """Ask for an e-mail address or a phone number; it may be skipped."""
    return Reply(key, choices=(button("skip_contact", "dialogue.button.skip_contact"),))


def said_name(state: State, text: str, known: Known) -> Step | None:
    """Take a name."""
    name = person_name(text)
    return onward(state.with_(name=name), known) if name else None


def said_birth_date(state: State, text: str, known: Known) -> Step | None:
    """Take a date of birth, and ask which is right when it contradicts what was said."""
    read = birth_date(text, known.today, known.network.languages, state.criteria.age_group)
    if read.born is None:
        if read.problem == "none":
            return None
        return step(state.with_(at="birth_date"), Reply(f"dialogue.birth_date.{read.problem}"))
    said = state.criteria.age_group
    group = age_group_of(years_between(read.born, known.today))
    grown = state.criteria.relation == "relative" and {group, said} <= _GROWN
    if said in (group, None, ANY) or grown:
        return _born(state, read.born, group, known, searched=group == said or group in _GROWN)
    state = state.with_(at="age_check", born_perhaps=read.born, tries=0)
    return step(state, _age_check(state, read.born, known))


def age_right(state: State, known: Known) -> Step:
    """The date of birth holds: look again, for the age that follows from it."""
    if state.born_perhaps is None:
        return put(state.with_(at="birth_date"), known)
    group = age_group_of(years_between(state.born_perhaps, known.today))
    return _born(state, state.born_perhaps, group, known, searched=False)


def said_contact(state: State, text: str, known: Known) -> State | Reply | None:
    """Return the state with a contact, a reply that asks again, or None if nothing was read."""
    read = contact(text, known.network.country)
    if read.email or read.phone:
        return state.with_(
            email=read.email or state.email, phone=read.phone or state.phone, no_contact=False
        )
    return None if read.problem == "none" else ask_contact(f"dialogue.contact.{read.problem}")


def skipped(state: State, known: Known) -> Step:
    """Go on without a contact, and say what that means."""
    first = (Reply("dialogue.contact.skipped"),)
    return after(first, onward(state.with_(no_contact=True), known))


def rules(state: State, outcome: PolicyShown, known: Known) -> Step:
    """Show the appointment and its rules, to be accepted."""
    seat, offer = state.seat, state.offer
    if seat is None or offer is None:
        return search(state, known)
    policy = outcome.policy
    state = state.with_(at="policy", policy=policy.version)
    accept = "dialogue.button.accept_move" if state.moving else "dialogue.button.accept"
    reply = Reply(
        "dialogue.policy",
        {
            "text": policy.text,
            "here": _rules_here(policy, known),
            "until": clock(offer.held_until, known),
        },
        kind="card",
        choices=(
            button("accept", accept, version=policy.version),
            button("decline", "dialogue.button.decline"),
        ),
        cards=(Card(seat, until=offer.held_until),),
    )
    return step(state, reply)


def _rules_here(policy: PolicyView, known: Known) -> str:
    """Say what the rules mean for this very appointment: nobody shall agree to a passed date."""
    if policy.fee is None:
        return texts.say(known.language, "dialogue.policy_no_fee")
    if policy.free_until > known.now:
        until = moment_words(policy.free_until, known)
        return texts.say(known.language, "dialogue.policy_free", until=until)
    fee = texts.money(known.language, policy.fee, policy.currency)
    return texts.say(known.language, "dialogue.policy_late", fee=fee)


def accept(state: State, known: Known) -> Step:
    """Book: the rules were accepted."""
    seat, offer = state.seat, state.offer
    if seat is None or offer is None:
        return search(state, known)
    if state.policy is None or (not state.moving and not (state.name and state.birth_date)):
        return onward(state, known)
    moving = state.moving is not None
    wish = Book(
        offer.offer,
        seat.seat,
        seat.gen,
        state.criteria,
        "" if moving else state.name or "",
        None if moving else state.birth_date,
        None if moving else state.email,
        None if moving else state.phone,
        state.policy,
        state.moving,
    )
    return step(state, wishes=(wish,))


def declined(state: State, known: Known) -> Step:
    """Without the rules nothing is booked; the seat stays held until its end."""
    choices = (
        button("find_rules", "dialogue.button.rules_again"),
        button("other_times", "dialogue.button.other_times"),
        button("stop", "dialogue.button.stop"),
        HUMAN,
    )
    until = clock(state.offer.held_until, known) if state.offer else ""
    return step(state, Reply("dialogue.declined", {"until": until}, choices=choices))


def booked(state: State, outcome: Booked, known: Known) -> Step:
    """Tell what was booked, or where it was moved to, and what to keep."""
    view = outcome.booking
    said = {
        "when": when(view.seat, known),
        "where": where(view.seat, known),
        "free_until": moment_words(view.policy.free_until, known),
        "reference": view.reference,
    }
    key = "dialogue.booked"
    if outcome.moved_from:
        key, said = "dialogue.moved", said | {"before": when(outcome.moved_from, known)}
    free = view.policy.free_until > known.now
    replies = [
        Reply(
            key if free else f"{key}_late",
            said,
            kind="card",
            cards=(Card(view.seat, booking=view),),
        )
    ]
    if outcome.return_code:
        code = outcome.return_code
        replies.append(Reply("dialogue.return_code", {"code": code}, secret=code))
    mailed = "dialogue.calendar_mailed" if outcome.mailed else "dialogue.calendar"
    replies.append(Reply(mailed, kind="file", file=outcome.file, choices=IDLE_CHOICES))
    fresh = state.with_(
        at="idle", booked=True, moving=None, offer=None, seat=None, policy=None, tries=0, back=None
    )
    return step(fresh, *replies)


def _born(state: State, born: date, group: str, known: Known, *, searched: bool) -> Step:
    criteria = state.criteria.with_(age_group=group)
    if group in _GROWN and criteria.relation == "parent":
        criteria = criteria.with_(relation="relative")
    if group == "child" and criteria.relation in (None, "self"):
        criteria = criteria.with_(relation="parent")
    state = state.with_(criteria=criteria, birth_date=born, born_perhaps=None, tries=0)
    if searched:
        return onward(state, known)
    return after((Reply("dialogue.age_new_search"),), search(state, known))


def _age_check(state: State, born: date, known: Known) -> Reply:
    age = years_between(born, known.today)
    group = texts.say(known.language, f"dialogue.age_group.{state.criteria.age_group or ANY}")
    return Reply(
        "dialogue.age_check",
        {"date": texts.short_date(known.language, born),
         "age": texts.say_n(known.language, "dialogue.years", age), "group": group},
        choices=(
            button("age_right", "dialogue.button.age_right"),
            button("birth_again", "dialogue.button.birth_again"),
        ),
    )  # fmt: skip
