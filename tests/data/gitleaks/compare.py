"""Compares what gitleaks and Goldbook find in keys that are made up: compare.py GITLEAKS GOLDBOOK FOLDER.

In: both programs. For each rule, texts that its pattern fits are made by chance, always the same ones. Out: the texts in
which only one of the two finds a key, and how many agree. Which of several rules that fit names a key is no difference.
"""

import json
import pathlib
import random
import re
import subprocess
import sys

import rstr

# What stands between `curl` and its options.
GAPS = ["(?:.*?|.*?(?:[\\r\\n]{1,2}.*?){1,5})", "(?:.*|.*(?:[\\r\\n]{1,2}.*){1,5})"]
TEXTS_A_RULE = 3


def pattern(regex):
    """A pattern that Python reads and that fits no more than this one of Rust."""
    regex = regex.replace("(?i)", "").replace("[[:alnum:]]", "[a-z0-9]").replace("\\z", "\\Z")
    # Any letter at all is mostly one that nobody writes, and white space means more of it in Python than in Go.
    for found, instead in [("[\\s\\S-]", "[a-zA-Z0-9+/]"), ("\\s", " "), *((gap, " ") for gap in GAPS)]:
        regex = regex.replace(found, instead)
    return regex


def main():
    gitleaks, goldbook, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]) / "keys"
    folder.mkdir()
    rules = json.loads(pathlib.Path("crates/ground/src/sensitive/gitleaks.json").read_text())["rules"]
    made, maker = {}, rstr.Rstr(random.Random(1))
    for rule in rules:
        for number in range(TEXTS_A_RULE):
            try:
                key = maker.xeger(pattern(rule["regex"]))
            except (re.error, ValueError, KeyError) as error:
                print(f"{rule['id']}: no text is made ({error})")
                break
            text = f"{' '.join(rule['keywords'])}\n{key}\n"
            name = f"{rule['id']}.{number}"
            made[name] = text
            (folder / f"{name}.text").write_text(text)
    report = folder.parent / "report.json"
    command = [gitleaks, "dir", folder, "-f", "json", "-r", report, "--no-banner", "--max-decode-depth", "0", "--exit-code", "0"]
    subprocess.run(command, check=True, capture_output=True)
    theirs = {pathlib.Path(found["File"]).name.removesuffix(".text") for found in json.loads(report.read_text())}
    agree = differ = 0
    for name, text in made.items():
        log = folder / f"{name}.json"
        log.write_text(json.dumps([{"role": "user", "content": text}]))
        said = subprocess.run([goldbook, "import", "trajectory", log, "--json"], capture_output=True, text=True).stderr
        ours = '"rule":"secret-text"' in said
        if ours == (name in theirs):
            agree += 1
        else:
            differ += 1
            print(f"{name}: found by {'Goldbook' if ours else 'gitleaks'} alone: {text!r}"[:400])
    print(f"{len(theirs)} of {len(made)} texts hold a key by gitleaks")
    print(f"{agree} passed, {differ} failed")
    sys.exit(differ > 0 or not theirs)


main()
