"""What each planning rule means, in one sentence for the runner, and where it comes from.

S rules come from the coaching article behind the model, R rules are ours, built on the sources named.
"Practice" is coaches' practice, "default" our own choice. The rules of adaptation are elsewhere: they
take long to load.
"""

from __future__ import annotations

PLANNING_RULES = {
    "S3": "new to running: distance first, with walking breaks until you can run for half an hour (article)",
    "S4": "first be able to finish the distance, then go for a time (article)",
    "S6": "what grows is easy running; at most 20% of a week is hard (article)",
    "S9": "most running is easy: you can talk in full sentences, effort 4 of 10 at most (article)",
    "S12": "paces come from a 5K; without one, you run by effort (article)",
    "S13": "no 5K known: run a 5K as hard as you can, effort 8-9, when it is safe (article)",
    "S16": "every pace has its turn, from faster than 5K to marathon pace (article)",
    "S18": "time on your feet grows gradually (article)",
    "S19": "the long run is the longest run of its week, at conversational pace (article)",
    "S20": "recovery days and easy runs surround the hard day (article)",
    "S21": "four days a week: one quality session and three easy runs, one of them long (article)",
    "S22": "quality in the distance phase means longer intervals (article)",
    "S23": "more than half of the quality running is at half-marathon or marathon pace (article)",
    "S24": "the speed phase is shorter and harder, with recoveries of at least half the rep (article)",
    "S25": "200s and 400s at goal 5K pace come first (article)",
    "S26": "then 800s, the mile and 2000 m at goal 5K pace (article)",
    "S27": "speed phase: three easy runs and one hard, or two and two (article)",
    "S28": "a little less distance in the speed phase: 88% of the peak (article; the figure is our default)",
    "S29": "every block has both distance and speed (article)",
    "S31": "then endurance comes back in: both together (article)",
    "S32": "you chose this phase yourself (article: mix and match)",
    "S33": "a few strides once a week keep the legs quick (practice)",
    "R17": "the first week starts from what you really ran in the last four (default)",
    "R18": "a week grows by 7%, or by 800 m for each run if that is less (practice, Daniels)",
    "R19": "no more runs than the distance fills: about 5 km each at least (default)",
    "R20": "no run is longer than 110% of your longest in the last 30 days (Frandsen 2025, 5,205 runners)",
    "R21": "every fourth week is a quarter lighter, and the week after repeats the last full one (practice)",
    "R22": "no week is more than 1.3 times the average of the last four (default)",
    "R23": "the long run has limits: its share of the week, 150 minutes, and a distance (practice, Daniels)",
    "R24": "each pace has its longest distance in a session (practice, Daniels)",
    "R25": "at most a quarter of the week is hard in the speed and combine phases (default)",
    "R27": "taper: about half the volume, the same days and paces (Wang 2023, Smyth 2021)",
    "R28": "a B race has three easy days before it, a C race replaces the hard session (default)",
    "R29": "tests come at the end of a light week, 72 hours after long and hard runs (practice)",
    "R30": "after a race or a whole cycle your body rests before it builds again (practice)",
    "H1": "after a yes to a health question: nothing hard and no test until you are cleared (default)",
    "H3": "an answer that stops you ends with a clearance, and with a return in steps (practice)",
    "H4": "pregnant: never more than your usual week and long run, by the talk test (ACOG 804)",
    "H5": "no marathon before age 18 (default)",
    "H2": "from age 50: 72 hours around hard days, and every third week lighter (default)",
}
