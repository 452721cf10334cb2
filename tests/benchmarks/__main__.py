"""Measures OptiViz, by hand, on a machine that does nothing else:

    .venv/bin/python tests/benchmarks                     everything
    .venv/bin/python tests/benchmarks engine drag         only these
    ... --save FILE                                       writes the figures as JSON
    ... --against FILE                                    shows those figures beside the new ones

Compares with torch, optax and matplotlib where they are installed (the extra `bench`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path

from table import BENCHMARKS, BY_NAME_ONLY, Row

HEAD = ("what", "measured", "must reach", "")


def load() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        __import__(file.stem)


def line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    load()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--save", type=Path, metavar="FILE")
    parser.add_argument("--against", type=Path, metavar="FILE")
    options = parser.parse_args()
    for name in options.names:
        if name not in BENCHMARKS:
            parser.error(f"there is no benchmark {name!r}; there are {', '.join(BENCHMARKS)}")
    before = json.loads(options.against.read_text("utf-8")) if options.against else {}
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}\n")
    print(line(*HEAD, *(["before"] if before else [])))
    print(line(*["---"] * (len(HEAD) + bool(before))))
    rows: list[Row] = []
    for name in options.names or [name for name in BENCHMARKS if name not in BY_NAME_ONLY]:
        for row in BENCHMARKS[name]():
            rows.append(row)
            verdict = {True: "✓", False: "✗", None: ""}[row.holds]
            cells = [row.what, row.measured, row.target, verdict]
            print(line(*cells, *([before.get(row.what, "")] if before else [])), flush=True)
    if options.save:
        options.save.write_text(json.dumps({row.what: row.measured for row in rows}, indent=2) + "\n", "utf-8")
    return 1 if any(row.holds is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
