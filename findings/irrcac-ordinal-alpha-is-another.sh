#!/usr/bin/env bash
# irrCAC's Krippendorff alpha is Krippendorff's with nominal, interval and ratio weights, and another one with ordinal.
#
# One would guess that `CAC(table, weights="ordinal").krippendorff()` is the ordinal alpha, as "identity", "quadratic"
# and "ratio" give the nominal, interval and ratio ones to the last digit. irrCAC's ordinal weights (Gwet's) count the
# values that lie between two; Krippendorff's distance counts the *ratings* that lie between them, so that it follows
# how often each value was given. On Krippendorff's own example .834 stands in place of the .815 that he printed; on
# skewed tables the two are as far apart as .61 and .87, or .26 and -.10, either way round.
# It matters here because an ordinal alpha is held against .667 and .80, bounds that go with Krippendorff's: the same
# ratings pass in one program and fail in the other, and gold has skewed values more often than not. Goldbook takes
# Krippendorff's distance.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install irrCAC==0.4.4 krippendorff==0.9.0 pyirr==0.84.1.2
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata

import krippendorff
import numpy as np
import pandas as pd
import pyirr
from irrCAC.raw import CAC

print(*(f"{name} {importlib.metadata.version(name)}" for name in ("irrCAC", "krippendorff", "pyirr")))
nan = np.nan
# Krippendorff 2011, "Computing Krippendorff's alpha-reliability": four observers, twelve units.
example = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
    [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
]
mostly_one = [
    [1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 2, 1, 1, 3, 3],
    [1, 1, 3, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1, 1, 2, 1, 1, 2, 2],
]
mostly_four = [
    [4, 4, 4, 5, 4, 4, 4, 4, 4, 2, 4, 4, 5, 4, 4, 3, 4, 5, 4, 4],
    [4, 4, 4, 4, 4, 4, 4, 4, 5, 2, 4, 4, 3, 4, 4, 4, 4, 3, 3, 4],
]
WEIGHTS = {"nominal": "identity", "interval": "quadratic", "ratio": "ratio", "ordinal": "ordinal"}


def alphas(raters, level):
    """Of irrCAC, krippendorff and pyirr."""
    table = np.array(raters, float)
    theirs = CAC(pd.DataFrame(table.T), weights=WEIGHTS[level]).krippendorff()["est"]["coefficient_value"]
    return theirs, krippendorff.alpha(table, level_of_measurement=level), pyirr.kripp_alpha(table.T, level).value


found = {}
for name, raters in {"Krippendorff's example": example, "mostly 1": mostly_one, "mostly 4": mostly_four}.items():
    for level in WEIGHTS:
        found[name, level] = theirs, one, other = alphas(raters, level)
        print(f"{name:22} {level:8} irrCAC {theirs:7.4f}  krippendorff {one:7.4f}  pyirr {other:7.4f}")
for (name, level), (theirs, one, other) in found.items():
    assert abs(one - other) < 1e-9, (name, level, "krippendorff and pyirr differ")
    if level != "ordinal":
        assert abs(theirs - one) < 1e-4, (name, level, "irrCAC differs in another level, too")
assert abs(found["Krippendorff's example", "ordinal"][1] - 0.815) < 5e-4, "not the value that Krippendorff printed"
assert abs(found["Krippendorff's example", "ordinal"][0] - 0.834) < 5e-4, "irrCAC's ordinal alpha changed"
assert found["mostly 1", "ordinal"][0] < 0.667 < 0.80 < found["mostly 1", "ordinal"][1]
assert found["mostly 4", "ordinal"][1] < 0 < 0.25 < found["mostly 4", "ordinal"][0]
PYTHON
