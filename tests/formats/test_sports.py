"""What a sport is called, in the languages of the programs that write it, and what nobody can tell."""

from __future__ import annotations

import pytest

from syncd.domain.doubts import Doubt
from syncd.formats.sports import is_undecided, says_running, sport_named
from tests.support.fitbytes import MIDSUMMER_2024, RECORDS, SESSIONS, file_id, fit
from tests.support.reading import run_in
from tests.support.tracks import WrittenLap, gpx, steady, tcx

STEADY = steady()

RUNNING = """
run, Run, RUN, running, Running, RUNNING, runs, Runner, street_running, StreetRunning, Trail Running,
trail_running, TrailRun, track_running, Track Run, Virtual Run, VirtualRun, treadmill, treadmill_running,
Indoor Running, IndoorRun, Outdoor Run, Ultra Run, jog, Jogging, Fartlek, long run, parkrun, Marathon, 9,
Laufen, Lauf, Läufe, Dauerlauf, Waldlauf, Laufsport, Joggen, Traillauf, Laufband, Halbmarathon,
Course à pied, Course a pied, course, courir, Footing, Sortie longue course, Tapis roulant, Semi-marathon,
Carrera, Correr, corriendo, Cinta de correr, Corrida, corrida de rua, Esteira, Corsa, correre,
Corsa campestre, hardlopen, Hardloop,
loopband, duurloop, löpning, Löpband, löpa, løb, Løbetur, løping, løpetur, tredemølle,
juoksu, Juoksulenkki, Juoksumatto, polkujuoksu, hlaup, bieg, Bieganie, Bieżnia, běh, Běhání, běžecký pás,
beh, behanie, futás, Futópad, alergare, Koşu, koşu bandı, trčanje, Tek, bėgimas, skriešana, jooksmine, vrapim,
korrika, còrrer, Бег, бег, Пробежка, беговая дорожка, Біг, пробіжка, бягане, трчање, Τρέξιμο, τρέξιμο,
ランニング, ラン, ジョギング, トレッドミル, トレイルランニング,
跑步, 慢跑, 越野跑, 跑步机, 달리기, 러닝, 조깅, 트레드밀,
lari, berlari, chạy bộ, วิ่ง, جري, ركض, ריצה, दौड़, takbo, kukimbia
"""

OTHERS = """
cycling: Ride Biking bike BIKING cycling Cycling road_biking MountainBiking VirtualRide EBikeRide Radfahren
cycling: Fahrrad Mountainbike Rennrad Vélo VTT cyclisme Ciclismo bicicleta bici pedalada Wielrennen fietsen
cycling: cykling Cykel sykling Pyöräily kolarstwo rower cyklistika kerékpározás bisiklet велосипед Велоезда
cycling: ποδηλασία サイクリング ライド 骑行 騎行 자전거 라이딩 bersepeda GravelRide Spinning 1 17
cycling: indoor_cycling
walking: Walk walking Walking Spaziergang Gehen marche Marche-nordique caminata caminar Camminata passeggiata
walking: wandelen promenad kävely spacer procházka chůze gyaloglás yürüyüş ходьба прогулка 步行 散步
walking: ウォーキング 걷기 산책 nordic_walking speed_walking 10
hiking: Hike hiking Wandern Wanderung Bergtour Randonnée senderismo excursión Escursionismo trekking vandring
hiking: fottur vaellus wędrówka turistika túrázás поход πεζοπορία 徒步 登山 ハイキング 등산 TrailHike 4
hiking: mendaki
swimming: Swim swimming open_water_swimming Schwimmen natation natación Nuoto zwemmen simning svømning uinti
swimming: pływanie plavání úszás yüzme плавание 游泳 水泳 수영 lap_swimming 16
cross_country_skiing: NordicSki cross_country_skiing Langlauf Skilanglauf langrenn hiihto biegówki
cross_country_skiing: běžky лыжи 7
alpine_skiing: AlpineSki skiing snowboard esquí Skifahren 2
rowing: Rowing rudern aviron kayaking Canoeing paddling
training: WeightTraining yoga joga Krafttraining pilates Crossfit
fitness_equipment: elliptical Crosstrainer stair_stepper
"""

GENERIC = """
Other, other, generic, Unknown, fitness equipment, Activity, workout, Cardio, Sonstiges, Autre, Otro, Altro,
Outro, Overig, Övrigt, Andet, muu, Inne, Ostatní, egyéb, Diğer, другое, その他, 其他, 기타,
Training, Allenamento, Entraînement, Aktivität, attività, actividad
"""

NOBODY_KNOWS = """
Quidditch, Kitesurfing, Fallschirmspringen, Escalade, Escalada, Arrampicata, Klettern, Klatring, Kiipeily,
Wspinaczka, скалолазание, 攀岩, クライミング, 클라이밍, تسلق, 9999, 60, Orienteering, Zumba
"""


def listed(text: str) -> list[str]:
    return [word.strip() for word in text.replace("\n", " ").split(",") if word.strip()]


@pytest.mark.parametrize("name", listed(RUNNING))
def test_running_has_many_names(name: str) -> None:
    found = sport_named(name)
    assert found is not None
    assert found.sport == "running"


@pytest.mark.parametrize(
    ("sport", "name"),
    [
        (line.split(":")[0], name)
        for line in OTHERS.strip().splitlines()
        for name in line.split(":")[1].split()
    ],
)
def test_so_have_the_others(sport: str, name: str) -> None:
    found = sport_named(name)
    assert found is not None
    assert found.sport == sport


@pytest.mark.parametrize("name", listed(GENERIC))
def test_some_say_no_more_than_sport(name: str) -> None:
    assert is_undecided(name)


@pytest.mark.parametrize(
    "name", ["Rundfahrt", "Rundgang", "Lobster", "Tres cumbres", "Runde", "Golf", "Yoga", "joga"]
)
def test_a_word_that_begins_like_running_is_not_running(name: str) -> None:
    found = sport_named(name)
    assert found is None or found.sport != "running"


def test_treadmills_and_trails_are_told_apart() -> None:
    named = {
        name: sport_named(name) for name in ("Laufband", "Trail Running", "Track Running", "Virtual Run")
    }
    assert [sport and sport.sub_sport for sport in named.values()] == [
        "treadmill", "trail", "track", "virtual_activity",
    ]  # fmt: skip


@pytest.mark.parametrize("name", listed(NOBODY_KNOWS))
def test_a_type_that_nobody_knows_is_asked_about_and_not_taken(name: str) -> None:
    run = run_in(gpx(STEADY, kind=name))
    [doubt] = run.doubts
    assert (doubt.code, doubt.facts) == (Doubt.NAMED_OTHERWISE, {"sport": name})


@pytest.mark.parametrize("name", ["", *listed(GENERIC)])
def test_one_that_says_nothing_is_a_run_by_its_looks(name: str) -> None:
    run = run_in(gpx(STEADY, kind=name))
    assert run.is_run
    assert not run.doubts
    assert run.problems == ("the file names no sport: taken for a run by its speed",)


@pytest.mark.parametrize(
    "title",
    ["Cycling 1/20/26 6:00 pm", "Abendliche Radfahrt", "Randonnée du soir", "Morning Walk", "朝のライド"],
)
def test_a_name_that_says_another_sport_is_asked_about(title: str) -> None:
    [doubt] = run_in(gpx(STEADY, kind="", name=title)).doubts
    assert doubt.code == Doubt.NAMED_OTHERWISE


@pytest.mark.parametrize(
    "title",
    [
        "Evening Run",
        "Run to the train",
        "Walk/run intervals",
        "Past the golf course",
        "Lauf nach Radtour",
        "",
    ],
)
def test_a_name_that_says_running_or_nothing_is_not(title: str) -> None:
    assert not run_in(gpx(STEADY, kind="", name=title)).doubts


def test_a_type_outranks_a_name() -> None:
    assert not run_in(gpx(STEADY, kind="running", name="Cycling home")).doubts
    assert run_in(gpx(STEADY, kind="cycling", name="Evening Run")).sport == "cycling"


def test_says_running_looks_at_every_word() -> None:
    assert says_running("Ride, then run")
    assert not says_running("Ride, then swim")


@pytest.mark.parametrize(
    ("told", "sport"), [("Running", "running"), ("Biking", "cycling"), ("Other", "running"), ("", "running")]
)
def test_the_three_sports_of_tcx(told: str, sport: str) -> None:
    assert run_in(tcx([WrittenLap(STEADY, total_s=1800)], sport=told)).sport == sport


def fit_of(mps: float, **session: int) -> bytes:
    rows = [
        {"timestamp": MIDSUMMER_2024 + s, "distance": mps * s, "speed": mps, "position_lat": 1}
        for s in range(1801)
    ]
    told = {"start_time": MIDSUMMER_2024, "elapsed": 1800, "timer": 1800, "distance": 1800 * mps} | session
    return fit(file_id(), RECORDS.all(rows), SESSIONS.all([told]))


@pytest.mark.parametrize(
    ("mps", "sport", "sub_sport", "expected", "doubted"),
    [
        pytest.param(3.0, 1, 0, "running", False, id="a-run"),
        pytest.param(1.2, 1, 0, "running", False, id="a-run-that-is-slow"),
        pytest.param(3.0, 0, 0, "running", False, id="generic"),
        pytest.param(1.3, 0, 0, "running", True, id="generic-and-slow"),
        pytest.param(7.0, 0, 0, "running", True, id="generic-and-fast"),
        pytest.param(3.0, 4, 1, "running", False, id="fitness-equipment-treadmill"),
        pytest.param(3.0, 4, 15, "fitness_equipment", False, id="elliptical"),
        pytest.param(3.0, 4, 14, "rowing", False, id="indoor-rowing"),
        pytest.param(3.0, 2, 0, "cycling", False, id="a-ride"),
        pytest.param(3.0, 8, 0, "tennis", False, id="tennis"),
        pytest.param(3.0, 10, 20, "training", False, id="strength"),
        pytest.param(3.0, 66, 0, "wheelchair_push_run", False, id="a-wheelchair"),
        pytest.param(3.0, 85, 0, "sport 85", False, id="newer-than-our-list"),
    ],
)
def test_the_numbers_of_fit(mps: float, sport: int, sub_sport: int, expected: str, doubted: bool) -> None:
    run = run_in(fit_of(mps, sport=sport, sub_sport=sub_sport))
    assert (run.sport, bool(run.doubts)) == (expected, doubted)
