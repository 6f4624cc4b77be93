"""Notebooks run from top to bottom without a network and say what they promise."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
ALL = sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A kernel of this very Python, wherever it is installed: nothing else is looked for."""
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    words = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": words, "display_name": "Python 3", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    # What a proxy would let through must not be needed.
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    return KernelSpecManager(kernel_dirs=[str(folder.parent)], ensure_native_kernel=False)


def executed(path, manager, folder):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=600, kernel_name="python3")
    client.create_kernel_manager()
    client.km.kernel_spec_manager = manager
    client.execute(cwd=str(folder))
    return notebook


def shown(cell):
    """Everything a cell shows, as text."""
    texts = []
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream":
            texts.append(output["text"])
        elif "data" in output:
            texts += [output["data"].get("text/html", ""), output["data"].get("text/plain", "")]
    return "\n".join(texts)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_notebooks_are_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert 8 <= len(code) <= 12
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert notebook.metadata.kernelspec.name == "python3"


# ipykernel's own words about its loop and sockets are none of the notebook's.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_first_study_runs_and_says_what_it_promises(kernel, tmp_path, toy_findings):
    notebook = executed(NOTEBOOKS / "01_first_study.ipynb", kernel, tmp_path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [out for cell in code for out in cell.outputs if out["output_type"] == "error"]
    assert not [out for cell in code for out in cell.outputs if out.get("name") == "stderr"]
    of = {re.sub(r"\s+", " ", cell.source): shown(cell) for cell in code}

    def cell(words):
        (found,) = [text for source, text in of.items() if words in source]
        return found

    assert "people: 2088.0" in cell("study.check()")
    assert toy_findings._repr_html_() in cell("found = study.run()")
    assert "东乡村" in cell("worst(5)")
    gaps = cell('for_service("culture")')
    assert all(name in gaps for name in set(toy_findings.gaps.for_service("culture")["community"]))
    assert "by hand 396.0 s, found 396.0 s" in cell("by_hand_s")
    assert "within 15 minutes: True - within 5: False" in cell("by_hand_s")
    drawn = cell("found.map()")
    assert "<iframe" in drawn
    assert "lifecircle" in drawn
    sites = cell("found.sites.table")
    assert f"{toy_findings.sites.newly_covered:,.0f} people newly covered" in sites
    assert all(name in sites for name in toy_findings.sites.table["site_id"])
    assert toy_findings.programme.projects["name"].iloc[0] in cell("found.programme")
    for name in ("map.html", "gaps.xlsx", "results.gpkg", "run.json", "tables/homes.parquet"):
        assert f"'{name}'" in cell("found.save(out)")


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(
    ("name", "promises"),
    [
        ("02_your_own_files", ("53,120 people in all", "rows in = ", "澜浦区", "<iframe")),
        ("03_reading_the_gaps", ("gaps in 12 communities", "robust", "kindergarten_5")),
        ("04_land_and_sites", ("proved within", "newly_covered", "find_land", "<iframe")),
        ("05_comparing_years", ("不再有设施", "changes.csv", "<iframe")),
    ],
)
def test_the_fictional_district_is_read_run_and_compared(kernel, tmp_path, name, promises):
    notebook = executed(NOTEBOOKS / f"{name}.ipynb", kernel, tmp_path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [out for cell in code for out in cell.outputs if out["output_type"] == "error"]
    said = "\n".join(shown(cell) for cell in code)
    assert all(words in said for words in promises)
