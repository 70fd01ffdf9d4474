"""What a digest would say, page, text and mail, without a change to the store and without sending anything."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.config import Config
from bot.deliver.compose import Composer
from bot.deliver.envelope import as_email, domain_of, new_message_id
from bot.deliver.folder import NOBODY
from bot.digest import write_digest
from bot.pipeline.digest import local_day
from bot.pipeline.portraits import portraits
from storage import Evidence, Store


@dataclass(frozen=True, slots=True)
class Preview:
    """The files that were written, and how many posts the digest holds."""

    page: Path
    text: Path
    mail: Path
    posts: int


@dataclass(frozen=True, slots=True)
class _Settings:
    timezone: str
    folder: Path


def preview(store: Store, config: Config, folder: Path, *, since: datetime, now: datetime) -> Preview:
    """Render a digest of everything that was judged from `since` on, whichever digest it stands in.

    The store is copied, and the copy gathers: so it is the real digest that is seen, and nothing of it stays.

    Args:
        store: may be open for reading only.
        config: zone, size and address.
        folder: where the files go; made if it is not there.
        since: from when on.
        now: until when; the day is today in the digest's zone.

    Raises:
        BotError: the folder or a file cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="doppelwatch-preview-") as temporary:
        copy = Path(temporary) / "store"
        copy.mkdir(mode=0o700)
        with Store.open(copy) as empty:
            store.db.conn.backup(empty.db.conn)
        with Store.open(copy) as pretended, portraits(config.in_force(now)) as photos:
            # the pictures lie where they are
            pretended.evidence = Evidence(store.folder / "evidence", read_only=True)
            digest = pretended.gather_anew(local_day(now, config), since=since, until=now)
            settings = _Settings(config.digest.timezone, folder)
            page = write_digest(pretended, digest, settings=settings, now=now, portraits=photos)
            posts = len(pretended.digest_posts(digest.id))
            message = Composer(pretended, config, now, photos).digest(digest)
    (folder / "index.html").unlink(missing_ok=True)  # lists days whose pages do not lie here
    mail = page.with_suffix(".eml")
    sender = config.mail.sender or NOBODY
    addressed = replace(message, message_id=new_message_id("preview", domain_of(config.mail.sender)), at=now)
    mail.write_bytes(as_email(addressed, sender=sender, to=next(iter(config.mail.to), sender)).as_bytes())
    return Preview(page, page.with_suffix(".txt"), mail, posts)


__all__ = ["Preview", "preview"]
