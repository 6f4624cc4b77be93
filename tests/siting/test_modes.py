"""How a place is got, by its kind and its owner."""

from __future__ import annotations

import pytest

from lifecircle.siting.modes import mode_of
from lifecircle.tables.waist import SITE_KINDS


def test_every_kind_has_a_mode():
    modes = {kind: mode_of(kind) for kind in SITE_KINDS}
    own = {"share": "share", "gate": "open", "extension": "extend", "stock_room": "lease"}
    assert modes == dict.fromkeys(SITE_KINDS, "new") | own


@pytest.mark.parametrize("rights", [None, "state", "collective"])
def test_land_is_built_on_whoever_owns_it(rights):
    assert mode_of("vacant", rights=rights, owner="浙江东浦机械有限公司") == "new"


@pytest.mark.parametrize(
    ("owner", "available", "mode"),
    [
        ("某区国资公司", "面议", "lease"),
        ("城市建设投资集团", None, "lease"),
        ("河湾村经济合作社", None, "lease"),
        ("个人（3户）", None, "lease"),
        (None, None, "lease"),
        ("东浦置业有限公司", None, "purchase"),
        ("东浦置业有限公司", "面议", "purchase"),
        ("东浦置业有限公司", "3年", "lease"),
        ("某区机关事务服务中心", "长期", "exchange"),
        ("东门街道办事处", None, "exchange"),
        ("教育局", "2027年底到期", "lease"),
    ],
)
def test_a_room_goes_by_its_owner_unless_it_is_offered_for_a_term(owner, available, mode):
    assert mode_of("stock_room", owner=owner, available=available) == mode


def test_a_collective_s_room_is_leased_whatever_its_owner_is_called():
    assert mode_of("stock_room", rights="collective", owner="某某有限公司") == "lease"
