"""What Strava's table of activities calls its columns and sports, in the languages it is written in.

Strava writes headers and sports in the language of the account. Whole headers below are as public reports
and programs show them; words are what a header of that column has in it in the other languages.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from syncd.domain.activity import RUNNING
from syncd.formats.sports import Sport, sport_named

_SIGNS = re.compile(r"[\W_]+")
_LONGEST_KIND = 80  # our default


class TableColumn(StrEnum):
    """A column that is read."""

    FILE = "file"
    NAME = "name"
    KIND = "kind"
    DESCRIPTION = "description"
    NOTE = "note"
    EFFORT = "effort"
    RACE = "race"


_HEADERS: dict[TableColumn, str] = {
    TableColumn.FILE: """
        Filename | Dateiname | Nom du fichier | Nombre del archivo | Nombre de archivo | Bestandsnaam
        Název souboru | ファイル名 | 文件名
    """,
    TableColumn.NAME: """
        Activity Name | name | Name der Aktivität | Nom de l'activité | Nombre de la actividad
        Naam activiteit | Naam van activiteit | Název aktivity | アクティビティ名 | 活动名称
    """,
    TableColumn.KIND: """
        Activity Type | type | Aktivitätsart | Type d'activité | Tipo de actividad | Activiteitstype
        Typ aktivity | アクティビティタイプ | 活动类型
    """,
    TableColumn.DESCRIPTION: """
        Activity Description | description | Aktivitätsbeschreibung | Description de l'activité
        Descripción de la actividad | Beschrijving van activiteit | Popis aktivity | 活动描述
    """,
    TableColumn.NOTE: """
        Activity Private Note | Hinweis zur Privatsphäre für Aktivitäten | Note privée sur les activités
        Nota privada de actividad | Soukromá poznámka k aktivitě
    """,
    TableColumn.EFFORT: """
        Perceived Exertion | Gefühlte Anstrengung | Effort ressenti | Esfuerzo Percibido
        Ervaren inspanning
    """,
    TableColumn.RACE: """
        Competition
    """,
}

# In the order in which they are looked for: the name of a file is no name of a run, a private note no
# description. Words of scripts without blanks are looked for anywhere, the others where a word begins; a full
# stop marks its end, a star words that may end a longer one.
_WORDS: dict[TableColumn, str] = {
    TableColumn.FILE: """
        file filename filnamn filnavn datei dateiname fichier archivo fichero arquivo ficheiro bestand
        bestandsnaam tiedosto plik pliku soubor fajl fisier файл dosya αρχει ファイル 文件 檔案 档案 파일
        berkas ไฟล tep. tap.tin
    """,
    TableColumn.NOTE: """
        private privat privee privata privada prive yksity prywatn soukrom sukromn magan приват личн ozel
        ιδιωτ 非公開 プライベート 私人 私密 비공개 pribadi ส่วนตัว rieng
    """,
    TableColumn.DESCRIPTION: """
        description descri descr beschreibung *beschreibung beschrijving beskriv *beskrivning *beskrivelse
        kuvaus opis popis leiras описан опис aciklama περιγρα 説明 描述 說明 说明 설명 deskripsi คำอธิบาย
        mo.ta
    """,
    TableColumn.EFFORT: """
        exertion perceived anstrengung anstrangn wysil namah percib perceb percep percu ressenti percepit
        ervaren waargenomen upplevd opplevd oplevet koettu odczuw vnima pocit erzekelt eszlelt perceput
        ощуща субъектив восприним сприйн суб algilanan αντιλαμβ 自覚 運動強度 主观 主觀 自觉 自覺 체감 자각
        dirasakan persepsi รับรู้ cam.nhan
    """,
    TableColumn.KIND: """
        type *type typ. *typ tipo tip. art. sportart tyyppi rodzaj druh tipus тип вид turu tur. τυπος 種類
        タイプ 类型 類型 유형 종류 jenis ประเภท loai
    """,
    TableColumn.NAME: """
        name *name nom. nome nombre naam *naam namn *namn navn *navn nimi nazwa nazev nev. neve nume назван
        назва имя ad. adi. ονομα 名 이름 nama ชื่อ ten. titel title titulo titre titolo tytul
    """,
}

# Strava's list of sports, in the languages it comes in. What is not here is read like any other name.
_KINDS: tuple[tuple[Sport, str], ...] = (
    (Sport(RUNNING), """
        run | lauf | course à pied | carrera | corsa | corrida | hardloopsessie | hardlopen | löpning
        löppass | løping | løpetur | løb | løbetur | juoksu | bieg | běh | futás | alergare | забег | бег
        біг | забіг | пробіжка | koşu | τρέξιμο | ランニング | ラン | 跑步 | 달리기 | 러닝 | lari | วิ่ง
        chạy bộ | chạy
    """),
    (Sport(RUNNING, "trail"), """
        trail run | traillauf | trail | course à pied sur sentier | carrera de trail | carrera de montaña
        corsa su sterrato | corsa su sentiero | corrida em trilha | trilha corrida | trailrun
        terränglöpning | terrengløp | trailløb | polkujuoksu | bieg w terenie | bieg terenowy | běh v terénu
        terepfutás | alergare pe teren | бег по пересечённой местности | трейл | трейлраннинг
        біг пересіченою місцевістю | arazi koşusu | patika koşusu | トレイルラン | トレイルランニング
        越野跑 | 越野跑步 | 트레일 러닝 | lari lintas alam | lari trail | วิ่งเทรล | chạy địa hình
    """),
    (Sport(RUNNING, "virtual_activity"), """
        virtual run | virtueller lauf | course à pied virtuelle | course virtuelle | carrera virtual
        corsa virtuale | corrida virtual | virtuele hardloopsessie | virtuell löpning | virtuell løpetur
        virtuelt løb | virtuaalijuoksu | wirtualny bieg | virtuální běh | virtuális futás
        alergare virtuală | виртуальный забег | віртуальний забіг | sanal koşu | εικονικό τρέξιμο
        バーチャルラン | 虚拟跑步 | 虛擬跑步 | 가상 달리기 | lari virtual | วิ่งเสมือนจริง | chạy bộ ảo
    """),
    (Sport("cycling"), """
        ride | fahrt | radfahrt | sortie vélo | sortie à vélo | sortie | vuelta en bicicleta
        recorrido en bicicleta | recorrido virtual | paseo | giro | giro in bici | uscita | uscita in bici
        pedalada | passeio | rit | fietsrit | cykeltur | cykling | virtuell cykeltur | virtuel cykeltur
        sykkeltur | pyörälenkki | jazda | jazda na rowerze | przejażdżka | przejażdżka rowerowa | jízda
        jízda na kole | virtuální jízda | jazda na bicykli | kerékpározás | bringázás | biciklizés | tură
        tură cu bicicleta | поездка | заезд | велозаезд | заїзд | велозаїзд | sürüş | bisiklet sürüşü
        sanal sürüş | ποδηλασία | διαδρομή | διαδρομή με ποδήλατο | ライド | バーチャルライド | 骑行
        虚拟骑行 | 山地自行车骑行 | 砾石骑行 | 電動自行車騎行 | 騎行 | 騎乘 | 虛擬騎乘 | 虛擬騎行 | 自行車
        라이딩 | 가상 라이딩 | bersepeda | bersepeda virtual | ปั่นจักรยาน | จักรยาน | đạp xe | xe đạp
    """),
    (Sport("walking"), """
        walk | spaziergang | marche | caminata | camminata | caminhada | wandeling | promenad | gåtur
        tur til fots | kävely | spacer | procházka | chůze | séta | gyaloglás | plimbare | mers | прогулка
        ходьба | прогулянка | yürüyüş | περπάτημα | ウォーク | ウォーキング | 步行 | 散步 | 走路 | 걷기
        jalan kaki | jalan | เดิน | đi bộ
    """),
    (Sport("hiking"), """
        hike | wanderung | randonnée | randonnée pédestre | excursión | excursionismo | senderismo
        escursione | trilha | hiken | hike-sessie | vandring | vandretur | fottur | vaellus | wędrówka
        piesza wędrówka | turystyka piesza | turistika | pěší turistika | túra | túrázás | drumeție | поход
        пеший поход | похід | піший похід | doğa yürüyüşü | πεζοπορία | ハイク | ハイキング | 徒步 | 远足
        健行 | 하이킹 | mendaki | hiking | เดินป่า | đi bộ đường dài
    """),
    (Sport("swimming"), """
        swim | schwimmen | natation | natación | nuoto | nuotata | natação | zwemsessie | zwemmen | simning
        svømming | svømning | uinti | pływanie | plavání | úszás | înot | плавание | заплыв | плавання
        yüzme | κολύμβηση | スイム | 水泳 | 游泳 | 수영 | berenang | renang | ว่ายน้ำ | bơi | bơi lội
    """),
    (Sport("cross_country_skiing"), """
        nordic ski | langlauf | ski nordique | ski de fond | esquí nórdico | esquí de fondo | sci nordico
        sci di fondo | esqui nórdico | langlaufen | längdskidåkning | langrenn | langrend | hiihto
        murtomaahiihto | narciarstwo biegowe | biegi narciarskie | biegówki | běžky | běžecké lyžování
        běh na lyžích | sífutás | schi fond | schi nordic | беговые лыжи | бег на лыжах | лижні перегони
        бігові лижі | kuzey disiplini kayak | kros kayağı | クロスカントリースキー | ノルディックスキー
        北欧滑雪 | 越野滑雪 | 越野滑雪跑 | 노르딕 스키 | 크로스컨트리 스키 | roller ski | rollski | skiroll
        rullskidor | rulleski
    """),
    (Sport("alpine_skiing"), """
        alpine ski | backcountry ski | ski alpin | skitour | ski de randonnée | esquí alpino
        esquí de travesía | sci alpino | sci alpinismo | esqui alpino | alpineskiën | toerskiën
        utförsåkning | alpint | topptur | alppihiihto | narciarstwo | narciarstwo alpejskie | skitury
        lyžování | sjezdové lyžování | skialpinismus | síelés | schi | горные лыжи | лыжи | гірські лижі
        лижі | kayak | alp disiplini kayak | σκι | スキー | アルペンスキー | 高山滑雪 | 滑雪 | 스키
        알파인 스키 | ski | สกี | trượt tuyết | snowboard
    """),
    (Sport("snowshoeing"), """
        snowshoe | schneeschuhwandern | raquettes | raquetas de nieve | ciaspole | sneeuwschoenwandelen
    """),
    (Sport("rowing"), """
        rowing | virtual row | rudern | aviron | remo | canottaggio | roeien | rodd | roing | roning | soutu
        wiosłowanie | veslování | evezés | canotaj | гребля | веслування | kürek | κωπηλασία | ローイング
        划船 | 조정 | dayung | พายเรือ | chèo thuyền | canoeing | kayaking | kanu | kajak | canoë
        kayak de mer | piragüismo | canoa
    """),
    (Sport("fitness_equipment"), """
        elliptical | stair-stepper | ellipsentrainer | crosstrainer | vélo elliptique | elíptica | ellittica
        elíptico | elliptische trainer | ellipsmaskin | orbitrek | eliptický trenažér | elliptikus tréner
        eliptică | эллиптический тренажёр | эллипс | еліптичний тренажер | eliptik | ελλειπτικό
        エリプティカル | 椭圆机 | 橢圓機 | 일립티컬 | máy tập elip
    """),
    (Sport("training"), """
        weight training | workout | training | crossfit | yoga | pilates | hiit
        high intensity interval training | krafttraining | gewichtstraining | entraînement
        entraînement aux poids | musculation | entrenamiento | entrenamiento con pesas | allenamento
        allenamento con i pesi | treino | treinamento | treinamento com peso | treino com peso | musculação
        ioga | krachttraining | workout-sessie | styrketräning | träningspass | träning | styrketrening
        trening | trening styrkowy | styrketræning | træning | voimaharjoittelu | painoharjoittelu
        harjoitus | trening siłowy | joga | jóga | posilování | trénink | súlyzós edzés | edzés
        antrenament | antrenament cu greutăți | силовая тренировка | тренировка | йога | силове тренування
        тренування | ağırlık antrenmanı | antrenman | προπόνηση | προπόνηση με βάρη | γιόγκα | ワークアウト
        ウェイトトレーニング | ヨガ | 力量训练 | 重量训练 | 锻炼 | 体能训练 | 瑜伽 | 重量訓練 | 運動 | 瑜珈
        웨이트 트레이닝 | 운동 | 요가 | latihan beban | latihan | ยกน้ำหนัก | ออกกำลังกาย | โยคะ | tập tạ
        tập luyện
    """),
    (Sport("skating"), """
        ice skate | inline skate | skateboard | eislaufen | inlineskaten | patinage sur glace | roller
        patinaje | patinaje sobre hielo | patinaje en línea | pattinaggio | schaatsen | inline skaten
        skridskor | skøyter
    """),
    (Sport("another_sport"), """
        kitesurf | rock climbing | sail | soccer | football (soccer) | stand up paddling | surfing
        wheelchair | windsurf | golf | badminton | tennis | squash | table tennis | pickleball | racquetball
        basketball | cricket | dance | padel | volleyball | klettern | escalade | escalada | arrampicata
        klimmen | fußball | football | fútbol | calcio | futebol | rollstuhl | fauteuil roulant | handcycle
    """),
)  # fmt: skip


def field_of(header: str) -> TableColumn | None:
    """The column with exactly that header in one of the languages; None for another."""
    return _KNOWN_HEADERS.get(_plain(header[:_LONGEST_KIND]))


def field_by_words(header: str) -> TableColumn | None:
    """The column that a header of an unknown language is, by the words in it; None for any other."""
    plain = f" {_plain(header[:_LONGEST_KIND])} "
    return next((field for field, words in _HEADER_WORDS if any(word in plain for word in words)), None)


def kind_named(text: str) -> Sport | None:
    """The sport of a cell in the column of kinds; None where the word says nothing that is known."""
    if len(text) > _LONGEST_KIND:
        return None
    known = _KNOWN_KINDS.get(_plain(text))
    return known if known is not None or text.strip().isdigit() else sport_named(text)


def is_listed_kind(text: str) -> bool:
    """Whether it is a word of Strava's own list of sports."""
    return len(text) <= _LONGEST_KIND and _plain(text) in _KNOWN_KINDS


def _plain(text: str) -> str:
    """Words without case, accents and signs, with one blank between them."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    bare = bare.casefold().replace("ø", "o").replace("ł", "l").replace("ı", "i").replace("đ", "d")
    return _SIGNS.sub(" ", bare).strip()


def _phrases(text: str) -> list[str]:
    return [plain for line in text.splitlines() for phrase in line.split("|") if (plain := _plain(phrase))]


def _as_searched(word: str) -> str:
    """With blanks that make it the beginning of a word, or a whole one; none in scripts without blanks."""
    plain = _plain(word)
    if word.startswith("*"):
        return f"{plain} "
    if any(c > "\u0e00" for c in word):
        return plain
    return f" {plain} " if word.endswith(".") or "." in word else f" {plain}"


_KNOWN_HEADERS = {phrase: field for field, text in _HEADERS.items() for phrase in _phrases(text)}
_HEADER_WORDS = tuple((field, tuple(map(_as_searched, text.split()))) for field, text in _WORDS.items())
_KNOWN_KINDS = {phrase: sport for sport, text in reversed(_KINDS) for phrase in _phrases(text)}
