"""All settings, read in one place from `PASSUNG_*` variables; loud when one is wrong.

A secret may come from a file instead: `PASSUNG_SMTP_PASSWORD_FILE=/run/secrets/smtp`.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import Misconfigured

PREFIX = "PASSUNG_"
SECRETS = ("DATABASE_URL", "SMTP_PASSWORD")


def _known_database(url: str) -> str:
    if not url.startswith(("sqlite://", "asyncpg://")):
        raise ValueError("must begin with sqlite:// or asyncpg://")
    return url


def _web_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return url.rstrip("/")


class Settings(BaseSettings):
    """One field per variable; the README lists each with its default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

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
    trusted_proxies: str = ""
    """Addresses whose X-Forwarded-For is believed, separated by commas."""


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
    known = set(Settings.model_fields)
    problems += [f"{PREFIX}{k}: no such setting" for k in sorted(given) if k.lower() not in known]
    values: dict[str, Any] = {k.lower(): v for k, v in given.items() if k.lower() in known}
    if "port" in values and "base_url" not in values:
        values["base_url"] = f"http://localhost:{values['port']}"
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0]).upper()
            problems.append(f"{PREFIX}{name}: {problem['msg'].removeprefix('Value error, ')}")
    if problems:
        raise Misconfigured("error.settings_wrong", problems=problems)
    return settings


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process."""
    return read(dict(os.environ))
