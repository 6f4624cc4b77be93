"""
Siting against peers: `python benchmarks/siting.py [--large] [--spopt PYTHON]`.

Each instance is drawn from a seed: homes with 1 to 99 people and sites in a unit square, uniform or
clustered; a site covers the homes within a radius. Three questions: most people with a number of
sites (MCLP), fewest sites for everybody who can be covered (LSCP), least walk in all with a number
of sites (p-median). Every answer is worked out in a child process of its own, which tells the time
from arrays to answer, model building included, its processor time and peak memory. Peers:
scipy.optimize.milp (HiGHS) on the plain sparse model, and spopt on PuLP with HiGHS and CBC, by the
interpreter `--spopt` names; each may search for 60 s. Ratios are of processor time.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

LIMIT_S = 60
KILLED_S = 240
FIRST = [(2000, 500, 0.10, 10), (2000, 500, 0.15, 10)]
LARGE = [(20_000, 2000, 0.05, 20), (20_000, 2000, 0.10, 20)]
HUGE = [(100_000, 5000, 0.03, 40)]
MEDIAN = [(2000, 500, 0.20, 50)]
"""The radius only says up to where walks are told apart; no walk of an answer may be as long."""


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


def walks(home, site, radius):
    """Pairs within the radius, by site: site, home, distance."""
    found = []
    for at, place in enumerate(site):
        apart = np.hypot(*(home - place).T)
        near = np.flatnonzero(apart <= radius)
        found.append((np.full(len(near), at), near, apart[near]))
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))


# -- ours ---------------------------------------------------------------------------------------
def problem_of(weight, sites, owner, demand, number):
    from lifecircle.siting.plan import SitingProblem  # noqa: PLC0415 - peers have no lifecircle

    return SitingProblem(
        demand_weight=weight,
        option_parcel=np.arange(sites, dtype=np.int32),
        option_area_m2=np.ones(sites),
        option_type=np.zeros(sites, dtype=np.int32),
        option_cost=np.zeros(sites),
        cover_ptr=np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=sites))]),
        cover_demand=demand.astype(np.int32),
        parcel_area_m2=np.full(sites, np.inf),
        parcel_required=np.zeros(sites, dtype=bool),
        parcel_forbidden=np.zeros(sites, dtype=bool),
        max_sites=number,
        budget=None,
    )


def ours(question, people, sites, owner, home, apart, radius, number):
    from lifecircle.siting.everybody import fewest_for_all  # noqa: PLC0415
    from lifecircle.siting.plan import solve  # noqa: PLC0415

    if question == "pmedian":
        # a walk is the sum of its pieces between one site and the next farther one: of each piece
        # a home is spared that has an open site on the near side of it
        order = np.lexsort((apart, home))
        owner, home, apart = owner[order], home[order], apart[order]
        last = np.append(home[1:] != home[:-1], True)
        piece = np.where(last, radius, np.append(apart[1:], 0.0)) - apart
        rank = np.arange(len(home)) - np.searchsorted(home, home)
        count = np.bincount(home, minlength=len(people))[home] - rank
        site = np.repeat(owner, count)
        first = np.repeat(np.arange(len(home)), count)
        demand = first + np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
        order = np.lexsort((demand, site))
        problem = problem_of(people[home] * piece, sites, site[order], demand[order], number)
        found = solve(problem, years=1, alternatives=0)
        far = people.sum() * radius
        return far - found.covered, far - found.bound
    problem = problem_of(people, sites, owner, home, number)
    if question == "lscp":
        found = fewest_for_all(problem)
        return found.sites, found.at_least
    found = solve(problem, years=1, alternatives=0)
    return found.covered, found.bound


# -- peers --------------------------------------------------------------------------------------
def scipy_milp(question, people, sites, owner, home, apart, radius, number):
    import scipy.optimize  # noqa: PLC0415
    import scipy.sparse as sparse  # noqa: PLC0415

    homes = len(people)
    table = sparse.csr_matrix((np.ones(len(home)), (home, owner)), shape=(homes, sites))
    if question == "lscp":
        table = table[np.asarray(table.sum(axis=1)).ravel() > 0]
        cost, whole = np.ones(sites), np.ones(sites)
        rules = [scipy.optimize.LinearConstraint(table, 1, np.inf)]
    elif question == "mclp":
        cost = -np.concatenate([np.zeros(sites), people])
        whole = np.concatenate([np.ones(sites), np.zeros(homes)])
        every = sparse.hstack([-table, sparse.eye(homes)], format="csr")
        some = sparse.csr_matrix(np.concatenate([np.ones(sites), np.zeros(homes)]))
        rules = [
            scipy.optimize.LinearConstraint(every, -np.inf, 0),
            scipy.optimize.LinearConstraint(some, 0, number),
        ]
    else:
        # only walks within the radius; whoever has none walks the radius
        pairs = len(home)
        own = np.arange(pairs)
        size = sites + pairs + homes
        cost = np.concatenate([np.zeros(sites), people[home] * apart, people * radius])
        whole = np.concatenate([np.ones(sites), np.zeros(pairs + homes)])
        one = sparse.csr_matrix(
            (
                np.ones(pairs + homes),
                (
                    np.append(home, np.arange(homes)),
                    sites + np.append(own, pairs + np.arange(homes)),
                ),
            ),
            shape=(homes, size),
        )
        only_open = sparse.csr_matrix(
            (
                np.append(np.ones(pairs), -np.ones(pairs)),
                (np.append(own, own), np.append(sites + own, owner)),
            ),
            shape=(pairs, size),
        )
        some = sparse.csr_matrix(np.concatenate([np.ones(sites), np.zeros(pairs + homes)]))
        rules = [
            scipy.optimize.LinearConstraint(one, 1, 1),
            scipy.optimize.LinearConstraint(only_open, -np.inf, 0),
            scipy.optimize.LinearConstraint(some, 0, number),
        ]
    found = scipy.optimize.milp(
        cost,
        constraints=rules,
        integrality=whole,
        bounds=scipy.optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0, "time_limit": LIMIT_S},
    )
    sign = -1 if question == "mclp" else 1
    value = None if found.x is None else sign * found.fun
    bound = None if found.mip_dual_bound is None else sign * found.mip_dual_bound
    return value, bound


def by_spopt(question, people, sites, owner, home, apart, radius, number, solver):
    import pulp  # noqa: PLC0415
    from spopt.locate import LSCP, MCLP, PMedian  # noqa: PLC0415

    cost = np.full((len(people), sites), 10.0)
    cost[home, owner] = apart
    chosen = {
        "highs": lambda: pulp.HiGHS(msg=False, timeLimit=LIMIT_S),
        "cbc": lambda: pulp.PULP_CBC_CMD(msg=False, timeLimit=LIMIT_S),
    }[solver]()
    if question == "lscp":
        cost = cost[(cost <= radius).any(axis=1)]
        model = LSCP.from_cost_matrix(cost, radius)
    elif question == "mclp":
        model = MCLP.from_cost_matrix(cost, people, radius, p_facilities=number)
    else:
        model = PMedian.from_cost_matrix(cost, people, p_facilities=number)
    model.problem.solve(chosen)
    value = pulp.value(model.problem.objective)
    proved = model.problem.sol_status == pulp.LpSolutionOptimal
    proved &= model.problem.status == pulp.LpStatusOptimal
    return value, value if proved else None


TOOLS = {
    "lifecircle": ours,
    "scipy": scipy_milp,
    "spopt, HiGHS": lambda *asked: by_spopt(*asked, "highs"),
    "spopt, CBC": lambda *asked: by_spopt(*asked, "cbc"),
}


def child(tool, question, homes, sites, radius, number, clustered, seed):
    home, site, people = points(homes, sites, clustered=clustered, seed=seed)
    owner, near, apart = walks(home, site, radius)
    small = (people[:3], 3, np.array([0, 1, 2]), np.array([0, 1, 2]), np.full(3, 0.1), 0.2, 1)
    TOOLS[tool](question, *small)  # what is loaded or compiled once is no part of the time
    start, busy = time.perf_counter(), sum(os.times()[:4])
    value, bound = TOOLS[tool](question, people, sites, owner, near, apart, radius, number)
    print(
        json.dumps(
            {
                "s": time.perf_counter() - start,
                "cpu": sum(os.times()[:4]) - busy,  # of a solver that runs apart too
                "value": value,
                "bound": bound,
                "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def asked(tool, python, *instance):
    command = [python, __file__, "--child", json.dumps([tool, *instance])]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=KILLED_S, check=False, env=os.environ
        )
        return json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return {
            "s": KILLED_S,
            "cpu": float("nan"),
            "value": None,
            "bound": None,
            "mb": float("nan"),
        }
    except IndexError:
        print(done.stderr[-300:], file=sys.stderr)
        return None


def table(question, sizes, tools, python, *, seed=1):
    print(f"\n**{question.upper()}**\n")
    print("| homes x sites, radius, sites | tool | s | processor, s | x | found | gap | peak, MB |")
    print("|---|---|---|---|---|---|---|---|")
    for homes, sites, radius, number in sizes:
        for clustered in (False, True):
            said = f"{homes:,} x {sites:,}, {radius}"
            said += "" if question == "lscp" else f", {number}"
            said += ", clustered" if clustered else ", uniform"
            base = None
            for tool in tools:
                found = asked(
                    tool, python[tool], question, homes, sites, radius, number, clustered, seed
                )
                if found is None:
                    continue
                base = base or found["cpu"]
                value, bound = found["value"], found["bound"]
                gap = "-"
                if value is not None and bound is not None:
                    gap = f"{abs(bound - value) / max(abs(bound), abs(value), 1e-9):.2%}"
                shown = "nothing" if value is None else f"{value:,.4g}"
                if question == "mclp" and value is not None:
                    shown = f"{value:,.0f}"
                print(
                    f"| {said} | {tool} | {found['s']:.2f} | {found['cpu']:.2f} "
                    f"| {found['cpu'] / base:.1f} "
                    f"| {shown} | {gap} | {found['mb']:,.0f} |",
                    flush=True,
                )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--spopt", help="a Python with spopt, pulp and highspy")
    parser.add_argument("--child")
    options = parser.parse_args()
    if options.child:
        child(*json.loads(options.child))
        return
    tools = [tool for tool in TOOLS if options.spopt or not tool.startswith("spopt")]
    python = {tool: options.spopt if "spopt" in tool else sys.executable for tool in TOOLS}
    table("mclp", FIRST, tools, python)
    table("lscp", FIRST, tools, python)
    table("pmedian", MEDIAN, tools, python)
    table("mclp", LARGE + (HUGE if options.large else []), ["lifecircle", "scipy"], python)


if __name__ == "__main__":
    main()
