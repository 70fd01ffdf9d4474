"""`doppelwatch models`: which models there are, and how to put a stronger one in their place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.console import counted, err, out, plain, print_json, print_table, progress
from bot.cli.options import json_option
from bot.config import Config, default, load
from bot.errors import BotError, UsageError
from bot.workers import LimitedExecutor

if TYPE_CHECKING:
    from detectors.model_probe import Probe

ROLES = ("faces", "forgery", "identity", "voice")
CHECK_S = 60.0
"""Seconds in which a model must be opened and tried on a few pictures."""

CLIP_S = 30.0
"""Seconds more for each labelled clip."""

STANDARD = Path("config.yaml")
PROXY_VARIABLE = "DOPPELWATCH_PROXY"
"""Where a proxy's address with a login is read from: the words of a command can be read by every process."""

config_option = click.option(
    "-c",
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    envvar="DOPPELWATCH_CONFIG",
    help="The configuration file; config.yaml if there is one, else the defaults.",
)
card_option = click.option(
    "--card", type=click.Path(path_type=Path), default=None, help="Its card; else the one beside it, if any."
)
clips_option = click.option(
    "--clips",
    type=click.Path(path_type=Path),
    default=None,
    help="A folder with real/ and fake/: clips or pictures of faces to measure the score on.",
)


def _settings(config_path: Path | None) -> tuple[Config, Path]:
    """The configuration, and the file that it is or would be in."""
    if config_path is None and not STANDARD.is_file():
        return default(), STANDARD
    path = config_path or STANDARD
    return load(path), path


def _probed(config: Config, file: Path, role: str | None, card: Path | None, clips: Path | None) -> Probe:
    """Look at a model in a worker process: the file may be hostile."""
    from detectors.labelled import labelled_files
    from detectors.labelled_faces import MAX_FILES
    from detectors.model_probe import probe

    seconds = CHECK_S
    if clips is not None:
        seconds += CLIP_S * min(len(labelled_files(clips).files), 2 * MAX_FILES)
    with LimitedExecutor(1, memory_bytes=config.limits.memory, timeout_s=seconds) as executor:
        return executor.submit(probe, file, role, card, clips, config.models.faces).result()


@click.group(epilog="Example: doppelwatch models list --json")
def command() -> None:
    """List the models, and check, add, calibrate or pull one.

    How to put a stronger model in place is told in docs/models.md.
    """


@command.command("list", epilog="Example: doppelwatch models list --json")
@config_option
@json_option
def list_models(config_path: Path | None, as_json: bool) -> None:
    """List the models by role, with hash and measured quality.

    Exit code 1 says that one cannot be used.
    """
    from rich.table import Table

    from bot.models.listing import listed
    from bot.pipeline.examine import model_set

    config, _ = _settings(config_path)
    found = listed(model_set(config))
    table = Table("name", "role", "origin", "in use", "bytes", "SHA-256", "quality")
    for one in found:
        if as_json:
            print_json(one.as_json())
            continue
        said = f"cannot be used: {one.problem}" if one.problem else one.quality
        table.add_row(
            plain(f"{one.name} {one.version}".strip()),
            one.role,
            one.origin,
            "yes" if one.in_use else "no",
            f"{one.size:,}" if one.size is not None else "",
            f"{one.sha256[:16]}..." if one.sha256 else "",
            plain(said),
        )
    if not as_json:
        print_table(table)
    if any(one.problem for one in found if one.in_use):
        raise SystemExit(BotError.exit_code)


@command.command("check", epilog="Example: doppelwatch models check stronger.onnx --role forgery --clips labelled")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--role", type=click.Choice(ROLES), default=None, help="What it shall do; else by what it gives.")
@card_option
@clips_option
@config_option
def check_model(file: Path, role: str | None, card: Path | None, clips: Path | None, config_path: Path | None) -> None:
    """Run a model and tell whether it can serve, how it is fed, and which lines its card needs.

    Exit code 1 and one sentence say why it cannot.
    """
    config, _ = _settings(config_path)
    _say(_probed(config, file, role, card, clips), file)


def _say(probe: Probe, file: Path) -> None:
    out.print(
        f"[bold]{plain(file.name)}[/]: can serve as {_with_article(probe.role)} model"
        + (", with its card" * probe.carded)
    )
    out.print(f"  SHA-256   {probe.sha256}, {probe.size:,} bytes")
    out.print(f"  takes     {plain(probe.inputs)}")
    out.print(f"  gives     {plain(probe.outputs)}")
    for fact in probe.facts:
        out.print(f"  - {plain(fact)}")
    for one in probe.tried:
        measured = f", AUC {one.auc:.2f}" if one.auc is not None else ""
        verdict = "" if one.plausible else "  (not plausible)"
        out.print(
            f"    values {one.values:22} spread of the logit {one.spread:7.3f}, "
            f"{one.certain:4.0%} beyond all reason{measured}{verdict}"
        )
    if probe.card:
        out.print(f"\nIts card, {plain(file.with_suffix('.toml').name)}, needs these lines:\n")
        for line in probe.card.splitlines():
            out.print(plain(line))


def _with_article(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"


def _say_how_to_use(role: str, placed: Sequence[Path], config_file: Path) -> None:
    from bot.models.placing import yaml_lines

    out.print(f"\nTo use it, write into {plain(str(config_file))}:\n")
    for line in yaml_lines(role, placed, config_file).splitlines():
        out.print(plain(line))


@command.command("add", epilog="Example: doppelwatch models add stronger.onnx --role forgery --card stronger.toml")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--role", type=click.Choice(ROLES), required=True, help="What it shall do.")
@card_option
@click.option("--name", default=None, help="Name of the copy; else the file's own.")
@config_option
def add_model(file: Path, role: str, card: Path | None, name: str | None, config_path: Path | None) -> None:
    """Check a model, copy it with its card beside the configuration, and say the lines that put it in use.

    The copy lies in the folder models beside config.yaml. The configuration is not changed.
    """
    from bot.models.placing import folder_beside, place, sha256
    from detectors.onnx_file import read_onnx

    config, config_file = _settings(config_path)
    probe = _probed(config, file, role, card, None)
    if not probe.carded:
        raise BotError(f"{file}: has no card; give --card (`doppelwatch models check` prints the lines that it needs)")
    model = read_onnx(file)
    if sha256(model) != probe.sha256:
        raise BotError(f"{file}: was changed while it was looked at; try again")
    try:
        text = (card or file.with_suffix(".toml")).read_bytes()
    except OSError as error:
        raise BotError(f"{card}: cannot be read ({error.strerror})") from error
    placed = place(name or file.stem, model, text, folder_beside(config_file))
    out.print(f"Copied to {plain(str(placed))}")
    if role == "forgery":
        out.print(
            "Several forgery models may vote: models.forgery takes a list, too, with bundled for the one shipped."
        )
    _say_how_to_use(role, [placed], config_file)


@command.command("calibrate", epilog="Example: doppelwatch models calibrate labelled -c config.yaml")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--name", default=None, help="Name of the calibrated copy; else that of the model and -calibrated.")
@config_option
def calibrate_model(folder: Path, name: str | None, config_path: Path | None) -> None:
    """Fit the forgery score to labelled clips in DIR/real and DIR/fake, at least 20 of each.

    The clips are examined as the watch would. The model is copied with a new card into the folder models beside
    config.yaml; neither the old card nor the configuration is changed. Of several models that vote, each is fitted by
    itself.
    """
    from bot.check import describe_model
    from bot.evaluation.examining import examine_all
    from bot.evaluation.material import Side, find
    from bot.models.calibrating import FEWEST, fit, recalibrated
    from bot.models.placing import folder_beside, place, safe_name
    from bot.pipeline.examine import model_set
    from detectors.model_files import bundled
    from detectors.onnx_file import read_onnx

    config, config_file = _settings(config_path)
    models = model_set(config).of("forgery")
    if name is not None and len(models) > 1:
        raise UsageError(f"--name names one copy, and models.forgery lists {len(models)} models; leave it out")
    clips = find(folder).samples
    for side in Side:
        count = sum(one.side is side for one in clips)
        if count < FEWEST:
            raise BotError(f"{folder}/{side}: holds {counted(count, 'file')}, and a calibration needs {FEWEST}")
    limits = config.limits
    with (
        LimitedExecutor(limits.workers, memory_bytes=limits.memory, timeout_s=limits.time.total_seconds()) as executor,
        progress() as bars,
    ):
        task = bars.add_task("calibrate", total=len(clips))
        for model in models:
            executor.submit(describe_model, "forgery", model).result()  # its fault is not that of each clip
        outcomes = examine_all(clips, executor, config, lambda: bars.advance(task))
    for one in outcomes:
        if one.score is None:
            err.print(f"left out: {plain(one.sample.name)}: {plain(one.why)}")
    # all fits before the first file: one that cannot be made leaves nothing behind
    fits = [fit(outcomes, number) for number in range(len(models))]
    sources = [model or bundled("forgery") for model in models]
    copies: list[Path] = []
    for source, found in zip(sources, fits, strict=True):
        card = recalibrated(source.with_suffix(".toml").read_text(encoding="utf-8"), found)
        target = name or f"{source.stem.removesuffix('-calibrated')}-calibrated"
        if any(copy.stem == safe_name(target) for copy in copies):  # two folders may hold files of one name
            target = f"{target}-{len(copies) + 1}"
        placed = place(target, read_onnx(source), card.encode(), folder_beside(config_file))
        copies.append(placed)
        kept = found.platt
        out.print(f"{plain(source.name)}: {found.genuine} genuine and {found.made} made clips, AUC {found.auc:.2f}")
        out.print(f"log10 LR = {kept.a:g} * score {kept.b:+g}, at most {10**kept.max_abs_log10_lr:.1f} to one")
        out.print(f"Written: {plain(str(placed.with_suffix('.toml')))}, beside a copy of the model")
    _say_how_to_use("forgery", copies, config_file)


@command.command("pull", epilog="Example: doppelwatch models pull yunet-int8")
@click.argument("name", required=False)
@click.option(
    "--from",
    "given",
    type=click.Path(path_type=Path),
    default=None,
    help="Take the file from here instead of the network, and hold it against size and hash all the same.",
)
@click.option(
    "--proxy",
    default=None,
    metavar="URL",
    envvar=PROXY_VARIABLE,
    help=f"Go through this proxy (http://host:port); with a login only from the variable {PROXY_VARIABLE}.",
)
@config_option
def pull_model(name: str | None, given: Path | None, proxy: str | None, config_path: Path | None) -> None:
    """Fetch an official model of another maker, pinned by size and hash; without a name, list them.

    A fetch that breaks off goes on with the next call. Proxies of the environment are not used; name yours with
    --proxy, or fetch the file in another way and give it with --from.
    """
    from bot.models.placing import folder_beside, place
    from bot.sources.dialer import PublicDialer
    from bot.sources.pinned import PINNED, pull, verify
    from bot.sources.proxy import ProxyDialer
    from detectors.errors import DetectorError

    source = click.get_current_context().get_parameter_source("proxy")
    if proxy is not None and "@" in proxy and source is click.core.ParameterSource.COMMANDLINE:
        raise UsageError(
            "every process of this machine can read a login that stands in a command; instead of --proxy, export the "
            f"proxy's address as {PROXY_VARIABLE}"
        )
    if name is None:
        for known, one in PINNED.items():
            out.print(f"{known:12} {one.size:>11,} bytes  {one.licence:11} {one.what}\n{'':12} {one.url}")
        return
    if name not in PINNED:
        raise UsageError(f'"{name}" is no pinned model; there are {", ".join(PINNED)}')
    pinned = PINNED[name]
    config, config_file = _settings(config_path)
    folder = folder_beside(config_file)
    if given is not None:
        verify(given, pinned)
        data = given.read_bytes()
    else:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BotError(f"{folder}: cannot be made ({error.strerror})") from error
        with progress() as bars:
            task = bars.add_task(name, total=pinned.size)
            dialer = ProxyDialer.named(proxy) if proxy is not None else PublicDialer()
            fetched = pull(
                pinned, folder / f"{name}.onnx", dialer, done=lambda count: bars.update(task, completed=count)
            )
        data = fetched.read_bytes()
    card = (
        f'name = "{name}"\nversion = "1"\nsha256 = "{pinned.sha256}"\nbytes = {pinned.size}\n'
        f'licence = "{pinned.licence}"\nrole = "{pinned.what}"\nsource = "{pinned.url}"\n{pinned.card}'
    )
    placed = place(name, data, card.encode(), folder)
    out.print(f"{plain(str(placed))}: is the pinned file ({pinned.size:,} bytes, SHA-256 {pinned.sha256[:16]}...)")
    try:
        role = _probed(config, placed, pinned.role, None, None).role
    except DetectorError:
        err.print("No step of the watch takes this file yet; it is there for comparisons and for programs of your own.")
        return
    _say_how_to_use(role, [placed], config_file)
