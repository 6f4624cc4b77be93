"""
A public run with known secrets: every file it writes is opened and searched for them.

Secrets are planted in every part of a run that reaches an output: owners, notes, rows without a
place, what a planner wrote, paths, numbers of parcels, homes and their places, and few people.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import sqlite3
import zipfile
from contextlib import closing

import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely

from lifecircle.config.export_section import ExportSection
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import ASKED, COLUMNS
from lifecircle.outputs.release import SHOWN, TREATED, released
from lifecircle.outputs.webmap.offline import unpack
from lifecircle.study.save import save_run
from lifecircle.study.stages import Stages
from lifecircle.tables import OVERRIDES, Entries, Entry

FOLDER = "geheim-4711"
PARCEL = "DK-SECRET-77"
HOME = "home-secret-"
SECRETS = {
    "owner of land": "王二麻子置业",
    "owner of a facility": "李四物业",
    "note of a list": "备注不得外传",
    "row without a place": "机密路99号",
    "row of land without a place": "隐藏台账甲",
    "planner's remark": "领导已口头同意",
    "planner's funding": "专项资金甲乙丙",
    "who replaced a value": "审批人赵六",
    "opinion": "请勿公开的意见",
    "warning": "三号地块的提示",
    "fact for colleagues": "内部口径说明",
    "folder": FOLDER,
    "number of a parcel": PARCEL,
    "evidence that counts few": "8 人无法步行到达",
    "compared lists": "两份名单的差异",
    "table nobody declared": "新表里的秘密",
}
FEW = 7.7134
WARNED = ("三号地块的提示",)
COUNTED = re.compile(r"people|covered|short|served")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Later(Content):
    """A run to which a table was added and forgotten."""

    later: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    later_words: str = ""


def planted(content: Content) -> Content:
    """Put a secret into every part of a run."""
    parcels = content.parcels.assign(owner=SECRETS["owner of land"], note=SECRETS["note of a list"])
    first = content.sites["parcel_id"].iloc[0]
    numbers = {first: PARCEL}
    sites = content.sites.assign(parcel_id=content.sites["parcel_id"].replace(numbers))
    sites.loc[sites.index[0], "newly_covered"] = FEW
    gaps = content.gaps.copy()
    gaps["evidence"] = SECRETS["evidence that counts few"]
    gaps.loc[gaps.index[0], "people_short"] = FEW
    scores = content.scores.copy()
    at = scores.index[(scores["level"] == "community") & (scores["covered"] > 100)][0]
    scores.loc[at, "covered"] = scores.loc[at, "people"] - FEW
    warning = f"{SECRETS['warning']}: /home/{FOLDER}/plan.shp, {PARCEL}"
    given = {one.name: getattr(content, one.name) for one in dataclasses.fields(content)}
    return Later(
        **given
        | {
            "release": "public",
            "parcels": parcels.assign(parcel_id=parcels["parcel_id"].replace(numbers)),
            "sites": sites,
            "handover": content.handover.assign(
                parcel_id=content.handover["parcel_id"].replace(numbers), plan_plot=PARCEL
            ),
            "gaps": gaps,
            "scores": scores,
            "programme": content.programme.assign(people_served=FEW),
            "facilities": content.facilities.assign(
                owner=SECRETS["owner of a facility"], note=SECRETS["note of a list"]
            ),
            "homes": content.homes.assign(home_id=HOME + content.homes["home_id"].astype(str)),
            "to_place": pd.DataFrame([{"name": SECRETS["row without a place"]}]),
            "unplaced": pd.DataFrame(
                [dict.fromkeys(content.unplaced.columns, SECRETS["row of land without a place"])]
            ),
            "merged": pd.DataFrame([{"name": SECRETS["compared lists"]}]),
            "list_pairs": pd.DataFrame([{"name": SECRETS["compared lists"]}]),
            "warnings": (warning,),
            "notes": {"date": "2026-01-01", "note": SECRETS["fact for colleagues"]},
            "entries": Entries(
                cells=tuple(
                    Entry(
                        table="projects",
                        key=str(content.projects["project_id"].iloc[0]),
                        field=field,
                        value=SECRETS[f"planner's {name}"],
                    )
                    for field, name in (("note", "remark"), ("funding", "funding"))
                )
            ),
            "overrides": pd.DataFrame([dict.fromkeys(OVERRIDES, SECRETS["who replaced a value"])]),
            "opinions": pd.DataFrame([{"opinion": SECRETS["opinion"]}]),
            "later": pd.DataFrame([{"text": SECRETS["table nobody declared"]}]),
            "later_words": SECRETS["table nobody declared"],
        }
    )


@pytest.fixture(scope="module")
def content(toy_findings):
    return toy_findings.content


@pytest.fixture(scope="module")
def folder(content, tmp_path_factory):
    """The public run of the planted content, in every format there is."""
    out = tmp_path_factory.mktemp(FOLDER) / "run"
    save_run(
        planted(content),
        out,
        study={
            "study": {"name": "Toytown", "release": "public"},
            "siting": {"must": [PARCEL]},
            "area": {"boundary": f"/home/{FOLDER}/area.shp"},
        },
        seeds={},
        stages=Stages(),
        export=ExportSection(formats=("shp", "gdb", "dxf")),
    )
    return out


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def texts_of(path):
    """Give everything a file says, containers opened and packed data unpacked."""
    raw = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as box:
            parts = [box.read(name) for name in box.namelist()]
        return "\n".join(part.decode("utf-8", errors="ignore") for part in parts)
    if path.suffix == ".gpkg":
        with closing(sqlite3.connect(path)) as base:
            return "\n".join(base.iterdump()) + raw.decode("utf-8", errors="ignore")
    text = "\n".join(raw.decode(code, errors="ignore") for code in ("utf-8", "gbk", "utf-16-le"))
    if path.suffix == ".html":
        packed = re.findall(r'<script type="text/plain"[^>]*>([^<]*)</script>', text)
        assert packed
        text += "\n".join(json.dumps(unpack(one), ensure_ascii=False) for one in packed)
    return text


@pytest.fixture(scope="module")
def written(folder):
    return {path.relative_to(folder).as_posix(): texts_of(path) for path in files_of(folder)}


def layers_of(folder):
    for path in (folder / "results.gpkg", *(folder / "exports").iterdir()):
        if path.suffix not in (".gpkg", ".shp", ".gdb", ".dxf"):
            continue
        for name, _ in pyogrio.list_layers(path):
            if name != "layer_styles":
                yield f"{path.name}/{name}", pyogrio.read_dataframe(path, layer=name)


# -- the search itself -------------------------------------------------------------------------
def test_every_secret_stands_in_the_internal_edition(content, tmp_path):
    """What is searched for would be found: else the search proves nothing."""
    internal = dataclasses.replace(planted(content), release="internal", opinions=pd.DataFrame())
    internal = dataclasses.replace(internal, merged=content.merged, list_pairs=content.list_pairs)
    internal = dataclasses.replace(
        internal, to_place=content.to_place, warnings=("三号地块的提示",)
    )
    out = tmp_path / "run"
    save_run(internal, out, study={"siting": {"must": [PARCEL]}}, seeds={}, stages=Stages())
    told = "\n".join(texts_of(path) for path in files_of(out))
    beyond = {"row without a place", "opinion", "compared lists", "folder", "table nobody declared"}
    for name, secret in SECRETS.items():
        assert (secret in told) is (name not in beyond), name


def test_no_secret_stands_in_a_public_run(written):
    found = [
        (name, path)
        for path, text in written.items()
        for name, secret in SECRETS.items()
        if secret in text
    ]
    assert found == []
    assert {"map.html", "gaps.xlsx", "report.docx", "results.gpkg", "run.json", "run.log"} <= set(
        written
    )


def test_no_path_of_this_machine_stands_in_a_public_run(written, folder):
    for path, text in written.items():
        assert str(folder.parent) not in text, path
        assert not re.search(r"(?<![A-Za-z:/.])/(?:home|tmp|root|Users|work)/\w", text), path


def test_no_home_stands_in_a_public_run(written):
    assert not [name for name in written if name.endswith("parquet")]
    for path, text in written.items():
        assert HOME not in text, path
    assert 'id="lc-homes"' not in written["map.html"]


def test_no_layer_draws_a_home_a_site_or_a_parcel(folder, content):
    points = np.concatenate(
        [
            shapely.get_coordinates(content.homes.geometry.to_numpy()),
            content.sites[["x", "y"]].to_numpy(dtype=float),
        ]
    )
    secret = {tuple(np.round(point, 2)) for point in points}
    for name, layer in layers_of(folder):
        assert not name.endswith(("/homes", "/parcels", "/parcel_points")), name
        # Streets and areas may pass a home's door; points that stand there would be the home.
        drawn = layer.geometry[layer.geometry.geom_type == "Point"].dropna()
        if "facilit" not in name:
            drawn = drawn.to_crs(content.crs) if len(drawn) and drawn.crs else drawn
            at = {tuple(np.round(point, 2)) for point in shapely.get_coordinates(drawn.to_numpy())}
            assert not at & secret, name


def test_no_table_and_no_layer_counts_few_people(folder):
    frames = {path.name: pd.read_csv(path) for path in (folder / "tables").glob("*.csv")}
    assert set(frames) >= {"scores.csv", "programme.csv"}
    frames |= dict(layers_of(folder))
    book = openpyxl.load_workbook(folder / "gaps.xlsx")
    for sheet in book:
        rows = list(sheet.iter_rows(values_only=True))
        for at, row in enumerate(rows):
            if sum(isinstance(cell, str) for cell in row) > 3:
                body = list(itertools.takewhile(any, rows[at + 1 :]))
                heads = [f"{cell} {place}" for place, cell in enumerate(row)]
                frames[sheet.title] = pd.DataFrame(body, columns=heads).filter(regex="people")
                break
    for name, frame in frames.items():
        for column in frame.columns:
            asked = COUNTED.search(str(column)) and "share" not in str(column)
            if not asked or str(column) in ("short_by", "people_min", "people_max"):
                continue
            numbers = pd.to_numeric(frame[column], errors="coerce")
            if numbers.max() <= 1:  # shares of people, not people
                continue
            assert not ((numbers > 0) & (numbers < 10)).any(), (name, column)


def test_documents_name_no_author_and_no_date_of_writing(folder):
    for name in ("gaps.xlsx", "report.docx"):
        with zipfile.ZipFile(folder / name) as box:
            core = box.read("docProps/core.xml").decode("utf-8")
            app = box.read("docProps/app.xml").decode("utf-8")
        for tag in ("dc:creator", "cp:lastModifiedBy", "dc:description", "cp:keywords"):
            assert not re.search(rf"<{tag}[^>]*>[^<]+</{tag}>", core), (name, tag)
        for tag in ("Company", "Manager", "HyperlinkBase"):
            assert not re.search(rf"<{tag}>[^<]+</{tag}>", app), (name, tag)


def test_a_public_workbook_has_no_hidden_sheet(folder):
    book = openpyxl.load_workbook(folder / "gaps.xlsx")
    assert {sheet.sheet_state for sheet in book} == {"visible"}


def test_boundaries_are_called_a_sketch_and_have_room_for_the_review(folder, written):
    layer = pyogrio.read_dataframe(folder / "results.gpkg", layer="communities")
    assert layer["boundary"].nunique() == 1
    assert "sketch" in written["map.html"]
    assert "Map approval number" in written["report.docx"]
    assert "secrecy level" in written["gaps.xlsx"]


# -- what a later table has to do --------------------------------------------------------------
def test_every_part_of_a_run_says_what_becomes_of_it_in_public():
    """A table added later is empty in public until it is named in one of the two lists."""
    known = {one.name for one in dataclasses.fields(Content)}
    assert known == SHOWN | TREATED
    assert not SHOWN & TREATED
    assert {*COLUMNS, *ASKED} <= TREATED


def test_what_nobody_declared_is_left_out(content):
    edition = released(planted(content))
    assert len(edition.later) == 0
    assert edition.later_words is None


# -- what a planner wrote is not lost ----------------------------------------------------------
def test_the_workbook_a_public_edition_replaces_is_kept(content, tmp_path):
    remark = Entry(
        table="projects",
        key=str(content.projects["project_id"].iloc[0]),
        field="note",
        value=SECRETS["planner's remark"],
    )
    out = tmp_path / "run"
    run = dataclasses.replace(content, entries=Entries(cells=(remark,)))
    assert save_run(run, out, study={}, seeds={}, stages=Stages()) == ()
    public = dataclasses.replace(content, release="public")
    kept = save_run(public, out, study={}, seeds={}, stages=Stages())
    assert [path.name for path in kept] == ["gaps.xlsx"]
    assert SECRETS["planner's remark"] in texts_of(kept[0])
    assert SECRETS["planner's remark"] not in texts_of(out / "gaps.xlsx")
    # A public workbook carries nothing on, so nothing of it is kept either.
    assert save_run(public, out, study={}, seeds={}, stages=Stages()) == ()
