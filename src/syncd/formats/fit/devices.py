"""Names of the manufacturer and product numbers of FIT (Garmin's profile 21.x, running watches)."""

from __future__ import annotations

from syncd.domain.activity import Device
from syncd.formats.fit.decode import Message

_GARMIN = 1

MANUFACTURERS = {
    1: "garmin",
    2: "garmin",
    13: "garmin",
    15: "dynastream",
    16: "timex",
    23: "suunto",
    28: "peaksware",
    32: "wahoo",
    40: "concept2",
    54: "ifor powell",
    69: "stages",
    70: "sigma",
    71: "tomtom",
    89: "tacx",
    95: "stryd",
    111: "technogym",
    123: "polar",
    255: "development",
    260: "zwift",
    265: "strava",
    267: "bryton",
    281: "trainer road",
    289: "hammerhead",
    294: "coros",
    310: "decathlon",
    326: "nike",
    339: "zepp",
    340: "peloton",
    348: "huawei",
}

_GARMIN_PRODUCTS_TEXT = """
717 forerunner 405, 782 forerunner 50, 988 forerunner 60, 1018 forerunner 310xt, 1124 forerunner 110,
1328 forerunner 910xt, 1345 forerunner 610, 1436 forerunner 70, 1446 forerunner 310xt, 1482 forerunner 10,
1551 fenix, 1623 forerunner 620, 1632 forerunner 220, 1765 forerunner 920xt, 1903 forerunner 15,
1967 fenix 2, 1988 epix, 2050 fenix 3, 2148 forerunner 25, 2153 forerunner 225, 2156 forerunner 630,
2157 forerunner 230, 2158 forerunner 735xt, 2337 vivoactive hr, 2413 fenix 3 hr, 2431 forerunner 235,
2432 fenix 3 chronos, 2503 forerunner 35, 2544 fenix 5s, 2604 fenix 5x, 2691 forerunner 935, 2697 fenix 5,
2700 vivoactive 3, 2886 forerunner 645, 2888 forerunner 645 music, 2891 forerunner 30, 2900 fenix 5s plus,
3076 forerunner 245, 3077 forerunner 245 music, 3110 fenix 5 plus, 3111 fenix 5x plus, 3113 forerunner 945,
3126 instinct esports, 3224 vivoactive 4s, 3225 vivoactive 4, 3226 venu, 3251 marq athlete,
3282 forerunner 45, 3287 fenix 6s, 3288 fenix 6s pro, 3289 fenix 6, 3290 fenix 6 pro, 3291 fenix 6x pro,
3466 instinct solar, 3589 forerunner 745, 3600 venu sq, 3638 enduro, 3652 forerunner 945 lte, 3703 venu 2,
3704 venu 2s, 3851 venu 2 plus, 3869 forerunner 55, 3888 instinct 2, 3889 instinct 2s, 3905 fenix 7s,
3906 fenix 7, 3907 fenix 7x, 3943 epix 2, 3990 forerunner 255 music, 3991 forerunner 255s music,
3992 forerunner 255, 3993 forerunner 255s, 4024 forerunner 955, 4105 marq 2, 4115 venu sq 2,
4135 tactix 7, 4155 instinct crossover, 4257 forerunner 265, 4258 forerunner 265s, 4260 venu 3,
4261 venu 3s, 4312 epix pro 42, 4313 epix pro 47, 4314 epix pro 51, 4315 forerunner 965, 4341 enduro 2,
4374 fenix 7s pro, 4375 fenix 7 pro, 4376 fenix 7x pro, 4394 instinct 2x, 4426 vivoactive 5,
4432 forerunner 165, 4433 forerunner 165 music, 4532 fenix 8 solar, 4533 fenix 8 solar, 4534 fenix 8,
4536 fenix 8, 4565 forerunner 970, 4570 forerunner 570, 4574 forerunner 570, 4575 enduro 3,
4583 instinct e, 4584 instinct e, 4585 instinct 3 solar, 4586 instinct 3, 4587 instinct 3, 4603 venu x1,
4625 vivoactive 6, 4631 fenix 8 pro, 4643 venu 4, 4644 venu 4s, 4666 fenix e, 4759 instinct 3 solar,
4814 forerunner 170 music, 4815 forerunner 170
"""
GARMIN_PRODUCTS = {
    int(number): name
    for number, name in (line.strip().split(" ", 1) for line in _GARMIN_PRODUCTS_TEXT.split(","))
}


def device_of(file_id: Message) -> Device:
    """What the `file_id` message says about the recorder; a number where no name is known."""
    number, product = file_id.whole("manufacturer"), file_id.whole("product")
    manufacturer = MANUFACTURERS.get(number, f"manufacturer {number}") if number else ""
    name = file_id.text("product_name").lower().removeprefix(manufacturer).strip()
    if not name and manufacturer == MANUFACTURERS[_GARMIN]:
        name = GARMIN_PRODUCTS.get(product or 0, "")
    if not name and product:
        name = f"product {product}"
    return Device(manufacturer, name, file_id.whole("serial_number"))
