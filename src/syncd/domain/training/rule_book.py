"""What each rule id means, in one sentence for the runner, with where it comes from.

S rules come from the coaching article behind the model, R and A rules are ours, built on the
sources named. "Practice" is coaches' practice, "default" our own choice.
"""

from __future__ import annotations

RULES = {
    "S6": "easy kilometres are what grows; the hard share of a week stays at or below 20 % (article)",
    "S9": "most kilometres are easy: you could talk in sentences, effort 4 of 10 at most (article)",
    "S19": "the long run is the longest run of its week, at conversational pace (article)",
    "S20": "recovery days and easy runs stand around the hard day (article)",
    "S21": "four days a week: one quality session and three easy runs, one of them long (article)",
    "S22": "the quality of the distance phase is longer intervals (article)",
    "S23": "more than half of the quality distance is at half-marathon or marathon pace (article)",
    "S33": "a few strides once a week keep the legs quick (practice)",
    "R17": "the first week takes up what you really ran in the last four (default)",
    "R18": "the week grows by 7 %, or 0.8 km for each run if that is less (practice, Daniels)",
    "R19": "as many runs as the distance fills: at least about 5 km for each (default)",
    "R20": "no run longer than 110 % of your longest of the last 30 days (Frandsen 2025, 5,205 runners)",
    "R21": "every fourth week is a quarter lighter, and the week after repeats the last full one (practice)",
    "R22": "no week above 1.3 times the mean of the last four (default)",
    "R23": "the long run keeps to its share of the week, 150 minutes and 35 km (practice, Daniels)",
    "R24": "each pace has a most distance in a session (practice, Daniels)",
    "A8": "your last quality runs were on plan: the next one is a step up",
    "A9": "your last quality run was partly on plan: the level is repeated",
    "A10": "your last quality runs were far from plan: the next one is a step back",
}
