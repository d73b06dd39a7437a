"""`make bench`: prints each figure as a ratio to the bare Flask application, measured in the same run.

`bench/README.md` says what each line means; names of lines measure those alone. Exit status 1 when one misses its mark.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import count
from pathlib import Path
from statistics import median

from bench.data import HOST, KEY, Ground, prepare, write_inputs
from bench.deliberation import turns as following_turns
from bench.desk import HOST as DESK_HOST
from bench.desk import ROUND, Desk, desk_statements, prepare_desk
from bench.load import Load, RequestMaker, get, post, post_json, run
from bench.plan import seconds as plan_seconds
from bench.plugins import hook_costs
from bench.postgres import postgres
from bench.ranking import RankingGround, prepare_ranking
from bench.rows import ADDRESS as ROW
from bench.server import Server, serving

SECONDS, ROUNDS = 1.5, 7
ENTRIES, VOTERS = 1000, 60
WORDS = "Máy tách vỏ lạc dùng mô-tơ quạt cũ, bà con ở xã dùng được cả vụ mà không phải thuê. " * 5


@dataclass(frozen=True)
class Cost:
    """What one kind of request costs: answers a second, and processor microseconds of the worker each."""

    rate: float
    micros: float
    p99: float
    resident_mb: float


@dataclass(frozen=True)
class Compared:
    """What a kind of request costs beside the bare application; each figure the median of the rounds."""

    ratio: float
    by_processor: float
    cost: Cost


def measure(server: Server, make: RequestMaker, wanted: int, *, seconds: float) -> Cost:
    """Send what `make` gives for some seconds; every answer must have the status `wanted`."""
    before = server.cpu_seconds()
    load: Load = run(server.port, make, seconds=seconds)
    if set(load.statuses) != {wanted}:
        raise SystemExit(f"answers other than {wanted}: {dict(load.statuses)}")
    used = server.cpu_seconds() - before
    answers = sum(load.statuses.values())
    return Cost(load.rate, used / answers * 1e6, load.percentile(0.99), server.resident_mb())


def compare(environ: Mapping[str, str], make: RequestMaker, wanted: int) -> Compared:
    """Measure the application and the bare one in turns, so that a machine that slows down slows both."""
    sent = count()
    with serving("bench.bare:app") as yardstick, serving("wsgi:app", environ) as server:
        rounds = []
        for number in range(ROUNDS + 1):
            bare = measure(yardstick, lambda n: get("/", "localhost"), 200, seconds=SECONDS)
            ours = measure(server, lambda n: make(next(sent)), wanted, seconds=SECONDS)
            if number:  # the first warms both up
                rounds.append((bare, ours))
    return _compared(rounds)


def _compared(rounds: list[tuple[Cost, Cost]]) -> Compared:
    return Compared(
        median(ours.rate / bare.rate for bare, ours in rounds),
        median(bare.micros / ours.micros for bare, ours in rounds),
        Cost(*(median(values) for values in zip(*(astuple(ours) for _, ours in rounds), strict=True))),
    )


def gallery(ground: Ground) -> Compared:
    """Strangers reading the first page of the gallery of 1,000 entries."""
    ask = get("/bai-du-thi?trang=1", HOST, f"ky={KEY}")
    return compare(ground.environ, lambda n: ask, 200)


def gallery_read(ground: Ground) -> Compared:
    """The same page for somebody signed in, whose answers are never kept."""
    ask = get("/bai-du-thi", HOST, ground.voters[0].cookie)
    return compare(ground.environ, lambda n: ask, 200)


def vote(ground: Ground) -> Compared:
    """Signed-in voters voting, each pair of voter and entry once."""

    def make(n: int) -> bytes:
        voter = ground.voters[n % len(ground.voters)]
        code = ground.codes[n // len(ground.voters) % len(ground.codes)]
        return post(f"/bai-du-thi/{code}/binh-chon", HOST, voter.cookie, f"csrf_token={voter.csrf}")

    return compare(ground.environ, make, 302)


def save_field(ground: Ground) -> tuple[float, float, Cost]:
    """A bare insert and the saving of a field through the same worker, in turns; each by its own sender.

    Gives how often the time of an insert a saving takes, by rate and by processor time, and what a saving costs.
    """
    sent = count()
    drafts = [(one, draft) for one in ground.voters for draft in one.drafts]

    def save(_n: int) -> bytes:
        n = next(sent)
        version, place = divmod(n, len(drafts))
        one, draft = drafts[place]
        saving = {
            "path": "facts.tom_tat",
            "value": f"{WORDS}{n}",
            "op": f"saving-{n}",
            "base": version,
            "mine": [],
        }
        return post_json(f"/du-thi/{draft}/muc", HOST, one.cookie, one.csrf, saving)

    return beside_insert(ground, save)


def save_criterion(ground: Ground, desk: Desk) -> tuple[float, float, Cost]:
    """The same for the points of one criterion on a judge's sheet, as the desk's script sends them."""
    sent = count()
    sheets = len(desk.judges) * len(desk.codes)

    def save(_n: int) -> bytes:
        n = next(sent)
        judge, code = desk.sheet(n)
        turn = n // sheets + 1
        # Two values in turns: a request that the end of a round cut off leaves the sheet as the next but one wants it.
        change = {
            "revision": turn,
            "scores": {desk.criterion: str(10 + turn % 2)},
            "base": {desk.criterion: str(10 + (turn - 1) % 2)},
        }
        return post_json(f"/cham-thi/{ROUND}/{code}/tu-luu", DESK_HOST, judge.cookie, judge.csrf, change)

    return beside_insert(ground, save)


def beside_insert(ground: Ground, save: RequestMaker) -> tuple[float, float, Cost]:
    """Measure `save` and a bare insert in turns."""
    rounds = []

    def insert(n: int) -> bytes:
        one = ground.voters[n % len(ground.voters)]
        return post_json(ROW, HOST, one.cookie, one.csrf, {"value": f"{WORDS}{n}"})

    with serving("bench.writing:app", ground.environ) as server:
        for number in range(ROUNDS + 1):
            bare = measure(server, insert, 200, seconds=SECONDS)
            ours = measure(server, save, 200, seconds=SECONDS)
            if number:
                rounds.append((bare, ours))
    return (
        median(bare.rate / ours.rate for bare, ours in rounds),
        median(ours.micros / bare.micros for bare, ours in rounds),
        Cost(*(median(values) for values in zip(*(astuple(ours) for _, ours in rounds), strict=True))),
    )


def rank(ground: RankingGround) -> Compared:
    """The leader of a council reading the order of a round while two sheets a second are locked."""
    ask = ground.page()
    with serving("bench.bare:app") as yardstick, serving("wsgi:app", ground.environ) as server:
        rounds = []
        for number in range(ROUNDS + 1):
            bare = measure(yardstick, lambda n: get("/", "localhost"), 200, seconds=SECONDS)
            with ground.locking(server) as locked:
                ours = measure(server, lambda n: ask, 200, seconds=SECONDS)
            if number and not locked:
                raise SystemExit("no sheet was locked while the order was read")
            if number:
                rounds.append((bare, ours))
    return _compared(rounds)


def upload(folder: Path) -> float:
    """By how many MB the memory of a process grows while a file of 50 MB comes in and is stored."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.support.upload_memory", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / 1024 / 1024


def rules(folder: Path) -> tuple[float, float]:
    """`rules compute` for 10,000 entries × 7 judges: seconds, and MB of memory at the most."""
    inputs = folder / "inputs.json"
    write_inputs(inputs, entries=10_000, judges=7)
    command = [sys.executable, "-m", "core.cli", "rules", "compute", "--tenant", "thainguyen",
               "--edition", KEY, "--inputs", str(inputs), "--outputs", str(folder / "out.json")]  # fmt: skip
    started = time.perf_counter()
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


class Report:
    """Prints line by line, and counts the lines that miss their mark."""

    def __init__(self) -> None:
        self.missed = 0

    def line(self, what: str, value: float, unit: str, mark: float, *, at_most: bool = False) -> None:
        """One figure beside its mark."""
        holds = value <= mark if at_most else value >= mark
        self.missed += not holds
        bound = "≤" if at_most else "≥"
        self.note(f"{what:<58} {value:>8.3f} {unit:<6} {bound} {mark:g}  {'ok' if holds else 'MISSED'}")

    def note(self, text: str) -> None:
        """A figure without a mark."""
        print(text, flush=True)

    def saving(self, what: str, label: str, measured: tuple[float, float, Cost]) -> None:
        """A saving beside the bare insert."""
        by_rate, by_processor, saved = measured
        self.line(f"saving {what}, {label}: time ÷ a bare insert", by_rate, "", 1.5, at_most=True)
        told = f"{saved.rate:.0f} savings/s, p99 {saved.p99:.0f} ms"
        self.note(f"  {told}, by processor time {by_processor:.3f}")


@dataclass(frozen=True)
class Database:
    """A database that is filled for measurements: what it is called, and who may change its tables."""

    label: str
    ground: Ground
    owner_url: str


def _gallery(report: Report, on: Database) -> None:
    seen = gallery(on.ground)
    report.line(f"gallery of {ENTRIES}, stranger, {on.label}: rate ÷ bare", seen.ratio, "", 0.30)
    report.line(f"  by processor time: bare ÷ it ({seen.cost.micros:.0f} µs)", seen.by_processor, "", 0.30)
    own = gallery_read(on.ground)
    report.note(f"  the same signed in, never kept: {own.ratio:.3f} ({own.cost.micros:.0f} µs)")


def _vote(report: Report, on: Database) -> None:
    cast = vote(on.ground)
    mark = 0.08 if on.label == "PostgreSQL" else 0.0
    report.line(f"vote, signed in, {on.label}: rate ÷ bare", cast.ratio, "", mark)
    told = f"{cast.cost.rate:.0f} votes/s, {cast.cost.micros:.0f} µs of processor"
    report.note(f"  {told}, p99 {cast.cost.p99:.0f} ms, by processor time {cast.by_processor:.3f}")
    memory = cast.cost.resident_mb
    report.line(f"memory of the worker after votes, {on.label}", memory, "MB", 150, at_most=True)


def _field(report: Report, on: Database) -> None:
    report.saving("a field", on.label, save_field(on.ground))


def _desk(report: Report, on: Database) -> None:
    desk = prepare_desk(on.ground.environ, on.owner_url)
    report.saving("a criterion", on.label, save_criterion(on.ground, desk))
    statements = desk_statements(on.ground.environ, desk)
    report.line(f"desk page, {on.label}: statements", statements, "", 12, at_most=True)


def _ranking(report: Report, on: Database) -> None:
    at_first, at_ten = (
        rank(prepare_ranking(on.ground, on.owner_url, entries=entries)) for entries in (ENTRIES, 10 * ENTRIES)
    )
    report.line(f"ranking of {ENTRIES} × 7 while sheets are locked, {on.label}", at_first.ratio, "", 0.05)
    cost = at_first.cost
    told = f"{cost.rate:.0f} pages/s, {cost.micros:.0f} µs, p99 {cost.p99:.0f} ms"
    report.note(f"  {told}, by processor time {at_first.by_processor:.3f}")
    growth = at_ten.cost.micros / cost.micros
    report.line(f"  its cost with {10 * ENTRIES} entries ÷ with {ENTRIES}", growth, "", 1.5, at_most=True)


def _deliberation(report: Report, on: Database) -> None:
    followed = following_turns(on.ground.environ, on.owner_url)
    report.line(
        f"live deliberation, 20 judges: median turn, {on.label}", followed.median, "s", 1, at_most=True
    )
    report.line("  its worst turn", followed.worst, "s", 1, at_most=True)


def _upload(report: Report, folder: Path) -> None:
    report.line("upload of 50 MB, extra memory", upload(folder / "upload"), "MB", 20, at_most=True)


def _rules(report: Report, folder: Path) -> None:
    seconds, megabytes = rules(folder)
    report.line("rules compute, 10,000 entries × 7 judges", seconds, "s", 5, at_most=True)
    report.line("  its memory", megabytes, "MB", 500, at_most=True)


def _plan(report: Report, _folder: Path) -> None:
    taken = plan_seconds(entries=500, judges=60, k=5)
    report.line("assignment plan, 500 entries × 60 judges × 5", taken, "s", 5, at_most=True)


def _hooks(report: Report, _folder: Path) -> None:
    for what, micros in hook_costs().items():
        report.line(f"hook call, {what}", micros, "µs", 10, at_most=True)


ON_DATABASES = {
    "gallery": _gallery,
    "vote": _vote,
    "field": _field,
    "desk": _desk,
    "ranking": _ranking,
    "deliberation": _deliberation,
}
"""What is measured on SQLite and on PostgreSQL, in this order: later ones add to what earlier ones filled."""

ALONE = {"upload": _upload, "rules": _rules, "plan": _plan, "hooks": _hooks}


def main(wanted: Sequence[str]) -> int:
    """Measure what is `wanted` by name, everything where nothing is named, and print it."""
    names = wanted or [*ON_DATABASES, *ALONE]
    unknown = sorted(set(names) - ON_DATABASES.keys() - ALONE.keys())
    if unknown:
        print(f"no such line: {', '.join(unknown)}; there are {', '.join([*ON_DATABASES, *ALONE])}")
        return 2
    report = Report()
    with tempfile.TemporaryDirectory() as name, postgres(Path(name)) as (owner_url, app_url):
        folder = Path(name)
        databases = _databases(folder, owner_url, app_url) if set(names) & ON_DATABASES.keys() else []
        for database in databases:
            for key, measure_it in ON_DATABASES.items():
                if key in names:
                    measure_it(report, database)
        for key, measure_alone in ALONE.items():
            if key in names:
                measure_alone(report, folder)
    return 1 if report.missed else 0


def _databases(folder: Path, owner_url: str, app_url: str) -> list[Database]:
    base = {"BANGVANG_VAR": str(folder / "sqlite"), "SECRET_KEY": "bench " * 8}
    sqlite_url = f"sqlite:///{folder}/sqlite/bangvang.db"
    sqlite = prepare(base, sqlite_url, entries=ENTRIES, voters=VOTERS)
    with_server = base | {"BANGVANG_VAR": str(folder / "pg"), "DATABASE_URL": app_url}
    server = prepare(with_server, owner_url, entries=ENTRIES, voters=VOTERS)
    return [Database("SQLite", sqlite, sqlite_url), Database("PostgreSQL", server, owner_url)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
