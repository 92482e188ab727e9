# %% [markdown]
# # One budget for all, or one for each?
#
# Two segments share what a campaign may cost. Is it fair, and is it wise, to give each the same per person?

# %%
import cascadesim

# %% [markdown]
# ## A reminder for members
#
# The faithful have the app and read what they get; the others have mostly a telephone number. The question is how many
# people can be covered for 1,000 EUR. All numbers are ASSUMED.

# %%
SCRIPT = """
cascade 1

channel push
    delivers  92%
    opens     12%, half within 6 min, 90% within 5 h
    costs     0.0004 EUR per message sent

channel viber
    delivers  97%
    opens     58%, half within 4 min, 90% within 2 h
    costs     0.020 EUR per message delivered

channel whatsapp
    delivers  96%
    opens     63%, half within 5 min, 90% within 3 h
    costs     0.055 EUR per message delivered

channel sms
    opens     34%, half within 12 min, 90% within 6 h
    reports   delivered                                   # a text has no read receipt
    costs     0.045 EUR per part sent

segment faithful "Has bought this year"
    people    10k
    opens     push 25%

segment lapsed "Has not"
    people    20k
    opens     sms 22%

table reaches
    segment   push  viber  whatsapp  sms
    faithful  75%   70%    72%       99%
    lapsed    15%   35%    40%       90%

chain viber-then-sms
    stop when opened
    send viber, wait 2 h
    send sms

optimize "together"
    covered when opened within 2 days
    maximize  coverage
    keep      total cost under 1000 EUR
    choose from push, viber, whatsapp, sms
    steps     1 to 4
    waits     2 h, 6 h

optimize "faithful alone" for faithful
    covered when opened within 2 days
    maximize  coverage
    keep      total cost under 333 EUR
    choose from push, viber, whatsapp, sms
    steps     1 to 4
    waits     2 h, 6 h

optimize "lapsed alone" for lapsed
    covered when opened within 2 days
    maximize  coverage
    keep      total cost under 667 EUR
    choose from push, viber, whatsapp, sms
    steps     1 to 4
    waits     2 h, 6 h
"""
script = cascadesim.read_text(SCRIPT)
model = script.model
together, *alone = model.questions

# %% [markdown]
# ## What coverage costs
#
# Each point is a plan for both segments. The line rises steeply where Viber and the app do the work, and flattens where
# only texts to the lapsed are left. Beside the chosen plan stands what one percent more would cost.

# %%
shared = cascadesim.optimize(model, together)
outcome = cascadesim.simulate(model, cascadesim.cases(model))
axes = shared.plot.frontier(outcome.chains)

# %%
shared

# %% [markdown]
# ## Each with its own purse
#
# The same money, a third of it for the third of the people.

# %%
apart = [cascadesim.optimize(model, question) for question in alone]
for question, answer in zip(alone, apart, strict=True):
    print(f"{question.title}: {answer.total.coverage:.1%} covered, {answer.total.cost:,.0f} EUR")
    for plans in answer.plans.values():
        for plan in plans:
            print(f"   {plan.share}", ", ".join(f"{step.channel} {step.wait or ''}".strip() for step in plan.steps))

# %% [markdown]
# The lapsed cannot spend theirs: the next step would be a text to each who is left, and that is too dear. The faithful
# could do more, and have no money left. With one purse the rest goes where it does most.
#
# ## Who gets the next hundred euros?
#
# The same question for other budgets. Money goes to the segment, and to the step, where it covers most people more.

# %%
import pandas as pd


def spent(budget):
    """What each segment gets of so many EUR, per person."""
    script = cascadesim.read_text(SCRIPT.replace("under 1000 EUR", f"under {budget} EUR"))
    found = cascadesim.optimize(script.model, script.model.questions[0], plan_alone=True)
    each = {
        name: sum(float(plan.share) * plan.measures.cost for plan in plans) / 1e9 for name, plans in found.plans.items()
    }
    return {"budget": budget, "coverage": found.total.coverage, "in all": found.total.cost} | each


budgets = pd.DataFrame(spent(budget) for budget in range(200, 2_001, 200)).set_index("budget")
budgets.round({"coverage": 3, "in all": 0, "faithful": 4, "lapsed": 4})

# %% [markdown]
# ## The answer

# %%
people = {"faithful": 10_000, "lapsed": 20_000}
covered_apart = sum(answer.total.coverage * people[name] for answer in apart for name in answer.plans)
covered_shared = shared.total.coverage * sum(people.values())
print(f"one purse covers {covered_shared - covered_apart:,.0f} people more")
assert shared.status == "proven"
assert round(covered_shared - covered_apart, -1) == 950
