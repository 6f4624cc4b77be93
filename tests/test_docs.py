"""What the documents say is true: commands, examples, links, keys."""

from __future__ import annotations

import re
import shutil
import tomllib
import typing
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from typer.testing import CliRunner

from lifecircle import cli
from lifecircle.config import StudyConfig, load_config
from lifecircle.config.bases import Section
from lifecircle.standards import packaged_standards
from lifecircle.study import Findings, Study
from tests.study.test_save import FILES

ROOT = Path(__file__).resolve().parents[1]
EMBEDDED = ROOT / "data/neubrandenburg/neubrandenburg.osm.pbf"
READMES = ["README.md", "README.zh.md"]
TUTORIALS = ["docs/tutorial.md", "docs/zh/tutorial.md"]
TWINS = [
    ("README.md", "README.zh.md"),
    *(
        (f"docs/{path.name}", f"docs/zh/{path.name}")
        for path in sorted((ROOT / "docs" / "zh").glob("*.md"))
        if path.name != "index.md"
    ),
]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "maps/*.md", "data/*/*.md")
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


def anchors(path):
    """What a page's headings are called in its address."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    found = set()
    for title in re.findall(r"^#+ +(.*)$", text, re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", title.strip().lower())
        found.add(kept.replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_linked_file_and_heading_exists(page):
    missing = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        path = (ROOT / page).parent / unquote(name) if name else ROOT / page
        if not path.exists() or (anchor and unquote(anchor) not in anchors(path)):
            missing.append(link)
    assert missing == []


def test_every_page_is_in_the_table_of_contents_once():
    (tables, index) = ([], text_of("docs/index.md"))
    for block in re.findall(r"^```\{toctree\}\n(.*?)^```", index, re.MULTILINE | re.DOTALL):
        tables += [line for line in block.split("\n") if line and not line.startswith(":")]
    pages = [path for path in PAGES if path.startswith("docs/") and path != "docs/index.md"]
    assert sorted(f"docs/{name}.md" for name in tables) == pages


def test_no_page_has_a_block_that_nothing_closes():
    for page in PAGES:
        marks = re.findall(r"^```(.*)$", text_of(page), re.MULTILINE)
        assert len(marks) % 2 == 0, page
        assert all(mark == "" for mark in marks[1::2]), page


@pytest.mark.parametrize(("english", "chinese"), TWINS)
def test_both_languages_have_the_same_sections_code_and_pictures(english, chinese):
    def shape(page):
        text = text_of(page)
        code = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        ours = {"sh"} if page in READMES else {"sh", "python", "toml", "text"}
        words = [(kind, re.sub(r"\s*#.*", "", body)) for kind, body in code if kind in ours]
        plain = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
        return {
            "levels": [len(marks) for marks in re.findall(r"^(#+) ", plain, re.MULTILINE)],
            "blocks": [kind for kind, _ in code],
            "commands": [body.replace("资料文件夹", "FOLDER") for _, body in words],
            "pictures": len(re.findall(r"!\[", plain)),
            "rows": len(re.findall(r"^\|", plain, re.MULTILINE)),
        }

    assert shape(chinese) == shape(english)


def section_of(annotation):
    """The section a field holds, alone or in a list."""
    for one in (annotation, *typing.get_args(annotation)):
        if isinstance(one, type) and issubclass(one, Section):
            return one
    return None


@pytest.mark.parametrize("page", ["docs/howto.md", "docs/zh/howto.md", *TUTORIALS])
def test_every_line_of_a_study_file_that_is_shown_is_read(page):
    shown = [tomllib.loads(block) for block in blocks(page, "toml")]
    assert shown
    for said in shown:
        for name, content in said.items():
            if not isinstance(content, dict | list):  # a line of a section the text names
                assert name in {"complete", "as_of"}
                continue
            section = section_of(StudyConfig.model_fields[name].annotation)
            for table in content if isinstance(content, list) else [content]:
                for key, value in table.items():
                    assert key in section.model_fields, f"{name}.{key}"
                    inner = section_of(section.model_fields[key].annotation)
                    rows = (
                        [row for row in value if inner and isinstance(row, dict)]
                        if isinstance(value, list)
                        else []
                    )
                    assert all(set(row) <= set(inner.model_fields) for row in rows), f"{name}.{key}"


def test_the_python_of_the_how_to_runs(monkeypatch, tmp_path, capsys, toy_findings):
    """On the findings of the toy town, in a folder with one district."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "districts" / "east").mkdir(parents=True)
    (tmp_path / "districts" / "east" / "study.toml").touch()
    saved = []
    for name in ("demo", "load"):
        monkeypatch.setattr(Study, name, classmethod(lambda cls, *_: cls.toytown()))
    monkeypatch.setattr(Study, "run", lambda self: toy_findings)
    monkeypatch.setattr(Findings, "save", lambda self, out: saved.append(Path(out)))
    for block in blocks("docs/howto.md", "python"):
        exec(compile(block, "howto", "exec"), {"__name__": "howto"})
    assert saved == [Path("districts/east/run"), Path("run")]
    said = capsys.readouterr().out
    assert re.search(r"^east \d+ \d+$", said, re.MULTILINE)
    assert "people_short" in said


@pytest.fixture(scope="module")
def tutorial_folder(tmp_path_factory):
    """The folder of the tutorial after its first two commands, run as they stand there."""
    folder = tmp_path_factory.mktemp("tutorial") / "澜浦"
    said = []
    for command in ("demo --lang zh --files 澜浦", "init 澜浦"):
        for page in TUTORIALS:
            assert f"```sh\nlifecircle {command}\n```" in text_of(page)
        words = command.replace("澜浦", str(folder)).split()
        ended = CliRunner().invoke(cli.app, words, catch_exceptions=False)
        assert ended.exit_code == 0
        said.append(ended.stdout.replace(str(folder), "澜浦").replace("\\", "/"))
    return folder, said


@pytest.mark.parametrize("page", TUTORIALS)
def test_the_tutorial_shows_what_its_first_commands_print(page, tutorial_folder):
    shown = blocks(page, "text")
    for text in tutorial_folder[1]:
        assert text in shown


def test_the_tutorials_study_is_the_embedded_one(tutorial_folder):
    """So that what it says of the run is shown by the run of the embedded study."""
    drafted = (tutorial_folder[0] / "study.toml").read_text(encoding="utf-8")
    embedded = (ROOT / "data/lanpu/study.toml").read_text(encoding="utf-8")
    after = [text[text.index("[area]") :] for text in (drafted, embedded)]
    assert after[0].replace("# LICENSE：不能读取的文件类型\n", "") == after[1]
    for line in blocks(TUTORIALS[0], "toml")[0].strip().split("\n"):
        assert line in drafted
    for name in ("13a", "13b", "13c", "13d", "13e", "13g"):
        assert re.search(
            rf'^file = "{name}_.*\n(datum.*\n|not_rep.*\n)*complete = false', drafted, re.M
        )


def test_what_the_tutorial_names_is_in_the_run(chinese_folder):
    book = openpyxl.load_workbook(chinese_folder / "gaps.xlsx", read_only=True)
    heads = {str(cell).replace("\n", "") for cell in list(book["短板清单"].values)[2]}
    assert {"主要原因", "原因（人数）", "依据", "稳健性", "条款来源", "责任单位", "备注"} <= heads
    assert {"选址论证", "用地用房筛查表", "存疑数据"} <= set(book.sheetnames)
    plots = {str(cell) for row in book["用地用房筛查表"].values for cell in row}
    assert "DX-02" in plots
    page = (chinese_folder.parent / "stdout.txt").read_text(encoding="utf-8")
    for said in ("12 个社区", "53,120 人"):
        assert said in page
        assert all(said in blocks(tutorial, "text")[5] for tutorial in TUTORIALS)


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
def test_the_standards_of_the_readme_are_those_there_are(page):
    text = text_of(page)
    for name in packaged_standards():
        assert f"`{name}`" in text, name


@pytest.mark.parametrize("page", ["docs/outputs.md", "docs/zh/outputs.md"])
def test_every_file_of_a_run_is_told(page):
    for name in FILES:
        assert f"`{name}`" in text_of(page), name


def test_the_licences_are_there():
    assert "MIT License" in text_of("LICENSE")
    assert "ODbL" in text_of("README.md")
    assert "© OpenStreetMap contributors" in text_of("README.md")
    assert "© OpenStreetMap contributors" in text_of("README.zh.md")
