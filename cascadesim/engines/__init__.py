"""From the model to its outcome, by three engines that say the same.

The SimPy engine (`events`) is the reference, meant to be read. The compiled engine (`compiled`) is its twin, message
for message, a thousand times as fast. The exact engine (`exact`) needs no sampling, where S15 lets it. `simulate`
chooses between them, runs replications and gathers the figures of `outcome` (S14); `compare` sets two chains or plans
side by side on the same people; `spread` takes work to all cores, or to a cluster.
"""
