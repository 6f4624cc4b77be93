"""
Fetches places and OpenStreetMap data from the internet, once: what came is an extract on disk.

The download ends as a .osm.pbf in the cache, read like any other file; so a second run needs no
network, and the file can be carried to a machine that has none. Servers are asked politely: one
request at a time, through OSMnx, which waits for a free slot where a server tells of them.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import shapely

from lifecircle.errors import InputError, Problem, SourceError
from lifecircle.provenance import Source, sha256_of
from lifecircle.sources.osm.extract import FEATURES, WAYS, write_extract

OVERPASS = "https://overpass-api.de/api"
NOMINATIM = "https://nominatim.openstreetmap.org/"

_INSTEAD = (
    "without a network, fetch an extract of the area (.osm.pbf, for example from Geofabrik) "
    'elsewhere and give it as network.osm = "…", with area.boundary or area.bbox; or copy the '
    "cache folder of a study that was run with a network"
)
_BUSY = (429, 502, 503, 504)


@dataclass(frozen=True, kw_only=True)
class Servers:
    """
    Whom to ask, how patiently, and where answers are kept.

    Parameters
    ----------
    cache
        Folder of what was fetched.
    overpass, nominatim
        Addresses of the two services, one's own or public ones.
    contact
        Told to the servers as who is asking: their rules want a way to reach a heavy user.
    timeout_s
        Longest wait for an answer [s].
    tries
        How often a busy server is asked.
    pause_s
        Wait before a busy server is asked again where it does not say how long [s].
    """

    cache: Path
    overpass: str = OVERPASS
    nominatim: str = NOMINATIM
    contact: str = ""
    timeout_s: float = 180.0
    tries: int = 4
    pause_s: float = 30.0


def find_place(name: str, servers: Servers) -> tuple[shapely.Geometry, Source]:
    """
    Look up the outline of a place by its name.

    Parameters
    ----------
    name
        What people call it, as exact as needed: ``拱墅区, 杭州市, 浙江省``; or the id of an OSM
        relation or way: ``R3221112``.
    servers
        Whom to ask; what they once answered is read from the cache.

    Returns
    -------
    outline
        Polygon or multipolygon, WGS 84.
    source
        Where it comes from, with the full name of what was found.

    Raises
    ------
    InputError
        If there is no such place or it has no outline.
    SourceError
        If the server cannot be reached, stays busy or answers nonsense.

    Notes
    -----
    Of several places of a name the service's first one with an outline is taken; `source` tells
    which. Rules of the public server: one request a second, no bulk use
    (https://operations.osmfoundation.org/policies/nominatim/).
    """
    kept = servers.cache / f"place-{_digest(servers.nominatim, name)}.json"
    if not kept.is_file():
        found = _asked_for_place(name, servers)
        _write(kept, json.dumps(found, ensure_ascii=False))
    found = json.loads(kept.read_text(encoding="utf-8"))
    source = Source(
        name=f"{found['display_name']} (Nominatim)",
        licence="ODbL",
        date=found["fetched"],
        sha256=sha256_of(kept),
        rows_in=1,
        rows_used=1,
    )
    return shapely.from_geojson(json.dumps(found["geometry"])), source


def fetch_osm(box: tuple[float, float, float, float], servers: Servers) -> Path:
    """
    Fetch the OpenStreetMap data of a box.

    Parameters
    ----------
    box
        West, south, east and north [°, WGS 84].
    servers
        Whom to ask; a box that was fetched before is not asked for again.

    Returns
    -------
    path
        A .osm.pbf in the cache with everything `read_osm_file` reads, ways whole, and the box in
        its header.

    Raises
    ------
    SourceError
        If the server cannot be reached, stays busy, answers nonsense or only in part, or knows of
        no street in the box.

    Notes
    -----
    Delete the file to fetch newer data. Outlines of administrative areas from counties down are
    fetched where their line runs through the box; those of provinces and countries are not.
    """
    west, south, east, north = (round(value, 6) for value in box)
    rounded = (west, south, east, north)
    digest = _digest(servers.overpass, *rounded, *WAYS, json.dumps(FEATURES, sort_keys=True))
    path = servers.cache / f"osm-{digest}.osm.pbf"
    if not path.is_file():
        answers = servers.cache / f"osm-{digest}"
        _download(shapely.box(*rounded), servers, answers)
        with_streets = write_extract(answers, path, box=rounded)
        if not with_streets:
            path.unlink()
            raise SourceError(
                Problem(
                    what="knows of no street in " + "/".join(f"{value:.4f}" for value in rounded),
                    where=f"Overpass ({_host(servers.overpass)})",
                    remedy="check area.bbox or area.place: west, south, east, north in degrees",
                )
            )
    return path


def _digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def _write(path: Path, text: str) -> None:
    """Write whole or not at all: a cut file would be believed by the next run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


# -- asking ------------------------------------------------------------------------------------
class _AskAgainError(Exception):
    """A server is busy."""

    def __init__(self, status: int, wait_s: float | None) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.wait_s = wait_s


def _asked_for_place(name: str, servers: Servers) -> dict[str, object]:
    import osmnx  # noqa: PLC0415 - heavy, and only studies that go online need it

    where = f"Nominatim ({_host(servers.nominatim)})"

    def ask() -> Any:  # noqa: ANN401 - a GeoDataFrame of a library without types
        return osmnx.geocoder.geocode_to_gdf(name, by_osmid=_is_id(name))

    try:
        found = _patiently(ask, servers, where=where, cache=None)
    except (TypeError, _NothingError):
        raise InputError(
            Problem(
                what=f"no place with an outline is called '{name}'",
                where="study.toml, area.place",
                remedy="write the name with its district and province (拱墅区, 杭州市, 浙江省), or "
                "give area.boundary or area.bbox",
            )
        ) from None
    row = found.iloc[0]
    if row.geometry.geom_type not in ("Polygon", "MultiPolygon"):
        raise InputError(
            Problem(
                what=f"'{name}' is a {row.geometry.geom_type.lower()}, not an area",
                where="study.toml, area",
                remedy="give the id of a boundary relation, area.boundary or area.bbox",
            )
        )
    return {
        "display_name": str(row["display_name"]),
        "fetched": _today(),
        "geometry": json.loads(shapely.to_geojson(row.geometry)),
    }


def _download(area: shapely.Polygon, servers: Servers, answers: Path) -> None:
    """Fill a folder with the answers of the server, those already there not asked for again."""
    import osmnx  # noqa: PLC0415

    where = f"Overpass ({_host(servers.overpass)})"

    def lines() -> None:
        osmnx.graph.graph_from_polygon(area, custom_filter=list(WAYS))

    def features() -> None:
        osmnx.features.features_from_polygon(area, FEATURES)

    for ask in (lines, features):
        _patiently(ask, servers, where=where, cache=answers)


class _NothingError(Exception):
    """A server found nothing."""


def _patiently(ask: Callable[[], Any], servers: Servers, *, where: str, cache: Path | None) -> Any:  # noqa: ANN401
    """Ask until a busy server answers, `servers.tries` times at most."""
    for attempt in range(1, servers.tries + 1):
        try:
            with _manners(servers, cache):
                return _asked(ask, where)
        except _AskAgainError as busy:
            if attempt == servers.tries:
                raise SourceError(
                    Problem(
                        what=f"the server is busy (status {busy.status}, asked {attempt} times)",
                        where=where,
                        remedy="try again later, ask for a smaller area, or name another server "
                        f"under [online]; {_INSTEAD}",
                    )
                ) from None
            time.sleep(servers.pause_s * attempt if busy.wait_s is None else busy.wait_s)
    raise AssertionError  # the last try returns or raises


def _asked(ask: Callable[[], Any], where: str) -> Any:  # noqa: ANN401
    """Ask once, and say readably what went wrong."""
    import requests  # noqa: PLC0415 - comes with osmnx

    try:
        return ask()
    except InterruptedError:  # OSMnx has kept the answers and builds nothing of them
        return None
    except requests.exceptions.Timeout:
        what, remedy = "did not answer in time", "raise online.timeout_s, or try again later"
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
        what, remedy = "broke off in the middle of its answer", "try again"
    except requests.exceptions.ConnectionError as error:
        if "Incomplete" in str(error) or "prematurely" in str(error):
            what, remedy = "broke off in the middle of its answer", "try again"
        else:
            what, remedy = "cannot be reached", "check the network and its proxy"
    except requests.exceptions.RequestException as error:
        what, remedy = f"cannot be asked ({type(error).__name__})", "check its address"
    except _RefusalError as refusal:
        what, remedy = str(refusal), "try again later, or ask for a smaller area"
    except ValueError as error:
        if type(error).__name__ == "InsufficientResponseError" and "returned 0" in str(error):
            raise _NothingError from None
        what, remedy = "answers what nobody can read", "check its address under [online]"
    raise SourceError(Problem(what=what, where=where, remedy=f"{remedy}; {_INSTEAD}")) from None


class _RefusalError(Exception):
    """A server says why it does not answer."""


@contextmanager
def _manners(servers: Servers, cache: Path | None) -> Iterator[None]:
    """Let OSMnx ask these servers, and put its settings back afterwards."""
    import osmnx  # noqa: PLC0415

    contact = f"; {servers.contact}" if servers.contact else ""
    # Overpass and Nominatim want to know who is asking.
    wanted: dict[str, object] = {
        "overpass_url": servers.overpass,
        "nominatim_url": servers.nominatim,
        "overpass_rate_limit": cache is not None and _has_slots(servers),
        "requests_timeout": servers.timeout_s,
        "requests_kwargs": {"hooks": {"response": _heard}},
        "http_user_agent": f"lifecircle (urban planning{contact})",
        "http_referer": "lifecircle",
        "http_accept_language": "zh,en",
        "use_cache": cache is not None,
        "cache_folder": str(cache or servers.cache),
        "cache_only_mode": cache is not None,
        # Names are looked up where the machine does it, not at a third party.
        "doh_url_template": None,
    }
    before = {name: getattr(osmnx.settings, name) for name in wanted}
    resolver = socket.getaddrinfo
    try:
        for name, value in wanted.items():
            setattr(osmnx.settings, name, value)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)
        socket.getaddrinfo = resolver  # OSMnx replaces it


def _has_slots(servers: Servers) -> bool:
    """Ask whether a server tells of free slots; one that cannot be reached is found out here."""
    import requests  # noqa: PLC0415

    address = servers.overpass.rstrip("/") + "/status"
    try:
        answer = requests.get(address, timeout=min(servers.timeout_s, 20.0))
    except requests.exceptions.RequestException as error:
        raise SourceError(
            Problem(
                what=f"cannot be reached ({type(error).__name__})",
                where=f"Overpass ({_host(servers.overpass)})",
                remedy=f"check the network and its proxy; {_INSTEAD}",
            )
        ) from None
    return answer.ok and "slot" in answer.text.casefold()


def _heard(response: Any, *_: object, **__: object) -> None:  # noqa: ANN401
    """Judge an answer before OSMnx does, which asks busy servers forever and keeps half answers."""
    if response.status_code in _BUSY:
        said = response.headers.get("Retry-After", "")
        raise _AskAgainError(response.status_code, float(said) if said.isdigit() else None)
    if not response.ok:
        raise _RefusalError(f"refuses (status {response.status_code})")
    if not response.url.endswith("/interpreter"):
        return
    try:
        answer = response.json()
    except ValueError:
        raise _RefusalError("broke off in the middle of its answer, or is no Overpass") from None
    remark = answer.get("remark") if isinstance(answer, dict) else None
    if remark:
        raise _RefusalError(f"gave half an answer ({remark})")


def _is_id(name: str) -> bool:
    return re.fullmatch(r"[RW]\d+", name) is not None


def _host(address: str) -> str:
    return urlparse(address).netloc


def _today() -> str:
    return datetime.now(tz=UTC).date().isoformat()
