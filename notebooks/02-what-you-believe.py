# %% [markdown]
# # What you believe, and how firmly
#
# A rate is never known. It was measured on some people, or somebody has a feeling of it. A script can say so: `measured
# on 400`, or `55% to 64%`. How much has to be measured before the best plan can be trusted?

# %%
import pandas as pd

import cascadesim

# %% [markdown]
# ## Saying it
#
# Two messengers of nearly the same worth: which one should be tried first hangs on open rates that have been measured
# on so many messages, `{n}` below. The text's rate is a guess, between 25% and 35%. All numbers are ASSUMED.

# %%
SCRIPT = """
cascade 1

channel viber
    reaches   64%
    opens     52% measured on {n}, half within 4 min, 90% within 2 h
    costs     0.020 EUR per message sent

channel telegram
    reaches   58%
    opens     50% measured on {n}, half within 8 min, 90% within 3 h
    costs     0.018 EUR per message sent

channel sms
    reaches   97%
    opens     25% to 35%, half within 12 min, 90% within 6 h
    reports   delivered                                   # a text has no read receipt
    costs     0.045 EUR per part sent

segment everyone
    people    20k

optimize
    covered when opened within 2 days
    minimize  cost per person
    keep      coverage at least 50%
    choose from viber, telegram, sms
    steps     1 to 3
    waits     2 h, 6 h
"""


def asked(n):
    """The campaign whose messengers were measured on `n` messages, and its best plan."""
    model = cascadesim.read_text(SCRIPT.replace("{n}", str(n))).model
    return model, cascadesim.optimize(model, model.questions[0])


model, answer = asked(400)
answer

# %% [markdown]
# ## What the evidence leaves open
#
# 200 times the rates are drawn from what is known of them, and the question is solved again. `best in` says how often a
# plan is the best of all; in one draw of ten the plan would miss the coverage that must be kept.

# %%
doubt = cascadesim.uncertainty(model, answer)
doubt

# %% [markdown]
# ## More evidence
#
# The same with other numbers of messages. A plan that is the best in nine draws of ten may be trusted; how many
# messages does that take?

# %%
rows = []
for n in (50, 100, 200, 400, 800, 1_600, 3_200):
    model, found = asked(n)
    chosen = cascadesim.uncertainty(model, found).chosen
    rows.append({"messages": n, "best in": chosen.wins, "keeps its limits": chosen.keeps_all, "regret": chosen.regret})
evidence = pd.DataFrame(rows).set_index("messages")
evidence.round({"best in": 3, "keeps its limits": 3, "regret": 6})

# %%
import matplotlib.pyplot as plt

figure, ax = plt.subplots(figsize=(7.2, 3.2), layout="constrained")
ax.plot(evidence.index, evidence["best in"], "o-", color="#0b6e4f", label="the plan is the best")
ax.plot(evidence.index, evidence["keeps its limits"], "s--", color="#b4540a", label="it keeps its limits")
ax.axhline(0.9, color="#5c6773", linewidth=0.8)
ax.set(xscale="log", xlabel="messages that each open rate was measured on", ylabel="share of draws", ylim=(0, 1.04))
ax.set_xticks(list(evidence.index), [f"{n:,}" for n in evidence.index])
ax.minorticks_off()
ax.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
legend = ax.legend(frameon=False, loc="lower right")

# %% [markdown]
# ## The answer
#
# Some 1,600 messages for each rate. Before that the plan is no gamble: what is lost by a wrong order of two messengers
# is small, as the regret says. What a few messages leave open is rather whether half of the people will be covered.

# %%
enough = evidence.index[evidence["best in"] >= 0.9].min()
print(f"{enough:,} messages: the plan is the best in {evidence.loc[enough, 'best in']:.0%} of draws")
assert enough == 1_600
assert evidence["regret"].is_monotonic_decreasing
