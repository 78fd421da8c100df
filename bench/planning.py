"""The convoy planner beside two baselines and a proven bound, judged by the independent referee.

    python -m bench.planning [--sizes 500 5000 50000] [--seeds 1 2 3 4 5] [--capacities 1.15 0.8]
        [--random 10000] [--first 0] [--minutes 15] [--clock wall|cpu]
        [--parts set best exact again gate random] [--write]

Every plan is made in a process of its own, which is timed and weighed; `--clock cpu` gives it the
limit in seconds of the processor, for a machine that does other work. Interrupted, it prints (and
with `--write` writes into bench/RESULTS.md) what was measured until then.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import highspy
import numpy as np
from tests.convoy_referee import REFEREE, tool

from corridor.engines import planning
from corridor.engines.planning import priced
from corridor.engines.planning.gate import adopt
from corridor.engines.planning.planner import Planner
from corridor.engines.planning.program import quiet

RESULTS = Path(__file__).with_name("RESULTS.md")
SECTION = "## Convoy planner (`python -m bench.planning --write`)"
REPLANNED = 30.0
"""Seconds that a new plan may take after something happened."""
WATCH, LONGER = 0.03, 20
"""Seconds of the processor for a random operation; one in so many gets ten times that."""
OLD = {"wall": time.perf_counter, "cpu": time.process_time}


highspy.Highs = type(quiet())  # what the referee solves with greets on standard output


class Bench:
    """Measures, prints line by line, and keeps the lines."""

    def __init__(self, clock: str, folder: Path) -> None:
        self.clock, self.folder = clock, folder
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        print(line, flush=True)
        self.lines.append(line)

    def planned(
        self, instance: Any, previous: dict[str, Any] | None = None, **more: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """A plan made in a process of its own, and what that took."""
        paths = [self.folder / name for name in ("i.json", "before.json", "out.json")]
        tool("model").save_instance(instance, paths[0])
        paths[1].write_text(json.dumps(previous))
        job = {"paths": [str(one) for one in paths], "clock": self.clock, **more}
        done = subprocess.run(
            [sys.executable, "-m", "bench.planning", "--one", json.dumps(job)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return json.loads(paths[2].read_text()), json.loads(done.stdout.splitlines()[-1])

    def judged(self, instance: Any, plan: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """What the referee says."""
        referee = tool("referee")
        out = referee.check(instance, plan)
        score = referee.score(instance, out)
        score["broken"] = len(out.broken)
        return out, score


def one(job: dict[str, Any]) -> None:
    """In the process of its own: plans once and says what it took."""
    clock = OLD[job["clock"]]
    paths = [Path(name) for name in job["paths"]]
    instance = planning.read_instance(json.loads(paths[0].read_text()))
    before = json.loads(paths[1].read_text())
    previous = planning.read_plan(before) if before else None
    began, wall, cpu = clock(), time.perf_counter(), time.process_time()
    first: list[float] = []
    took: dict[str, float] = {}
    if previous is not None:
        kept = planning.told_first(instance, previous)
        took["told_cpu"] = time.process_time() - cpu
        took["told_wall"] = time.perf_counter() - wall
        began, wall, cpu = clock(), time.perf_counter(), time.process_time()
        took["same"], took["lost"] = len(kept.same), len(kept.lost)
    effort = planning.Effort(
        patience=8.0 if job["clock"] == "cpu" else 1.0,
        seconds=job.get("seconds"), elapsed=lambda: clock() - began, seed=1,
        cores=2 if job["clock"] == "wall" else 1,
        spare=job.get("spare", 0.0), say=lambda *_: first.append(time.process_time() - cpu),
    )  # fmt: skip
    made = planning.plan(instance, previous, effort)
    if job.get("whole"):
        made = proven(instance, made, effort, job["whole"])
    took |= {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "first": first[0],
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    began = time.process_time()
    why = planning.explain(instance, made, made.prices, made.bound)
    took["explained"] = time.process_time() - began
    took |= why["overtaken"]
    more = {"bound": made.bound, "stage": made.stage, "value": why["weighted_waiting"]}
    paths[2].write_text(json.dumps({**planning.write_plan(made), **more}))
    print(json.dumps(took))


def proven(
    instance: planning.Instance, made: planning.Plan, effort: planning.Effort, seconds: float
) -> planning.Plan:
    """The better of a plan and what one program of the whole finds from there, overtaking removed;
    its bound is the higher of both."""
    before = adopted(instance, made)
    before.effort, before.bound = effort, made.bound
    effort.limit = effort.used() + seconds
    whole = adopted(instance, made)
    whole.effort, whole.bound = effort, made.bound
    priced.Priced(whole).whole()
    whole.fair()
    best = whole if whole.best.value() < before.best.value() else before
    return best.best.to_plan("long search", whole.bound)


def adopted(instance: planning.Instance, made: planning.Plan) -> Planner:
    """A planner whose best plan is this one."""
    planner = Planner(instance, None, planning.Effort())
    adopt(planner.best, made)
    return planner


def official(bench: Bench, sizes: list[int], seeds: list[int], capacities: list[float]) -> None:
    """The official set: distance to the bound, seconds, overtaking, impartiality."""
    bench.say("| instance | bound | by hand | need first | Corridor | first plan, whole: CPU s "
              "(wall) | MB | overtaken | p of origin | 7+ : singles, days; at equal terms "
              "(n) |")  # fmt: skip
    bench.say("|---|---|---|---|---|---|---|---|---|---|")
    gaps: dict[int, list[float]] = {}
    for size in sizes:
        for capacity in capacities:
            for seed in seeds:
                gap = _official(bench, size, seed, capacity)
                gaps.setdefault(size, []).append(gap)
        found = gaps[size]
        bench.say(f"| **mean at {size:,}** | | | | **{statistics.mean(found):+.1f} %** "
                  f"({min(found):+.1f} to {max(found):+.1f}) | | | | | |")  # fmt: skip


def _official(bench: Bench, size: int, seed: int, capacity: float) -> float:
    instance = tool("generate").generate(size, seed, capacity)
    bound = tool("bound").Relaxation(instance).solve().bound()
    cells = [f"{size:,} s{seed} c{capacity}", f"{bound:,.0f}"]
    for order in ("fifo", "priority"):
        rules = tool("baselines")
        _, score = bench.judged(instance, rules.plan(instance, getattr(rules, order)))
        cells.append(f"{100 * (score['weighted_waiting'] / bound - 1):+.0f} %")
    plan, took = bench.planned(instance)
    out, score = bench.judged(instance, plan)
    assert not score["broken"], score
    gap = 100 * (score["weighted_waiting"] / bound - 1)
    overtaken = tool("referee").envy(instance, out)["households_overtaken_by_lower_need"]
    origins = tool("generate").origins(instance, seed)
    fair = tool("referee").impartiality(instance, out, origins)
    cells += [f"{score['weighted_waiting']:,.0f} ({gap:+.1f} %)",
              f"{took['first']:.2f}, {took['cpu']:.1f} ({took['wall']:.0f})",
              f"{took['megabytes']:.0f}", str(overtaken), f"{fair['p_value']:.2f}",
              large_and_single(instance, out)]  # fmt: skip
    bench.say(f"| {' | '.join(cells)} |")
    return gap


def best_known(bench: Bench, seeds: list[int], minutes: float) -> None:
    """At 500 people: the plan of a second beside a mixed bound and the best of a long search.

    The long search is the planner's own with so many minutes, and the whole operation as one
    mixed program from there; both keep the rules that the plan of a second keeps, overtaking too.
    """
    bench.say("| 500 people | fluid bound | mixed bound | proven by the whole program "
              f"| best known ({minutes:g} min) | in 1 s | above the best known |")  # fmt: skip
    bench.say("|---|---|---|---|---|---|---|")
    found = []
    for seed in seeds:
        instance = tool("generate").generate(500, seed)
        fluid = tool("bound").Relaxation(instance).solve().bound()
        mixed = _mixed(bench, instance, 60 * minutes / 4)
        quick, _ = bench.planned(instance)
        slow, _ = bench.planned(instance, seconds=60 * minutes, whole=60 * minutes)
        values = []
        for plan in (quick, slow):
            _, score = bench.judged(instance, plan)
            assert not score["broken"] and not score["households_overtaken_by_lower_need"]
            values.append(score["weighted_waiting"])
        best = max(mixed, min(values))
        found.append(100 * (values[0] / best - 1))
        bench.say(f"| s{seed} | {fluid:,.0f} | {mixed:,.0f} ({100 * (mixed / fluid - 1):+.1f} %) "
                  f"| {slow['bound']:,.0f} | {min(values):,.0f} | {values[0]:,.0f} "
                  f"| {found[-1]:+.1f} % |")  # fmt: skip
    bench.say(f"| **mean** | | | | | | **{statistics.mean(found):+.1f} %** |")


def _mixed(bench: Bench, instance: Any, seconds: float) -> float:
    """The referee's bound with whole convoys, vehicles and people lying."""
    path = bench.folder / "mixed.json"
    tool("model").save_instance(instance, path)
    done = subprocess.run(
        [sys.executable, str(REFEREE / "bound.py"), str(path),
         "--whole", "convoys,vehicles,lying", "--seconds", str(seconds)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(json.loads(done.stdout.splitlines()[-1])["whole_bound"])


def large_and_single(instance: Any, out: Any) -> str:
    """Days waited from readiness by families of 7 or more and by singles: need D, all of them may
    ride in a truck. First the means; then both as a least-squares fit has them at the same pick-up,
    readiness and days waited before, by which the rules decide; then how many there are, since few
    say little.
    """
    pickups = sorted({home.pickup for home in instance.households.values()})
    terms, waits = [], []
    for home in instance.households.values():
        if home.need != "D" or not all(unit.rough_ok for unit in home.units):
            continue
        slot = out.departs.get(home.id)
        at = instance.slots[slot].depart if slot else instance.unserved_at
        ready = max(instance.now, home.ready)
        waits.append((at - ready) / 1440)
        size = (home.persons >= 7, home.persons == 1)
        terms.append([*(home.pickup == one for one in pickups), ready, home.waited, *size])
    told, rows = np.array(waits), np.array(terms, float)
    large, single = rows[:, -2] > 0, rows[:, -1] > 0
    if not large.any() or not single.any():
        return f"- ({large.sum()} : {single.sum()})"
    fit = np.linalg.lstsq(rows, told, rcond=None)[0]
    usual = rows[:, :-2].mean(axis=0) @ fit[:-2]
    return (
        f"{told[large].mean():.1f} : {told[single].mean():.1f}; "
        f"{usual + fit[-2]:.1f} : {usual + fit[-1]:.1f} ({large.sum()} : {single.sum()})"
    )


def small(bench: Bench) -> None:
    """Operations of up to 200 people: the optimum and its proof."""
    bench.say("| people | need first | optimum | proven | CPU s (wall) |")
    bench.say("|---|---|---|---|---|")
    for size, seed in ((60, 1), (100, 2), (150, 3), (200, 1), (200, 2), (200, 3)):
        instance = tool("generate").generate(size, seed)
        rules = tool("baselines")
        _, walk = bench.judged(instance, rules.plan(instance, rules.priority))
        plan, took = bench.planned(instance, seconds=20 if bench.clock == "wall" else 400)
        _, score = bench.judged(instance, plan)
        bench.say(f"| {size} s{seed} | {walk['weighted_waiting']:,.1f} "
                  f"| {score['weighted_waiting']:,.1f} | {plan['bound']:,.1f} "
                  f"| {took['cpu']:.1f} ({took['wall']:.0f}) |")  # fmt: skip


def again(bench: Bench, size: int) -> None:
    """Re-planning: vehicles lost, a window closed with arrivals and no-shows."""
    bench.say(f"| event at {size:,} people | told | same vehicle | other | later | lost "
              "| lost it though it runs | the told: CPU s (wall) | everything: CPU s (wall) "
              "| distance to the new bound | overtaken by a told seat : by others |")  # fmt: skip
    bench.say("|---|---|---|---|---|---|---|---|---|---|---|")
    instance = tool("generate").generate(size, 1)
    before, _ = bench.planned(instance)
    cases: list[tuple[str, dict[str, Any]]] = [
        (f"{n} vehicles lost", {"broken": n}) for n in (1, 2, 6)
    ]
    closed = {"closed": ("W3",), "arrivals": size // 25, "no_show": 0.03}
    cases.append(("W3 closed, 4 % more people, 3 % not there", closed))
    for name, event in cases:
        source = random.Random(1)
        later, _ = tool("events").after(instance, before, 300, source, **event)
        plan, took = bench.planned(later, before, seconds=REPLANNED)
        out, score = bench.judged(later, plan)
        assert not score["broken"], score
        found = tool("referee").stability(later, out, before)["told"]
        bound = tool("bound").Relaxation(later).solve().bound()
        bench.say(f"| {name} | {found['persons']:,} | {found['same_vehicle']:,} "
                  f"| {found['other_vehicle']:,} | {found['later']:,} | {found['dropped']:,} "
                  f"| {needlessly_lost(later, out, before)} "
                  f"| {took['told_cpu']:.2f} ({took['told_wall']:.2f}) "
                  f"| {took['cpu']:.1f} ({took['wall']:.0f}) "
                  f"| {100 * (score['weighted_waiting'] / bound - 1):+.1f} % "
                  f"| {took['only_by_who_was_told']} : {took['by_who_was_not_told']} |"
                  )  # fmt: skip


def needlessly_lost(instance: Any, out: Any, before: dict[str, Any]) -> int:
    """Households told a slot, with any part on a vehicle that still runs, who lost that part's."""
    old = {u: (trip["vehicle"], trip["slot"]) for trip in before["trips"] for u in trip["units"]}
    new = {unit.id: (trip[0].id, trip[1].id) for trip in out.trips for unit in trip[4]}
    return sum(
        any(
            unit.id in old
            and old[unit.id][0] in instance.vehicles
            and new.get(unit.id) != old[unit.id]
            for unit in home.units
        )
        for home in instance.households.values()
        if home.told in instance.slots
    )


def gate(bench: Bench, size: int) -> None:
    """Spare seats: the first certain window is driven with no-shows and a vehicle lost."""
    bench.say(f"| seats told to nobody, {size:,} people | told who lose the slot, 2 vehicles lost "
              "| seats empty at departure, nobody at the gate | with the gate line "
              "| weighted waiting in all |")  # fmt: skip
    bench.say("|---|---|---|---|---|")
    instance = tool("generate").generate(size, 1)
    for spare in (0.0, 0.05, 0.1):
        plan, _ = bench.planned(instance, spare=spare)
        source = random.Random(1)
        later, _ = tool("events").after(instance, plan, 300, source, broken=2)
        ours = planning.read_instance(tool("model").instance_to_dict(later))
        kept = planning.told_first(ours, planning.read_plan(plan))
        persons = {home.id: home.persons for home in ours.households}
        moved = sum(persons[one] for one in (*kept.later, *kept.lost))
        first = min(instance.slots.values(), key=lambda slot: slot.depart).id
        absent = {h for h in instance.households if source.random() < 0.03}
        whole = planning.read_instance(tool("model").instance_to_dict(instance))
        after, _ = planning.fill_at_gate(whole, planning.read_plan(plan), first, absent)
        free = _free(instance, plan, first, absent)
        rest = _free(instance, planning.write_plan(after), first, set())
        bench.say(f"| {100 * spare:.0f} % | {moved} | {free} | {rest} | {plan['value']:,.0f} |")


def _free(instance: Any, plan: dict[str, Any], slot: str, absent: set[str]) -> int:
    units = {u.id: (u, h.id) for h in instance.households.values() for u in h.units}
    total = 0
    for trip in plan["trips"]:
        kind = instance.types[instance.vehicles[trip["vehicle"]].type]
        if trip["slot"] == slot and not kind.ambulance:
            aboard = [units[u][0] for u in trip["units"] if units[u][1] not in absent]
            total += max(0, tool("model").seats_free(instance, kind, aboard))
    return total


def rules(bench: Bench, first: int, count: int) -> None:
    """Hard rules on random operations of 20 to 500 people, from this random seed on.

    What can break a rule is in each step and not in its length, so most get a watch that ends
    early, and one in `LONGER` goes through all steps. What is found is said at once.
    """
    broken = overtaken = done = 0
    try:
        for seed in range(first, first + count):
            size = random.Random(seed).randrange(20, 500)
            instance = tool("generate").generate(size, seed, (1.15, 0.8)[seed % 2])
            ours = planning.read_instance(tool("model").instance_to_dict(instance))
            watch = WATCH if seed % LONGER else 10 * WATCH
            began = time.process_time()
            effort = planning.Effort(
                seconds=watch, elapsed=lambda at=began: time.process_time() - at, patience=4.0
            )
            made = planning.plan(ours, None, effort)
            out, score = bench.judged(instance, planning.write_plan(made))
            envied = score["households_overtaken_by_lower_need"]
            if score["broken"] or envied:
                print(f"seed {seed}: {out.broken[:5]}, {envied} overtaken", flush=True)
            broken += score["broken"]
            overtaken += envied
            done += 1
            if not done % 500:
                print(f"{done:,} from seed {first:,}: {broken} broken, {overtaken} overtaken",
                      flush=True)  # fmt: skip
    finally:
        bench.say(f"{done:,} random operations of 20 to 500 people, random seeds {first:,} to "
                  f"{first + done - 1:,}: {broken} hard rules broken, "
                  f"{overtaken} families overtaken by lower need.")  # fmt: skip


def written(lines: list[str]) -> None:
    """Puts the section into RESULTS.md."""
    text = RESULTS.read_text()
    head, _, rest = text.partition(SECTION)
    tail = rest[rest.find("\n## ") :] if "\n## " in rest else ""
    RESULTS.write_text(f"{head.rstrip()}\n\n{SECTION}\n\n" + "\n".join(lines) + "\n" + tail)


def main() -> None:
    """Runs the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--one")
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 5000, 50000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--capacities", type=float, nargs="+", default=[1.15, 0.8])
    parser.add_argument("--random", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="random seed to go on from")
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--clock", choices=sorted(OLD), default="wall")
    parser.add_argument(
        "--parts", nargs="+", default=["set", "best", "exact", "again", "gate", "random"]
    )
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.one:
        one(json.loads(given.one))
        return
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(given.clock, Path(folder))
        parts = {
            "set": lambda: official(bench, given.sizes, given.seeds, given.capacities),
            "best": lambda: best_known(bench, given.seeds, given.minutes),
            "exact": lambda: small(bench),
            "again": lambda: again(bench, max(given.sizes)),
            "gate": lambda: gate(bench, min(5000, max(given.sizes))),
            "random": lambda: rules(bench, given.first, given.random),
        }
        with contextlib.suppress(KeyboardInterrupt):
            for name in given.parts:
                parts[name]()
                bench.say("")
        if given.write:
            written(bench.lines)


if __name__ == "__main__":
    main()
