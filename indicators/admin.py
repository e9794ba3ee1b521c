"""Settings of the plan and the catalogue; the classes lie in indicators/administration/."""

from indicators.administration import consequences, figures, items, measures, outline

__all__ = ["consequences", "figures", "items", "measures", "outline"]
