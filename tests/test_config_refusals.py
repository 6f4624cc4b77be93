"""What a study file must not say, and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecircle.config import (
    load_config,
)
from lifecircle.errors import Problem, RuleError, SourceError
from tests.config_making import fill, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path)


def problems(folder: Path, extra: str = "", **sections: str | None) -> tuple[Problem, ...]:
    with pytest.raises(RuleError) as caught:
        load_config(write(folder, extra, **sections))
    return caught.value.problems


BAD = [
    # unknown keys and sections
    ({"study": 'name = "x"\nlanguge = "zh"'}, "unknown key 'languge'", "'language'", 3),
    ({"area": 'boundry = "Area.gpkg"'}, "unknown key 'boundry'", "'boundary'", 4),
    ({"sitting": "years = 2"}, "unknown section 'sitting'", "'siting'", 7),
    ({"homes": "zzzqqq = 2"}, "unknown key 'zzzqqq'", "known: columns, layer", 8),
    # wrong kinds
    ({"study": "name = 3"}, "must be a text in quotes, not the number 3", "", 2),
    ({"study": 'name = " "'}, "is empty", "", 2),
    ({"study": 'name = "x"\nonline = "yes"'}, "must be true or false, not the text 'yes'", "", 3),
    ({"study": 'name = "x"\nlanguage = "fr"'}, "must be one of zh, en", "", 3),
    ({"study": 'name = "x"\nrelease = "Public"'}, "internal, public", "'public'", 3),
    ({"homes": 'total = "63437"'}, "must be a number", "take the quotes away", 8),
    ({"homes": "total = true"}, "must be a number, not true", "", 8),
    ({"siting": "years = 2.5"}, "must be a whole number, not the number 2.5", "", 8),
    ({"siting": "must = 'a'"}, "must be a list in square brackets", 'write ["a"]', 8),
    ({"facilities": "tables = {file = 'poi.csv'}"}, "must be a list", "[[facilities.tables]]", 8),
    ({"facilities": "tables = [{datum = 'wgs84'}]"}, "is missing", "", 8),
    ({"communities": 'file = "communities.gpkg"\ncolumns = ["id"]'}, "must be a table", "", 9),
    ({"communities": 'file = "communities.gpkg"\ncolumns = {id = 1}'}, "must be a text", "", 9),
    ({"network": 'osm = ""'}, "is an empty path", "", 6),
    ({"network": "osm = 4"}, "must be a path in quotes", "", 6),
    ({"network": 'osm = "~no-such-user/x.pbf"'}, "is no usable path", "", 6),
    # values out of range
    ({"homes": "total = -5"}, "must be greater than 0, not the number -5", "", 8),
    ({"homes": "total = nan"}, "finite", "", 8),
    ({"homes": 'groups = {"60plus" = 23}'}, "share 23 of group '60plus'", "write 0.23", 8),
    ({"homes": 'groups = {"60plus" = -0.1}'}, "is not between 0 and 1", "", 8),
    ({"homes": "groups = {all = 1}"}, "'all' cannot name a group", "", 8),
    ({"siting": "weights = {medical = -1}"}, "weight -1 of 'medical' is negative", "", 8),
    ({"siting": "max_sites = -1"}, "greater than or equal to 0", "", 8),
    ({"siting": "seed = -1"}, "greater than or equal to 0", "", 8),
    ({"communities": 'draw = "grid"\ncell_m = 0'}, "greater than or equal to 10", "", 9),
    ({"communities": 'draw = "places"\nplace_kinds = ["suburbb"]'}, "one of", "'suburb'", 9),
    ({"communities": 'draw = "place"'}, "must be one of places, admin, grid", "'places'", 8),
    ({"estates": 'file = "Area.gpkg"\nleg_factor = 0.5'}, "greater than or equal to 1", "", 9),
    ({"estates": "detect = 1"}, "must be true or false", "", 8),
    ({"estates": 'file = "Area.gpkg"\ndetect = true'}, "looked for on the map as well", "win", 9),
    ({"estates": 'gates = "Area.gpkg"'}, "no effect without file", "give file", 8),
    ({"estates": 'layer = "a"'}, "no effect without file", "give file", 8),
    ({"network": 'osm = "extract.osm.pbf"\nmend_m = -1'}, "greater than or equal to 0", "", 7),
    ({"network": 'osm = "extract.osm.pbf"\nmend_m = "3"'}, "must be a number", "quotes", 7),
    ({"land": 'code_system = "2022"'}, "must be one of 2023, 3diao", "'2023'", 8),
    ({"facilities": "tables = [{file = 'poi.csv', datum = 'gcj2'}]"}, "no known datum", "gcj02", 8),
    ({"facilities": 'as_of = "June"'}, "'June' is no date", "2026-06-30", 8),
    ({"facilities": "as_of = 2026-06-30T00:00:00"}, "time of day", "2026-06-30", 8),
    # the bounding box
    ({"area": "bbox = [1, 2, 3]"}, "must be four numbers", "[west, south, east, north]", 4),
    ({"area": 'bbox = [1, 2, 3, "4"]'}, "not the text '4'", "", 4),
    ({"area": "bbox = [13.3, 53.5, 13.2, 53.6]"}, "from west 13.3 to east 13.2", "", 4),
    ({"area": "bbox = [13.2, 53.6, 13.3, 53.5]"}, "from south 53.6 to north 53.5", "", 4),
    ({"area": "bbox = [30.1, 120.1, 30.3, 120.3]"}, "are swapped", "[west, south", 4),
    ({"area": "bbox = [500000, 3370000, 510000, 3380000]"}, "not in degrees", "metres", 4),
    # files that are not there
    ({"area": 'boundary = "area.gpkg"'}, "'area.gpkg' does not exist", "'Area.gpkg'", 4),
    ({"network": 'osm = "no/x.pbf"'}, "'no/x.pbf' does not exist", "its folder", 6),
    ({"homes": 'buildings = "b.gdb"'}, "'b.gdb' does not exist", "", 8),
    ({"land": 'exclude = ["roads.shp", "zz.shp"]'}, "'zz.shp' does not exist", "", 8),
    # statements that exclude each other, or need each other
    ({"area": ""}, "gives none of boundary, bbox, place and relation", "exactly one", 3),
    (
        {"area": 'bbox = [1, 2, 3, 4]\nboundary = "Area.gpkg"'},
        "gives boundary and bbox of boundary",
        "exactly one",
        4,
    ),
    ({"area": 'place = "Town"'}, "looked up on the internet", "online = true", 4),
    (
        {
            "area": "relation = 62705",
            "network": 'roads = "roads.shp"',
            "communities": 'draw = "grid"',
        },
        "the relation",
        "osm",
        4,
    ),
    ({"communities": 'draw = "places"\nplace_kinds = []'}, "is empty", "one kind", 9),
    ({"area": "relation = -1"}, "greater than 0", "", 4),
    ({"area": 'bbox = [1, 2, 3, 4]\ncrs = "EPSG:4528"'}, "no effect without boundary", "", 5),
    ({"network": ""}, "names no streets", "extract.osm.pbf", 5),
    ({"network": "online = true"}, "may not use the internet", "online = true", 6),
    (
        {"online": 'tiles = "https://t.example/{z}/{x}/{y}"\ntiles_credit = "office"'},
        "the study may not go there",
        "online = true",
        8,
    ),
    (
        {"study": 'name = "x"\nonline = true', "online": 'tiles = "https://t.example/{z}/{x}/{y}"'},
        "nobody says whose the tiles are",
        "tiles_credit",
        9,
    ),
    (
        {
            "study": 'name = "x"\nonline = true',
            "online": 'tiles_credit = "x"\ntiles = "https://t.example/{z}"',
        },
        "no address of map tiles",
        "{x}",
        10,
    ),
    (
        {"study": 'name = "x"\nonline = true', "network": 'osm = "extract.osm.pbf"\nonline = true'},
        "from the file and from the internet",
        "either",
        8,
    ),
    (
        {"network": 'osm = "extract.osm.pbf"\nelevated = ["Ring"]'},
        "no effect without roads",
        "give roads",
        7,
    ),
    (
        {"network": 'osm = "extract.osm.pbf"\nroads = "roads.shp"\nmend_m = 60'},
        "less than or equal to 50",
        "",
        8,
    ),
    ({"network": 'roads = "roads.shp"'}, 'draw = "places" takes', 'draw = "grid"', None),
    ({"communities": "cell_m = 300"}, "gives none of file and draw", "", 7),
    ({"communities": 'draw = "grid"\nadmin_level = 8'}, 'draw = "admin"', "", 9),
    ({"communities": 'file = "communities.gpkg"\ncell_m = 100'}, "beside file", "", 9),
    ({"communities": 'draw = "grid"\nencoding = "gbk"'}, "no effect without file", "", 9),
    ({"homes": 'table = "Area.gpkg"'}, "the communities are drawn", "file of communities", 8),
    ({"homes": 'layer = "FW"'}, "no effect without a file of buildings", "", 8),
    ({"standard": 'name = "basic"\nfile = "Area.gpkg"'}, "packaged standard and a file", "", 9),
    ({"siting": "budget = 3000"}, "says nothing without costs", "unit_costs", 8),
    (
        {"siting": 'budget = 3000\nunit_costs = "costs.xlsx"\nmax_sites = 12'},
        "a number of sites and a budget",
        "either",
        8,
    ),
    ({"siting": 'must = ["a", "b"]\nnever = ["b"]'}, "b must and must never", "", 9),
    ({"siting": 'capacity = true\nfair = "worst_first"'}, "only one of the two", "capacity", 8),
    (
        {"facilities": "tables = [{file = 'poi.csv', datum = 'gcj02', crs = 'EPSG:4326'}]"},
        "said twice",
        "keep one",
        8,
    ),
    (
        {
            "network": 'roads = "roads.shp"',
            "communities": 'draw = "grid"',
            "facilities": "osm = true",
        },
        "asks for OSM data",
        "take this line out",
        10,
    ),
    # sections
    ({"area": None}, "is missing", "boundary", None),
    ({"network": None}, "is missing", "extract.osm.pbf", None),
    ({"study": ""}, "is missing", "", 1),
]


@pytest.mark.parametrize(("sections", "what", "remedy", "line"), BAD)
def test_one_wrong_thing_is_one_problem_with_its_line(folder, sections, what, remedy, line):
    found = problems(folder, **sections)
    assert len(found) == 1
    assert what in found[0].what
    assert remedy in found[0].remedy
    expected = "study.toml, [" if line is None else f"study.toml, line {line}, ["
    assert found[0].where.startswith(expected)


def test_every_problem_is_said_at_once_in_the_order_of_the_file(folder):
    found = problems(
        folder,
        study='name = "x"\nlanguage = "fr"',
        area='boundary = "a.gpkg"\nplace = "Town"',
        network='osm = "b.pbf"\nonline = true',
        homes='total = -1\nraster = "c.tif"',
        siting="budget = 10\nmax_sites = 3\nyears = 0\nfoo = 1",
        extra='[[facilities.tables]]\nfile = "poi.csv"\n[[facilities.tables]]\nfile = "d.csv"\n',
    )
    assert [(one.where, one.what.split(" — ")[0]) for one in found] == [
        ("study.toml, line 3, [study] language", "must be one of zh, en, not the text 'fr'"),
        ("study.toml, line 5, [area] boundary", "'a.gpkg' does not exist"),
        (
            "study.toml, line 6, [area] place",
            "gives boundary and place of boundary, bbox, place and relation",
        ),
        (
            "study.toml, line 6, [area] place",
            "a place name is looked up on the internet, and the study may not go there",
        ),
        ("study.toml, line 8, [network] osm", "'b.pbf' does not exist"),
        (
            "study.toml, line 9, [network] online",
            "OSM data would come from the file and from the internet",
        ),
        (
            "study.toml, line 9, [network] online",
            "streets would be downloaded, and the study may not use the internet",
        ),
        ("study.toml, line 11, [homes] total", "must be greater than 0, not the number -1"),
        ("study.toml, line 12, [homes] raster", "'c.tif' does not exist"),
        ("study.toml, line 14, [siting] budget", "a number of sites and a budget are both given"),
        ("study.toml, line 14, [siting] budget", "a budget says nothing without costs"),
        (
            "study.toml, line 16, [siting] years",
            "must be greater than or equal to 1, not the number 0",
        ),
        ("study.toml, line 17, [siting] foo", "unknown key 'foo'"),
        ("study.toml, line 21, [facilities] tables.2.file", "'d.csv' does not exist"),
    ]
    assert not any(str(folder) in str(one) for one in found)


@pytest.mark.parametrize(
    ("text", "line", "shown", "remedy"),
    [
        ("[study]\nname = Town\n", 2, "name = Town", "put texts in quotes"),
        ("[study]\nname = “镇”\n", 2, "name = “镇”", "straight quotes"),
        ('[study]\nname = "a"\nonline = True\n', 3, "online = True", "write true or false"),
        ('[network]\nosm = "data\\x.pbf"\n', 2, "data\\x.pbf", "forward slashes"),
        ("[communities]\ncolumns = {id = 'a',\n}\n", 2, "columns = {id", "curly"),
        ('[study]\nname = "a"\nname = "b"\n', 3, 'name = "b"', "key = value"),
        ("[study]\nname = ", 2, "name =", "key = value"),
    ],
)
def test_syntax_errors_name_the_line_and_show_it(tmp_path, text, line, shown, remedy):
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_config(path)
    (problem,) = caught.value.problems
    assert problem.where == f"study.toml, line {line}"
    assert shown in problem.what
    assert remedy in problem.remedy


def test_missing_file(tmp_path):
    with pytest.raises(SourceError, match=r"study\.toml: there is no such study file .* folder"):
        load_config(tmp_path)


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_other_encodings_are_refused(folder, encoding):
    path = write(folder, study='name = "镇区"')
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    with pytest.raises(SourceError, match="save as UTF-8"):
        load_config(path)
