# %% [markdown]
# # What a wrong open rate costs
#
# Somebody believes that 50% of the texts are read, and somebody else says 20%. Before they argue: does it matter? Which
# rate, if it is wrong, makes the plan a bad one, and is it worth a test?

# %%
import cascadesim

# %% [markdown]
# ## A campaign with doubts
#
# Each rate says how well it is known. All numbers are ASSUMED.

# %%
SCRIPT = """
cascade 1

channel push
    reaches   45%
    opens     9% measured on 20k, half within 6 min, 90% within 5 h
    costs     0.0004 EUR per message sent

channel viber
    reaches   58%
    opens     61% measured on 2k, half within 4 min, 90% within 2 h
    costs     0.020 EUR per message sent

channel whatsapp
    reaches   63%
    opens     50% to 70%, half within 5 min, 90% within 3 h
    costs     0.055 EUR per message sent

channel sms
    reaches   97%
    opens     20% to 50%, half within 12 min, 90% within 6 h
    reports   delivered                                   # a text has no read receipt
    costs     0.045 EUR per part sent

segment everyone
    people    50k

optimize
    covered when opened within 2 days
    maximize  profit at 0.13 EUR per covered person
    choose from push, viber, whatsapp, sms
    steps     1 to 4
    waits     2 h, 6 h
"""
model = cascadesim.read_text(SCRIPT).model
answer = cascadesim.optimize(model, model.questions[0])
answer

# %% [markdown]
# ## One rate at a time
#
# The longer the bar, the more the profit hangs on the rate. But a long bar does not say that the plan is wrong: if
# Viber is read more than we think, we earn more with the same plan.

# %%
axes = answer.plot.tornado()

# %% [markdown]
# What matters for a decision is where the best plan changes.

# %%
axes = answer.plot.switches("sms")

# %%
axes = answer.plot.switches("viber")

# %% [markdown]
# ## Regret
#
# All rates are drawn together, 200 times. Regret is what is lost by the plan chosen today against the plan that one
# would have chosen, had one known.

# %%
doubt = cascadesim.uncertainty(model, answer)
doubt

# %% [markdown]
# ## The answer
#
# The rates that move the profit most are not the ones to worry about. Viber's reach and WhatsApp's open rate are worth
# hundreds of euros either way, and the plan stays the same. A wrong open rate of texts costs next to nothing as long as
# it is below some 37%, and above that a text to those who are left would have paid. That one is worth a test, and the
# test is cheap: a text to so many people, before the campaign.

# %%
test = doubt.suggestion
price = test.people * 0.045
print(f"measure `{test.belief.name}` on {test.people} people: {price:.2f} EUR, to save some {test.gain:.0f} EUR")
assert str(test.belief.name) == "opens on sms"
assert test.gain > 3 * price
