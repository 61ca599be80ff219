"""Strava's table of activities, in the languages and shapes that it comes in."""

import csv
import io

import pytest

from syncd.connectors.exports.strava_table import read_table
from syncd.connectors.exports.strava_words import kind_named
from syncd.domain.activity import RUNNING

# The beginning of real headers: number, date, name, kind, description, time, distance, file, effort.
LANGUAGES = {
    "en": ("""
        Activity ID, Activity Date, Activity Name, Activity Type, Activity Description, Elapsed Time,
        Distance, Filename, Perceived Exertion
    """, ("Run", "Ride")),
    "en, before 2019": ("""
        id, date, name, type, description, elapsed_time, distance, filename, Perceived Exertion
    """, ("Run", "Ride")),
    "de": ("""
        Aktivitäts-ID, Aktivitätsdatum, Name der Aktivität, Aktivitätsart, Aktivitätsbeschreibung,
        Verstrichene Zeit, Distanz, Dateiname, Gefühlte Anstrengung
    """, ("Lauf", "Radfahrt")),
    "fr": ("""
        ID de l'activité, Date de l'activité, Nom de l'activité, Type d'activité,
        Description de l'activité, Temps écoulé, Distance, Nom du fichier, Effort ressenti
    """, ("Course à pied", "Sortie vélo")),
    "fr, with the other apostrophe": ("""
        ID de l’activité, Date de l’activité, Nom de l’activité, Type d’activité,
        Description de l’activité, Temps écoulé, Distance, Nom du fichier, Effort ressenti
    """, ("Course à pied", "Vélo")),
    "es": ("""
        ID de actividad, Fecha de la actividad, Nombre de la actividad, Tipo de actividad,
        Descripción de la actividad, Tiempo transcurrido, Distancia, Nombre del archivo,
        Esfuerzo Percibido
    """, ("Carrera", "Vuelta en bicicleta")),
    "nl": ("""
        Activiteits-ID, Datum van activiteit, Naam activiteit, Activiteitstype,
        Beschrijving van activiteit, Verstreken tijd, Afstand, Bestandsnaam, Ervaren inspanning
    """, ("Hardloopsessie", "Fietsrit")),
    "cs": ("""
        ID aktivity, Datum aktivity, Název aktivity, Typ aktivity, Popis aktivity, Uplynulý čas,
        Vzdálenost, Název souboru, Vnímaná námaha
    """, ("Běh", "Jízda")),
    "ja": ("""
        アクティビティID, アクティビティ実行日, アクティビティ名, アクティビティタイプ, 説明, 経過時間,
        距離, ファイル名, 自覚的運動強度
    """, ("ランニング", "ライド")),
    "zh": ("""
        活动 ID, 活动日期, 活动名称, 活动类型, 活动描述, 全程耗时, 距离, 文件名, 主观体力感觉
    """, ("跑步", "骑行")),
    # No public file shows these: words and what stands in the columns tell.
    "it": ("""
        ID attività, Data dell'attività, Nome dell'attività, Tipo di attività, Descrizione dell'attività,
        Tempo trascorso, Distanza, Nome del file, Sforzo percepito
    """, ("Corsa", "Pedalata")),
    "pt": ("""
        ID da atividade, Data da atividade, Nome da atividade, Tipo de atividade, Descrição da atividade,
        Tempo decorrido, Distância, Nome do arquivo, Esforço percebido
    """, ("Corrida", "Pedalada")),
    "sv": ("""
        Aktivitets-ID, Aktivitetsdatum, Aktivitetsnamn, Aktivitetstyp, Aktivitetsbeskrivning,
        Förfluten tid, Distans, Filnamn, Upplevd ansträngning
    """, ("Löpning", "Cykeltur")),
    "pl": ("""
        ID aktywności, Data aktywności, Nazwa aktywności, Typ aktywności, Opis aktywności, Czas, Dystans,
        Nazwa pliku, Odczuwany wysiłek
    """, ("Bieg", "Jazda na rowerze")),
    "ru": ("""
        ID тренировки, Дата тренировки, Название тренировки, Тип тренировки, Описание тренировки, Время,
        Расстояние, Имя файла, Воспринимаемая нагрузка
    """, ("Забег", "Заезд")),
    "ko": ("""
        활동 ID, 활동 날짜, 활동 이름, 활동 유형, 활동 설명, 경과 시간, 거리, 파일 이름, 체감 강도
    """, ("달리기", "라이딩")),
    "el": ("""
        Α, Ημερομηνία, Όνομα, Τύπος, Περιγραφή, Χρόνος, Απόσταση, Αρχείο, Αντιλαμβανόμενη προσπάθεια
    """, ("Τρέξιμο", "Ποδηλασία")),
    "a language that nobody knows": ("""
        a, b, c, d, e, f, g, h, i
    """, ("Run", "Ride")),
    "no header at all": ("", ("Run", "Ride")),
}  # fmt: skip


def written(header: str, kinds: tuple[str, str], separator: str = ",", encoding: str = "utf-8") -> bytes:
    """Two activities: a run that was hard, and a ride."""
    run, ride = kinds
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    if header:
        writer.writerow(" ".join(header.split()).split(", "))
    writer.writerow(
        [
            "1",
            "Sep 6, 2026, 5:12 PM",
            "Alba",
            run,
            'Legs, "fine"\nand wet',
            "1800",
            "5,40",
            "activities/1.fit.gz",
            "7",
        ]
    )
    writer.writerow(
        ["2", "Sep 7, 2026, 7:12 AM", "Al lavoro", ride, "", "1800", "9,00", "activities/2.gpx", ""]
    )
    return text.getvalue().encode(encoding)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_is_read_in_every_language(language: str) -> None:
    found = read_table(io.BytesIO(written(*LANGUAGES[language])))
    assert found.understood
    run, ride = found.rows
    assert (run.file, run.name, run.rpe) == ("activities/1.fit.gz", "Alba", 7.0)
    assert (run.sport and run.sport.sport, ride.sport and ride.sport.sport) == (RUNNING, "cycling")
    assert (ride.file, ride.name, ride.rpe) == ("activities/2.gpx", "Al lavoro", None)
    if "nobody" not in language and language != "no header at all":
        assert run.notes == 'Legs, "fine"\nand wet'


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_separators_and_encodings_make_no_difference(separator: str, encoding: str) -> None:
    content = written(*LANGUAGES["de"], separator, encoding)
    assert read_table(io.BytesIO(content)) == read_table(io.BytesIO(written(*LANGUAGES["de"])))


@pytest.mark.parametrize(("language", "encoding"), [("ru", "cp1251"), ("ja", "cp932"), ("cs", "cp1250")])
def test_a_table_that_a_spreadsheet_saved_in_its_old_encoding_is_read(language: str, encoding: str) -> None:
    header, kinds = LANGUAGES[language]
    found = read_table(io.BytesIO(written(header, kinds, ";", encoding)))
    assert found.understood
    assert [row.file for row in found.rows] == ["activities/1.fit.gz", "activities/2.gpx"]


def full_table(header: list[str], row: dict[int, str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerow([row.get(place, "") for place in range(len(header))])
    return text.getvalue().encode()


@pytest.mark.parametrize("columns", [87, 92, 94, 99, 101, 103])
@pytest.mark.parametrize("header", ["Spalte {0}", "عمود {0}"])
def test_a_full_table_in_an_unknown_language_is_read_by_where_its_columns_stand(
    columns: int, header: str
) -> None:
    row = {
        0: "123",
        1: "06-09-2026 17:12:40",
        2: "الجري الصباحي",
        3: "Run",
        12: "activities/9.fit.gz",
        43: "6.0",
        52: "1.0",
        80: "1.0",
    }
    found = read_table(io.BytesIO(full_table([header.format(place) for place in range(columns)], row)))
    assert found.understood
    assert [(row.name, row.sport and row.sport.sport, row.rpe) for row in found.rows] == [
        ("الجري الصباحي", RUNNING, 6.0)
    ]


@pytest.mark.parametrize("second", ["", "1.0", "Workout"])
def test_the_second_column_of_types_says_nothing_of_the_sport(second: str) -> None:
    headers = [f"Kolonne {place}" for place in range(60)]
    headers[2], headers[3], headers[12], headers[44] = "Aktivitetsnavn", "Aktivitetstype", "Filnavn", "Type"
    row = {2: "Morgen", 3: "Løb", 12: "activities/9.gpx", 43: "6,0", 44: second}
    found = read_table(io.BytesIO(full_table(headers, row)))
    assert [(told.name, told.sport and told.sport.sport, told.rpe) for told in found.rows] == [
        ("Morgen", RUNNING, 6.0)
    ]


def test_the_wish_to_use_the_effort_is_not_the_effort() -> None:
    header = "Name der Aktivität,Aktivitätsart,Dateiname,Gefühlte Anstrengung,Gefühlte Anstrengung verwenden"
    content = f"{header}\nEasy,Lauf,activities/1.gpx,,1.0\n".encode()
    assert read_table(io.BytesIO(content)).rows[0].rpe is None


def test_a_lost_quotation_mark_costs_its_row_and_no_other() -> None:
    header = "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Filename"
    good = [f'{n},"Sep {n}, 2026, 5:12 PM",Run {n},Run,,activities/{n}.gpx' for n in range(1, 9)]
    for place in range(8):
        for mark in (0, 1):
            lines = list(good)
            left, middle, right = lines[place].split('"')
            lines[place] = f'{left}"{middle}{right}' if mark else f'{left}{middle}"{right}'
            rows = read_table(io.BytesIO("\n".join([header, *lines]).encode())).rows
            files = [row.file for row in rows]
            assert [name for name in files if name.startswith("activities/")] == [
                f"activities/{n}.gpx" for n in range(1, 9)
            ]
            kinds = {row.file: row.sport and row.sport.sport for row in rows}
            assert list(kinds.values()).count(RUNNING) >= 7


GERMAN = "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,Dateiname"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("order", ["ABC", "ACB", "BAC", "AB", "AA"])
def test_a_description_that_breaks_its_row_costs_nothing(order: str, end: str) -> None:
    rows = {
        "A": ["1,01.02.2026 15:24,Lauf,Laufen,bewölkt 0 °C", "---", " Wetter,activities/1.gpx"],
        "B": ["2,01.02.2026 15:24,2026-02-01 16:24,Radfahrt,,activities/2.gpx"],
        "C": ["3,01.02.2026 15:24,Bahn,Laufen,,activities/3.gpx"],
    }
    lines = [GERMAN, *(line for name in order for line in rows[name])]
    found = read_table(io.BytesIO(end.join(lines).encode()))
    expected = {
        "A": ("activities/1.gpx", "Lauf", RUNNING),
        "B": ("activities/2.gpx", "2026-02-01 16:24", "cycling"),
        "C": ("activities/3.gpx", "Bahn", RUNNING),
    }
    assert [(row.file, row.name, row.sport and row.sport.sport) for row in found.rows] == [
        expected[name] for name in order
    ]
    assert found.understood


def test_rows_without_their_last_cells_stay_rows_of_their_own() -> None:
    content = f"{GERMAN},Gerät,Notiz\n1,x,A,Lauf,,activities/1.gpx\n2,x,B,Lauf,,activities/2.gpx\n".encode()
    assert [row.name for row in read_table(io.BytesIO(content)).rows] == ["A", "B"]
    content = (
        b"Activity Name,Activity Type,Filename,a,b,c,d\nA,Run,activities/1.gpx\nB,Run,activities/2.gpx\n"
    )
    assert [row.name for row in read_table(io.BytesIO(content)).rows] == ["A", "B"]


def test_efforts_with_decimal_commas_are_numbers() -> None:
    content = b'Activity Name;Activity Type;Filename;Perceived Exertion\nA;Run;activities/1.gpx;"6,5"\n'
    assert read_table(io.BytesIO(content)).rows[0].rpe == 6.5


def test_a_hint_of_a_spreadsheet_before_the_header_is_passed_over() -> None:
    content = b"sep=;\r\nActivity Name;Activity Type;Filename\r\nA;Run;activities/1.gpx\r\n"
    assert [row.name for row in read_table(io.BytesIO(content)).rows] == ["A"]


@pytest.mark.parametrize(
    ("kind", "sport"),
    [
        ("Беговые лыжи", "cross_country_skiing"),  # begins like a run
        ("Langlauf", "cross_country_skiing"),
        ("Běh na lyžích", "cross_country_skiing"),
        ("Virtuelle Radfahrt", "cycling"),
        ("Virtual Run", RUNNING),
        ("Rock Climbing", "another_sport"),
        ("Weight Training", "training"),
    ],
)
def test_kinds_are_read_as_a_whole(kind: str, sport: str) -> None:
    found = kind_named(kind)
    assert found is not None
    assert found.sport == sport


def test_a_kind_that_nobody_knows_says_nothing() -> None:
    assert kind_named("Quidditch") is None
    assert kind_named("") is None
