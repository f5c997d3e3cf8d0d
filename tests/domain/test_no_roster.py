"""还没有导入名册时，找哪个单位都说先导名册，而不是说单位写错了。"""

from __future__ import annotations

import pytest

from bot.domain.errors import NotFound
from bot.domain.units import UnitTree


def test_looking_for_a_unit_before_the_roster_says_how_to_import_it() -> None:
    with pytest.raises(NotFound, match="python -m bot roster import"):
        UnitTree([]).find("岳阳市")
