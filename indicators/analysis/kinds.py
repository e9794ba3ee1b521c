"""The closed vocabularies of the figure model, shared by the models and by the pure analysis functions."""

from __future__ import annotations

from enum import IntEnum, StrEnum


def N_(text: str) -> str:
    """Marks a text for translation where nothing knows Django; the page that shows it translates it."""
    return text


class ItemKind(StrEnum):
    """How a data item (填报项) behaves over time."""

    FLOW = "flow"  # 当期发生数: months add up
    STOCK = "stock"  # 期末数: the as-of month's stands, never added, never carried silently
    YTD = "ytd"  # 本年累计数: typed cumulative, restarts in January


class Window(StrEnum):
    """The stretch of months an indicator is computed over, ending in the month asked for."""

    MONTH = "month"  # 当月
    YEAR = "year"  # 本年累计
    PLAN = "plan"  # 试点以来累计
    LEVEL = "level"  # 期末
    TRAILING12 = "trailing12"  # 近12个月


class Comparator(StrEnum):
    """How a value is held against its target; 以上 and 以内 include the number itself."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EQUAL = "="
    ABOUT = "~"  # 左右
    NOT_FALL = "not_fall"  # 稳步提高
    DYNAMIC_ZERO = "zero"  # 动态归零


class PathKind(StrEnum):
    """How the target is to be approached."""

    LINEAR = "linear"  # 时序进度
    SEASON = "season"  # 上年季节
    STEPS = "steps"  # given points, month by month if need be
    NONE = "none"


class State(IntEnum):
    """Why a computed cell has a value or has none."""

    OK = 0
    NO_DATA = 1
    ZERO_OVER_ZERO = 2  # 不适用
    OVER_ZERO = 3
    NOT_HERE = 4  # 本级不适用


class Light(IntEnum):
    """The status light (亮灯); 0 where nothing is judged."""

    NONE = 0
    REACHED = 1  # 已达标
    ON_COURSE = 2  # 达序时
    BEHIND = 3  # 滞后
    FAR_BEHIND = 4  # 严重滞后
    NOT_COVERED = 5  # 数据不全


LIGHT_WORDS = {  # translated where a page shows them
    Light.NONE: N_("未判断"),
    Light.REACHED: N_("已达标"),
    Light.ON_COURSE: N_("达序时"),
    Light.BEHIND: N_("滞后"),
    Light.FAR_BEHIND: N_("严重滞后"),
    Light.NOT_COVERED: N_("数据不全"),
}
ATTENTION_ORDER = (Light.FAR_BEHIND, Light.BEHIND, Light.NOT_COVERED, Light.ON_COURSE, Light.REACHED, Light.NONE)


class Level(StrEnum):
    """The level of the area tree at which a row stands."""

    VILLAGE = "village"
    TOWN = "town"
    COUNTY = "county"
