#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What became of the mutants, as text on stdout and as one HTML page beside the results.

usage: report.py MUTANTS OURS THEIRS VERSION NAME...
OURS has the results of our suite and gets report.html, THEIRS those of the baseline where it was run.
Exit: 0 when every mutant ended as its header says it should, else 1.
"""
import html
import os
import re
import sys


def header(path):
    with open(path) as f:
        return dict(re.findall(r"^// (\w+): (.*)$", f.read(), re.M))


def result(path):
    """The lines of a result, by their first word; "by" is a dictionary of its own."""
    found = {"by": {}}
    if not os.path.exists(path):
        return {"untried": ""}
    with open(path) as f:
        for line in f:
            key, _, rest = line.rstrip("\n").partition(" ")
            if key == "by":
                program, count = rest.split()
                found["by"][program] = int(count)
            else:
                found.setdefault(key, rest)
    return found


UNJUDGED = ("untried", "absent", "unbuilt", "unbooted")


def fate(r):
    for word in UNJUDGED:
        if word in r:
            return word
    failed, missing = map(int, r["tests"].split())
    if "own" in r:
        return "killed"
    if failed or "died" in r:
        return "weak"
    return "survived"


def theirs(r):
    """Theirs know no verdicts: a mutant is theirs when anything is not as on the stock kernel."""
    if fate(r) in UNJUDGED:
        return ""
    return "same" if r["tests"] == "0 0" and "died" not in r else "differs"


def wanted(h):
    return h["Verdict"].split(":")[0]


def is_right(h, f):
    right = {"killed": ["killed"], "weak": ["weak", "killed"], "equivalent": ["survived"]}
    return f in ("untried", "absent") or f in right[wanted(h)]


def row(name, h, r, other):
    f = fate(r)
    words = r.get("died", "")
    if words:
        words = "died: " + words
    return name, h, r, f, r.get("said", words), other


def names_of(r):
    return " ".join(sorted(p.replace("pfnmap_", "") for p in r.get("by", {})))


def print_text(rows):
    for name, h, r, f, words, other in rows:
        mark = " " if is_right(h, f) else "!"
        print(f"{mark} {name:24} {f:9} {r.get('seconds', ''):>4} {theirs(other):8} {names_of(r)}")
        if words:
            print(f"      {words[:130]}")
        if theirs(other) == "differs":
            print(f"      theirs: {names_of(other)} {other.get('died', '')}")


def count(rows):
    due = [x for x in rows if wanted(x[1]) != "equivalent" and x[3] not in ("absent", "untried")]
    same = [x for x in rows if wanted(x[1]) == "equivalent" and x[3] not in ("absent", "untried")]
    killed = sum(x[3] == "killed" for x in due)
    weak = sum(x[3] == "weak" for x in due)
    lived = sum(x[3] == "survived" for x in same)
    seen = [theirs(x[5]) for x in due if theirs(x[5])]
    beside = f"theirs see {seen.count('differs')} of {len(seen)}; " if seen else ""
    return (f"{killed} of {len(due)} killed, {weak} weak; {lived} of {len(same)} equivalent ones "
            f"survived; {beside}{sum(x[3] == 'absent' for x in rows)} do not apply, "
            f"{sum(x[3] == 'untried' for x in rows)} were not tried")


STYLE = """
:root { color-scheme: light dark; --line: #8886; --dead: #2a7d46; --weak: #b7791f; --alive: #c0392b }
body { font: 14px/1.4 system-ui, sans-serif; margin: 2em; max-width: 80em }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 1px solid var(--line); padding: .25em .5em; text-align: left; vertical-align: top }
th { position: sticky; top: 0; background: Canvas }
th.p { writing-mode: vertical-rl; font-weight: normal }
td.n { text-align: center }
.killed { color: var(--dead) } .weak { color: var(--weak) } .survived, .unbuilt, .unbooted { color: var(--alive) }
.right.survived { color: inherit } small { color: GrayText; overflow-wrap: anywhere }
@media print { body { margin: 0; font-size: 9px } th { position: static } }
"""


def write_html(path, rows, version):
    programs = sorted({p for x in rows for p in x[2].get("by", {})})
    e = html.escape
    os.makedirs(os.path.dirname(path), exist_ok=True)  # the baseline may come first
    with open(path, "w") as f:
        f.write(f"<!doctype html><meta charset=utf-8><title>Mutants of {e(version)}</title>"
                f"<style>{STYLE}</style><h1>Mutants of Linux {e(version)}</h1><p>{e(count(rows))}.</p>"
                "<table><tr><th>mutant<th>fate<th>s<th>theirs")
        for p in programs:
            f.write(f"<th class=p>{e(p.replace('pfnmap_', ''))}")
        for name, h, r, fat, words, other in rows:
            right = "right" if is_right(h, fat) else "wrong"
            f.write(f"<tr><td><b>{e(name)}</b><br>{e(h['Bug'])}<br><small>{e(words)}</small>"
                    f"<td class='{fat} {right}'>{fat}<td>{e(r.get('seconds', ''))}<td>{theirs(other)}"
                    f"<br><small>{e(names_of(other))}</small>")
            for p in programs:
                f.write(f"<td class=n>{r.get('by', {}).get(p, '')}")
        f.write("</table>")


def main():
    mutants, ours, others, version, *names = sys.argv[1:]
    rows = [row(n, header(f"{mutants}/{n}.cocci"), result(f"{ours}/results/{n}"),
                result(f"{others}/results/{n}")) for n in names]
    print_text(rows)
    print(f"# {version}: {count(rows)}")
    page = os.path.join(ours, "report.html")
    write_html(page, rows, version)
    print(f"# {page}")
    return 0 if all(is_right(x[1], x[3]) for x in rows) else 1


sys.exit(main())
