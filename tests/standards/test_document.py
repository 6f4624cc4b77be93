import pytest

from lifecircle.errors import RuleError
from lifecircle.standards.document import parse_document

TEXT = """\
# a = "in a comment"
title = "with = and [ and #"   # comment
numbers = [
  1,
  2,
]

[table]
key.deep = 3
"quoted.key" = 4

[[rows]]
id = "first"
proof = [
  { field = "a", tag = "V" },
  { field = "b", tag = "C" },
]

[[rows]]
id = "second"
proof = [{ field = "a" }, { field = "b" }]

[rows.inner]
size = 5
"""


@pytest.mark.parametrize(
    ("loc", "line"),
    [
        (("title",), 2),
        (("numbers",), 3),
        (("numbers", 1), 3),
        (("table",), 8),
        (("table", "key", "deep"), 9),
        (("table", "quoted.key"), 10),
        (("table", "absent"), 8),
        (("rows", 0), 12),
        (("rows", 0, "id"), 13),
        (("rows", 0, "proof", 1, "tag"), 16),
        (("rows", 1, "id"), 20),
        (("rows", 1, "proof", 1), 21),
        (("rows", 1, "inner", "size"), 24),
        (("a",), None),
        ((), None),
    ],
)
def test_lines_are_found_again(loc, line):
    assert parse_document("x.toml", TEXT).line(loc) == line


def test_the_line_is_quoted():
    document = parse_document("x.toml", TEXT)
    assert document.where(("table", "quoted.key")) == 'x.toml, line 10 ("quoted.key" = 4)'
    assert document.where(("nothing",)) == "x.toml"
    long = parse_document("x.toml", f'a = "{"x" * 200}"')
    assert len(long.where(("a",))) < 110


def test_lists_become_tuples():
    assert parse_document("x.toml", TEXT).values["numbers"] == (1, 2)


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = \n", 2), ("a = 1\na = 2\n", 2), ("a = [1,\n\n", 2)]
)
def test_broken_text_names_its_line(text, line):
    with pytest.raises(RuleError, match=rf"x\.toml, line {line}.*not TOML"):
        parse_document("x.toml", text)
