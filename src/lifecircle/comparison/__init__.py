"""Two runs: which areas changed, by how much, and what changed them."""

from lifecircle.comparison.compared import Compared, compare
from lifecircle.comparison.comparing import Comparison, compare_runs
from lifecircle.comparison.run import Run, read_run, run_of

__all__ = ["Compared", "Comparison", "Run", "compare", "compare_runs", "read_run", "run_of"]
