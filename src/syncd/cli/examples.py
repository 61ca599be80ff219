"""What a runner would really type: one to three lines per command, at the end of its help.

Short enough for a terminal of 60 columns.
"""

from __future__ import annotations

from collections.abc import Mapping

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "init": (
        "syncd init",
        "syncd init --source folder --sink folder",
        "syncd init --fresh --force",
    ),
    "import": (
        "syncd import ~/Downloads/strava-export.zip",
        "syncd import morning-run.fit old-runs/",
    ),
    "sync": ("syncd sync", "syncd sync --dry-run", "syncd sync --retry"),
    "status": ("syncd status", "syncd status --json"),
    "watch": ("syncd watch", "syncd watch --take-over"),
    "run": ("syncd run",),
    "doctor": ("syncd doctor", "syncd doctor --restore", "syncd doctor --notify"),
    "tidy": ("syncd tidy",),
    "export": ("syncd export ~/syncd-copy",),
    "forget": ("syncd forget strava", "syncd forget"),
    "report": ("syncd report --open", "syncd report --out my-training.html"),
    "calendar": ("syncd calendar", "syncd calendar --out runs.ics"),
    "plan": (
        "syncd plan --weeks 8",
        "syncd plan --five-k 25:00 --weekly-km 20 --longest-km 8",
        "syncd plan export plan.txt",
    ),
    "next": ("syncd next", "syncd next --easier"),
    "why": ("syncd why", "syncd why 2026-03-17"),
    "demo": ("syncd demo", "syncd demo ~/my-runs --five-k 22:30"),
    "zones": ("syncd zones", "syncd zones --five-k 25:00", "syncd zones --five-k 25:00 --hr-max 188"),
    "score": (
        "syncd score",
        "syncd score 2026-03-12",
        "syncd score run.fit --workout '8km @5:00-5:20/km'",
    ),
    "rescore": ("syncd rescore", "syncd rescore --all"),
    "match": ("syncd match 2026-03-13 2026-03-12", "syncd match 12 2026w12-3"),
    "fix": (
        "syncd fix 2026-03-12 --distance 7.2km",
        "syncd fix 12 --kind ride",
        "syncd fix 12 --trim 45:00",
    ),
    "ignore": ("syncd ignore 2026-03-12", "syncd ignore 12 --undo"),
    "move": ("syncd move tomorrow 2026-03-15", "syncd move 2026-03-14 2026-03-15"),
    "skip": ("syncd skip today", "syncd skip 2026-03-14"),
    "pin": ("syncd pin 2026-03-14",),
    "pause": ("syncd pause --until 2026-03-21", "syncd pause --from 2026-04-01 --until 2026-04-07"),
    "sick": ("syncd sick", "syncd sick --no-fever", "syncd sick --hurt --from 2026-03-10"),
    "resume": ("syncd resume", "syncd resume --symptom-free-since 2026-03-12"),
    "health": (
        "syncd health",
        "syncd health --new chest_pain",
        "syncd health --clear chest_pain --for easy",
    ),
    "goal": ("syncd goal", "syncd goal 10k --race 2026-06-14", "syncd goal none"),
    "phase": ("syncd phase", "syncd phase speed", "syncd phase auto"),
    "answer": ("syncd answer", "syncd answer 2 yes"),
    "pain": ("syncd pain today 2 --where shin", "syncd pain 2026-03-12 4 --limp", "syncd pain"),
    "heat": ("syncd heat 32 --until friday", "syncd heat 82F --dew-point 70F", "syncd heat --over"),
    "rpe": ("syncd rpe 2026-03-12 7", "syncd rpe 12 8.5"),
    "undo": ("syncd undo", "syncd undo 41"),
    "result": (
        "syncd result 5k 24:30",
        "syncd result half 1:52:10 --date 2026-03-08",
        "syncd result 3km 14:10 --test",
    ),
    "auth garmin": ("syncd auth garmin", "syncd auth garmin --tokens ~/.garminconnect"),
    "auth strava": ("syncd auth strava", "syncd auth strava --client-id 12345 --paste"),
    "auth status": ("syncd auth status",),
    "auth logout": ("syncd auth logout garmin", "syncd auth logout strava"),
    "service install": ("syncd service install", "sudo syncd service install --system"),
    "service status": ("syncd service status",),
    "service uninstall": ("syncd service uninstall", "sudo syncd service uninstall --system"),
    "strava webhook create": ("syncd strava webhook create",),
    "strava webhook list": ("syncd strava webhook list",),
    "strava webhook delete": ("syncd strava webhook delete",),
    "sandbox serve": ("syncd sandbox serve", "syncd sandbox serve --strava --faults 429@5"),
    "sandbox fit": ("syncd sandbox fit --workout '30min E' --out easy.fit",),
    "sandbox simulate": ("syncd sandbox simulate --seasons 4 --weeks 26",),
}
