"""Passung's command line, and the place where its parts are put together."""

import argparse
import asyncio
import json
import logging
import os
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

    from core.config import Settings

# What a command needs is imported where it runs: `--help` has to answer at once.

log = logging.getLogger("passung")
FAULT, REFUSED, INTERRUPTED = 1, 2, 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it did its work, 1 for a fault, 2 when it was refused."""
    given = _parser().parse_args(arguments)
    from core.errors import PassungError

    try:
        return _in_loop(given.command(given))
    except PassungError as error:
        _complain(error)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:
        from core import logs

        if not logging.getLogger().handlers:
            logs.setup()
        reference = secrets.token_hex(4).upper()
        log.exception("the command failed", extra={"reference": reference})
        print(_say("cli.unexpected", reference=reference), file=sys.stderr)
        return FAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="passung", description="The booking office's server.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(name: str, command: Any, does: str, to: Any = commands) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = to.add_parser(name, help=does, description=does)
        made.set_defaults(command=command)
        return made

    add("run", run, "web and worker in one process; does not migrate")
    add("web", run_web, "the web process alone")
    add("worker", run_worker, "the worker alone")
    migrating = add("migrate", migrate, "bring the database to the version of the code")
    migrating.add_argument("--to", metavar="NAME", help="another version, or zero to undo all")
    add("demo", demo, "load the fictional network with people and appointments")
    checking = add("check", check, "evaluate every promise of the house over the database")
    checking.add_argument("--json", action="store_true", help="print what is broken as JSON")
    networks = commands.add_parser("network", help="the organisation that this house serves")
    network = networks.add_subparsers(metavar="COMMAND", required=True)
    loading = add("load", load_network, "put a folder of YAML files in force", network)
    loading.add_argument("directory", type=Path, metavar="DIR")
    importing = add("therapists", load_therapists, "import therapists from CSV", network)
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    importing.add_argument("--dry-run", action="store_true", help="only name what is wrong")
    add("show", show_network, "say which network is in force", network)
    people = commands.add_parser("staff", help="who works in the office")
    staff = people.add_subparsers(metavar="COMMAND", required=True)
    adding = add("add", add_staff, "add a member of staff", staff)
    adding.add_argument("email")
    adding.add_argument("--name", required=True)
    adding.add_argument("--role", action="append", required=True, help="may be given repeatedly")
    adding.add_argument("--language", default="de")
    adding.add_argument("--password-file", type=Path, metavar="FILE")
    add("list", list_staff, "list the members of staff", staff)
    add("disable", disable_staff, "end somebody's access", staff).add_argument("email")
    return parser


# ── the process ───────────────────────────────────────────────────────────────────────────────


def _in_loop(work: Coroutine[Any, Any, int]) -> int:
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return asyncio.run(work)
    return uvloop.run(work)


def web_app() -> "FastAPI":
    """Put the web process together: the chat, the office, health, and what surrounds them."""
    from fastapi import FastAPI
    from fastapi.responses import JSONResponse

    from admin import app as office
    from bot.channels import web
    from bot.channels.web.errors import handle_in
    from bot.edge import Edge
    from core import health

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(Edge)
    app.state.pulse = health.Pulse()

    @app.get("/livez")
    async def livez() -> JSONResponse:
        ok, found = app.state.pulse.live()
        return JSONResponse({"ok": ok, **found}, 200 if ok else 503)

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        ok, found = await health.ready()
        return JSONResponse({"ok": ok, **found}, 200 if ok else 503)

    handle_in(app)
    office.mount(app)
    web.mount(app)
    return app


async def _serve(stop: asyncio.Event, settings: "Settings") -> None:
    from bot.serving import serve
    from core import commands

    app, said = web_app(), await commands.serving(_language())
    beating = asyncio.create_task(app.state.pulse.run())
    try:
        await serve(app, settings, stop, lambda: _print(said))
    finally:
        beating.cancel()


async def _work(stop: asyncio.Event, settings: "Settings") -> None:
    from bot import delivery
    from core import ticks

    senders = delivery.senders(settings)
    await ticks.run(ticks.standard(lambda: delivery.deliver_due(senders)), stop)


async def _together(*parts: Any) -> int:
    """Run parts of the house until a signal, or until one of them ends; then end them all."""
    from core import wake
    from core.house import opened

    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.set_exception_handler(_report)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with opened() as settings:
        hearing = asyncio.create_task(wake.run())
        running = [asyncio.create_task(part(stop, settings)) for part in parts]
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            await asyncio.gather(*running)
        finally:
            stop.set()
            await asyncio.gather(*running, return_exceptions=True)
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
    return 0


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # The loop's own report quotes the exception's message, which may quote a patient.
    log.error("a task failed unheard", exc_info=context.get("exception"))


# ── the commands ──────────────────────────────────────────────────────────────────────────────


async def run(given: argparse.Namespace) -> int:
    return await _together(_serve, _work)


async def run_web(given: argparse.Namespace) -> int:
    return await _together(_serve)


async def run_worker(given: argparse.Namespace) -> int:
    return await _together(_work)


async def migrate(given: argparse.Namespace) -> int:
    from core import commands

    return _print(await commands.migrate(_language(), given.to))


async def demo(given: argparse.Namespace) -> int:
    from bot.turn import Inbound, take_turn
    from core import demo

    async def talk(conversation: Any, external_id: str, kind: str, said: str) -> None:
        content = {"choice": said} if kind == "choice" else {"text": said}
        await take_turn(Inbound(demo.CHANNEL, conversation.id, external_id, kind, **content))

    return await _inside(lambda _: demo.load(_language(), talk))


async def check(given: argparse.Namespace) -> int:
    from core import check
    from core.house import opened

    async with opened():
        return _print_broken(await check.run(_language()), as_json=given.json)


async def load_network(given: argparse.Namespace) -> int:
    return await _inside(lambda core: core.load_network(_language(), given.directory))


async def load_therapists(given: argparse.Namespace) -> int:
    return await _inside(
        lambda core: core.load_therapists(_language(), given.file, dry_run=given.dry_run)
    )


async def show_network(given: argparse.Namespace) -> int:
    return await _inside(lambda core: core.show_network(_language()))


async def add_staff(given: argparse.Namespace) -> int:
    from core import commands

    # Asked before the database is open: somebody may type for minutes.
    password, made_up = commands.ask_password(_language(), given.password_file)
    who = (given.email, given.name, given.role, given.language)
    return await _inside(lambda core: core.add_staff(_language(), *who, password, made_up))


async def list_staff(given: argparse.Namespace) -> int:
    return await _inside(lambda core: core.list_staff(_language()))


async def disable_staff(given: argparse.Namespace) -> int:
    return await _inside(lambda core: core.disable_staff(_language(), given.email))


async def _inside(command: Callable[[Any], Awaitable[list[str]]]) -> int:
    from core import commands
    from core.house import opened

    async with opened():
        return _print(await command(commands))


def _language() -> str:
    """Return the language of the terminal if it ships, else English."""
    from core import texts

    wish = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return wish[:2] if wish[:2] in texts.languages() else "en"


def _say(key: str, **data: object) -> str:
    from core import texts

    return texts.say(_language(), key, **data)


def _print(lines: list[str]) -> int:
    print("\n".join(lines), flush=True)
    return 0


def _print_broken(broken: list[Any], *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(broken, default=vars, indent=1))
    elif broken:
        print("\n".join(map(str, broken)))
    else:
        print(_say("cli.check_sound"))
    return FAULT if broken else 0


def _complain(error: Any) -> None:
    """Say what was refused: each problem on a line of its own."""
    from core import texts

    known = texts.has(error.key)
    print(_say(error.key, **error.data) if known else error, file=sys.stderr)
    for problem in error.data.get("problems", ()):
        words = problem.in_words(_language()) if hasattr(problem, "in_words") else problem
        print(f"  {words}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
