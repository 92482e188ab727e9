# %% [markdown]
# # Why nine o'clock on a Monday is a queue
#
# People forget their baskets at any hour; messages may not go out at night or on Sundays. What was not sent on Sunday
# waits for Monday, nine o'clock, together with all the rest. How long does it wait then?

# %%
import cascadesim

# %% [markdown]
# ## A week of baskets
#
# 1,200 an hour from Friday on, a push first, and a text to those who have not opened it within the hour. The gateway
# takes 40 texts a minute, about twice as many as come. All numbers are ASSUMED.

# %%
SCRIPT = """
cascade 1

scenario "Baskets"
    starts    2027-03-05 9:00                             # a Friday
    runs for  5 days
    prices in EUR
    time zone "Europe/Riga"
    quiet from 21:00 to 9:00
    quiet on  sunday

channel push
    reaches   45%
    opens     12%, half within 6 min, 90% within 5 h
    costs     0.0004 EUR per message sent

channel sms
    reaches   97%
    opens     34%, half within 12 min, 90% within 6 h
    reports   delivered                                   # a text has no read receipt
    costs     0.045 EUR per part sent
    sends up to 40 per minute

segment shoppers
    people    1200 per hour for 4 days

chain push-then-sms
    stop when opened
    send push, wait 1 h
    send sms
"""


def simulated(limit="40 per minute", quiet="sunday"):
    """The campaign with another limit of the gateway, or with other quiet days."""
    script = SCRIPT.replace("40 per minute", limit).replace("quiet on  sunday", f"quiet on  {quiet}")
    model = cascadesim.read_text(script).model
    return cascadesim.simulate(model, cascadesim.cases(model))


outcome = simulated()
outcome

# %% [markdown]
# ## The hours
#
# The bars are what goes out in each hour, the line is what the gateway can do.

# %%
axes = outcome.plot.sends()

# %% [markdown]
# On Friday the gateway keeps up. Then comes the first night; all that was put off goes out at nine. After Sunday it is
# a day and a half of baskets: every push leaves at once, one hour later all of them ask for a text, and while these
# wait, Monday's own baskets come in behind them. The queue of Monday, nine o'clock, lasts until Wednesday.

# %%
axes = outcome.plot.coverage()

# %% [markdown]
# ## What would help?
#
# A faster gateway, or Sundays on which one may write. The last column is how long 90% of the texts have waited at most,
# from the hour in which they were due.

# %%
import pandas as pd


def waited(outcome):
    """What the campaign comes to, and how long texts wait."""
    total, steps = outcome.chains[0].total, outcome.steps_frame()
    hours = steps["queue_p90"].xs("sms", level="channel").iloc[0] / 3600
    return {"coverage": total.coverage.mean, "half open within, h": total.time_to_open.p50 / 3600, "90% wait, h": hours}


ways = {f"{n} a minute": simulated(f"{n} per minute") for n in (40, 60, 80, 160, 640)}
ways["40 a minute, Sundays too"] = simulated(quiet="2027-03-14")
found = pd.DataFrame({way: waited(outcome) for way, outcome in ways.items()}).T
found.round({"coverage": 3, "half open within, h": 1, "90% wait, h": 1})

# %% [markdown]
# ## The answer
#
# A queue, because Sunday has been saved up. Nobody is lost by it: in five days as many have opened, whatever we do. But
# half of those who open do so after 20 hours instead of 9 with a gateway of twice the speed, and a sixteenfold one is
# hardly better than that: what is left is the waiting for Monday itself. To write on Sundays, as far as one may, helps
# more than any gateway.

# %%
slow, double, fastest, sundays = found.loc[
    ["40 a minute", "80 a minute", "640 a minute", "40 a minute, Sundays too"], "half open within, h"
]
print(f"half open within {slow:.0f} h; {double:.0f} h with twice the speed, {sundays:.0f} h with Sundays")
assert found["coverage"].max() - found["coverage"].min() < 0.005
assert sundays < fastest < double < slow / 2
