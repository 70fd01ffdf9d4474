"""`doppelwatch explain`: how the verdict on one post came about, to the last number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from bot.cli.console import out, plain, print_json
from bot.cli.options import config_option, json_option
from bot.config import load
from bot.digest.wording import PROPOSITIONS, QUESTIONS
from bot.explain import Explained, explain, find_post
from bot.explain import as_json as explained_json
from bot.verdict.rules import DECIDED
from bot.verdict.weigh import DESCRIBE_ONLY, FamilySum, QuestionSum, bounded
from detectors.contract import Question, Status
from storage import Store


@click.command(epilog="Example: doppelwatch explain https://www.tiktok.com/@name/video/123")
@click.argument("post", metavar="POST")
@config_option
@json_option
def command(post: str, config_path: Path, as_json: bool) -> None:
    """Print the whole reckoning of one post: every finding, its ratio, the sums, the rule that fired.

    POST is the post's number, its address, or the platform's id of it. Numbers are log10 likelihood ratios: +1 is ten
    times as likely if the proposition is true, -1 ten times as likely if it is not.
    """
    config = load(config_path)
    with Store.open(config.store, read_only=True) as store:
        explained = explain(find_post(store, post), store=store, config=config)
    if as_json:
        print_json(explained_json(explained))
        return
    for line in told(explained):
        out.print(line)


def told(explained: Explained) -> Iterator[str]:
    """The reckoning as lines of rich markup; whatever comes from outside is made plain."""
    post, account, verdict = explained.post, explained.account, explained.verdict
    whom = f", watched for {plain(account.person)}" if account.person is not None else ""
    yield f"[bold]@{plain(account.handle)}[/] on {plain(account.platform)}{whom}"
    yield f"Post {post.id}: {plain(post.url)}"
    judged = f", judged {verdict.judged_at:%Y-%m-%d %H:%M} UTC" if verdict.judged_at is not None else ""
    yield f"[bold]{plain(verdict.label)} / {plain(verdict.priority)}[/]{judged}"
    yield f"  {plain(verdict.summary)}"
    if verdict.counter:
        yield f"  Against it: {plain(verdict.counter)}"
    if not explained.agrees:
        yield (
            "  [yellow]What follows is reckoned by this version and configuration and differs from the stored verdict, "
            "which was made by others and holds until the post is judged again.[/]"
        )
    sums = {one.question: one for one in explained.reckoning.sums}
    for question in (Question.IDENTITY, Question.SYNTHESIS, Question.DISCLOSURE):
        yield ""
        yield from _question(question, sums.get(question), explained)
    yield ""
    yield from _spread(explained)
    yield from _silent(explained)
    yield ""
    yield from _rules(explained)
    yield ""
    yield from _course(explained)


def _question(question: Question, found: QuestionSum | None, explained: Explained) -> Iterator[str]:
    weight = explained.reckoning.verdict.questions[question]
    yield f"[bold]{QUESTIONS[question]}[/] (for: {PROPOSITIONS[question]})"
    for family in found.families if found is not None else ():
        yield from _family(family)
    if weight.log10_lr is None:
        yield f"  sum: none, {plain(weight.support)}"
        return
    assert found is not None
    bound = f" (bounded, {found.raw:+.2f} before)" if found.capped else ""
    yield f"  sum: {weight.log10_lr:+.2f}{bound}, {plain(weight.support)}"


def _family(found: FamilySum) -> Iterator[str]:
    family = found.family
    bound = f" (bounded, {found.raw:+.2f} before)" if found.capped else ""
    yield f"  {family.name}, from {family.least:+.1f} to {family.most:+.1f}: {found.counted:+.2f}{bound}"
    for finding in found.findings:
        counted = bounded(finding)
        bit = "" if counted == finding.log10_lr else f", counted {counted:+.2f}"
        yield f"    {plain(finding.detector)} {finding.log10_lr:+.2f}{bit}: {plain(finding.statement)}"
        if len(finding.votes) > 1:
            for vote in finding.votes:
                alone = "not calibrated" if vote.log10_lr is None else f"alone {vote.log10_lr:+.2f}"
                yield f"      {plain(vote.model)}: score {vote.score:+.2f}, {alone}"


def _spread(explained: Explained) -> Iterator[str]:
    weight = explained.reckoning.verdict.questions[Question.SPREAD]
    yield f"[bold]{QUESTIONS[Question.SPREAD]}[/] {plain(weight.support)}"
    for finding in explained.findings:
        if finding.question is Question.SPREAD and finding.status is Status.OK:
            yield f"    {plain(finding.detector)}: {plain(finding.statement)}"


def _silent(explained: Explained) -> Iterator[str]:
    described = [finding for finding in explained.findings if finding.detector in DESCRIBE_ONLY]
    seen = [finding for finding in described if finding.status is Status.OK]
    if seen:
        yield ""
        yield "[bold]What is there[/] (counts for nothing)"
    for finding in seen:
        yield f"    {plain(finding.detector)}: {plain(finding.statement)}"
    silent = [finding for finding in explained.findings if finding.status is not Status.OK]
    if silent:
        yield ""
        yield "[bold]Could not say anything[/]"
    for finding in silent:
        reason = f" ({finding.reason})" if finding.reason is not None else ""
        yield f"    {plain(finding.detector)}{reason}: {plain(finding.statement)}"


def _rules(explained: Explained) -> Iterator[str]:
    reckoning = explained.reckoning
    yield "[bold]Rules, in their order: the first whose conditions are all met[/]"
    passed = reckoning.passed
    if reckoning.facts.case.decided is None:
        of_people = [one for one in passed if one.rule.name.startswith(DECIDED)]
        passed = tuple(one for one in passed if one not in of_people)
        yield f"  no   {DECIDED} ({len(of_people)} rules), unmet: nobody has decided on this post yet"
    for one in passed:
        lacking = "; ".join(condition.words for condition in one.lacking)
        yield f"  no   {plain(one.rule.name)}, unmet: {plain(lacking)}"
    yield f"  [bold]yes  {plain(reckoning.rule.name)}[/]: {reckoning.rule.label}"
    if reckoning.by_itself is not None:
        alone = reckoning.by_itself
        yield f"  without the person's decision: {plain(alone.rule)}, {alone.label} / {alone.priority}"
    yield "[bold]Priority, step by step[/]"
    for step in reckoning.steps:
        yield f"  {step.priority:7} {plain(step.why)}"


def _course(explained: Explained) -> Iterator[str]:
    yield "[bold]What people decided[/]"
    for review in explained.reviews:
        note = f': "{plain(review.note)}"' if review.note else ""
        before = f"{plain(review.label)} / {plain(review.priority)}"
        yield f"  {review.at:%Y-%m-%d %H:%M} {review.decision}, when it was {before}{note}"
    if not explained.reviews:
        yield f"  nothing yet; decide with: doppelwatch review {explained.post.id} --confirm"
    yield "[bold]How the verdict changed[/]"
    for one in explained.history:
        yield f"  {one.judged_at:%Y-%m-%d %H:%M} {plain(one.label)} / {plain(one.priority)} ({plain(one.rule)})"


__all__ = ["command", "told"]
