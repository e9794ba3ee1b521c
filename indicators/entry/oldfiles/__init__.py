"""The bureau's own old Excel files (旧表): free layouts read into long-form rows, with a person's word for every guess.

`grid`, `words`, `layout`, `matching` and `reading` are plain functions over a workbook's facts; `wizard` keeps what the
person said, and `places` knows the county's names.
"""
