"""What files and tables call a sport, in the languages that programs write: `running`, or what it is instead.

Words are compared without case, accents and signs, by whole words and by how words begin.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from syncd.domain.activity import RUNNING

_SIGNS = re.compile(r"[\W_]+")
_LONGEST = 100  # of a type or name that is looked at


@dataclass(frozen=True, slots=True)
class Sport:
    """As FIT names it: `running` and perhaps `treadmill`."""

    sport: str
    sub_sport: str = ""


# Strava's numbers in the <type> of its GPX files, as public files show them.
_STRAVA_NUMBERS = {
    "1": Sport("cycling"),
    "2": Sport("alpine_skiing"),
    "3": Sport("alpine_skiing"),
    "4": Sport("hiking"),
    "5": Sport("ice_skating"),
    "6": Sport("inline_skating"),
    "7": Sport("cross_country_skiing"),
    "8": Sport("inline_skating"),
    "9": Sport(RUNNING),
    "10": Sport("walking"),
    "11": Sport("training"),
    "12": Sport("snowboarding"),
    "13": Sport("snowshoeing"),
    "16": Sport("swimming"),
    "17": Sport("cycling", "virtual_activity"),
    "18": Sport("e_biking"),
}

# Whole words and, with a star, beginnings of words. What stands first is looked for first: `virtual ride` is
# a ride, `trail hike` a hike, and `nordic ski` no alpine one.
_WORDS: tuple[tuple[Sport, str], ...] = (
    (Sport("cycling"), """
        ride rides riding ebikeride virtualride bike bikes biking ebike ebikes bikeride bikepack*
        mountainbik* cycle cycles cycling cyclist cyclocross bicycl* indoorcycl* spinning velo velos
        velocycl* velofahr* velotour vtt mtb mtbtour bmx handcycl* handbike radfahr* radeln radsport
        radtour* radfahrt* radausfahrt* rad fahrrad* rennrad* fahrt gravel gravelride cyclism* ciclism*
        ciclis* bici bicicle* biciclet* bicikl* pedalad* pedalata giro fiets* wielren* rit mountainbiken
        cykl* cykel* sykl* sykkel* sykel* pyorail* pyora* maastopyora* rower rowerow* kolarstw* kolo
        kolesar* bicikli* cyklistika kerekpar* bringa biciklizes bisiklet* dviraci* velobrauk* jalgratta*
        rattasoit hjolreid* велос* вело* велопрогулка велоезда колоездене заезд* ποδηλασ* ποδηλατ*
        サイクリング ライド 自転車 ロードバイク 骑行 骑车 骑自行车 騎行 騎車 騎乘 騎自行車 单车 單車
        자전거 라이딩 사이클링 bersepeda sepeda berbasikal dapxe xedap ปั่นจักรยาน จักรยาน دراجات دراجة
        אופניים רכיבה
    """),
    (Sport("cross_country_skiing"), """
        nordicski* crosscountryski* xcski* skilanglauf* langlauf* langlaufen skidefond fondo esquidefondo
        esquinordico scidifondo langrenn langd* langdskid* hiihto hiihtaminen maastohiihto biegowki
        biegowe narciarstwobiegowe bezky bezecke beznalyze tekanasmuceh смучане лыжи лыжн*
        クロスカントリースキー 越野滑雪
    """),
    (Sport("alpine_skiing"), """
        alpineski* downhillski* backcountryski* ski skis skiing skifahren skitour* skitouren esqui
        esquiar sci sciare scialpinismo slalom snowboard* narty narciarstw* lyzovani sielen スキー 滑雪
        스키
    """),
    (Sport("swimming"), """
        swim swims swimming swimrun schwimm* natation nage nager nataci* natacion nadar natacao nataca*
        nuoto nuotare zwem* simning simma simtur svomning svomm* svom* uinti* uida plywan* plavani*
        plavan* plivanj* uszas inot yuzme plaukim* peldes* ujumine плав* κολυμβ* κολυμπ* 游泳 水泳 スイム
        スイミング 수영 renang berenang boiloi ว่ายน้ำ سباحة שחייה
    """),
    (Sport("walking"), """
        walk walks walking walked nordicwalk* powerwalk* speedwalk* racewalk* dogwalk stroll strolling
        gehen spazier* spaziergang gassi marche marcher marchenordique promenade caminar caminad*
        caminata camminat* camminare passeggiat* wandeling wandelen wandel promenad* gatur gange gaatur
        kavely* savakavely spacer* spacerow* prochazk* chodz* chuze sprehod* setnja hodanj* gyalog* mers
        plimbare yuruyus* yuruyun ejim* iesana kondimine ganga ходьба прогул* гулян* пеша* περπατ* βαδισ*
        步行 散步 走路 健走 ウォーキング 散歩 걷기 산책 jalankaki jalan berjalan dibo เดิน مشي הליכה
    """),
    (Sport("hiking"), """
        hike hikes hiking hiker wander* wanderung bergwandern bergtour randonn* rando senderism*
        excursion* excursionisme escursion* trekking trek trekk vandring vandra fottur fjelltur topptur
        vaellus wedrowk* turystyka piesza turistika pohod* planinar* turaz* drumetie drumetii yuruyusu
        zygis zygiai parga* matkamine поход* туризъм хайкинг πεζοπορ* 徒步 远足 遠足 登山 爬山 健行
        ハイキング トレッキング 등산 하이킹 mendaki hikingtrail เดินป่า
    """),
    (Sport("rowing"), """
        row rowing rower rowingmachine rudern ruder* aviron remo canottaggio roeien roning roing soutu
        veslani* veslovani* evezes kayak* canoe* canoa canot paddl* sup standuppaddl* kanu* kajak* 漕艇
        カヤック 划船 皮划艇
    """),
    (Sport("skating"), """
        skate skates skating inlineskat* rollerski* rollerblad* iceskat* rolki patinaj* eislauf*
    """),
    (Sport("fitness_equipment"), """
        elliptical* crosstrainer* crosstrain stairstepper stairclimb* ellipt* stepper
    """),
    (Sport("training"), """
        weights weighttraining strength strengthtraining kraft krafttraining kraftsport yoga joga pilates
        crossfit gym gymnast* musculation pesas fuerza palestra sitowy silownia stretching meditation
        hiit functional* 瑜伽 ヨガ 筋トレ 力量训练 요가
    """),
    (Sport("ball_game"), """
        tennis padel squash badminton soccer football futbol fussball calcio voetbal fotboll fodbold
        jalkapallo basketball handball volleyball golf hockey rugby cricket baseball racket pickleball
        足球 篮球 网球 羽毛球 サッカー テニス ゴルフ 축구
    """),
    (Sport("horseback_riding"), """
        horse horseback horseriding reiten equitation equitazione paardrijden ridning
    """),
    (Sport("driving"), """
        car driving drive motorcycl* motorbike motorrad auto automobile transport
    """),
    (Sport(RUNNING, "treadmill"), """
        treadmill* treadmillrun* indoorrun indoorruns indoorrunning laufband* tapisroulant tapisdecourse
        coursesurtapis cintadecorrer cinta esteira loopband* lopband* tredemolle lobeband juoksumatto
        biezni* bezeckypas futopad kosubandi traka беговаядорожка トレッドミル ランニングマシン 跑步机
        跑步機 室内跑 室內跑 트레드밀 러닝머신
    """),
    (Sport(RUNNING, "trail"), """
        trailrun* trailrunning traillauf* traillopning traillob traillop trail ultratrail skyrunning
        fellrun* fellrunning carreradetrail trailloop* terrenglop terranglop* polkujuoksu
        トレイルランニング 越野跑 越野跑步
    """),
    (Sport(RUNNING, "track"), "trackrun* trackrunning bahnlauf* pistelauf"),
    (Sport(RUNNING, "virtual_activity"), "virtualrun virtualruns virtualrunning virtuallauf"),
    (Sport(RUNNING), """
        run runs running runner runners streetrun* roadrun* outdoorrun* ultrarun* fartlek jog jogs jogg*
        berglauf* stadtlauf* crosslauf* strassenlauf* silvesterlauf* orientierungslauf
        jogging footing laufen lauf laufe laeufe laufeinheit laufsport lauftraining dauerlauf*
        gelaendelauf waldlauf joggen tempolauf volkslauf longrun tempolaufe courseapied course courses
        courir coureur sortielongue carrera carreras correr corriendo corredor corrida corridas corsa
        corse correre hardlo* hardloop* hardlopen lopen duurloop looptraining loptraning lopning lopa lop
        lob lobe lobetur lobetraening lobning loping lopetur lopetrening joggetur juoks* juoksu*
        juoksulenkki lenkki hlaup* hlaupa bieg biegi biegan* bieganie beh behy behani behanie behat bezec
        futas futo futoedzes alergare alergat alergari kosu kosmak trcanje trcati tek tekanje begim*
        begimas skries* skriesana jooks* jooksmine vrapim korrika korrer cursa correguda бег бега бегом
        забег* пробежк* бяган* біг бігу пробіжк* трчање τρεξιμο τρεχ* ランニング ラン ジョギング ジョグ
        マラソン 走る 跑步 跑 慢跑 长跑 長跑 路跑 晨跑 夜跑 马拉松 馬拉松 달리기 러닝 조깅 마라톤 lari
        berlari larian chay takbo kukimbia วิ่ง วิงจ็อกกิ้ง جري ركض العدو دویدن ריצה דוד दौड़ दौड़ना दौड
        जॉगिंग maraton* marathon* halbmarathon* halvmaraton* semimarathon parkrun parkruns
    """),
)  # fmt: skip

# Types that say no more than that somebody did sport.
_UNDECIDED_TEXT = """
    generic other others unknown fitness_equipment fitness all default activity activities track undefined
    none null uncategorized uncategorised sport sports exercise workout cardio training session general
    sonstige sonstiges andere anderes unbekannt aktivitat training autre autres activite entrainement inconnu
    otro otra otros actividad entrenamiento desconocido altro altri attivita allenamento sconosciuto
    outro outra atividade treino overig overige anders activiteit annat ovrigt aktivitet annet andet ovrige
    muu muut inne inna aktywnosc trening ostatni jine aktivita egyeb edzes altele diger aktivite другое другой
    тренировка інше αλλο その他 ワークアウト 其他 其它 锻炼 鍛鍊 기타 운동 lainnya khac อื่นๆ اخرى אחר
"""


def sport_named(text: str) -> Sport | None:
    """What a type or a name says; None where it says nothing that is known."""
    text = text.strip()[:_LONGEST]
    if text in _STRAVA_NUMBERS:
        return _STRAVA_NUMBERS[text]
    words = _plain_words(text)
    if not words:
        return None
    joined = "".join(words)
    return next((sport for sport, names in _TABLE if names.fit(joined, *words)), None)


def says_running(text: str) -> bool:
    """Whether any word of a name is one for running."""
    words = _plain_words(text[:_LONGEST])
    return any(names.fit(*words) for sport, names in _TABLE if sport.sport == RUNNING)


def is_undecided(text: str) -> bool:
    """Whether a type says no more than that somebody did sport."""
    words = _plain_words(text[:_LONGEST])
    return not words or "".join(words) in _UNDECIDED or all(word in _UNDECIDED for word in words)


def _plain_words(text: str) -> list[str]:
    """Words without case, accents and signs: `Course à pied` is `course a pied`."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    bare = "".join(c for c in unicodedata.normalize("NFKD", split) if not unicodedata.combining(c))
    bare = bare.casefold().translate(_LETTERS)
    return [word for word in _SIGNS.split(bare) if word]


_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "æ": "ae", "đ": "d", "ð": "d", "þ": "th"})
_UNDECIDED = frozenset(word for entry in _UNDECIDED_TEXT.split() for word in _plain_words(entry))


@dataclass(frozen=True, slots=True)
class _Names:
    """What one sport is called: whole words, beginnings, and words of scripts that leave no blanks."""

    whole: frozenset[str]
    begins: tuple[str, ...]
    inside: tuple[str, ...]

    def fit(self, *words: str) -> bool:
        """Whether any of the words is one of them."""
        return any(
            word in self.whole or word.startswith(self.begins) or any(name in word for name in self.inside)
            for word in words
        )


_WITHOUT_BLANKS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff].+")


def _entry(sport: Sport, text: str) -> tuple[Sport, _Names]:
    marked = [(word, "".join(_plain_words(word.rstrip("*")))) for word in text.split()]
    whole = frozenset(plain for word, plain in marked if not word.endswith("*"))
    begins = tuple(plain for word, plain in marked if word.endswith("*"))
    inside = tuple(
        sorted(word for word in whole if _WITHOUT_BLANKS.fullmatch(word) and word not in _TOO_SHORT)
    )
    return sport, _Names(whole, begins, inside)


_TOO_SHORT = frozenset(_plain_words("ラン"))  # also in other words
_TABLE = tuple(_entry(sport, text) for sport, text in _WORDS)
