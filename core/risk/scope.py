"""What stands around a hit lowers it, never silences it; what is now raises it."""

from dataclasses import dataclass

from core.risk.tables import Rule, Table
from core.risk.words import Word

_OWN_LIFE = ("plan_means_intent", "suicidal_ideation", "self_harm")
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Span:
    """Places of the first and the last word of a match, and of all that its pattern took."""

    first: int
    last: int
    taken: frozenset[int]


def scoped(table: Table, rule: Rule, span: Span, words: list[Word]) -> tuple[str, str]:
    """Return level and category of a hit after a look at the words around it."""
    if not rule.scope:
        return rule.level, rule.category
    around = _Around(table, span, words)
    if around.told_of_another():
        return "watch", "relative_at_risk"
    if not around.has("restore", span.first, span.last + 2 * _NEAR):
        if around.past():
            return "watch", "past_ideation" if rule.category in _OWN_LIFE else rule.category
        if around.denied() or around.topic():
            return "watch", rule.category
    now = around.has("now", span.first - 2 * _NEAR, span.last + 2 * _NEAR)
    if now and rule.category == "suicidal_ideation" and not around.a_noun_alone():
        return "emergency", "plan_means_intent"
    return rule.level, rule.category


class _Around:
    def __init__(self, table: Table, span: Span, words: list[Word]) -> None:
        self.scopes, self.span, self.words = table.scopes, span, words

    def has(self, name: str, first: int, last: int, *, clause: bool = False) -> bool:
        """Tell whether a word of this kind stands there, in the match's sentence (or clause)."""
        wanted, here = self.scopes[name], self.words[self.span.first]
        for place in range(max(first, 0), min(last, len(self.words) - 1) + 1):
            word = self.words[place]
            same = word.clause == here.clause if clause else word.sentence == here.sentence
            if same and place not in self.span.taken and word.plain in wanted:
                return True
        return False

    def told_of_another(self) -> bool:
        """Another person stands before the match, and no „I“ between the two or within it."""
        first, last = self.span.first, self.span.last
        if self._own():
            return False
        for place in range(first - 1, max(first - _NEAR, 0) - 1, -1):
            if self.words[place].plain in self.scopes["self"]:
                return False
            if self.has("relative", place, place):
                return True
        return self.has("relative", first, last)

    def past(self) -> bool:
        """Told as over; a wish in the present tense is not over, whatever stands beside it."""
        if any(self.words[n].plain in self.scopes["present"] for n in self.span.taken):
            return False
        return self.has("past", self.span.first - _NEAR, self.span.last + _NEAR)

    def denied(self) -> bool:
        """A negation close before a word of the match, or a form's answer right after it."""
        for place in self.span.taken:
            for before in (place - 1, place - 2, place - 3):
                if before < 0 or self.words[before].plain in self.scopes["self"]:
                    break
                if before in self.span.taken:
                    break
                # „nicht mehr“ tells of an end, it does not take the next words back.
                limits = self.words[before + 1].plain in self.scopes["still"]
                if not limits and self.has("negation", before, before, clause=True):
                    return True
        return any(self._answers_no(self.span.last + n) for n in (1, 2))

    def _answers_no(self, place: int) -> bool:
        """A form's answer: the word „no“ at the end of the clause."""
        if place >= len(self.words):
            return False
        following = self.words[place + 1 : place + 2]
        ends = not following or following[0].clause != self.words[place].clause
        return ends and self.has("denial", place, place)

    def topic(self) -> bool:
        """Talk of a film, a course or the like, with no „I“ in the match."""
        first, last = self.span.first - 2 * _NEAR, self.span.last + 2 * _NEAR
        return not self._own() and self.has("topic", first, last)

    def a_noun_alone(self) -> bool:
        return len(self.span.taken) == 1

    def _own(self) -> bool:
        return any(self.words[n].plain in self.scopes["self"] for n in self.span.taken)
