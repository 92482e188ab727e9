# %% [markdown]
# # From a script to the best chain
#
# A message chain tries one channel after another until somebody has read. Which order is best, and how long should it
# wait in between? From a script to the picture that answers.

# %%
# %load_ext cascadesim
import cascadesim

# %% [markdown]
# ## A script
#
# It reads like a brief: channels with their rates and prices, who is written to, the chain that we would try by hand,
# and what we want to know. All numbers here are ASSUMED. `%%cascade first` reads the cell into the variable `first`.

# %% tags=["active-ipynb"]
# %%cascade first
# cascade 1
#
# channel push
#     reaches   45%
#     delivers  92%, after 2 s
#     opens     9%, half within 6 min, 90% within 5 h
#     costs     0.0004 EUR per message sent
#
# channel viber
#     reaches   58%
#     delivers  97%, half within 3 s, 95% within 1 h
#     opens     61%, half within 4 min, 90% within 2 h
#     costs     0.020 EUR per message delivered
#
# channel whatsapp
#     reaches   63%
#     delivers  96%
#     opens     63%, half within 5 min, 90% within 3 h
#     costs     0.055 EUR per message delivered
#
# channel sms
#     reaches   97%
#     delivers  95%, half within 6 s
#     opens     34%, half within 12 min, 90% within 6 h
#     reports   delivered                                   # a text has no read receipt
#     costs     0.045 EUR per part sent
#
# segment everyone
#     people    10k
#     kinds     30% eager x1.4, 20% silent x0.2, the rest usual
#     reaches both viber and whatsapp 48%                   # who has one messenger mostly has the other
#
# chain viber-then-sms
#     stop when opened
#     send viber, wait 2 h
#     send sms
#
# optimize
#     covered when opened within 1 day
#     minimize  cost per person
#     keep      coverage at least 50%
#     choose from push, viber, whatsapp, sms
#     steps     1 to 4
#     waits     30 min, 2 h, 6 h but 10 min if undelivered
#     compare   viber-then-sms

# %% [markdown]
# A slip is answered in words, with its place and what helps, not by a traceback.

# %% tags=["active-ipynb", "raises-exception"]
# %%cascade slip --quiet
# cascade 1
#
# channel viber
#     opens     61%, half within 4 min
#
# segment everyone
#     people    10k
#
# chain short
#     send vibr

# %% [markdown]
# ## What the chain comes to
#
# The exact engine sums over all that can happen, without drawing anybody. `%%cascade first --simulate` would have shown
# the same below the script.

# %%
outcome = cascadesim.simulate(first.model, cascadesim.cases(first.model))
outcome

# %% [markdown]
# As a picture: the text goes out to all whom Viber does not reach, and to those who have not read within two hours.

# %%
axes = outcome.plot.flow()

# %% [markdown]
# The simulator draws 10,000 people and sends each their messages. Its intervals should hold the exact figures.

# %%
drawn = cascadesim.simulate(first.model, cascadesim.cases(first.model), engine="simpy")
figures = ["coverage", "cost_per_person", "cost_per_covered", "messages_per_person"]
exact, simulated = (result.to_frame().loc["viber-then-sms", "everyone"] for result in (outcome, drawn))
for figure in figures:
    print(f"{figure:20} {exact[figure]:.4f} in {simulated[f'{figure}_low']:.4f} .. {simulated[f'{figure}_high']:.4f}")

# %% [markdown]
# ## The best plan
#
# The question at the end of the script: half of all people within a day, for as little as possible. The optimizer looks
# at every order of the four channels with every wait, or shows that it need not; so `proven` means that no better plan
# exists.

# %%
answer = cascadesim.optimize(first.model, first.model.questions[0])
answer

# %% [markdown]
# ## What coverage costs
#
# No plan covers more for less than those on the line. Among them one can choose with open eyes.

# %%
axes = answer.plot.frontier(outcome.chains)

# %% [markdown]
# So trying Viber first was right, and the text was not the best second: WhatsApp for the few who are left costs less in
# all, because so few are left, and a push in between is all but free.

# %%
by_hand, best = exact["cost_per_person"], answer.total.cost_per_person
print(f"{1 - best / by_hand:.0%} cheaper than by hand, and {answer.total.coverage:.1%} covered")
assert answer.status == "proven"
assert answer.total.coverage > exact["coverage"]
assert round(1 - best / by_hand, 2) == 0.27

# %% [markdown]
# Next: put the script into a file, and `cascadesim run FILE` does all of this, confirms the plan by simulation,
# rehearses it and exports it. The other scenarios are in `../scenarios`, the language in `../grammars/README.md`.
