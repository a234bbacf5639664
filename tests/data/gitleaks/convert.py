"""Makes crates/ground/src/sensitive/gitleaks.json of the configuration that a program of gitleaks carries: convert.py PROGRAM VERSION.

In: the program, which holds its configuration as text. Out, on standard output: the rules that need no file name, a line
each, in what Rust's `regex` reads. What is left out or written otherwise is said on standard error.
"""

import hashlib
import json
import pathlib
import re
import sys
import tomllib

START = b"# This file has been auto-generated. Do not edit manually.\n"
# What many rules begin with: letters that may stand before a name. Without them a rule begins with letters that can be
# looked for; `lead` says that they belong to what it matches.
LEAD = r"[\w.-]{0,50}?"
# 40 hexadecimal digits, which every commit of git has.
COMMIT = ("|[a-fA-F0-9]{40})", ")")
# Whole keys that are known to be public: whoever searches our files would take them for secrets.
WHOLE_KEY = re.compile(r"AIza[\w-]{35}")


def configuration(program):
    start = program.index(START + b"# If you would like to contribute new rules")
    end = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f-\xff]").search(program, start).start()
    return program[start:end]


def in_rust(regex):
    """Braces that repeat nothing, and brackets in classes, are letters in Go and must be marked as such in Rust."""
    out, at, in_class = [], 0, False
    while at < len(regex):
        c = regex[at]
        if c == "\\":
            out.append(regex[at : at + 2])
            at += 2
            continue
        if in_class:
            if c == "[" and regex[at + 1] != ":":
                c = "\\["
            elif c == "]":
                in_class = False
        elif c == "[":
            in_class = True
            head = re.match(r"\[\^?\]?", regex[at:]).group()
            out.append(head.replace("]", "\\]"))
            at += len(head)
            continue
        elif c == "{" and not re.match(r"\{\d+(,\d*)?\}", regex[at:]):
            c = "\\{"
        out.append(c)
        at += 1
    return "".join(out)


def allowed(name, lists):
    for entry in lists:
        if "paths" in entry and entry.get("condition") == "AND":
            continue
        made = {"in": entry.get("regexTarget", "secret")}
        regexes = [regex for regex in entry.get("regexes", []) if not WHOLE_KEY.search(regex)]
        whole = len(entry.get("regexes", [])) - len(regexes)
        if whole:
            print(f"{name}: without {whole} whole keys that are known to be public", file=sys.stderr)
        made["regexes"] = [in_rust(regex) for regex in regexes]
        made["words"] = entry.get("stopwords", [])
        if made["regexes"] or made["words"]:
            yield made


def rule(entry):
    regex = entry["regex"]
    if COMMIT[0] in regex:
        print(f"{entry['id']}: without the form that any commit has", file=sys.stderr)
        regex = regex.replace(*COMMIT)
    lead = regex.startswith("(?i)" + LEAD)
    if lead:
        regex = regex.replace(LEAD, "", 1)
    made = {"id": entry["id"], "keywords": entry["keywords"], "regex": in_rust(regex), "lead": lead}
    made["entropy"], made["group"] = entry.get("entropy", 0), entry.get("secretGroup", 0)
    made["allowed"] = list(allowed(entry["id"], entry.get("allowlists", [])))
    return made


def main():
    text = configuration(pathlib.Path(sys.argv[1]).read_bytes())
    parsed = tomllib.loads(text.decode())
    rules = []
    for entry in parsed["rules"]:
        if "path" in entry:
            print(f"{entry['id']}: left out, as it is for files of certain names", file=sys.stderr)
        else:
            rules.append(rule(entry))
    everywhere = next(allowed("all rules", [parsed["allowlist"]]))
    about = f"The rules of gitleaks {sys.argv[2]} (gitleaks-LICENSE), made by tests/data/gitleaks/convert.py"
    head = {"about": about, "sha256": hashlib.sha256(text).hexdigest(), "allowed": everywhere}
    print(json.dumps(head)[:-1] + ', "rules": [')
    print(",\n".join(json.dumps(made) for made in rules) + "\n]}")


main()
