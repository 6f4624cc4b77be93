"""What the data can say: unknown services, sizes and averages over people."""

from __future__ import annotations

import numpy as np
import pytest

from lifecircle.access.supply import LOST_SHARE, mean_by, size_adequacy, unknown_requirements
from lifecircle.reach.matrix import reach_of
from tests.making import BASIC, facilities_at, homes_at, requirement, standard, streets

STREET = streets([(0, 0), (5000, 0)])


def unknown(
    count: int,
    *,
    people: float | None,
    complete=(),
    ask=None,
    kind="medical.station",
    lost=None,
) -> bool:
    ask = ask or requirement(types=("medical.station",))
    homes = homes_at(STREET, (0, 0))
    town = facilities_at(STREET, *((10 * k, 0) for k in range(count)), kind=kind)
    reaches = {ask.id: reach_of(ask, homes, town, STREET)}
    found = unknown_requirements(
        standard(ask), reaches, people=people, complete=complete, lost=lost
    )
    assert found <= {ask.id}
    return bool(found)


def test_nothing_mapped_is_unknown_unless_the_list_is_complete():
    assert unknown(0, people=None)
    assert unknown(0, people=10.0)
    assert not unknown(0, people=10.0, complete={"medical"})
    assert unknown(0, people=10.0, complete={"culture"})


def test_far_below_the_norm_is_a_quarter_of_it():
    # a station for 12,000 people: 96,000 ask for 8, a quarter of which is 2
    assert BASIC.type("medical.station").people_per_facility == 12_000
    assert BASIC.no_data_factor == 0.25
    assert unknown(1, people=96_000.0)
    assert not unknown(2, people=96_000.0)
    assert unknown(2, people=96_001.0)
    assert not unknown(1, people=None)
    assert not unknown(1, people=96_000.0, complete={"medical"})


def test_a_service_that_lost_too_many_of_its_places_is_unknown_however_complete():
    assert not unknown(9, people=None, lost={"medical": LOST_SHARE})
    assert unknown(9, people=None, lost={"medical": LOST_SHARE + 0.01})
    assert unknown(9, people=10.0, complete={"medical"}, lost={"medical": 0.5})
    assert not unknown(9, people=None, lost={"culture": 0.5})


def test_the_norm_is_that_of_the_type_serving_the_fewest():
    either = requirement(types=("medical.center",), satisfied_by=("medical.station",))
    assert not unknown(2, people=96_000.0, ask=either)
    centre = requirement(types=("medical.center",))  # one for 100,000
    assert not unknown(1, people=96_000.0, ask=centre, kind="medical.center")
    assert unknown(1, people=400_001.0, ask=centre, kind="medical.center")
    nameless = requirement(types=("medical.clinic",))  # no norm is known: one is enough
    assert not unknown(1, people=1e9, ask=nameless, kind="medical.clinic")
    whole = requirement()  # any type of the service
    assert unknown(1, people=96_000.0, ask=whole)


# -- sizes -------------------------------------------------------------------------------------
def adequacy(people=(10.0, 10.0, 10.0), **columns) -> np.ndarray | None:
    homes = homes_at(STREET, (0, 0), (2000, 0), (4900, 0), people=list(people))
    town = facilities_at(STREET, (100, 0), (2100, 0), **columns)
    ask = requirement()
    reach = reach_of(ask, homes, town, STREET)
    assert reach.covered.tolist() == [True, True, False]
    return size_adequacy(standard(ask), reach, town, np.asarray(people))


def test_sizes_count_against_the_least_the_standard_asks():
    assert BASIC.type("medical.station").floor_min_m2 == 120
    found = adequacy(floor_m2=[60.0, 500.0])
    np.testing.assert_equal(found, [0.5, 1.0, np.nan])
    centre = adequacy(kind="medical.center", floor_m2=[850.0, np.nan], site_m2=[1.0, 355.0])
    # 850 of 1,700 m² of floor; where that is unknown, 355 of 1,420 m² of land
    np.testing.assert_equal(centre, [0.5, 0.25, np.nan])


def test_sizes_known_for_too_few_people_are_left_out_altogether():
    assert adequacy(floor_m2=[60.0, np.nan]) is None
    assert adequacy(floor_m2=[np.nan, np.nan]) is None
    assert adequacy() is None
    known = adequacy(people=(8.0, 2.0, 90.0), floor_m2=[60.0, np.nan])
    np.testing.assert_equal(known, [0.5, np.nan, np.nan])  # 80 % of those reached
    assert adequacy(people=(7.9, 2.0, 90.0), floor_m2=[60.0, np.nan]) is None
    assert adequacy(people=(0.0, 0.0, 90.0), floor_m2=[60.0, 60.0]) is None
    hospital = adequacy(kind="medical.hospital", floor_m2=[60.0, 60.0])
    assert hospital is None  # no least size is known for it


def test_averages_are_over_people_who_have_a_value():
    values = np.array([1.0, 0.0, np.nan, 0.5, 0.5])
    people = np.array([3.0, 1.0, 100.0, 0.0, 2.0])
    area = np.array([0, 0, 0, 1, -1], np.int32)
    np.testing.assert_equal(mean_by(values, people, area, 3), [0.75, np.nan, np.nan])
    assert mean_by(values[:0], people[:0], area[:0], 2) == pytest.approx([np.nan] * 2, nan_ok=True)
