"""
The toy town as drawn: text tables in whole metres become frames, before any shape is made.

``x y`` is a point, ``x1 y1 x2 y2`` the corners of a rectangle or the ends of a line, ``-`` nothing.
"""

from __future__ import annotations

import io

import pandas as pd


def read_drawing(text: str) -> pd.DataFrame:
    """
    Read one of the text tables of this module.

    Parameters
    ----------
    text
        A head line and rows, parted by blanks; ``-`` for missing.

    Returns
    -------
    table
        One row per line; codes stay text.

    Examples
    --------
    >>> from lifecircle.sources.toytown_drawing import ESTATES, read_drawing
    >>> read_drawing(ESTATES)["estate_id"].tolist()
    ['A', 'B', 'C', 'D']
    """
    codes = {"code": str, "code_system": str}
    return pd.read_csv(
        io.StringIO(text), sep=" ", na_values="-", keep_default_na=False, dtype=codes
    )


AREA = (-50, -100, 1250, 550)
"""West, south, east, north of the study area [m]."""

MARGIN_M = 1500
"""What is known around the area [m]: longer than any limit, so no border explains a gap."""

JUNCTIONS = """\
x y
400 350
500 350
580 350
500 50
550 100
150 300
150 350
150 400
600 150
700 150
900 100
1000 100
1180 200
1240 200
"""
"""Street nodes besides the 9 x 6 corners and the gates; a way runs through every node on it."""

WAYS = """\
way_id highway name x1 y1 x2 y2 one_way bridge
row0 residential 横0路 0 0 800 0 False False
row1_west residential 横1路 0 100 300 100 False False
passage footway 单行巷 300 100 400 100 True False
row1_east residential 横1路 400 100 800 100 False False
row2 residential 横2路 0 200 800 200 False False
row3 residential 横3路 0 300 800 300 False False
row4 residential 横4路 0 400 800 400 False False
row5 residential 横5路 0 500 800 500 False False
south0 residential 纵0路 0 0 0 200 False False
south1 residential 纵1路 100 0 100 200 False False
south2 residential 纵2路 200 0 200 200 False False
south3 residential 纵3路 300 0 300 200 False False
south4 residential 纵4路 400 0 400 200 False False
south5 residential 纵5路 500 0 500 200 False False
south6 residential 纵6路 600 0 600 200 False False
south7 residential 纵7路 700 0 700 200 False False
south8 residential 纵8路 800 0 800 200 False False
north0 residential 纵0路 0 300 0 500 False False
north1 residential 纵1路 100 300 100 500 False False
north2 residential 纵2路 200 300 200 500 False False
north3 residential 纵3路 300 300 300 500 False False
north4 residential 纵4路 400 300 400 500 False False
north5 residential 纵5路 500 400 500 500 False False
north6 residential 纵6路 600 300 600 400 False False
north7 residential 纵7路 700 300 700 500 False False
north8 residential 纵8路 800 300 800 500 False False
stairs steps 石阶 600 400 600 500 False False
bridge tertiary 大桥 200 200 200 300 False True
A_path service - 400 350 580 350 False False
B_west service - 500 50 510 50 False False
B_north service - 550 100 550 90 False False
C_path footway - 150 300 150 400 False False
D_path footway - 600 150 700 150 False False
lane unclassified 乡道 800 100 1000 100 False False
island residential 断头路 1180 200 1240 200 False False
"""

GATES = """\
gate_id kind access estate_id x y
gA gate - A 410 350
gB1 gate - B 510 50
gB2 gate - B 550 90
gC1 gate - C 150 310
gC2 gate - C 150 390
gF1 gate yes - 50 90
gF2 gate yes - 90 50
"""

# Every person has 20 m2 of floor, in buildings of 160 m2: the storeys follow.
HOMES = """\
home_id estate_id x y people people_60plus people_0_3 use
h01 - 150 290 120 30 4 apartments
h02 C 140 350 80 20 3 apartments
h03 A 540 360 240 48 9 apartments
h04 A 570 360 200 40 8 apartments
h05 - 750 410 160 56 3 apartments
h06 - 550 510 144 36 5 apartments
h07 - 350 410 96 24 2 apartments
h08 - 650 210 128 40 3 apartments
h09 - 750 210 112 28 4 apartments
h10 B 550 50 176 44 6 apartments
h11 B 580 50 88 22 3 apartments
h12 D 650 155 72 30 1 apartments
h13 - 595 150 48 20 0 apartments
h14 - 450 110 104 26 4 apartments
h15 - 250 110 136 34 5 apartments
h16 - 950 110 160 80 2 apartments
h17 - 1210 210 16 9 0 house
h18 - 1150 -50 8 8 0 farm
"""

UPRIGHT = ("h02", "h11", "h13", "M2")
"""Homes and facilities whose building's long side runs north."""

# `use` is the use of a facility's own building, where it has one.
FACILITIES = """\
facility_id name type status open_to floor_m2 site_m2 beds x y use
M1 北岸社区卫生服务中心 medical.center existing anyone 1700 1500 - 350 510 clinic
M2 南岸社区卫生服务站 medical.station existing anyone 150 - - 710 150 clinic
M3 东乡医院 medical.hospital planned anyone 8000 10000 100 850 110 -
K1 北岸文化活动中心 culture.center existing anyone 3000 3000 - 640 310 public
K2 南岸图书馆 culture.library closed anyone 600 - - 350 190 public
F1 南岸运动场 fitness.field existing anyone - 6400 - 50 50 -
F2 甲苑健身房 fitness.hall existing residents 300 - - 540 340 sports_hall
F3 北岸健身点 fitness.outdoor existing anyone - 200 - 750 490 -
E1 甲苑日间照料中心 elder_care.daycare existing anyone 400 - 20 455 360 public
E2 北岸老年食堂 elder_care.canteen existing anyone 120 - - 150 410 public
E3 南岸养老院 elder_care.institution existing anyone 2400 3000 60 350 -10 public
"""

FIELD = (10, 10, 90, 90)
"""Rectangle of the sports ground F1; every other facility is a point."""

ENTRANCES = """\
facility_id origin x y
M1 point 350 510
M2 point 710 150
M3 point 850 110
K1 given 640 300
K2 point 350 190
F1 gate 50 90
F1 gate 90 50
F2 point 540 340
F3 point 750 490
E1 point 455 360
E2 point 150 410
E3 point 350 -10
"""

DOORS = """\
entrance_id kind facility_id x y
d1 main K1 640 300
"""

ESTATES = """\
estate_id name closed x1 y1 x2 y2
A 甲苑 True 410 310 590 390
B 乙苑 True 510 10 590 90
C 丙苑 True 110 310 190 390
D 丁苑 False 610 110 690 190
"""

COMMUNITIES = """\
community_id name subdistrict county city unit_id urban x1 y1 x2 y2
c1 北岸社区 北街道 玩具县 玩具市 u1 True -50 250 820 550
c2 南岸社区 南街道 玩具县 玩具市 u2 True -50 -100 820 250
c3 东乡村 南街道 玩具县 玩具市 u2 False 820 -100 1250 250
c4 码头社区 北街道 玩具县 玩具市 u1 True 820 250 1250 550
"""

ADMIN_AREAS = """\
admin_id level name people closed_gap_m x1 y1 x2 y2
r6 6 玩具县 2088 0 -50 -100 1250 550
r81 8 北街道 1040 0 -50 250 1250 550
r82 8 南街道 1048 0 -50 -100 1250 250
"""

NAMED_PLACES = """\
place_id kind name people x y
n10 town 玩具镇 2088 200 250
n11 suburb 北岸 1040 400 400
n12 suburb 南岸 864 400 100
n13 village 东乡 184 950 90
"""

# Traps: none of them is a medical or a fitness service.
POIS = """\
poi_id name tag x y
n1 大药房 amenity=pharmacy 250 190
n2 口腔诊所 amenity=dentist 750 10
n3 儿童游乐场 leisure=playground 450 210
n4 面馆 amenity=restaurant 50 310
"""

GROUND = """\
ground_id kind tag name x1 y1 x2 y2
estate_A residential landuse=residential 甲苑 410 310 590 390
estate_B residential landuse=residential 乙苑 510 10 590 90
estate_C residential landuse=residential 丙苑 110 310 190 390
estate_D residential landuse=residential 丁苑 610 110 690 190
river water natural=water 大河 -1550 235 2750 265
field sports leisure=sports_centre 南岸运动场 10 10 90 90
wharf industrial landuse=industrial 码头 840 300 1240 540
fields farmland landuse=farmland - 860 -90 1100 80
wood forest landuse=forest - 860 130 920 220
"""

BANKS = """\
barrier_id kind name x1 y1 x2 y2
bank_south water 大河 -1550 235 2750 235
bank_north water 大河 -1550 265 2750 265
"""

# p3 is a room: a rectangle would be its house, so it has no outline but a floor area.
PARCELS = """\
parcel_id name kind area_m2 floor_m2 code community_id x1 y1 x2 y2
p1 河边边角地 corner 400 - 2301 c2 770 170 790 190
p2 南岸空闲地 vacant 3000 - 2301 c2 630 20 690 70
p3 北岸旧办公楼 stock_room 160 420 0801 c1 240 506 260 514
"""
