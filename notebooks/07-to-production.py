# %% [markdown]
# # From plan to production
#
# A plan is a file. It is rehearsed, sent to a few people, then to all; the process may be killed in between, and people
# may book before their turn comes. Does everybody get what the plan says, once, and does it stop for those who booked?
#
# Nobody is contacted here: the senders print what they would send. The commands are those of a real campaign.

# %%
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)
os.environ |= {"NO_COLOR": "1", "FORCE_COLOR": ""}
COMMAND = (sys.executable, "-m", "cascadesim.cli")


def cascadesim(line, first=None):
    """Runs `cascadesim LINE` and prints its answer, or the first lines of it."""
    ran = subprocess.run([*COMMAND, *line.split()], capture_output=True, text=True)
    lines = (ran.stdout + ran.stderr).splitlines()
    print("\n".join(line.rstrip() for line in lines[:first]))
    if first is not None and len(lines) > first:
        print("[..]")


# %% [markdown]
# ## The plan
#
# Waits of seconds, so that we can watch; in a real campaign they are hours. All numbers are ASSUMED.

# %%
SCRIPT = """
cascade 1

scenario "Last places"
    runs for 2 days
    prices in EUR

channel push
    reaches   60%
    opens     20%, half within 10 min, 90% within 1 h
    costs     0.001 EUR per message sent

channel sms
    reaches   95%
    opens     40%, half within 10 min, 90% within 2 h
    reports   delivered                                   # a text has no read receipt
    costs     0.045 EUR per part sent

segment guests
    people    40

message places
    text      "Last places, {first_name|friend}: fest.example.com"

optimize
    saying    places
    covered when opened within 1 day
    minimize  cost per person
    keep      coverage at least 40%
    choose from push, sms
    steps     1 to 2
    waits     4 s
"""
Path("places.cascade").write_text(SCRIPT.lstrip())
cascadesim("optimize places.cascade --plan plan.json", first=16)

# %% [markdown]
# ## Rehearse it
#
# The runner that will carry the plan out runs it now, on a virtual clock, with drawn people.

# %%
cascadesim("rehearse plan.json")

# %% [markdown]
# ## Say how each channel is sent, and to whom
#
# In `senders.toml` a channel has a sender: an SMTP server, a Kannel gateway, a web hook; here the console. Twenty
# people; every third has no app, and gets the text at once.

# %%
Path("senders.toml").write_text('[push]\nsender = "console"\n\n[sms]\nsender = "console"\n')
guests = pd.DataFrame(
    {"id": f"p{n}", "first_name": "Ann", "push": f"token-{n}" if n % 3 else "", "sms": f"+371200000{n:02}"}
    for n in range(1, 21)
)
guests.to_csv("guests.csv", index=False)
cascadesim("contacts check guests.csv")

# %%
cascadesim("send plan.json --contacts guests.csv --senders senders.toml --dry-run")

# %% [markdown]
# ## A pilot
#
# The first five of the file. `--yes` does not ask back, and for that there has to be a cap.

# %%
cascadesim("send plan.json --contacts guests.csv --senders senders.toml --first 5 --yes --cap-messages 10", first=28)

# %% [markdown]
# ## Two have booked
#
# They are stopped before the others' turn comes. In a live campaign this may come in by itself, as a signed request.

# %%
Path("booked.csv").write_text("id,reason\np7,converted\np9,converted\n")
cascadesim("stop booked.csv")

# %% [markdown]
# ## All the others
#
# The same command with the whole file: who is in the store already is not entered again. This time it is killed a
# second after the first push, before the texts are due, and simply started again.

# %%
everybody = "send plan.json --contacts guests.csv --senders senders.toml --yes --cap-messages 100"
sending = subprocess.Popen([*COMMAND, *everybody.split()], stdout=subprocess.PIPE, text=True)
next(line for line in sending.stdout if "step 1" in line)
time.sleep(1)
sending.kill()
sending.communicate()
cascadesim(everybody, first=4)

# %%
cascadesim("status --quick", first=9)

# %% [markdown]
# ## What went out
#
# The records are rows like those of a simulation: they can be set beside the forecast, and rates can be learned from
# them. The console reports nothing back, so nobody is known to have opened.

# %%
cascadesim("records records.parquet")
records = pd.read_parquet("records.parquet")
records.groupby(["step", "channel"])["recipient"].agg(["count", "nunique"])

# %% [markdown]
# ## The answer
#
# Everybody has got each step once, through a kill and two starts, and those who booked got nothing.

# %%
print(f"{len(records)} messages to {records['recipient'].nunique()} of {len(guests)} people")
assert not records.duplicated(["recipient", "step"]).any()
assert set(records["recipient"]) == set(guests["id"]) - {"p7", "p9"}
assert list(records.groupby("step").size()) == [13, 18]
folder.cleanup()
