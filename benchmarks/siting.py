"""
Siting against a peer, as ratios in one run: `python benchmarks/siting.py [--large]`.

Each instance is drawn from a seed: homes with 1 to 99 people and sites in a unit square, uniform or
clustered; a site covers the homes within a radius. The peer is scipy.optimize.milp (HiGHS) on the
plain sparse model with continuous coverage. Building the model is part of every time.

Two questions: most people with a number of sites (MCLP), and fewest sites for everybody who can be
covered (LSCP). `--large` adds 100,000 homes and 5,000 sites.
"""

import resource
import sys
import time

import numpy as np
import scipy.optimize
import scipy.sparse

from lifecircle.siting.plan import SitingProblem, solve

REPEATS = 3
SMALL = [(2000, 500, 0.10, 10), (2000, 500, 0.15, 10)]
LARGE = [(20_000, 2000, 0.05, 20), (20_000, 2000, 0.10, 20)]
HUGE = [(100_000, 5000, 0.03, 40)]


def points(homes, sites, *, clustered, seed):
    random = np.random.default_rng(seed)
    if clustered:
        centre = random.random((30, 2))
        home = centre[random.integers(0, 30, homes)] + random.normal(0, 0.05, (homes, 2))
        half = sites // 2
        near = centre[random.integers(0, 30, half)] + random.normal(0, 0.07, (half, 2))
        site = np.vstack([near, random.random((sites - half, 2))])
    else:
        home, site = random.random((homes, 2)), random.random((sites, 2))
    return home, site, random.integers(1, 100, homes).astype(float)


def instance(homes, sites, radius, number, *, clustered, seed):
    home, site, people = points(homes, sites, clustered=clustered, seed=seed)
    reach = [np.flatnonzero(((home - at) ** 2).sum(axis=1) <= radius**2) for at in site]
    return SitingProblem(
        demand_weight=people,
        option_parcel=np.arange(sites, dtype=np.int32),
        option_area_m2=np.ones(sites),
        option_type=np.zeros(sites, dtype=np.int32),
        option_cost=np.zeros(sites),
        cover_ptr=np.cumsum([0, *map(len, reach)]).astype(np.int64),
        cover_demand=np.concatenate(reach).astype(np.int32),
        parcel_area_m2=np.full(sites, np.inf),
        parcel_required=np.zeros(sites, dtype=bool),
        parcel_forbidden=np.zeros(sites, dtype=bool),
        max_sites=number,
        budget=None,
    )


def table_of(problem):
    homes, sites = len(problem.demand_weight), len(problem.option_parcel)
    owner = np.repeat(np.arange(sites), np.diff(problem.cover_ptr))
    ones = np.ones(len(owner))
    return scipy.sparse.csr_matrix((ones, (problem.cover_demand, owner)), shape=(homes, sites))


def peer(problem, *, limit_s):
    homes, sites = len(problem.demand_weight), len(problem.option_parcel)
    number = scipy.sparse.csr_matrix(np.ones((1, sites)))
    rows = scipy.sparse.bmat(
        [[-table_of(problem), scipy.sparse.eye(homes)], [number, None]], format="csr"
    )
    found = scipy.optimize.milp(
        -np.concatenate([np.zeros(sites), problem.demand_weight]),
        constraints=scipy.optimize.LinearConstraint(
            rows, -np.inf, np.concatenate([np.zeros(homes), [float(problem.max_sites)]])
        ),
        integrality=np.concatenate([np.ones(sites), np.zeros(homes)]),
        bounds=scipy.optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0, "time_limit": limit_s},
    )
    return 0.0 if found.x is None else -found.fun


def fewest_peer(problem, *, limit_s):
    """Fewest sites for everybody within reach of any, as a set covering model."""
    table = table_of(problem)
    table = table[np.asarray(table.sum(axis=1)).ravel() > 0]
    sites = table.shape[1]
    found = scipy.optimize.milp(
        np.ones(sites),
        constraints=scipy.optimize.LinearConstraint(table, 1, np.inf),
        integrality=np.ones(sites),
        bounds=scipy.optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0, "time_limit": limit_s},
    )
    return None if found.x is None else round(found.fun)


def fewest_ours(problem):
    """Ask the product's question without a number that binds: it keeps the fewest sites it can."""
    everybody = SitingProblem(
        **{name: getattr(problem, name) for name in problem.__dataclass_fields__}
        | {"max_sites": len(problem.option_parcel)}
    )
    found = solve(everybody, years=1, alternatives=0)
    return len(found.opened), found.covered == found.coverable


def timed(function):
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def small():
    print("MCLP                            ours s   gap %    peer s  peer/ours  same answer")
    for homes, sites, radius, number in SMALL:
        for clustered in (False, True):
            for seed in (1, 2):
                problem = instance(homes, sites, radius, number, clustered=clustered, seed=seed)
                rounds = [
                    (
                        timed(lambda: solve(problem, years=1, alternatives=0)),  # noqa: B023
                        timed(lambda: peer(problem, limit_s=60)),  # noqa: B023
                    )
                    for _ in range(REPEATS)
                ]
                ours = float(np.median([ours[0] for ours, _ in rounds]))
                theirs = float(np.median([other[0] for _, other in rounds]))
                found, value = rounds[0][0][1], rounds[0][1][1]
                same = abs(found.covered - value) < 1e-3
                print(
                    f"{homes}x{sites} p={number} r={radius} "
                    f"{'clustered' if clustered else 'uniform  '} {ours:8.2f} "
                    f"{100 * found.gap:7.2f} {theirs:9.2f} {theirs / ours:10.1f}  {same}",
                    flush=True,
                )
    print("LSCP                       ours s  sites  all?    peer s  sites  peer/ours")
    for homes, sites, radius, number in SMALL:
        for clustered in (False, True):
            problem = instance(homes, sites, radius, number, clustered=clustered, seed=1)
            ours, (count, everybody) = timed(lambda: fewest_ours(problem))  # noqa: B023
            theirs, least = timed(lambda: fewest_peer(problem, limit_s=60))  # noqa: B023
            print(
                f"{homes}x{sites} r={radius} {'clustered' if clustered else 'uniform  '} "
                f"{ours:8.2f} {count:6d} {everybody!s:>5} {theirs:9.2f} {least!s:>6} "
                f"{theirs / ours:9.1f}",
                flush=True,
            )


def large(sizes):
    print("MCLP                                 ours s   gap %  peak MB")
    for homes, sites, radius, number in sizes:
        for clustered in (False, True):
            problem = instance(homes, sites, radius, number, clustered=clustered, seed=1)
            ours, found = timed(
                lambda: solve(problem, years=1, alternatives=0)  # noqa: B023
            )
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{homes}x{sites} p={number} r={radius} "
                f"{'clustered' if clustered else 'uniform  '} {ours:8.2f} {100 * found.gap:7.2f}"
                f"  {peak:6.0f}  {found.method}",
                flush=True,
            )


if __name__ == "__main__":
    small()
    large(LARGE + (HUGE if "--large" in sys.argv else []))
