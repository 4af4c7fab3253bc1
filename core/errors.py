"""Every error that Passung raises on purpose.

    PassungError                 key and data, never prose and never an HTTP status
    ├── Invalid                  what was given cannot be used; says which field
    ├── NotFound                 no such thing, or not for this reader
    ├── NotAllowed               known, but the actor lacks the right
    ├── Conflict                 lost a race, or the thing moved on meanwhile
    │   ├── HoldGone             the seat's hold ended or has another generation
    │   ├── AlreadyTaken         somebody else leads the conversation
    │   └── Duplicate            the same id was used for other content
    ├── TooMany                  a limit was reached; try again later
    └── Misconfigured            settings or network files are wrong; start is refused

Each edge maps a family once: the web to a status, the chat to a text of `locales/`, the
command line to a line on standard error.
"""


class PassungError(Exception):
    """An expected failure: `key` names the text in `locales/`, `data` fills it."""

    def __init__(self, key: str, **data: object) -> None:
        super().__init__(key)
        self.key = key
        self.data = data

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.data.items())
        return f"{self.key} ({details})" if details else self.key


class Invalid(PassungError):
    pass


class NotFound(PassungError):
    pass


class NotAllowed(PassungError):
    pass


class Conflict(PassungError):
    pass


class HoldGone(Conflict):
    pass


class AlreadyTaken(Conflict):
    pass


class Duplicate(Conflict):
    pass


class TooMany(PassungError):
    pass


class Misconfigured(PassungError):
    pass
