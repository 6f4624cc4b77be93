"""What the documents say is true: commands, examples, links, keys."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from lifecircle import cli
from lifecircle.config import StudyConfig, load_config
from lifecircle.config.bases import Section
from lifecircle.standards import packaged_standards
from lifecircle.study import Study
from tests.study.test_save import FILES

ROOT = Path(__file__).resolve().parents[1]
EMBEDDED = ROOT / "data/neubrandenburg/neubrandenburg.osm.pbf"
READMES = ["README.md", "README.zh.md"]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "maps/*.md", "data/*/*.md")
    for path in ROOT.glob(pattern)
)


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)


def code_of(page):
    """Everything set as code: blocks and spans."""
    text = text_of(page)
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [
        *fenced,
        *re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)),
    ]


def verbs():
    return {one.name or one.callback.__name__ for one in cli.app.registered_commands}


@pytest.mark.parametrize("page", READMES)
def test_the_two_commands_stand_first(page):
    found = re.findall(r"^```(\w*)\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)
    assert [block.strip() for _, block in found[:2]] == [
        "pip install . && lifecircle demo",
        'pip install -e ".[test]" && pytest',
    ]


@pytest.mark.parametrize("page", READMES)
def test_the_readmes_python_runs(page, monkeypatch, capsys):
    """On the toy town: the demo itself is run by the tests of the command line."""
    monkeypatch.setattr(
        Study, "demo", classmethod(lambda cls, language="en": cls.toytown(language=language))
    )
    found = blocks(page, "python")
    assert found
    for block in found:
        assert block.count("\n") <= 12
        exec(compile(block, page, "exec"), {"__name__": "readme"})
    said = capsys.readouterr().out
    assert "东乡村" in said
    assert "elder_care" in said


@pytest.mark.parametrize("page", READMES)
def test_the_readmes_study_file_works(page, tmp_path):
    (block,) = blocks(page, "toml")
    (tmp_path / "study.toml").write_text(block, encoding="utf-8")
    for name in re.findall(r'= "([^"]+\.\w+)"', block):
        (tmp_path / name).touch()
    shutil.copy(EMBEDDED, tmp_path / "extract.osm.pbf")
    config = load_config(tmp_path)
    assert config.homes.total
    if page == "README.md":
        report = Study(config=config).check()
        assert report.facts["homes"]["people"] == pytest.approx(63437)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_is_named_exists(page):
    named = {
        verb
        for code in code_of(page)
        for verb in re.findall(r"(?<!import )(?<![\w-])lifecircle +([a-z]+)\b", code)
    }
    assert named <= verbs()
    if page in READMES:
        assert named == verbs()


@pytest.mark.parametrize("page", PAGES)
def test_every_linked_file_exists(page):
    links = re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text_of(page))
    relative = [link for link in links if not re.match(r"[a-z]+:", link)]
    missing = [
        link for link in relative if not (ROOT / page).parent.joinpath(unquote(link)).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_key_of_the_study_file_that_is_named_exists(page):
    sections = {
        name: field.annotation
        for name, field in StudyConfig.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
    }
    named = {
        (section, key)
        for code in code_of(page)
        for section, key in re.findall(r"(?<![\w./-])([a-z]+)\.([a-z_]+)(?![\w(/.])", code)
        if section in sections
    }
    files = {"py", "csv", "parquet", "toml", "gpkg", "shp", "xlsx", "tif"}
    known = {name: {*section.model_fields, *files} for name, section in sections.items()}
    known["study"] |= set(dir(Study))
    unknown = [f"{section}.{key}" for section, key in sorted(named) if key not in known[section]]
    assert unknown == []


@pytest.mark.parametrize("page", READMES)
def test_the_files_and_standards_of_the_readme_are_those_there_are(page):
    text = text_of(page)
    for name in FILES:
        assert f"`{name}`" in text, name
    for name in packaged_standards():
        assert f"`{name}`" in text, name


def test_the_licences_are_there():
    assert "MIT License" in text_of("LICENSE")
    assert "ODbL" in text_of("README.md")
    assert "© OpenStreetMap contributors" in text_of("README.md")
    assert "© OpenStreetMap contributors" in text_of("README.zh.md")
