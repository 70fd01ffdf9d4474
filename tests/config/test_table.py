"""One table of options: what is validated, the commented example and the documentation say the same."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder
from pydantic import BaseModel

from bot.config import Config, default, default_text, load
from bot.config.__main__ import main
from bot.config.options import keys_at, option_at, options
from bot.config.reference import BEGIN, END, reference, with_reference
from bot.config.starter import starter
from detectors.container import ClipLimits

ROOT = Path(__file__).parents[2]


def every_field(section: type[BaseModel], above: str = "") -> set[str]:
    """Key paths found by asking the models for their JSON Schema, apart from the code that makes the table."""
    schema = section.model_json_schema()
    definitions = schema.get("$defs", {})

    def walk(node: dict[str, object], path: str) -> set[str]:
        found = set()
        for name, value in node.get("properties", {}).items():  # type: ignore[attr-defined]
            key = f"{path}.{name}" if path else name
            text = str(value)
            inner = re.findall(r"#/\$defs/(\w+)", text)
            found.add(key + ("[]" if "'items'" in text else ""))
            if inner and inner != ["Secret"] and "additionalProperties" not in text:
                found |= walk(definitions[inner[0]], key + ("[]" if "'items'" in text else ""))
        return found

    return walk(schema, above)


def test_every_field_of_every_section_is_in_the_table_with_its_meaning() -> None:
    table = list(options())
    assert {option.key for option in table} == every_field(Config)
    for option in table:
        assert option.meaning.endswith("."), option.key
        # what can stay unset must show how it is set
        assert option.section or option.default is not None or option.example is not None, option.key


def test_config_yaml_is_what_the_table_makes() -> None:
    written = (ROOT / "config.yaml").read_text(encoding="utf-8")
    assert written == starter(), "run: python -m bot.config"


def test_the_documentation_holds_the_table() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert page == with_reference(page), "run: python -m bot.config"
    for option in options():
        if option.section is None:
            assert f"| `{option.key.removesuffix('[]')}` |" in page


def test_the_examples_of_the_documentation_are_valid(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 2
    agency, folder = (load(_written(tmp_path / f"{number}.yaml", text)) for number, text in enumerate(examples))
    assert [person.name for person in agency.people] == ["Jane Example", "John Sample"]
    assert folder.accounts[0].url.startswith("folder:/")


def test_the_errors_that_the_documentation_shows_are_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    first, second = re.findall(r"^config\.yaml:1\d: .*$", page, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    text = "\n" * 11 + "accounts:\n"
    _written(Path("config.yaml"), "\n" * 10 + "accounts:\n  - intervall: 1 h\n    url: https://www.tiktok.com/@a\n")
    with pytest.raises(Exception, match=re.escape(first)):
        load(Path("config.yaml"))
    text = "people: [{name: Jane Example}]\n" + "\n" * 9 + "accounts:\n  - https://www.tiktok.com/@b\n"
    _written(Path("config.yaml"), text + "  - {url: https://www.tiktok.com/@a, person: Jane Exmaple}\n")
    with pytest.raises(Exception, match=re.escape(second)):
        load(Path("config.yaml"))


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every value that stands in the example is the default of the code."""
    monkeypatch.chdir(tmp_path)
    assert load(_written(tmp_path / "config.yaml", starter())) == default() == Config()
    assert yaml.safe_load(starter())["polling"].keys() == keys_at(("polling",)).keys() - {"hosts", "platforms"}, (
        "lists of nothing"
    )
    assert (default().people, default().accounts) == ((), ())


def test_the_limits_on_frames_are_those_of_the_decoder() -> None:
    assert (default().limits.pixels, default().limits.frames) == (ClipLimits().max_pixels, ClipLimits().max_frames)


def test_what_is_commented_out_is_valid_without_its_sign(tmp_path: Path) -> None:
    """The header's promise: take away the # and nothing else."""
    text = re.sub(r"^#((?:  )*)(?! )", r"\1", starter(), flags=re.MULTILINE)
    config = load(_written(tmp_path / "config.yaml", text))
    assert [person.name for person in config.people] == ["Jane Example"]
    assert config.people[0].photos[0] == tmp_path / "references/jane-1.jpg"
    assert len(config.accounts) == 3
    assert config.accounts[0].person == "Jane Example"
    assert config.models.faces == tmp_path / "models/faces.onnx"
    assert config.secrets.cookies["tiktok"].file == tmp_path / "secrets/tiktok-cookies.txt"
    # and it is every option there is
    given = yaml.safe_load(text)
    for option in options():
        values = given
        for name in option.path:
            values = values[0] if isinstance(values, list) else values
            assert name in values, option.key
            values = values[name]


def test_lines_of_the_example_fit_a_screen() -> None:
    assert max(map(len, starter().splitlines())) <= 100


def test_rows_of_the_table_have_four_cells_whatever_the_words() -> None:
    rows = reference().splitlines()
    assert rows[0] == BEGIN
    assert rows[-1] == END
    cells = [re.split(r"(?<!\\)\|", row) for row in rows if row.startswith("|")]
    assert {len(row) for row in cells} == {6}


def test_a_page_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the lines"):
        with_reference("# Title\n")


def test_both_files_are_written_by_one_command(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    page = _written(tmp_path / "docs" / "configuration.md", f"before\n{BEGIN}\nold\n{END}\nafter\n")
    main(tmp_path)
    assert (tmp_path / "config.yaml").read_text(encoding="utf-8") == starter()
    assert page.read_text(encoding="utf-8") == f"before\n{reference()}\nafter\n"


def test_options_are_found_by_their_path_in_a_file() -> None:
    photo = option_at(("people", 3, "photos", 1))
    assert photo is not None
    assert (photo.key, photo.kind.name, photo.is_list) == ("people[].photos[]", "path", True)
    assert option_at(("people", 0, "nothing")) is None
    assert option_at(()) is None
    assert set(keys_at(("people", 0))) == {"name", "aliases", "official", "photos", "recordings", "basis", "until"}
    assert keys_at(("store", "x")) == {}


def test_the_wheel_carries_the_example_and_finds_it_there(tmp_path: Path) -> None:
    force = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert force["force-include"]["config.yaml"] == "bot/config/default.yaml"
    (made,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    site = tmp_path / "site"
    with zipfile.ZipFile(made) as wheel:
        wheel.extractall(site)
    assert (site / "bot/config/default.yaml").read_text(encoding="utf-8") == default_text()
    code = "import bot, bot.config; print(bot.__file__); print(bot.config.default_text(), end='')"
    printed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    where, _, text = printed.partition("\n")
    assert Path(where).is_relative_to(site)
    assert text == starter()
