"""Messages as files in a folder: one mail file each, for a mailer, a sync program or an archive of one's own."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot.deliver.contract import Message, Outcome, Receipt
from bot.deliver.envelope import as_email
from bot.digest import files
from bot.errors import BotError

NOBODY = "doppelwatch@doppelwatch.invalid"


class FolderChannel:
    """Writes each message into one file, whose name follows from its Message-ID: a repeated try writes the same file.

    Args:
        folder: made if it is not there, for this user alone.
        sender: the address in the header `From`; one of nobody without it.
    """

    def __init__(self, folder: Path, *, sender: str | None = None) -> None:
        self._folder = folder
        self._sender = sender or NOBODY

    @property
    def name(self) -> str:
        """`folder`; there is one."""
        return "folder"

    def send(self, message: Message) -> Receipt:
        """Write the file, whole or not at all."""
        mail = as_email(message, sender=self._sender, to=self._sender)
        number = hashlib.sha256(message.message_id.encode()).hexdigest()[:8]
        path = self._folder / f"{message.at:%Y-%m-%d}-{message.kind}-{number}.eml"
        remedy = "choose another deliver.folder in the configuration"
        try:
            files.prepare(self._folder, what="a message", remedy=remedy)
            # the policy ends lines with CR LF, and all parts are encoded to ASCII
            files.write(path, mail.as_bytes().decode("ascii"), what="a message", remedy=remedy)
        except BotError as error:
            return Receipt(Outcome.LATER, str(error))
        return Receipt(Outcome.SENT)


__all__ = ["FolderChannel"]
