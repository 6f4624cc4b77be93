"""A run's folder is asked for before anything is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecircle.errors import SourceError
from lifecircle.outputs.swap import claim


def test_a_file_open_elsewhere_is_told_before_the_run(tmp_path, monkeypatch):
    out = tmp_path / "成果 一"
    out.mkdir()
    (out / "run.json").write_text('{"files": {}}', encoding="utf-8")
    (out / "gaps.xlsx").write_text("{}", encoding="utf-8")
    assert claim(out) == out
    plain = Path.open

    def locked(path, mode="r", *args, **kwargs):
        if path.name == "gaps.xlsx" and "+" in mode:
            raise PermissionError(13, "used by another process", str(path))
        return plain(path, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(SourceError, match=r"gaps\.xlsx: is open in another program.*close it"):
        claim(out)
    assert (out / "gaps.xlsx").read_text(encoding="utf-8") == "{}"
