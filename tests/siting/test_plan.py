from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.errors import InputError, SitingError
from lifecircle.siting.bound import Bound
from lifecircle.siting.plan import SitingProblem, solve


def question(weight, reach, **given_values):
    options = len(reach)
    values = {
        "demand_weight": np.array(weight, dtype=float),
        "option_parcel": np.arange(options, dtype=np.int32),
        "option_area_m2": np.full(options, 100.0),
        "option_type": np.zeros(options, dtype=np.int32),
        "option_cost": np.zeros(options),
        "cover_ptr": np.cumsum([0, *map(len, reach)]).astype(np.int64),
        "cover_demand": np.array([d for row in reach for d in row], dtype=np.int32),
        "max_sites": 1,
        "budget": None,
    }
    values.update(given_values)
    parcels = int(values["option_parcel"].max()) + 1 if options else 0
    values.setdefault("parcel_area_m2", np.full(parcels, np.inf))
    values.setdefault("parcel_required", np.zeros(parcels, dtype=bool))
    values.setdefault("parcel_forbidden", np.zeros(parcels, dtype=bool))
    return SitingProblem(**values)


def reach_of(problem, options):
    return {
        int(d)
        for o in options
        for d in problem.cover_demand[problem.cover_ptr[o] : problem.cover_ptr[o + 1]]
    }


def weight_of(problem, options):
    return float(sum(problem.demand_weight[d] for d in reach_of(problem, options)))


def allowed(problem, options):
    parcels = [int(problem.option_parcel[o]) for o in options]
    slots = {(p, int(problem.option_type[o])) for p, o in zip(parcels, options, strict=True)}
    used = dict.fromkeys(parcels, 0.0)
    for p, o in zip(parcels, options, strict=True):
        used[p] += problem.option_area_m2[o]
    return (
        len(slots) == len(options)
        and all(used[p] <= problem.parcel_area_m2[p] + 1e-6 for p in used)
        and not any(problem.parcel_forbidden[p] for p in parcels)
        and (problem.max_sites is None or len(used) <= problem.max_sites)
        and (problem.budget is None or problem.option_cost[list(options)].sum() <= problem.budget)
    )


def best_by_enumeration(problem):
    """Largest weight, and the fewest parcels that reach it, over every allowed set."""
    best, fewest = -1.0, 0
    count = len(problem.option_parcel)
    useful = {
        int(p)
        for o, p in enumerate(problem.option_parcel)
        if problem.parcel_required[p]
        and weight_of(problem, [o]) > 0
        and problem.option_area_m2[o] <= problem.parcel_area_m2[p]
        and (problem.budget is None or problem.option_cost[o] <= problem.budget)
    }
    idle = int(problem.parcel_required.sum()) - len(useful)
    for size in range(count + 1):
        for options in combinations(range(count), size):
            opened = {int(problem.option_parcel[o]) for o in options}
            if not allowed(problem, options) or not useful <= opened:
                continue
            if problem.max_sites is not None and len(opened) + idle > problem.max_sites:
                continue
            if any(weight_of(problem, [o]) == 0 for o in options):
                continue
            value = weight_of(problem, options)
            if value > best or (value == best and len(opened) < fewest):
                best, fewest = value, len(opened)
    return best, fewest + idle


@st.composite
def questions(draw):
    demands = draw(st.integers(0, 7))
    options = draw(st.integers(0, 8))
    parcels = draw(st.integers(1, 5))
    ids = st.integers(0, max(demands - 1, 0))
    reach = [sorted(draw(st.sets(ids, max_size=4))) if demands else [] for _ in range(options)]
    by_number = draw(st.booleans())
    free = draw(st.lists(st.sampled_from("....rx"), min_size=parcels, max_size=parcels))
    required = np.array([mark == "r" for mark in free])
    number = draw(st.integers(0, 4))

    def per_option(values):
        return np.array(draw(st.lists(values, min_size=options, max_size=options)))

    return question(
        draw(st.lists(st.integers(0, 9), min_size=demands, max_size=demands)),
        reach,
        option_parcel=per_option(st.integers(0, parcels - 1)).astype(np.int32),
        option_type=per_option(st.integers(0, 2)).astype(np.int32),
        option_area_m2=per_option(st.sampled_from([50.0, 100.0, 200.0])).astype(float),
        option_cost=per_option(st.integers(0, 4)).astype(float),
        parcel_area_m2=np.array(
            draw(
                st.lists(
                    st.sampled_from([80.0, 150.0, 300.0, np.inf]),
                    min_size=parcels,
                    max_size=parcels,
                )
            )
        ),
        parcel_required=required & (not draw(st.booleans())),
        parcel_forbidden=np.array([mark == "x" for mark in free]),
        max_sites=number + int(required.sum()) if by_number else None,
        budget=None if by_number else float(draw(st.integers(0, 8)) + 4 * required.sum()),
    )


# -- bad input --------------------------------------------------------------------------------
def test_every_bad_array_is_named_at_once():
    with pytest.raises(InputError) as caught:
        question([1.0], [[0], [0]], option_area_m2=np.ones(3), option_cost=np.ones(1))
    assert "option_area_m2" in str(caught.value)
    assert "option_cost" in str(caught.value)


def test_bad_values_are_refused():
    with pytest.raises(InputError, match="demand_weight, entry 1"):
        question([1.0, np.nan], [[0]])
    with pytest.raises(InputError, match="cover_demand"):
        question([1.0], [[3]])
    with pytest.raises(InputError, match="set max_sites or budget"):
        question([1.0], [[0]], max_sites=None)
    with pytest.raises(InputError, match="cannot be negative"):
        question([1.0], [[0]], max_sites=-1)


def test_what_has_no_answer_is_said():
    yes = np.ones(2, dtype=bool)
    with pytest.raises(SitingError, match="must and must not"):
        question([1.0], [[0], [0]], parcel_required=yes, parcel_forbidden=yes, max_sites=2)
    with pytest.raises(SitingError, match="2 parcels must be used but only 1"):
        question([1.0], [[0], [0]], parcel_required=yes)
    dear = question(
        [1.0],
        [[0], [0]],
        parcel_required=yes,
        option_cost=np.array([3.0, 4.0]),
        max_sites=None,
        budget=6.0,
    )
    with pytest.raises(SitingError, match="cost at least 7"):
        solve(dear, years=1)
    with pytest.raises(SitingError, match="at least one year"):
        solve(question([1.0], [[0]]), years=0)


# -- types, also when there is nothing ---------------------------------------------------------
@pytest.mark.parametrize(
    "problem",
    [
        question([], []),
        question([5.0], []),
        question([], [[], []]),
        question([5.0], [[0]], max_sites=0),
        question([0.0], [[0]]),
        question([5.0], [[0]], parcel_forbidden=np.array([True])),
    ],
)
def test_nothing_to_do_is_an_exact_empty_plan(problem):
    found = solve(problem, years=3)
    assert found.chosen.dtype.kind == "i"
    assert found.opened.tolist() == []
    assert found.curve.tolist() == []
    assert (found.covered, found.bound, found.gap, found.method) == (0.0, 0.0, 0.0, "exact")
    assert found.alternatives == ()


def test_inputs_are_unchanged():
    problem = question([3, 2, 1], [[0, 1], [1, 2], [2]], max_sites=2)
    before = {name: np.array(value) for name, value in vars(problem).items()}
    solve(problem, years=2)
    for name, value in before.items():
        np.testing.assert_array_equal(value, np.array(getattr(problem, name)))


# -- hand-worked values -----------------------------------------------------------------------
def test_greedy_trap_is_solved_exactly():
    # greedy takes the middle (6) and then one side (+2); both sides together cover all 10
    problem = question([3, 2, 3, 2], [[0, 2], [0, 1], [2, 3]], max_sites=2)
    found = solve(problem, years=2)
    assert found.chosen.tolist() == [1, 2]
    assert found.covered == found.bound == 10.0
    assert found.opened_gain.tolist() == [5.0, 5.0]
    assert found.opened_year.tolist() == [1, 2]
    assert found.curve.tolist() == [6.0, 10.0]


def test_one_parcel_for_two_services_beats_two_parcels():
    problem = question(
        [4, 4],
        [[0], [1], [0], [1]],
        option_parcel=np.array([0, 1, 2, 2]),
        option_type=np.array([0, 1, 0, 1]),
        max_sites=2,
    )
    found = solve(problem, years=1)
    assert found.opened.tolist() == [2]
    assert found.chosen.tolist() == [2, 3]


def test_area_decides_what_fits_together():
    problem = question(
        [4, 5, 3],
        [[0], [1], [2]],
        option_parcel=np.zeros(3, dtype=int),
        option_type=np.arange(3),
        option_area_m2=np.array([60.0, 90.0, 40.0]),
        parcel_area_m2=np.array([100.0]),
    )
    assert solve(problem, years=1).chosen.tolist() == [0, 2]


def test_a_required_parcel_without_use_takes_a_site():
    problem = question(
        [4, 5],
        [[0], [1], []],
        parcel_required=np.array([False, False, True]),
        max_sites=2,
    )
    found = solve(problem, years=2)
    assert found.opened.tolist() == [1, 2]
    assert found.chosen.tolist() == [1]
    assert found.opened_gain.tolist() == [5.0, 0.0]


def test_for_each_parcel_the_best_plan_without_it_is_told():
    problem = question([100, 99, 50], [[0], [1], [2]])
    (other,) = solve(problem, years=1).alternatives
    assert (other.without, other.opened.tolist(), other.covered) == (0, [1], 99.0)
    two = solve(replace(problem, max_sites=2), years=1).alternatives
    assert [(one.without, one.covered) for one in two] == [(1, 150.0), (0, 149.0)]
    forced = replace(problem, parcel_required=np.array([True, False, False]), max_sites=2)
    assert [one.without for one in solve(forced, years=1).alternatives] == [1]
    assert len(solve(replace(problem, max_sites=2), years=1, alternatives=1).alternatives) == 1


def test_years_are_balanced_with_the_larger_first():
    problem = question(range(1, 8), [[d] for d in range(7)], max_sites=7)
    found = solve(problem, years=3)
    assert found.opened.tolist() == [6, 5, 4, 3, 2, 1, 0]
    assert found.opened_year.tolist() == [1, 1, 1, 2, 2, 3, 3]


# -- laws -------------------------------------------------------------------------------------
@settings(max_examples=120, deadline=None)
@given(questions())
def test_the_answer_is_the_optimum_and_keeps_the_rules(problem):
    best, fewest = best_by_enumeration(problem)
    if best < 0:
        with pytest.raises(SitingError):
            solve(problem, years=2)
        return
    found = solve(problem, years=2)
    assert found.covered == pytest.approx(best)
    assert found.bound >= best - 1e-9
    assert found.method == "exact"
    assert len(found.opened) == fewest
    assert allowed(problem, found.chosen.tolist())
    assert weight_of(problem, found.chosen) == pytest.approx(found.covered)
    assert found.opened_gain.sum() == pytest.approx(found.covered)
    assert (np.diff(found.curve) >= -1e-9).all()
    if len(found.curve):
        assert found.curve[-1] == pytest.approx(found.covered)
    for other in found.alternatives:
        assert allowed(problem, other.chosen.tolist())
        assert weight_of(problem, other.chosen) == pytest.approx(other.covered)
        assert other.covered <= best + 1e-9
        assert other.without in found.opened
        assert other.without not in other.opened
    loss = [one.covered for one in found.alternatives]
    assert loss == sorted(loss, reverse=True)


@settings(max_examples=80, deadline=None)
@given(questions())
def test_the_model_alone_finds_the_optimum(problem):
    """With a bound that proves nothing, every question goes to the mixed-integer model."""

    def blind(cover, limits, *, reached, iterations=0):
        return Bound(
            value=float(cover.weight.sum()),
            price=np.zeros(cover.columns),
            with_column=np.full(cover.columns, np.inf),
            without_group=np.full(len(limits.required), np.inf),
        )

    best, fewest = best_by_enumeration(problem)
    if best < 0:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lifecircle.siting.plan.lagrangian_bound", blind)
        patch.setattr("lifecircle.siting.plan.KICKS", 0)
        found = solve(problem, years=1)
    assert found.covered == pytest.approx(best)
    assert found.method == "exact"
    assert len(found.opened) == fewest
    assert allowed(problem, found.chosen.tolist())


@settings(max_examples=40, deadline=None)
@given(questions(), st.randoms(use_true_random=False))
def test_the_order_of_options_changes_no_weight(problem, random):
    order = list(range(len(problem.option_parcel)))
    random.shuffle(order)
    reach = [
        problem.cover_demand[problem.cover_ptr[o] : problem.cover_ptr[o + 1]].tolist()
        for o in order
    ]
    turned = replace(
        problem,
        option_parcel=problem.option_parcel[order],
        option_type=problem.option_type[order],
        option_area_m2=problem.option_area_m2[order],
        option_cost=problem.option_cost[order],
        cover_ptr=np.cumsum([0, *map(len, reach)]).astype(np.int64),
        cover_demand=np.array([d for row in reach for d in row], dtype=np.int32),
    )
    try:
        first = solve(problem, years=1)
    except SitingError:
        with pytest.raises(SitingError):
            solve(turned, years=1)
        return
    assert solve(turned, years=1).covered == pytest.approx(first.covered)


def scattered(seed, demands=400, options=60, sites=6):
    random = np.random.default_rng(seed)
    homes, places = random.random((demands, 2)), random.random((options, 2))
    near = ((homes - places[:, np.newaxis]) ** 2).sum(axis=2) < 0.15**2
    weight = random.random(demands) * 10
    return question(weight, [np.flatnonzero(row).tolist() for row in near], max_sites=sites)


def test_the_same_question_twice_gives_the_same_answer():
    one, two = (solve(scattered(5), years=3) for _ in range(2))
    assert one.opened.tolist() == two.opened.tolist()
    assert one.chosen.tolist() == two.chosen.tolist()
    assert one.bound == two.bound
    assert [a.opened.tolist() for a in one.alternatives] == [
        a.opened.tolist() for a in two.alternatives
    ]


def test_too_large_for_the_model_is_bounded_not_guessed(monkeypatch):
    monkeypatch.setattr("lifecircle.siting.plan.EXACT_ENTRIES", 0)
    monkeypatch.setattr("lifecircle.siting.plan.KICKS", 0)
    for seed in range(6):
        problem = scattered(seed)
        found = solve(problem, years=1)
        monkeypatch.setattr("lifecircle.siting.plan.EXACT_ENTRIES", 60_000)
        exact = solve(problem, years=1)
        monkeypatch.setattr("lifecircle.siting.plan.EXACT_ENTRIES", 0)
        assert exact.method == "exact"
        assert found.covered <= exact.covered + 1e-9
        assert found.bound >= exact.covered - 1e-6
        assert found.gap == pytest.approx((found.bound - found.covered) / found.bound)


def test_fractional_people_are_solved_as_scipy_solves_them():
    optimize = pytest.importorskip("scipy.optimize")
    sparse = pytest.importorskip("scipy.sparse")
    problem = scattered(11, demands=150, options=30, sites=4)
    demands, options = 150, 30
    rows = np.repeat(np.arange(options), np.diff(problem.cover_ptr))
    table = sparse.csr_matrix(
        (np.ones(len(rows)), (problem.cover_demand, rows)), shape=(demands, options)
    )
    block = sparse.bmat(
        [[-table, sparse.eye(demands)], [sparse.csr_matrix(np.ones((1, options))), None]]
    )
    peer = optimize.milp(
        -np.concatenate([np.zeros(options), problem.demand_weight]),
        constraints=optimize.LinearConstraint(
            block, -np.inf, np.concatenate([np.zeros(demands), [4.0]])
        ),
        integrality=np.concatenate([np.ones(options), np.zeros(demands)]),
        bounds=optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    assert solve(problem, years=1).covered == pytest.approx(-peer.fun)
