"""All settings, read in one place from `PASSUNG_*` variables; loud when one is wrong.

A secret may come from a file instead: `PASSUNG_SMTP_PASSWORD_FILE=/run/secrets/smtp`.
"""

import os
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from core.errors import Misconfigured

PREFIX = "PASSUNG_"
SECRETS = ("DATABASE_URL", "SMTP_PASSWORD")


def _known_database(url: str) -> str:
    if url.removeprefix("sqlite://").strip("/") and url.startswith("sqlite://"):
        return url
    parts = _parts(url)
    if parts.scheme == "asyncpg" and parts.hostname and parts.path.strip("/"):
        return url
    raise ValueError("must be sqlite://PATH or asyncpg://USER:PASSWORD@HOST:PORT/NAME")


def _web_address(url: str) -> str:
    url = url.rstrip("/")
    parts = _parts(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must begin with http:// or https:// and name a host")
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be a scheme, a host and perhaps a port, without a path")
    return url


def _parts(url: str) -> SplitResult:
    """Split an address; the faults of urllib quote it, and it may hold a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("is no address that can be read") from None
    return parts


def _addresses(listed: str) -> str:
    for address in filter(None, map(str.strip, listed.split(","))):
        try:
            ip_network(address)
        except ValueError:
            raise ValueError("must be IP addresses or networks, separated by commas") from None
    return listed


class Settings(BaseModel):
    """One field per variable; the README lists each with its default."""

    model_config = ConfigDict(frozen=True)

    database_url: Annotated[str, AfterValidator(_known_database)] = "sqlite://passung.db"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    key_file: Path = Path("passung.key")
    base_url: Annotated[str, AfterValidator(_web_address)] = "http://localhost:8000"
    """Where patients and staff reach this server; decides cookies, links and allowed origins."""
    smtp_host: str = ""
    """Empty: no mail leaves, and patients are told so."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: bool = True
    mail_from: str = ""
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"
    trusted_proxies: Annotated[str, AfterValidator(_addresses)] = ""
    """Addresses whose X-Forwarded-For is believed, separated by commas."""

    @model_validator(mode="after")
    def _mails_have_a_sender(self) -> Self:
        if self.smtp_host and "@" not in self.mail_from:
            raise ValueError(f"{PREFIX}MAIL_FROM: must be an address when a mail server is set")
        return self


def read(environment: dict[str, str]) -> Settings:
    """Return the settings of an environment.

    Raises `Misconfigured` naming every variable that is wrong, unknown, or given twice.
    """
    given = {k.removeprefix(PREFIX): v for k, v in environment.items() if k.startswith(PREFIX)}
    problems: list[str] = []
    for secret in SECRETS:
        path = given.pop(f"{secret}_FILE", None)
        if path is None:
            continue
        if secret in given:
            problems.append(f"{PREFIX}{secret}: given twice, also as {PREFIX}{secret}_FILE")
        try:
            given[secret] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            problems.append(f"{PREFIX}{secret}_FILE: cannot read {path}: {error.strerror}")
        except ValueError:
            problems.append(f"{PREFIX}{secret}_FILE: no text in {path!r}")
    known = {name.upper() for name in Settings.model_fields}
    problems += [f"{PREFIX}{name}: no such setting" for name in sorted(given.keys() - known)]
    values: dict[str, Any] = {k.lower(): v for k, v in given.items() if k in known}
    try:
        settings = Settings.model_validate(values)
        if "base_url" not in values:
            settings = settings.model_copy(update={"base_url": f"http://localhost:{settings.port}"})
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            said = problem["msg"].removeprefix("Value error, ")
            name = "".join(f"{PREFIX}{field.upper()}: " for field in map(str, problem["loc"]))
            problems.append(name + said)
    if problems:
        raise Misconfigured("error.settings_wrong", problems=problems)
    return settings


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process."""
    return read(dict(os.environ))
