"""What each planning rule means, in one sentence for the runner, and where it comes from.

S rules come from the coaching article behind the model, R rules are ours, built on the sources named.
"Practice" is coaches' practice, "default" our own choice. The rules of adaptation are elsewhere: they
take long to load.
"""

from __future__ import annotations

PLANNING_RULES = {
    "S3": "new to running: longer first, with walking breaks until you can run half an hour (article)",
    "S4": "first learn to finish the distance, then run it for a time (article)",
    "S6": "easy running is what grows; at most 20 % of a week is hard (article)",
    "S9": "most running is easy: you could talk in sentences, effort 4 of 10 at most (article)",
    "S12": "paces come from a 5K; without one, everything is by effort (article)",
    "S13": "no 5K time yet: run a 5K as hard as you can, effort 8-9, when it is safe (article)",
    "S16": "every pace has its turn, from faster than 5K to marathon pace (article)",
    "S18": "time on your feet grows gradually (article)",
    "S19": "the long run is the longest run of its week, at conversational pace (article)",
    "S20": "recovery days and easy runs surround the hard day (article)",
    "S21": "four days a week: one quality session and three easy runs, one of them long (article)",
    "S22": "quality sessions in the distance phase are longer intervals (article)",
    "S23": "more than half of the quality distance is at half-marathon or marathon pace (article)",
    "S24": "the speed phase is shorter and harder, with recoveries of at least half the rep (article)",
    "S25": "200s and 400s at goal 5K pace come first (article)",
    "S26": "then 800s, the mile and 2000 m at goal 5K pace (article)",
    "S27": "speed phase: three easy runs and one hard run, or two and two (article)",
    "S28": "a little less volume in the speed phase: 88 % of the peak (article; the figure is our default)",
    "S29": "distance and speed both have a place in every block (article)",
    "S31": "then endurance comes back in: both together (article)",
    "S32": "you chose this phase yourself (article: mix and match)",
    "S33": "a few strides once a week keep the legs quick (practice)",
    "R17": "the first week starts from what you really ran in the last four (default)",
    "R18": "the week grows by 7 %, or 800 m for each run if that is less (practice, Daniels)",
    "R19": "as many runs as the distance is enough for: about a 5K or more each (default)",
    "R20": "no run longer than 110 % of your longest of the last 30 days (Frandsen 2025, 5,205 runners)",
    "R21": "every fourth week is a quarter lighter, and the week after repeats the last full one (practice)",
    "R22": "no week above 1.3 times the mean of the last four (default)",
    "R23": "the long run is limited in its share of the week, in time and in distance (practice, Daniels)",
    "R24": "each pace has a maximum distance in a session (practice, Daniels)",
    "R25": "at most a quarter of the week is hard in the speed and combine phases (default)",
    "R27": "taper: about half the volume, the same days and paces (Wang 2023, Smyth 2021)",
    "R28": "a B race has three easy days before it, a C race replaces the hard session (default)",
    "R29": "tests come at the end of a lighter week, 72 hours after long and hard runs (practice)",
    "R30": "after a race or a whole cycle the body rests before it builds again (practice)",
    "H1": "a yes to a health question: nothing hard and no test until you are cleared (default)",
    "H2": "from the age of 50: 72 hours around hard days, every third week lighter (default)",
}
