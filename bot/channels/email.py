"""E-mail: plain text, with the appointment as a calendar file, through one SMTP server."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

import aiosmtplib

from bot.delivery import Refused, TryLater
from core import clock
from core.config import Settings
from core.models import Outbox

SECONDS = 20.0
"""How long one step of the conversation with the server may take."""
IMPLICIT_TLS_PORT = 465


class Mailer:
    """Sends mails with the settings `smtp_*` and `mail_from`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, row: Outbox, payload: dict[str, Any]) -> str:
        """Send `payload` (to, subject, text, perhaps ics with ics_name); return its Message-ID.

        Raises TryLater for 4xx answers and lost connections, Refused for 5xx answers.
        """
        try:
            mail = compose(row, payload, self._settings.mail_from)
            await aiosmtplib.send(mail, **self._connection())
        except aiosmtplib.SMTPRecipientsRefused as refused:
            answers = [recipient.code for recipient in refused.recipients]
            raise _verdict(max(answers, default=0)) from None
        except aiosmtplib.SMTPAuthenticationError:
            # Our password, not the patient's address: mails wait until it is mended.
            raise TryLater from None
        except aiosmtplib.SMTPResponseException as refused:
            raise _verdict(refused.code) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            raise TryLater from None
        except ValueError:
            # An address that no mail can be written to, such as one with a line break.
            raise Refused from None
        return str(mail["Message-ID"])

    def _connection(self) -> dict[str, Any]:
        """TLS from the first byte on port 465, else STARTTLS, which must then succeed."""
        settings = self._settings
        implicit = settings.smtp_tls and settings.smtp_port == IMPLICIT_TLS_PORT
        return {
            "hostname": settings.smtp_host,
            "port": settings.smtp_port,
            "username": settings.smtp_user or None,
            "password": settings.smtp_password or None,
            "use_tls": implicit,
            "start_tls": settings.smtp_tls and not implicit,
            "timeout": SECONDS,
        }


def compose(row: Outbox, payload: dict[str, Any], sender: str) -> EmailMessage:
    """Build the mail; its Message-ID is the row's, so that a second copy can be known as one."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = payload["to"]
    mail["Subject"] = payload["subject"]
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{row.public_id}@{_domain(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(payload["text"])
    if payload.get("ics"):
        mail.add_attachment(
            payload["ics"].encode(),
            maintype="text",
            subtype="calendar",
            filename=payload["ics_name"],
            params={"charset": "utf-8", "method": _method(payload["ics"])},
        )
    return mail


def _method(ics: str) -> str:
    # A mail program obeys the file only where the part says the same.
    return "CANCEL" if "METHOD:CANCEL" in ics else "PUBLISH"


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].strip(" <>") or "localhost"


def _verdict(code: int) -> Exception:
    return Refused() if 500 <= code < 600 else TryLater()
