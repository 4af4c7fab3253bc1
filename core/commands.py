"""What the command line does, as operations that return the lines to print."""

import secrets
import sys
from datetime import datetime
from getpass import getpass
from pathlib import Path

from tortoise.exceptions import DBConnectionError, OperationalError

from core import clock, signin, staff, supply, texts, therapists, ticks
from core.actors import SYSTEM
from core.config import settings
from core.db import migrating
from core.errors import Invalid, Misconfigured, NotFound
from core.models import NetworkVersion, Slot, Staff, Therapist
from core.network import reading, store, table
from core.network import therapists as rows_of

MIGRATIONS = Path(__file__).parent / "migrations"


async def migrate(language: str, target: str | None) -> list[str]:
    """Bring the database to head or to `target`; raises `Invalid` for a name that is not there."""
    names = sorted(path.stem for path in MIGRATIONS.glob("0*.py"))
    if target not in (None, "zero", *names):
        raise Invalid("error.no_such_migration", name=target, known=", ".join(["zero", *names]))
    url = settings().database_url
    try:
        await migrating.migrate(url, target)
    except (OSError, DBConnectionError, OperationalError) as fault:
        raise Misconfigured("error.no_database", fault=type(fault).__name__) from None
    return [texts.say(language, "cli.migrated", version=target or names[-1])]


async def serving(language: str) -> list[str]:
    """Say where the server is, and in a new house the code that makes its first admin."""
    url = settings().base_url
    lines = [texts.say(language, "cli.serving", url=url)]
    if await signin.is_first_run():
        code = signin.first_run_code()
        lines.append(texts.say(language, "cli.first_run", url=url, code=code))
    return lines


async def load_network(language: str, directory: Path) -> list[str]:
    """Put a folder of YAML files in force; raises `Misconfigured` naming all that is wrong."""
    network = reading.read(directory)
    version = await store.load(network)
    title = network.titles[network.languages[0]]
    return [texts.say(language, "cli.network_loaded", title=title, version=version)]


async def load_therapists(language: str, file: Path, *, dry_run: bool) -> list[str]:
    """Import therapists and make their slots; with `dry_run` only look.

    Raises `Invalid` with `problems` when a single cell is wrong: nothing is half imported.
    """
    network = await store.current()
    content = _content(file)
    rows, problems = rows_of.parse(table.text_of(content), network)
    if problems:
        raise Invalid("error.csv_unusable", count=len(problems), problems=problems)
    if dry_run:
        return [texts.say_n(language, "cli.therapists_fine", len(rows))]
    new, known = await therapists.store(rows, by=SYSTEM, now=clock.now())
    until = ticks.horizon(network.zone, network.rules.horizon_days)
    made = await supply.make_slots(until=until, by=SYSTEM)
    return [
        texts.say(language, "cli.therapists_stored", new=new, known=known),
        texts.say_n(language, "cli.slots_made", made),
    ]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise Invalid("error.cannot_read", path=str(file), reason=fault.strerror) from None


async def show_network(language: str) -> list[str]:
    """Say which network is in force, and how much there is in it."""
    network = await store.current()
    row = await NetworkVersion.all().order_by("-version").first()
    loaded: datetime = row.loaded_at if row else clock.now()
    counts = {
        "therapists": await Therapist.filter(active=True).count(),
        "slots": await Slot.filter(state="active", starts_at__gt=clock.now()).count(),
    }
    return [
        texts.say(
            language,
            "cli.network_in_force",
            title=network.titles[network.languages[0]],
            name=network.name,
            version=row.version if row else 0,
            date=texts.date_words(language, loaded, network.zone),
        ),
        texts.say(
            language,
            "cli.network_holds",
            services=len(network.services),
            sites=len(network.sites),
            **counts,
        ),
    ]


def ask_password(language: str, file: Path | None) -> tuple[str, bool]:
    """Return the password from a file, the keyboard, or made up here, and whether it was.

    Raises `Invalid` when the file cannot be read, or when what was typed twice differs.
    """
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").rstrip("\r\n"), False
        except (OSError, UnicodeDecodeError) as fault:
            reason = getattr(fault, "strerror", None) or "UTF-8"
            raise Invalid("error.cannot_read", path=str(file), reason=reason) from None
    typed = getpass(texts.say(language, "cli.password")) if sys.stdin.isatty() else ""
    if not typed:
        return secrets.token_urlsafe(15), True
    if getpass(texts.say(language, "cli.password_again")) != typed:
        raise Invalid("error.passwords_differ")
    return typed, False


async def add_staff(
    language: str,
    email: str,
    name: str,
    roles: list[str],
    speaks: str,
    password: str,
    made_up: bool,
) -> list[str]:
    """Add a member of staff; a password that was made up is said once, here."""
    made = await staff.add(email, name, roles, password, speaks, SYSTEM)
    said = [texts.say(language, "cli.staff_added", name=made.name, email=made.email)]
    if made_up:
        said.append(texts.say(language, "cli.password_once", password=password))
    return said


async def list_staff(language: str) -> list[str]:
    """Return one line for each member of staff."""
    everybody = await staff.everybody()
    if not everybody:
        return [texts.say(language, "cli.staff_none")]
    key = {True: "cli.staff_line", False: "cli.staff_line_disabled"}
    return [
        texts.say(language, key[s.active], name=s.name, email=s.email, roles=", ".join(s.roles))
        for s in everybody
    ]


async def disable_staff(language: str, email: str) -> list[str]:
    """End somebody's access; raises `NotFound` for an address that nobody has."""
    found = await Staff.get_or_none(email=email.strip().lower())
    if found is None:
        raise NotFound("error.no_such_staff", email=email)
    await staff.disable(found.public_id, by=SYSTEM)
    return [texts.say(language, "cli.staff_disabled", name=found.name)]
