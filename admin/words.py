"""What templates say: texts, times and codes in the reader's language and the network's zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from babel import Locale

from core import clock, texts
from core.network.schema import Network
from core.rules.criteria import ANY, Criteria
from core.thread import Thread

MINUTE, HOUR, DAY = 60, 3600, 86400
CODED = ("concern", "modality", "setting", "format", "age_group", "relation", "gender", "funding")


def alarm_mark(thread: Thread) -> str:
    """Return what an open page compares: another mark means another alarm in its head."""
    return f"{thread.severity or 'calm'}-{'seen' if thread.acknowledged_by else 'open'}"


@dataclass(frozen=True)
class Words:
    """Bound to one reader; without a network (before signing in) times are in UTC."""

    language: str
    network: Network | None = None

    @property
    def zone(self) -> str:
        return self.network.zone if self.network else "UTC"

    def t(self, key: str, **args: object) -> str:
        """Return a text; raises KeyError for a missing one."""
        return texts.say(self.language, key, **args)

    def n(self, key: str, n: int, **args: object) -> str:
        return texts.say_n(self.language, key, n, **args)

    def ago(self, since: datetime) -> str:
        """Return how long ago, in one short unit: „7 Min.“."""
        seconds = max(0, int((clock.now() - since).total_seconds()))
        if seconds < MINUTE:
            return self.t("office.just_now")
        if seconds < HOUR:
            return self.t("office.short_minutes", n=seconds // MINUTE)
        if seconds < DAY:
            return self.t("office.short_hours", n=seconds // HOUR)
        return self.n("time.days", seconds // DAY)

    def elapsed(self, since: datetime) -> str:
        """Return a running time as minutes and seconds, then in hours: „02:14“."""
        seconds = max(0, int((clock.now() - since).total_seconds()))
        if seconds < HOUR:
            return f"{seconds // MINUTE:02}:{seconds % MINUTE:02}"
        return self.ago(since)

    def overdue(self, due: datetime) -> bool:
        return due <= clock.now()

    def at(self, moment: datetime) -> str:
        """Return the time, with its day unless that is today."""
        said = texts.time_words(self.language, moment, self.zone)
        if self.is_today(moment):
            return said
        return f"{texts.day_words(self.language, moment, self.zone)}, {said}"

    def full(self, moment: datetime) -> str:
        """Return date and time in words, for the hint on a relative time."""
        day = texts.date_words(self.language, moment, self.zone)
        return f"{day}, {texts.time_words(self.language, moment, self.zone)}"

    def day(self, moment: datetime) -> str:
        """Return the day of a message: „Heute“, or weekday and date."""
        if self.is_today(moment):
            return self.t("office.today")
        return texts.day_words(self.language, moment, self.zone)

    def clock(self, moment: datetime) -> str:
        return texts.time_words(self.language, moment, self.zone)

    def iso(self, moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat(timespec="seconds")

    def is_today(self, moment: datetime) -> bool:
        first, second = (
            texts.short_date(self.language, m, self.zone) for m in (moment, clock.now())
        )
        return first == second

    def language_name(self, code: str) -> str:
        """Return a language by its name in the reader's: „Farsi“, „Persisch“."""
        name = Locale.parse(code, sep="-").get_display_name(self.language) or code
        return name[:1].upper() + name[1:]

    def languages(self) -> tuple[str, ...]:
        return texts.languages()

    def initials(self, name: str | None) -> str:
        """Return the first letters of first and last name; a person without a name has none."""
        words = (name or "").split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "–"

    def short_name(self, name: str | None) -> str:
        """Return a name as a list shows it: „Leyla A.“."""
        words = (name or "").split()
        return f"{words[0]} {words[-1][0]}." if len(words) > 1 else "".join(words)

    def date(self, day: date) -> str:
        return texts.short_date(self.language, day)

    def said(self, text: str) -> str:
        """Return a patient's words; an action of the menu, sent as „/now“, by its name."""
        name = text.removeprefix("/").split(" ", 1)[0]
        key = f"office.action.{name}"
        known = text.startswith("/") and texts.has(key, self.language)
        return self.t(key) if known else text

    def alarm_mark(self, thread: Thread) -> str:
        return alarm_mark(thread)

    def channel(self, code: str) -> str:
        key = f"office.channel.{code}"
        return self.t(key) if texts.has(key, self.language) else code

    def lead(self, thread: Thread) -> str:
        """Return who leads a conversation, as its reader sees it."""
        lead = "mine" if thread.mine else thread.lead
        return self.t(f"office.lead.{lead}", name=thread.holder)

    def direction(self) -> str:
        return texts.direction(self.language)

    def category(self, code: str) -> str:
        """Return what an escalation is about; an unknown category says that help is wanted."""
        key = f"crisis.category.{code}"
        return self.t(key if texts.has(key, self.language) else "office.alarm.asked")

    def task(self, kind: str) -> str:
        key = f"office.task.{kind}"
        return self.t(key if texts.has(key, self.language) else "office.task.other")

    def site(self, code: str, by: str) -> str:
        """Return where an appointment takes place."""
        sites = self.network.sites if self.network else ()
        found = next((site for site in sites if site.code == code), None)
        if found is not None:
            return found.labels.get(self.language) or next(iter(found.labels.values()))
        return self.label("format", by)

    def label(self, group: str, code: str) -> str:
        """Return the label of a code of the network."""
        if code == ANY:
            return self.t("office.any")
        return self.network.label(group, code, self.language) if self.network else code

    def facts(self, criteria: Criteria) -> list[tuple[str, str]]:
        """Return what was gathered as pairs of label and value, in the order of the intake."""
        found = [("service", self._service(criteria.service))] if criteria.service else []
        for group in CODED:
            code = getattr(criteria, group)
            if code is not None:
                found.append((group, self.label(group, code)))
        if criteria.weekdays or criteria.parts or criteria.times_said:
            found.append(("times", self._times(criteria)))
        if criteria.site:
            found.append(("site", self.site(criteria.site, "onsite")))
        if criteria.area:
            found.append(("area", criteria.area))
        if criteria.language:
            found.append(("language", self.label("language", criteria.language)))
        flags = ("interpreter", "accessible")
        found += [(name, self.t("office.yes")) for name in flags if getattr(criteria, name)]
        return [(self.t(f"office.fact.{name}"), value) for name, value in found]

    def _service(self, code: str) -> str:
        services = self.network.services if self.network else ()
        labels = next((s.labels for s in services if s.code == code), {})
        return labels.get(self.language) or next(iter(labels.values()), code)

    def _times(self, criteria: Criteria) -> str:
        days = [texts.weekday_words(self.language, day) for day in criteria.weekdays]
        parts = [self.label("part", part) for part in criteria.parts]
        said = [texts.join(self.language, some) for some in (days, parts) if some]
        return ", ".join(said) or self.t("office.any")
