"""Errors of the store, documented as a tree.

::

    StorageError                 base of everything below
    +-- StoreMissing             there is no store at this place, and it was opened for reading only
    +-- NotAStore                the file is no SQLite database, is damaged, or belongs to another program
    |   +-- StoreDamaged         pages, indexes or references of the database do not fit, or it is empty
    +-- SchemaTooNew             written by a newer version than this one
    +-- SchemaTooOld             written by an older version, and opened for reading only
    +-- StoreReadOnly            the folder, the database or the evidence may not be written
    +-- StoreLocked              another process holds the database longer than the busy timeout
    +-- StoreFull                no space is left on the disk
    +-- RecordNotFound           no account, post or digest has this number
    +-- RecordInvalid            a value does not fit its column: a time without zone, a wrong reference
    +-- StoreExists              something is where a backup or a restored store was to go
    +-- BackupInvalid            the file is no backup, was cut short or changed
    +-- EvidenceError            a file cannot be kept as evidence: it is missing or not a plain file

Every message is one line that names the place and the remedy.
"""

from __future__ import annotations


class StorageError(Exception):
    """Base of all errors that this package raises on purpose; the message is shown as it is."""


class StoreMissing(StorageError):
    """There is no store at this place, and it was opened for reading only."""


class NotAStore(StorageError):
    """The file is no SQLite database, is damaged, or belongs to another program."""


class StoreDamaged(NotAStore):
    """The database does not fit together, or lost all of its bytes; nothing was changed."""


class SchemaTooNew(StorageError):
    """The store was written by a newer version than this one, which could misread it."""


class SchemaTooOld(StorageError):
    """The store was written by an older version and was opened for reading only, so it cannot be migrated."""


class StoreReadOnly(StorageError):
    """The folder, the database or the evidence may not be written."""


class StoreLocked(StorageError):
    """Another process holds the database longer than the busy timeout."""


class StoreFull(StorageError):
    """No space is left on the disk; the transaction was rolled back."""


class RecordNotFound(StorageError):
    """No account, post or digest has this number."""


class RecordInvalid(StorageError):
    """A value does not fit its column: a time without zone, a reference to a row that is not there."""


class StoreExists(StorageError):
    """Something is where a backup or a restored store was to go; neither overwrites anything."""


class BackupInvalid(StorageError):
    """The file is no backup of this program, was cut short, or was changed; nothing was restored."""


class EvidenceError(StorageError):
    """A file cannot be kept as evidence: it is missing or not a plain file."""
