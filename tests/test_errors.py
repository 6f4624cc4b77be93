"""Errors and warnings: every problem at once, in words that say where and what to do."""

from __future__ import annotations

import pytest

from lifecircle import errors
from lifecircle.errors import LifecircleError, LifecircleWarning, Problem


def test_a_problem_says_where_what_and_what_to_do():
    assert str(Problem(what="is empty")) == "is empty"
    assert str(Problem(what="is empty", where="a.csv, row 3")) == "a.csv, row 3: is empty"
    whole = Problem(what="is empty", where="a.csv", remedy="fill it")
    assert str(whole) == "a.csv: is empty — fill it"


def test_an_error_takes_a_message_a_problem_or_all_problems():
    first, second = Problem(what="one", where="a"), Problem(what="two", where="b")
    assert LifecircleError("plain").problems == (Problem(what="plain"),)
    assert LifecircleError(first).problems == (first,)
    both = LifecircleError([first, second])
    assert both.problems == (first, second)
    assert str(both) == "a: one\nb: two"


@pytest.mark.parametrize(
    ("name", "builtin"),
    [
        ("InputError", ValueError),
        ("SchemaError", errors.InputError),
        ("CrsError", errors.InputError),
        ("ExtentError", errors.InputError),
        ("RuleError", ValueError),
        ("SourceError", OSError),
        ("NetworkError", RuntimeError),
        ("SitingError", RuntimeError),
    ],
)
def test_errors_can_be_caught_as_the_builtin_they_are(name, builtin):
    kind = getattr(errors, name)
    with pytest.raises(builtin) as caught:
        raise kind([Problem(what="one", where="a.csv"), Problem(what="two")])
    assert isinstance(caught.value, LifecircleError)
    # OSError has its own ideas of how to print itself.
    assert str(caught.value) == "a.csv: one\ntwo"
    assert len(caught.value.problems) == 2


def test_every_class_of_the_module_hangs_on_one_of_the_two_trees():
    kinds = [one for one in vars(errors).values() if isinstance(one, type)]
    mine = [one for one in kinds if one.__module__ == errors.__name__ and one is not Problem]
    assert len(mine) >= 14
    for kind in mine:
        assert issubclass(kind, (LifecircleError, LifecircleWarning))
        assert kind.__doc__
    assert issubclass(LifecircleWarning, UserWarning)
