"""`doppelwatch digest`: write the pages of what has been judged, or see what a digest would say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.console import counted, err, out, plain, print_json
from bot.cli.options import config_option, json_option
from bot.config import Config, load
from bot.config.values import duration
from bot.errors import UsageError
from bot.lock import hold
from bot.log import keep_log
from bot.pipeline.digest import make_digest
from storage import Store


@click.command(epilog="Example: doppelwatch digest --since '7 days' --preview")
@config_option
@click.option("--list", "list_only", is_flag=True, help="List the digests there are, newest first; write nothing.")
@click.option("--preview", "preview_only", is_flag=True, help="Render page, text and mail; change and send nothing.")
@click.option("--since", metavar="WHEN", help="With --preview: from a day (2026-11-20) or a time back (7 days) on.")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --preview: where the files go.  [default: preview]",
)
@json_option
def command(
    config_path: Path, *, list_only: bool, preview_only: bool, since: str | None, folder: Path | None, as_json: bool
) -> None:
    """Gather what was judged since the last digest into today's page, without polling and without sending.

    With --preview a digest of any time is rendered from a copy of the store: nothing in the store changes.
    """
    config = load(config_path)
    if preview_only:
        _preview(config, since, folder or Path("preview"), as_json=as_json)
        return
    if since is not None or folder is not None:
        raise UsageError("--since and --out belong to --preview")
    if not list_only:
        with hold(config.store), keep_log(config), Store.open(config.store) as store:
            path = make_digest(store, config, datetime.now(UTC))
            handed_out = store.digests()[0].handed_out_at
        if as_json:
            print_json({"digest": str(path)})
            return
        out.print(f"Digest: {plain(str(path))}")
        if handed_out is not None:
            at = handed_out.astimezone(ZoneInfo(config.digest.timezone))
            err.print(f"It went out at {at:%H:%M}; what was judged since stands in the next one.")
        return
    with Store.open(config.store, read_only=True) as store:
        for record in store.digests():
            posts = len(store.digest_posts(record.id))
            if as_json:
                print_json({"day": record.day, "path": record.path, "posts": posts})
            else:
                out.print(f"{record.day}  {posts:4d} posts  {plain(record.path or 'not written yet')}")


def _preview(config: Config, since: str | None, folder: Path, *, as_json: bool) -> None:
    from bot.deliver.preview import preview

    now = datetime.now(UTC)
    with Store.open(config.store, read_only=True) as store:
        made = preview(store, config, folder, since=_since(since, config, now), now=now)
    if as_json:
        files = {"page": made.page, "text": made.text, "mail": made.mail}
        print_json({**{name: str(path) for name, path in files.items()}, "posts": made.posts})
        return
    out.print(f"{counted(made.posts, 'post')}; nothing was sent, nothing in the store changed.")
    for path in (made.page, made.text, made.mail):
        out.print(plain(str(path)))


def _since(text: str | None, config: Config, now: datetime) -> datetime:
    """When a preview begins: a day in the digest's zone, or a duration back; without a word a day back.

    Raises:
        UsageError: it is neither, or lies ahead.
    """
    if text is None:
        return now - timedelta(days=1)
    try:
        since = datetime.fromisoformat(text)
        since = since if since.tzinfo is not None else since.replace(tzinfo=ZoneInfo(config.digest.timezone))
    except ValueError:
        try:
            since = now - duration(text)
        except (ValueError, OverflowError) as error:
            message = f"--since: {text} is neither a day like 2026-11-20 nor a time back like '7 days'"
            raise UsageError(message) from error
    if since >= now:
        raise UsageError(f"--since: {text} lies ahead; name a day or time that is over")
    return since
