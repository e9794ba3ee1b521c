"""Builders of Word, Excel and CSV files: plain data in, bytes out; no models, no requests."""
