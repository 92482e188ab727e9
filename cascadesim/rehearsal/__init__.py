"""A plan run on a virtual clock with drawn people."""
