"""People: passwords, signing in, accounts, grants with two signatures, hand-overs. Rules as plain functions."""
