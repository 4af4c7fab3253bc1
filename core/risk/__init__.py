"""Risk screening: `screen(text)` flags messages to a human before anything else acts on them."""

from core.risk.screening import Hit, Screening, screen

__all__ = ["Hit", "Screening", "screen"]
