# %% [markdown]
# # Cheapest first, or best first?
#
# "Try the free channels first, and pay only for those who are left." It sounds like thrift. For whom is it right?

# %%
import cascadesim

# %% [markdown]
# ## Three ages, seven channels
#
# What each age has and what it reads differ; the prices do not. All numbers are ASSUMED.

# %%
SCRIPT = """
cascade 1

channel push
    delivers  92%, after 2 s
    opens     9%, half within 6 min, 90% within 5 h
    costs     0.0004 EUR per message sent

channel email
    delivers  98%, half within 20 s
    opens     9%, half within 6 h, 90% within 3 days
    costs     0.0008 EUR per message sent

channel viber
    delivers  97%, half within 3 s
    opens     61%, half within 4 min, 90% within 2 h
    costs     0.020 EUR per message delivered

channel sms
    delivers  95%, half within 6 s
    opens     34%, half within 12 min, 90% within 6 h
    reports   delivered                                   # a text has no read receipt
    costs     0.045 EUR per part sent

channel whatsapp
    delivers  96%, half within 3 s
    opens     63%, half within 5 min, 90% within 3 h
    costs     0.055 EUR per message delivered

channel call
    answers   25%, half within 15 s
    lasts     30 s
    costs     0.07 EUR per started minute

segment young "18 to 29"
    people    6k
    opens     push 14%
    opens     email 5%
    answers   call 12%

segment middle "30 to 59"
    people    9k

segment old "60 and over"
    people    5k
    opens     email 15%
    answers   call 45%

table reaches
    segment  push  email  viber  whatsapp  sms  call
    young    60%   80%    50%    78%       99%  99%
    middle   45%   92%    58%    63%       98%  98%
    old      15%   70%    30%    25%       90%  97%

chain cheapest-first
    stop when opened or call answered
    send push, wait 2 h
    send email, wait 6 h
    send viber, wait 2 h
    send sms, wait 2 h
    send whatsapp, wait 2 h
    send call

optimize
    covered when opened or call answered within 2 days
    stop when opened or call answered
    maximize  profit at 0.14 EUR per covered person
    choose from push, email, viber, sms, whatsapp, call
    steps     1 to 3
    waits     2 h, 6 h
    compare   cheapest-first
"""
script = cascadesim.read_text(SCRIPT)
model = script.model
outcome = cascadesim.simulate(model, cascadesim.cases(model))
outcome

# %% [markdown]
# By price, the chain covers many. Most of the money goes into texts, and much of it to people who would have read
# WhatsApp, which comes only later.

# %%
axes = outcome.plot.cost()

# %% [markdown]
# ## The optimum, age by age
#
# A covered person is worth 14 cents to us, and three messages are enough for anybody. Which three, in which order?

# %%
answer = cascadesim.optimize(model, model.questions[0])
answer

# %% [markdown]
# ## Side by side
#
# Both are simulated on the same people and the same random numbers, so that the difference is known better than either.

# %%
plan = cascadesim.plan_of(answer, model, script.source_sha256)
(chain,) = cascadesim.cases(model)
comparison = cascadesim.compare(
    cascadesim.Side(model, chain), cascadesim.Side(model, cascadesim.Case("the plan", plan.routes()))
)
comparison

# %%
axes = comparison.plot.difference("cost_per_person")

# %%
axes = plan.plot.flow(segment="old")

# %% [markdown]
# ## The answer
#
# Cheapest first is right for those who read what is cheap: the old keep the email, the young the push, the others
# neither. After that price is a poor guide. What counts is what an *opened* message costs, and to whom it goes. The
# call has the highest price of all and is in two of three plans, because only answered calls are paid; the text, which
# is paid whether it is read or not, is in none. Fewer people are covered than by six messages to everybody, and those
# who are not would have cost more than they are worth.

# %%
VALUE = 0.14
person = comparison.to_frame().loc["all"]
profit = {side: VALUE * person.loc["coverage", side] - person.loc["cost_per_person", side] for side in ("a", "b")}
print(f"profit per person: {profit['a']:.4f} EUR cheapest first, {profit['b']:.4f} EUR by the plans")
assert answer.status == "proven"
assert "sms" not in {step.channel for plans in answer.plans.values() for step in plans[0].steps}
assert profit["b"] > 1.2 * profit["a"]
