"""The demonstration (演示数据): an invented county's reporting up to 2017-08-09, made through the ordinary writers.

For whoever tries the system out or is taught with it. No figure in it is real, and every page and document says so.
"""
