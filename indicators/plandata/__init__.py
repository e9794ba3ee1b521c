"""The plan as data: reads fixtures/ whole and refuses what breaks its schema, naming file, key and rule.

For `loadplan` and the tests; knows nothing of Django or the database.
"""

from indicators.plandata.bundle import FIXTURES, PlanData, read_plan
from indicators.plandata.files import FixtureError

__all__ = ["FIXTURES", "FixtureError", "PlanData", "read_plan"]
