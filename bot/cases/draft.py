"""A filled draft of the report to the platform, for a person to read, correct and send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.digest.foreign import foreign
from bot.digest.wording import report_way


def report_draft(record: Mapping[str, Any]) -> str:
    """The draft as plain text. Text from outside is on one line each, with its control characters made visible."""
    rows = record["rows"]
    post, account, verdict = rows["posts"][0], rows["accounts"][0], rows["verdicts"][0]
    profile = rows["profiles"][-1] if rows["profiles"] else {}
    way = report_way(account["platform"])
    found = [row for row in rows["findings"] if row["status"] == "ok" and row["log10_lr"]]
    lines = [
        "DRAFT of an impersonation report. A person must read it, fill what is in [brackets] and decide to send it.",
        f"Where: {way.text}{f', {way.href}' if way.href is not None else ''}",
        "",
        f"Reported account: {foreign(account['url'])}",
        f"The platform's id of the account: {foreign(account['stable_id'] or 'not known')}",
        f"Name as displayed: {foreign(profile.get('display_name') or 'not known')}",
        f"Reported post: {foreign(post['url'])}",
        f"Published: {post['published_at'] or 'not told'}; first seen by us: {post['first_seen_at']}",
        f"Person who is imitated: {foreign(account['person'] or '[name]')}",
        "I am: [the person / their representative, with a proof of authority / somebody who noticed it]",
        "Official account of the person: [address]",
        "",
        "What is reported:",
        f"  {foreign(verdict['summary'])}",
        *(f"  - {foreign(row['statement'])}" for row in found),
        *([f"What speaks against it: {foreign(verdict['counter'])}"] if verdict["counter"] else []),
        "",
        "These are graded indications by software, not a proof. The file of the post and the record of its",
        "examination are kept; their SHA-256 hashes:",
        *(f"  {row['sha256']}  media/{row['sha256']}{row['suffix']}" for row in rows["media"]),
        "",
        "Requested: [removal / a label / disclosure of the account's operator to the competent authority]",
        "Contact: [name, mail address]",
    ]
    return "\n".join(lines) + "\n"


__all__ = ["report_draft"]
