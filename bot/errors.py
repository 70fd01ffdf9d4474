"""Errors of the watcher, documented as a tree, each with the exit code of the command that ends by it.

::

    BotError                 1   base; something failed that the user can read about
    +-- ConfigError          2   the configuration is wrong: names file, line, key and remedy
    +-- UsageError           2   a command was called with something that cannot be right
    +-- StoreBusy            3   another process holds the store
    +-- SourceError          4   a source cannot do what was asked (no source takes this address ...)

A post, a clip or an account that cannot be read is no exception but a result: it is stored with its
outcome and shown. Exit code 5 says that a command did its work but some items could not be examined.
"""

from __future__ import annotations

EXIT_PARTIAL = 5
"""A command ended its work, and at least one item could not be examined or polled."""


class BotError(Exception):
    """Base of all errors that this package raises on purpose; the message is shown as it is."""

    exit_code = 1


class ConfigError(BotError):
    """The configuration cannot be used. The message names file, line, key, the fault and the remedy."""

    exit_code = 2


class UsageError(BotError):
    """A command was given something that cannot be right."""

    exit_code = 2


class StoreBusy(BotError):
    """Another process works on the same store."""

    exit_code = 3


class SourceError(BotError):
    """No source can take this address, or the source cannot do what was asked."""

    exit_code = 4
