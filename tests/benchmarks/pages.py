"""The overview and other pages against an empty signed-in view, over HTTP, same server, same run.

On the demonstration (30 months released), gunicorn as served, one client at a time; medians of interleaved rounds.
A page of a release is asked for as it is kept (bureau/kept.py), with the tag a browser has (304), and anew; one of live
figures anew, as after an approval.
"""

from __future__ import annotations

import statistics
import time

import frame
import served

ROUNDS = 60
EMPTY = "/empty/"
KEPT, TOLD, ANEW = "kept", "304", "anew"
ASKED = (
    (EMPTY, ""), ("/", KEPT), ("/", TOLD), ("/", ANEW), ("/?version=live", ANEW), ("/indicators/A01/", KEPT),
    ("/indicators/A01/", ANEW), ("/tasks/", ANEW), ("/releases/", ""),
)  # fmt: skip


def main() -> None:
    vendor = frame.setup()
    import io

    from django.core.management import call_command

    from bureau.models import User

    begun = time.perf_counter()
    call_command("demo", stdout=io.StringIO())
    print(f"\ndemonstration: {time.perf_counter() - begun:.1f} s, {vendor}")
    with served.serving(User.objects.get(username="bangongshi")) as reader:
        found = _measure(reader)
    base = found[EMPTY, ""][0]
    print(
        f"\n## pages, {vendor}\n| page | | median ms | kB | ratio to the empty signed-in view |\n|---|---|---|---|---|"
    )
    for (page, how), (milliseconds, size) in found.items():
        print(f"| {page} | {how} | {milliseconds:.1f} | {size / 1024:.0f} | {milliseconds / base:.2f} |")


def _measure(reader: served.Reader) -> dict[tuple[str, str], tuple[float, int]]:
    """Median milliseconds and size of each page, asked for in turn so that all meet the same machine."""
    times: dict[tuple[str, str], list[float]] = {asked: [] for asked in ASKED}
    sizes: dict[tuple[str, str], int] = {}
    for round_ in range(ROUNDS + 5):
        for page, how in ASKED:
            tag = ""
            if how == ANEW:
                served.outdate("submission.approve" if "live" in page else "month.publish")
            elif how:
                tag = reader.ask(page)[1].headers["ETag"] if how == TOLD else reader.ask(page) and ""
            milliseconds, answer, body = reader.ask(page, tag)
            if answer.status != (304 if how == TOLD else 200):
                raise SystemExit(f"{page} answered {answer.status}")
            sizes[page, how] = len(body)
            if round_ >= 5:
                times[page, how].append(milliseconds)
    return {asked: (statistics.median(seconds), sizes[asked]) for asked, seconds in times.items()}


if __name__ == "__main__":
    main()
