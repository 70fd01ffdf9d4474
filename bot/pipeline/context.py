"""What the watcher knows of a post besides its bytes, gathered for the detectors of the context."""

from __future__ import annotations

from bot.config import Config
from bot.pipeline import convert
from bot.pipeline.likenesses import pictures_of
from bot.pipeline.reach import reach_history
from detectors.screen_text import text_of
from detectors.specimen import Specimen
from storage import Account, Post, Store


def specimen_of(post: Post, account: Account, *, store: Store, config: Config) -> Specimen:
    """Words, reach and copies of a post; no clip, because its bytes were examined before and do not change."""
    from bot.pipeline.copies import copies_of  # only judging needs numpy; commands that judge nothing start fast

    profiles = store.profiles(account.id)
    return Specimen(
        profile=convert.profile_text(account, profiles[-1] if profiles else None, post),
        earlier_profiles=tuple(convert.earlier_words(account, one) for one in profiles[:-1]),
        person=convert.person_of(config, account.person),
        reach=reach_history(post, account, store=store),
        copies=copies_of(post, account, store=store, config=config),
        pictures=pictures_of(account, store=store, config=config),
        subtitles=post.subtitles,
        screen_text=text_of(convert.finding_of(row) for row in store.findings(post.id)),
    )
