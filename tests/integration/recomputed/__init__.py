"""Every number of the overview and the equality page worked out again from the exported CSV, by plain arithmetic.

An independent calculation: it knows the exports and the rules as catalogue.md states them, and imports nothing of the
project. `exports` reads, `values` computes windows and formulas, `judging` paths, paces and lights, `spread` equality,
`printed` how a number is printed; `checking` holds all of it against what was exported and shown.
"""
