"""From the model to its outcome: the SimPy engine (the reference) and the exact engine (closed form).

`engines.simulate` chooses between them, runs replications and gathers the figures of `engines.outcome` (S14).
"""
