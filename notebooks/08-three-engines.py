# %% [markdown]
# # Behind the curtain: three engines and a runner
#
# What a campaign comes to is computed in three ways: by a simulator on SimPy, written to be read; by a compiled one,
# written to be fast; and by a closed form that draws nobody. Later a fourth program, the runner, writes to real people.
# Why should one believe any of them?

# %%
import tempfile
import time
from pathlib import Path

import pandas as pd

import cascadesim
from cascadesim.draws.people import draw_people

folder = Path(tempfile.mkdtemp())

# %% [markdown]
# ## A campaign with everything
#
# Limits, quiet hours, kinds of people, waits that end early, a branch. All numbers are ASSUMED.

# %%
SCRIPT = """
cascade 1

scenario "Everything"
    starts    2027-03-01 17:00
    runs for  3 days
    prices in EUR
    time zone "Europe/Riga"
    seed      20270301

channel push
    reaches   45%
    delivers  92%, half within 2 s
    opens     12%, half within 6 min, 90% within 5 h
    clicks    22% of opened
    costs     0.0004 EUR per message sent
    quiet from 21:00 to 9:00

channel viber
    reaches   58%
    delivers  97%, half within 3 s
    opens     61%, half within 4 min, 90% within 2 h
    clicks    18% of opened
    costs     0.020 EUR per message delivered
    sends up to 20 per minute

channel sms
    reaches   97%
    delivers  95%, half within 6 s
    opens     34%, half within 12 min, 90% within 6 h
    reports   delivered                                   # a text has no read receipt
    costs     0.045 EUR per part sent
    quiet from 21:00 to 9:00
    sends up to 40 per minute

segment everyone
    people    5k
    kinds     30% eager x1.4, 20% silent x0.2, the rest usual

chain everything
    stop when clicked
    send push and viber, wait 2 h but 10 min if undelivered
    if viber opened but not clicked
        wait until 10:00
        send viber, wait 4 h
    split
        50% "a text"
            send sms
        the rest "nothing"
            wait 1 h
"""
script = cascadesim.read_text(SCRIPT)
model = script.model
cases = cascadesim.cases(model)


def simulated(engine):
    """Its records, a row a message."""
    path = folder / f"{engine}.parquet"
    began = time.perf_counter()
    with cascadesim.RecordWriter(path) as records:
        outcome = cascadesim.simulate(model, cases, engine=engine, records=records)
    print(f"{engine:8} took {time.perf_counter() - began:.1f} s, {outcome.chains[0].total.coverage.mean:.4%} covered")
    return pd.read_parquet(path)


# %% [markdown]
# ## The readable one and the fast one
#
# Every random number has a name: of which person, on which channel, for what, at which attempt. So both engines draw
# the same ones, and what comes out is not alike, it is equal, to the microsecond.

# %%
simpy, compiled = simulated("simpy"), simulated("compiled")
times = ["queued_at", "sent_at", "delivered_at", "opened_at"]
seconds = simpy[["recipient", "step", "channel"]].join(simpy[times] / 1e6)
seconds.head().round(3)

# %%
print(f"{len(simpy):,} rows, {int((simpy != compiled).where(simpy.notna() | compiled.notna()).sum().sum())} differ")

# %% [markdown]
# ## The runner
#
# In a rehearsal the runner that carries out real campaigns works through its rows, on a virtual clock, and people who
# are drawn in the same way answer it. It knows neither simulator, and its records are the same again.

# %%
plan = cascadesim.chosen_plan(model, model.chains[0], script.source_sha256)
people = draw_people(model, plan.names, 0, {})
rehearsed = cascadesim.rehearse(plan, people).to_frame()
pd.testing.assert_frame_equal(rehearsed.astype(simpy.dtypes.to_dict()), simpy)
print(f"{len(rehearsed):,} rows, all the same")

# %% [markdown]
# ## The closed form
#
# It shares no rule with the others: it sums over what can happen, class by class of people. It cannot do limits, and
# says so.

# %%
try:
    cascadesim.simulate(model, cases, engine="exact")
except cascadesim.RefusedError as error:
    print("\n".join(error.reasons))

# %% [markdown]
# Without limits and branches it can. Then the simulators have to come to the same within what chance allows: of 20 such
# intervals of 95%, 19 should hold the exact value.

# %%
channels = SCRIPT.partition("chain everything")[0]
lines = [line for line in channels.splitlines() if "sends up to" not in line and "quiet" not in line]
PLAIN = (
    "\n".join(lines).replace("5k", "50k")
    + """
chain plain
    stop when opened
    send push, wait 2 h but 10 min if undelivered
    send viber, wait 4 h
    send sms
"""
)
plain = cascadesim.read_text(PLAIN).model
exact, drawn = (cascadesim.simulate(plain, cascadesim.cases(plain), engine=engine) for engine in ("exact", "compiled"))
truth, found = exact.to_frame().iloc[0], drawn.to_frame().iloc[0]
figures = [name.removesuffix("_low") for name in found.index if name.endswith("_low")]
rows = [{"figure": f, "exact": truth[f], "from": found[f"{f}_low"], "to": found[f"{f}_high"]} for f in figures]
beside = pd.DataFrame(rows).set_index("figure")
beside["held"] = beside["exact"].between(beside["from"], beside["to"])
beside.round(4)

# %% [markdown]
# And with more people they come closer, as they must: the error falls with the root of their number.

# %%
import matplotlib.pyplot as plt

sizes = (500, 2_000, 8_000, 32_000, 128_000)
errors = []
for size in sizes:
    of_size = cascadesim.read_text(PLAIN.replace("50k", str(size))).model
    outcome = cascadesim.simulate(of_size, cascadesim.cases(of_size), engine="compiled", replications=20)
    coverage = outcome.chains[0].total.coverage
    errors.append((coverage.high - coverage.low) / 2)
figure, ax = plt.subplots(figsize=(7.2, 3.0), layout="constrained")
ax.loglog(sizes, errors, "o-", color="#0b6e4f")
ax.set(xlabel="people, in 20 replications each", ylabel="margin of error of coverage")
ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
ax.minorticks_off()

# %% [markdown]
# ## The answer
#
# Three programs give the same rows, to the microsecond and the billionth of a euro, and a fourth, by other mathematics,
# the same figures. A mistake would have to be made alike in all of them.

# %%
print(f"{beside['held'].sum()} of {len(beside)} intervals hold the exact figure")
pd.testing.assert_frame_equal(simpy, compiled)
assert beside["held"].sum() >= len(beside) - 1
assert errors == sorted(errors, reverse=True)
