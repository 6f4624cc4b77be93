"""
Siting against a peer, as ratios in one run: `python benchmarks/siting.py`.

Each instance is drawn from a seed: homes with 1 to 99 people and sites in a unit square, uniform or
clustered; a site covers the homes within a radius. The peer is scipy.optimize.milp (HiGHS) on the
plain sparse model with continuous coverage. Model building is part of both times.
"""

import time

import numpy as np
import scipy.optimize
import scipy.sparse

from lifecircle.siting.plan import SitingProblem, solve

REPEATS = 3
SMALL = [(2000, 500, 0.10, 10), (2000, 500, 0.15, 10)]
LARGE = [(20_000, 2000, 0.05, 20), (20_000, 2000, 0.10, 20)]


def instance(homes, sites, radius, number, *, clustered, seed):
    random = np.random.default_rng(seed)
    if clustered:
        centre = random.random((30, 2))
        home = centre[random.integers(0, 30, homes)] + random.normal(0, 0.05, (homes, 2))
        half = sites // 2
        near = centre[random.integers(0, 30, half)] + random.normal(0, 0.07, (half, 2))
        site = np.vstack([near, random.random((sites - half, 2))])
    else:
        home, site = random.random((homes, 2)), random.random((sites, 2))
    reach = [np.flatnonzero(((home - at) ** 2).sum(axis=1) <= radius**2) for at in site]
    return SitingProblem(
        demand_weight=random.integers(1, 100, homes).astype(float),
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


def peer(problem, *, limit_s):
    homes, sites = len(problem.demand_weight), len(problem.option_parcel)
    owner = np.repeat(np.arange(sites), np.diff(problem.cover_ptr))
    table = scipy.sparse.csr_matrix(
        (np.ones(len(owner)), (problem.cover_demand, owner)), shape=(homes, sites)
    )
    number = scipy.sparse.csr_matrix(np.ones((1, sites)))
    rows = scipy.sparse.bmat([[-table, scipy.sparse.eye(homes)], [number, None]], format="csr")
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


def timed(function):
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def main():
    print("instance                        ours s   gap %    peer s  peer/ours  same answer")
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
                    f"{100 * found.gap:7.2f} {theirs:9.2f} {theirs / ours:10.1f}  {same}"
                )
    for homes, sites, radius, number in LARGE:
        for clustered in (False, True):
            problem = instance(homes, sites, radius, number, clustered=clustered, seed=1)
            ours, found = timed(
                lambda: solve(problem, years=1, alternatives=0)  # noqa: B023
            )
            print(
                f"{homes}x{sites} p={number} r={radius} "
                f"{'clustered' if clustered else 'uniform  '} {ours:8.2f} {100 * found.gap:7.2f}"
                f"  {found.method}"
            )


if __name__ == "__main__":
    main()
