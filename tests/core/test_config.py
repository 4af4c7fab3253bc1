"""Settings: all of them from one environment, and each wrong one named."""

from pathlib import Path

import pytest

from core import config
from core.errors import Misconfigured

MAIL = {"PASSUNG_SMTP_HOST": "mail.example", "PASSUNG_MAIL_FROM": "termine@rheinaue.example"}


def problems(environment: dict[str, str]) -> list[str]:
    with pytest.raises(Misconfigured) as refused:
        config.read(environment)
    found = refused.value.data["problems"]
    assert isinstance(found, list)
    return found


def test_an_empty_environment_gives_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSUNG_PORT", "9")  # what is read is what was given, and nothing else
    given = config.read({"HOME": "/", "PATH": "/bin"})
    assert (given.host, given.port, given.database_url) == (
        "127.0.0.1",
        8000,
        "sqlite://passung.db",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "asyncpg://host"),
        ("DATABASE_URL", "asyncpg:///name"),
        ("DATABASE_URL", "asyncpg://u:p@host:port/name"),
        ("DATABASE_URL", ""),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PORT", ""),
        ("BASE_URL", "rheinaue.example"),
        ("BASE_URL", "ftp://rheinaue.example"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://rheinaue.example/chat"),
        ("BASE_URL", "https://rheinaue.example?x=1"),
        ("BASE_URL", "https://me@rheinaue.example"),
        ("BASE_URL", "https://rheinaue.example:http"),
        ("SMTP_PORT", "-1"),
        ("SMTP_TLS", "perhaps"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_LEVEL", "info"),
        ("TRUSTED_PROXIES", "proxy.local"),
        ("TRUSTED_PROXIES", "10.0.0.1, 10.0.0.300"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    (problem,) = problems({f"PASSUNG_{name}": value})
    assert problem.startswith(f"PASSUNG_{name}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "sqlite:///var/lib/passung.db"),
        ("DATABASE_URL", "asyncpg://u:p%40x@127.0.0.1:5432/name"),
        ("BASE_URL", "https://rheinaue.example:8443"),
        ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1"),
        ("SMTP_TLS", "false"),
    ],
)
def test_a_right_value_is_taken(name: str, value: str) -> None:
    assert str(getattr(config.read({f"PASSUNG_{name}": value}), name.lower())).lower() == value


def test_all_problems_are_named_at_once_and_no_secret_is_shown() -> None:
    url = "mysql://root:hunter2@host/x"
    found = problems({"PASSUNG_PORT": "x", "PASSUNG_PROT": "1", "PASSUNG_DATABASE_URL": url})
    assert [each.partition(":")[0] for each in sorted(found)] == [
        "PASSUNG_DATABASE_URL",
        "PASSUNG_PORT",
        "PASSUNG_PROT",
    ]
    assert "hunter2" not in str(found)


@pytest.mark.parametrize("name", ["PASSUNG_PROT", "PASSUNG_port", "PASSUNG_", "PASSUNG_PORT_FILE"])
def test_an_unknown_setting_is_named(name: str) -> None:
    assert problems({name: "8000"}) == [f"{name}: no such setting"]


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2\n")
    given = config.read(MAIL | {"PASSUNG_SMTP_PASSWORD_FILE": str(file)})
    assert given.smtp_password == "hunter2"


def test_a_secret_given_twice_is_named(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2")
    (problem,) = problems(
        {"PASSUNG_SMTP_PASSWORD": "hunter3", "PASSUNG_SMTP_PASSWORD_FILE": str(file)}
    )
    assert problem.startswith("PASSUNG_SMTP_PASSWORD: given twice")
    assert "hunter" not in problem


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "url"
    if content is not None:
        file.write_bytes(content)
    (problem,) = problems({"PASSUNG_DATABASE_URL_FILE": str(file)})
    assert problem.startswith("PASSUNG_DATABASE_URL_FILE: ") and str(file) in problem
    assert problems({"PASSUNG_DATABASE_URL_FILE": "\0"})


def test_mails_need_a_sender() -> None:
    (problem,) = problems({"PASSUNG_SMTP_HOST": "mail.example"})
    assert problem.startswith("PASSUNG_MAIL_FROM: ")
    assert config.read(MAIL).mail_from


def test_the_address_follows_the_port_unless_it_is_given() -> None:
    assert config.read({"PASSUNG_PORT": "8080"}).base_url == "http://localhost:8080"
    given = {"PASSUNG_PORT": "8080", "PASSUNG_BASE_URL": "https://rheinaue.example/"}
    assert config.read(given).base_url == "https://rheinaue.example"
