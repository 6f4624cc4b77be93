"""
How long finding and judging land takes: `python -m benchmarks.land STUDY.toml` (or `demo`).

Prints buildings, candidates, processor seconds and seconds of the stage alone; what comes before
it is not counted.
"""

from __future__ import annotations

import argparse
import time
import warnings

from lifecircle.study import Study
from lifecircle.study.candidates import candidates_of_study
from lifecircle.study.stages import Stages
from lifecircle.study.waist import build_waist


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", nargs="?", default="demo")
    study = parser.parse_args().study
    warnings.simplefilter("ignore")
    found = Study.demo() if study == "demo" else Study.load(study)
    stages = Stages()
    inputs = found._inputs(stages)
    waist = build_waist(found.config, inputs, stages)
    work, clock = time.process_time(), time.perf_counter()
    parcels = candidates_of_study(found.config, waist, inputs.crs, inputs.heights, inputs.cover)
    work, clock = time.process_time() - work, time.perf_counter() - clock
    print(
        f"{len(waist.survey['buildings']):,} buildings, {len(parcels):,} plots and rooms: "
        f"{work:.1f} processor seconds, {clock:.1f} s"
    )


if __name__ == "__main__":
    main()
