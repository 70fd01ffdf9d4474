"""The page as plain text of at most 78 columns, for terminals and mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells

from bot.digest import figures, formats, headline, wording
from bot.digest.formats import Clock
from bot.digest.model import AccountView, Health, Measure, Page, PostView, Reasons, Row
from bot.verdict.quotes import Quote

COLUMNS = 78


def render_text(page: Page) -> str:
    """A day's digest as text; it says what the page says, except the pictures."""
    clock = Clock(page.zone, page.day)
    lines = [
        *_head(page, clock),
        *_accounts("Needs you", page.alerts, clock),
        *_accounts("Lower priority", page.minor, clock, brief=True),
        *_rows("In short", page.more, page.more_left_out),
        *_rows("Official and unrelated", page.quiet, page.rows_left_out),
        *_health(page.health, clock),
        *_legend(),
        "",
        *_wrap(
            "Made by Doppelwatch from what was public. Every judgement here is a graded support for a "
            "proposition, made by a program; a person decides. "
            f"State of the accounts as of {clock.when(page.health.at)}."
        ),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _wrap(text: str, indent: str = "", hanging: str | None = None) -> Iterator[str]:
    """Break a text at spaces into lines of at most 78 columns; what is longer, as an address, is broken hard.

    Wide characters count two columns, as terminals show them.
    """
    hanging = indent if hanging is None else hanging
    line, empty = indent, True
    for word in text.split():
        if not empty and cell_len(line) + 1 + cell_len(word) <= COLUMNS:
            line += f" {word}"
            continue
        if not empty:
            yield line
            line = hanging
        *whole, rest = chop_cells(word, COLUMNS - cell_len(hanging)) or [""]
        for piece in whole:
            yield line + piece
            line = hanging
        line, empty = line + rest, False
    yield line


def _title(text: str) -> list[str]:
    return ["", "", text.upper(), "=" * len(text)]


def _head(page: Page, clock: Clock) -> Iterator[str]:
    yield "DOPPELWATCH"
    yield formats.long_day(page.day)
    yield ""
    yield from _wrap(headline.headline(page))
    yield from _wrap(headline.basis(page))
    covers_to = clock.when(page.covers_to)
    start = f"From {clock.when(page.covers_from)} to" if page.covers_from else "The first digest: everything until"
    yield from _wrap(f"{start} {covers_to}, time zone {clock.zone_name(page.covers_to)}.")
    if page.health.unseen:
        blind = [f"@{account.handle} ({account.word.lower()})" for account in page.health.unseen[:6]]
        others = len(page.health.unseen) - len(blind)
        more = f" and {formats.plural(others, 'other')}" if others else ""
        yield from _wrap(f"Could not be seen: {', '.join(blind)}{more}.")
    for notice in page.notices:
        yield ""
        yield from _wrap(f"! {notice.title}")
        for part in (notice.detail, notice.remedy, notice.when):
            if part:
                yield from _wrap(part, "  ")


def _accounts(title: str, accounts: Iterable[AccountView], clock: Clock, *, brief: bool = False) -> Iterator[str]:
    for place, account in enumerate(accounts):
        if place == 0:
            yield from _title(title)
        lead = account.lead
        yield ""
        yield from _wrap(f"[{_priority(lead.priority).upper()}] {lead.label_text}")
        names = [f"@{account.handle}", *([f'"{account.display_name}"'] if account.display_name else [])]
        verified = ", verified by it" if account.verified else ""
        yield from _wrap(f"{', '.join(names)}, on {wording.platform_name(account.platform)}{verified}")
        yield from _wrap(account.link.text, "  ")
        if account.followers:
            yield from _wrap(_measured(account.followers, "follower"), "  ")
        step = wording.next_step(lead.label, lead.priority, account.platform, account.person)
        yield from _wrap(f"Next: {step}", "  ", "        ")
        yield from _declaration(lead)
        for number, post in enumerate(account.posts, 1):
            yield ""
            yield from _post(post, number, clock, lead=number == 1, brief=brief)
        if account.posts_elsewhere:
            yield from _wrap(f"{formats.plural(account.posts_elsewhere, 'more post')} under IN SHORT.", "  ")


def _declaration(post: PostView) -> Iterator[str]:
    if post.declarations:
        yield from _wrap("It declares:" if post.declared else "What it says of itself:", "  ")
        for quote in post.declarations[:3]:
            yield from _wrap(_quoted(quote), "  | ")


def _quoted(quote: Quote) -> str:
    return f'"{quote.text}" in the {quote.place} ({quote.kind}{", denied" if quote.denied else ""})'


def _post(post: PostView, number: int, clock: Clock, *, lead: bool, brief: bool) -> Iterator[str]:
    indent = "     "
    yield from _wrap(f'"{post.caption}"' if post.caption else "Post without words", f"  {number}. ", indent)
    facts = [f"Posted {clock.when(post.published_at)}" if post.published_at
             else f"First seen {clock.when(post.first_seen_at)}"]  # fmt: skip
    if post.duration_s is not None:
        facts.append(f"{formats.clip_time(post.duration_s)} long")
    facts.append(_measured(post.views, "view") if post.views else "views not shown")
    if post.likes is not None:
        facts.append(f"{formats.short_count(post.likes)} {'like' if post.likes == 1 else 'likes'}")
    yield from _wrap(", ".join(facts), indent)
    yield from _wrap(post.link.text or "no address", indent)
    if lead:
        yield from _wrap(post.summary, indent)
    if not brief:
        for answer in post.answers:
            if answer.question != "spread":
                weight = f" ({figures.signed(answer.log10_lr)})" if answer.log10_lr is not None else ""
                yield from _wrap(answer.support + weight, f"{indent}{answer.asked:<17}", indent + " " * 17)
        if post.score is not None:
            yield from _wrap(f"Forgery score: {figures.describe(post.score)}", indent)
        yield from _reasons(post.reasons, indent, lead=lead)
    elif lead:
        yield from _sentences("What speaks against it:", post.reasons.against, indent)
    if post.sha256:
        yield from _wrap("Clip SHA-256:", indent)
        yield from _wrap(post.sha256, indent)


def _reasons(reasons: Reasons, indent: str, *, lead: bool) -> Iterator[str]:
    yield from _sentences("Why:", reasons.towards, indent)
    nothing = ("Nothing that was found.",) if lead else ()
    yield from _sentences("What speaks against it:", reasons.against or nothing, indent)
    yield from _sentences("Says little either way:", reasons.neither, indent)
    yield from _sentences("Could not be examined:", reasons.unseen, indent)


def _sentences(title: str, texts: Iterable[str], indent: str) -> Iterator[str]:
    for place, text in enumerate(texts):
        if place == 0:
            yield from _wrap(title, indent)
        yield from _wrap(text, f"{indent}- ", f"{indent}  ")


def _measured(measure: Measure, noun: str) -> str:
    count = f"{formats.short_count(measure.value)} {noun if measure.value == 1 else noun + 's'}"
    if measure.change is None:
        return count
    return f"{count} ({formats.signed_count(measure.change)} in {formats.span(measure.over)})"


def _priority(priority: str) -> str:
    return wording.PRIORITIES[priority].name if priority in wording.PRIORITIES else priority


def _rows(title: str, rows: Iterable[Row], left_out: int) -> Iterator[str]:
    for place, row in enumerate(rows):
        if place == 0:
            yield from _title(title)
        yield ""
        post = row.post
        yield from _wrap(f"@{row.account.handle}: {post.label_text} [{_priority(post.priority)}]")
        if post.declared and post.declarations:
            yield from _wrap(_quoted(post.declarations[0]), "  | ")
        if post.caption:
            yield from _wrap(f'"{post.caption}"', "  ")
        yield from _wrap(_measured(post.views, "view") if post.views else "views not shown", "  ")
        yield from _wrap(post.link.text or "no address", "  ")
    if left_out:
        yield from _wrap(f"{formats.plural(left_out, 'further post')} left out to keep this short.")


def _health(health: Health, clock: Clock) -> Iterator[str]:
    yield from _title("What was watched")
    if not health.accounts:
        yield from _wrap("No account is watched. Name some under `accounts` in the configuration.")
    for account in health.unseen:
        yield ""
        since = f" since {clock.when(account.since)}" if account.since else ""
        yield from _wrap(f"@{account.handle}: {account.word}{since}")
        detail = f" In detail: {account.detail}." if account.detail else ""
        yield from _wrap(f"{account.meaning}{detail}", "  ")
        yield from _wrap(f"Next: {account.remedy}", "  ", "        ")
        seen = f"Last seen {clock.when(account.last_ok_at)}" if account.last_ok_at else "Never seen so far"
        then = f", next look {clock.hour(account.next_check_at)}" if account.next_check_at else ""
        yield from _wrap(f"{seen}{then}.", "  ")
        yield from _wrap(account.link.text, "  ")
    yield from _problems(health, clock)
    if health.fine:
        yield ""
        fine = []
        for account in health.fine:
            remarks = ["shows no posts"] if account.outcome == "empty" else []
            if account.failed_looks:
                remarks.append(f"{account.failed_looks} of {formats.plural(account.looks, 'look')} failed")
            fine.append(f"@{account.handle}" + (f" ({', '.join(remarks)})" if remarks else ""))
        yield from _wrap(f"Watched as it should be: {', '.join(fine)}.", "", "  ")
    if health.indexed:
        verb = "is" if health.indexed == 1 else "are"
        posts = formats.plural(health.indexed, "post")
        yield from _wrap(f"{posts} from before the watch began {verb} measured and not examined.")


def _problems(health: Health, clock: Clock) -> Iterator[str]:
    for place, problem in enumerate(health.problems):
        if place == 0:
            yield ""
            yield "Posts that could not be examined:"
        if problem.next_try_at:
            again = f", next try {clock.hour(problem.next_try_at)}"
        else:
            again = ", not tried again" if problem.state == "failed" else ""
        why = f", {problem.problem}" if problem.problem else ""
        yield from _wrap(
            f"@{problem.handle}: {problem.state}{why} (since {clock.when(problem.since)}{again})", "- ", "  "
        )
        yield from _wrap(problem.link.text or "no address", "  ")
    if health.problems_left_out:
        further = formats.plural(health.problems_left_out, "further post")
        yield from _wrap(f"{further} could not be examined, from before this digest or beyond its length.")
    if health.waiting:
        known = formats.plural(health.waiting, "known post")
        verb = "is" if health.waiting == 1 else "are"
        yield from _wrap(f"{known} {verb} not examined yet; the next digest has what comes of it.")


def _legend() -> Iterator[str]:
    yield from _title("How to read the words")
    yield from _wrap(
        "Four questions are answered apart; no single score carries an alert. The words grade how much more likely "
        "the findings are if the proposition is true than if it is not. They do not say how probable it is. "
        "The numbers are log10 likelihood ratios."
    )
    yield ""
    for ratio, support in wording.legend():
        yield f"  {ratio:<20} {support}"
    yield ""
    for question, proposition in wording.PROPOSITIONS.items():
        yield from _wrap(
            f"{wording.QUESTIONS[question]} Support is for: {proposition}. Against is for the opposite.", "", "  "
        )
    yield ""
    for priority in wording.PRIORITIES.values():
        yield from _wrap(f"{priority.name}: {priority.meaning}.", "", "  ")
