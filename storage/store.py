"""The store: one folder with one database and the evidence beside it."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from storage.alerts import Alerts
from storage.archive import Archive
from storage.avatars import Avatars
from storage.cases import Cases
from storage.clock import Timekeeping
from storage.digests import Digests
from storage.evidence import Evidence
from storage.fingerprints import Fingerprints
from storage.housekeeping import Housekeeping
from storage.lookalikes import Lookalikes
from storage.opening import open_database
from storage.platforms import Platforms
from storage.purging import Purging
from storage.requests import Requests
from storage.reviews import Reviews
from storage.stamps import Stamps
from storage.troubles import Troubles


class Store(
    Purging,
    Archive,
    Platforms,
    Digests,
    Fingerprints,
    Housekeeping,
    Lookalikes,
    Avatars,
    Requests,
    Reviews,
    Alerts,
    Troubles,
    Cases,
    Stamps,
    Timekeeping,
):
    """Everything that the watch remembers.

    One process writes at a time; any number may read beside it. Every `record_…` method is one
    transaction, so that a kill leaves the state before it or after it. Use it as a context manager::

        with Store.open(Path("store")) as store:
            for account in store.due_accounts(datetime.now(UTC)):
                ...
    """

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False, busy_timeout_s: float = 10.0) -> Store:
        """Open the store in this folder; it is created and its schema brought up to date if need be.

        Args:
            folder: holds the database and the evidence; created for this user alone.
            read_only: create, change and migrate nothing; may be used beside the writer. SQLite's own side
                files (the log and its index) may appear.
            busy_timeout_s: how long to wait for another process that writes.

        Raises:
            StoreMissing: there is none, and it was to be opened for reading only.
            NotAStore, SchemaTooNew, SchemaTooOld: the file is not one that this version can use.
            StoreReadOnly, StoreLocked: it cannot be written now.
        """
        database = open_database(folder, read_only=read_only, busy_timeout_s=busy_timeout_s)
        evidence = Evidence(folder / "evidence", read_only=read_only)
        if not read_only:
            try:
                evidence.prepare()
            except BaseException:
                database.close()
                raise
        return cls(folder, database, evidence, read_only=read_only)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
