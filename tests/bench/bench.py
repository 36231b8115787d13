#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 The pomod authors
"""Takes the figures of docs/BENCH.md, each against a floor in the same run, and prints them as a table."""

import argparse
import contextlib
import signal
import sys

import figures
import harness
import rows


def parse(argv):
    known = {**rows.ROWS, **rows.OPTIONAL_ROWS}
    parser = argparse.ArgumentParser(
        prog="script/bench", description=__doc__, epilog="example: script/bench getall memory --quick")
    parser.add_argument("rows", nargs="*", metavar="ROW", help="which to take: %s (all of these), %s (only by name)" % (
        ", ".join(rows.ROWS), ", ".join(rows.OPTIONAL_ROWS)))
    parser.add_argument("--json", action="store_true", help="print a list of records instead of a table")
    parser.add_argument("--quick", action="store_true", help="shorter windows, fewer pairs, a smaller log")
    parser.add_argument("--slack", type=float, default=1, metavar="N",
                        help="bounds of the row floods that many times as wide, for a computer that does other things, too")
    parser.add_argument("--ratios", action="store_true", help="only what counts instructions: %s" % ", ".join(rows.RATIO_ROWS))
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    unknown = [row for row in args.rows if row not in known]
    if unknown:
        parser.error("there is no row %s; there are %s" % (unknown[0], ", ".join(known)))
    return args


def take(args):
    """Every figure asked for, with a word on standard error for who waits; and whether all could be taken."""
    wanted = args.rows or (rows.RATIO_ROWS if args.ratios else list(rows.ROWS))
    taken, whole = [], True
    with contextlib.ExitStack() as stack:
        bench = harness.Bench(args.build, args.quick, stack, args.slack)
        for row in wanted:
            print(f"{row} …", file=sys.stderr, flush=True)
            try:
                for figure in {**rows.ROWS, **rows.OPTIONAL_ROWS}[row](bench):
                    taken.append(figure)
            except harness.BenchError as error:
                print(f"{row}: {error}", file=sys.stderr)
                whole = False
    return taken, whole


def main(argv):
    args = parse(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends, too
    taken, whole = take(args)
    if args.json:
        figures.print_json(taken)
    else:
        figures.print_table(taken)
    return 0 if whole and all(figure.ok is not False for figure in taken) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
