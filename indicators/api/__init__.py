"""The indicators floor of the read API: plan, catalogue, targets, releases, evaluations and figures."""
