"""Which language the office speaks to a reader."""

from starlette.requests import Request

from core import texts


def language_of(request: Request) -> str:
    """Return the language to speak: that of the staff, asked for, or of the browser."""
    wanted: list[str] = [getattr(request.state, "language", ""), request.query_params.get("l", "")]
    accepted = request.headers.get("accept-language", "")
    wanted += [part.partition(";")[0].strip().lower()[:2] for part in accepted.split(",")]
    return next((language for language in wanted if language in texts.languages()), "en")
