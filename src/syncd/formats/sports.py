"""What files and tables call a sport, in the languages that programs write: `running`, or what it is instead.

Words are compared without case, accents and signs, by whole words and by how words begin.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from syncd.domain.activity import RUNNING

_SIGNS = re.compile(r"[\W_\d]+")


@dataclass(frozen=True, slots=True)
class Sport:
    """As FIT names it: `running` and perhaps `treadmill`."""

    sport: str
    sub_sport: str = ""


# Strava's numbers in the <type> of its GPX files, as public files show them.
_STRAVA_NUMBERS = {
    "1": Sport("cycling"),
    "2": Sport("alpine_skiing"),
    "4": Sport("hiking"),
    "7": Sport("cross_country_skiing"),
    "9": Sport(RUNNING),
    "10": Sport("walking"),
    "16": Sport("swimming"),
}

# Whole words and, with a star, beginnings of words. What stands first is looked for first: a word may begin like
# another (`walkathon`), and `virtual ride` is a ride.
_WORDS: tuple[tuple[Sport, str], ...] = (
    (Sport("cycling"), """
        ride rides ebikeride virtualride bik* cycl* bicycl* velo* velocycl* vtt mtb handcycle radfahr* rad radtour fahrrad*
        rennrad* fahrt radfahrt gravelride mountainbik* ciclism* ciclis* bici bicicle* biciclet* pedalad* pedalata giro
        fiets* wielren* rit fietsrit cykl* sykl* sykkel* sykel* tur pyorail* pyora* rower* kolars* kolo* cykli* kerekpar*
        biciklis* bisiklet* велос* вело* заезд* ποδηλασ* サイクリング ライド 自転車 骑行 骑车 騎乘 자전거 라이딩
        bersepeda sepeda dapxe ปั่นจักรยาน
    """),
    (Sport("walking"), """
        walk walks walking gehen spazier* spaziergang marche* marcher caminad* caminata camminat* wandeling wandelen
        promenad* gang gatur gange kavely* spacer* prochazk* chodz* chuze seta gyalog* mers yuruyus ходьба прогул* 步行
        散步 健走 ウォーキング 걷기 jalan περπατ* nordicwalking
    """),
    (Sport("hiking"), """
        hike hikes hiking wander* wanderung bergwandern randonn* senderism* excursion* escursion* trekking vandring fottur
        vaellus wedrowk* piesza turistika turaz* drumetie doga поход* 徒步 健行 ハイキング 등산 하이킹 mendaki
    """),
    (Sport("swimming"), """
        swim* schwimm* natation nataci* nadar nataca* nuoto zwem* simning svomning svomm* uinti* plywan* plavani* plavan*
        uszas inot yuzme плав* 游泳 水泳 スイム 수영 renang
    """),
    (Sport("cross_country_skiing"), "nordicski skilanglauf langlauf skidefond esquidefondo langrenn langd* hiihto"),
    (Sport("alpine_skiing"), "ski skiing skifahren esqui sci skifahrt snowboard* narty"),
    (Sport("rowing"), "row rowing rudern aviron remo canottaggio roeien"),
    (Sport("fitness_equipment"), "elliptical crosstrainer stairstepper ellipt*"),
    (Sport("training"), """
        workout weighttraining strength* krafttraining yoga pilates crossfit gym musculation pesas fuerza palestra
    """),
    (Sport("driving"), "car driving drive motorcycl* motorbike auto transport bus train"),
    (Sport(RUNNING, "treadmill"), """
        treadmill* treadmillrunning indoorrun indoorrunning laufband* tapisroulant tapis cinta esteira loopband lopband
        tredemolle juoksumatto biezni* トレッドミル 跑步机
    """),
    (Sport(RUNNING, "trail"), "trailrun* trailrunning traillauf trail"),
    (Sport(RUNNING, "virtual_activity"), "virtualrun virtualrunning"),
    (Sport(RUNNING), """
        run runs run* jog* running runner laufen lauf laeufe laufe gelaendelauf joggen courseapied course courir footing
        carrera carreras correr corriendo corrida corsa correre corse hardlo* hardloop* loop* lopning lop* lob lobetur loping
        lopetur juoks* juoksu* bieg* bieganie beh behani behan* futas futo* alergar* kosu kosmak бег* забег* пробежк* біг*
        tres* τρεξιμο ランニング ラン ジョギング 跑步 跑 慢跑 달리기 러닝 lari chay วิ่ง جري عدو ריצה larimaraton maraton*
        marathon* parkrun
    """),
)  # fmt: skip


def sport_named(text: str) -> Sport | None:
    """What a type or a name says; None where it says nothing that is known."""
    text = text.strip()
    if text in _STRAVA_NUMBERS:
        return _STRAVA_NUMBERS[text]
    words = _plain_words(text)
    if not words:
        return None
    joined = "".join(words)
    for sport, whole, begins in _TABLE:
        if joined in whole or any(word in whole for word in words):
            return sport
        if any(word.startswith(begins) for word in (joined, *words)):
            return sport
    return None


def _plain_words(text: str) -> list[str]:
    """Words without case, accents and signs: `Course à pied` is `course a pied`."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    bare = "".join(c for c in unicodedata.normalize("NFKD", split) if not unicodedata.combining(c))
    bare = bare.casefold().replace("ø", "o").replace("ł", "l").replace("ı", "i")
    return [word for word in _SIGNS.split(bare) if word]


def _entry(sport: Sport, text: str) -> tuple[Sport, frozenset[str], tuple[str, ...]]:
    marked = [(word, "".join(_plain_words(word))) for word in text.split()]
    whole = frozenset(plain for word, plain in marked if not word.endswith("*"))
    begins = tuple(plain for word, plain in marked if word.endswith("*"))
    return sport, whole, begins


_TABLE = tuple(_entry(sport, text) for sport, text in _WORDS)
