"""The configuration: one table of options, read from YAML, validated, with errors that name the line."""

from __future__ import annotations

from bot.config.delivery import Deliver, Mail
from bot.config.loading import default, default_text, load
from bot.config.secrets import Secret
from bot.config.sections import (
    Account,
    Config,
    DigestSettings,
    Limits,
    Models,
    Person,
    Polling,
    Retention,
    Secrets,
)

__all__ = [
    "Account",
    "Config",
    "Deliver",
    "DigestSettings",
    "Limits",
    "Mail",
    "Models",
    "Person",
    "Polling",
    "Retention",
    "Secret",
    "Secrets",
    "default",
    "default_text",
    "load",
]
