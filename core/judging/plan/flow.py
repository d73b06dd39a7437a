"""The plan of least cost, by successive shortest paths with potentials on whole numbers.

Ahuja, Magnanti, Orlin: Network Flows (1993), section 9.7; convex costs of loads as in section 14.3. Units of flow go
from an entry over (judge, field) and the judge to the sink. Entries are not nodes of the search: an entry of the field
f that judge a has can go over to b at cost(f, b) - cost(f, a), so what is searched are (judge, field) and judges
alone, however many entries there are. Each unit takes the shortest path, which keeps the plan so far at its optimum;
where the sink is out of reach, the entry for which it is cheapest lacks a judge.
"""

from __future__ import annotations

from hashlib import sha256
from heapq import heappop, heappush

from core.judging.plan.values import Lack, Pair, Plan, PlanEntry, PlanJudge, Problem

_FROM_ENTRY = -1
_UNREACHED = 1 << 200


def solve(problem: Problem) -> Plan:
    """The plan of least cost. The same problem has the same plan, in whatever order its parts come."""
    network = _Network(problem)
    for place in range(len(network.entries)):
        for _unit in range(network.demand[place]):
            network.send(place)
    return network.plan()


def _shuffled(seed: int, name: str) -> tuple[bytes, str]:
    return sha256(f"{seed}\n{name}".encode()).digest(), name


class _Search:
    """One search of Dijkstra's: how far each node is by reduced costs, and over which node and with which entry."""

    def __init__(self, nodes: int, first_judge: int) -> None:
        self.distance = [_UNREACHED] * nodes
        self.before = [_FROM_ENTRY] * nodes
        self.moved = [_FROM_ENTRY] * nodes
        self.settled: list[int] = []
        self._first_judge = first_judge
        self._heap: list[tuple[int, int, int]] = []

    def reach(self, node: int, length: int, origin: int, entry: int) -> None:
        """Note that a node is `length` away, if that is nearer than it was."""
        if length < self.distance[node]:
            self.distance[node], self.before[node], self.moved[node] = length, origin, entry
            # Nearer to the sink first among equals: most units go straight there.
            order = -node if node >= self._first_judge else node
            heappush(self._heap, (length, order, node))

    def settle(self) -> int | None:
        """The nearest node whose arcs were not followed yet."""
        while self._heap:
            length, _order, node = heappop(self._heap)
            if length == self.distance[node]:
                self.settled.append(node)
                return node
        return None


class _Network:
    """The plan so far as a residual network. Nodes: (judge, field) = field × judges + judge, judges, the sink."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.entries: list[PlanEntry] = sorted(
            problem.entries, key=lambda one: _shuffled(problem.seed, one.code)
        )
        self.judges: list[PlanJudge] = sorted(
            problem.judges, key=lambda one: _shuffled(problem.seed, one.number)
        )
        names = sorted({one.field for one in self.entries}, key=lambda name: (name is not None, name or ""))
        place_of_field = {name: place for place, name in enumerate(names)}
        self.field = [place_of_field[one.field] for one in self.entries]
        self.count = len(self.judges)
        self.first_judge = len(names) * self.count
        self.sink = self.first_judge + self.count
        weights = problem.weights
        self.fit = [weights.of(judge.fit(name)) for name in names for judge in self.judges]
        # At each (judge, field): the entries that may move, in the order in which they came.
        self.held: list[dict[int, None]] = [{} for _ in range(self.first_judge)]
        self.fixed_here = [0] * self.first_judge
        self.load = [0] * self.count
        self.lacking = [0] * len(self.entries)
        self.open_to: list[list[bool]] = [[True] * self.count for _ in self.entries]
        self.demand = [max(problem.k - one.done, 0) for one in self.entries]
        self._keep()
        self.short, self.lack = self._weighty()
        self.potential = [0] * (self.sink + 1)
        self.potential[self.sink] = min((self._load_cost(j) for j in range(self.count)), default=0)

    def _keep(self) -> None:
        """Take in what is barred and what is kept."""
        entry_at = {one.code: place for place, one in enumerate(self.entries)}
        judge_at = {one.number: place for place, one in enumerate(self.judges)}
        for code, number in self.problem.barred:
            if code in entry_at and number in judge_at:
                self.open_to[entry_at[code]][judge_at[number]] = False
        for code, number in self.problem.kept - self.problem.barred:
            if code in entry_at and number in judge_at:
                entry, judge = entry_at[code], judge_at[number]
                self.open_to[entry][judge] = False
                self.demand[entry] = max(self.demand[entry] - 1, 0)
                self.fixed_here[self.field[entry] * self.count + judge] += 1
                self.load[judge] += 1

    def _weighty(self) -> tuple[int, int]:
        """The weights of an entry below the least load, and of a lacking judge: each above all that is below it."""
        weights, units = self.problem.weights, sum(self.demand)
        highest = max(self.load, default=0) + units
        # What one unit can cost or save on its way is below this; a path has at most as many steps as nodes.
        step = max(weights.none, weights.near, 0) + (2 * highest + 1) * (weights.load + weights.spread)
        short = 1 + step * (units + self.sink + 1)
        return short, 1 + (short + step) * (units + self.sink + 1)

    def _load_cost(self, judge: int) -> int:
        """What one more entry costs at a judge."""
        load = self.load[judge]
        gain = self.short if load < self.problem.least else 0
        return self.problem.weights.load * (2 * load + 1) - gain

    def _field_cost(self, node: int) -> int:
        """What the last entry of the field that the judge has costs."""
        return self.problem.weights.spread * (2 * (self.fixed_here[node] + len(self.held[node])) - 1)

    def _movable(self, node: int, judge: int) -> int | None:
        """An entry at the (judge, field) that `judge` could have instead."""
        return next((entry for entry in self.held[node] if self.open_to[entry][judge]), None)

    def send(self, entry: int) -> None:
        """One more judge for an entry, along the shortest path."""
        start = self.field[entry] * self.count
        starts = [start + judge for judge in range(self.count) if self.open_to[entry][judge]]
        if not starts:
            self.lacking[entry] += 1
            return
        base = min(self.fit[node] - self.potential[node] for node in starts)
        search = _Search(self.sink + 1, self.first_judge)
        for node in starts:
            search.reach(node, self.fit[node] - self.potential[node] - base, _FROM_ENTRY, entry)
        while (nearest := search.settle()) is not None:
            if nearest == self.sink:
                self._shift(search, search.distance[nearest])
                self._augment(search)
                return
            if nearest < self.first_judge:
                self._from_field(nearest, search)
            else:
                self._from_judge(nearest, search)
        self._go_without(entry, base, search)

    def _from_judge(self, node: int, search: _Search) -> None:
        """On to the sink, or one entry of a field fewer."""
        judge, reached = node - self.first_judge, search.distance[node] + self.potential[node]
        if self.problem.most is None or self.load[judge] < self.problem.most:
            search.reach(
                self.sink, reached + self._load_cost(judge) - self.potential[self.sink], node, _FROM_ENTRY
            )
        for back in range(judge, self.first_judge, self.count):
            if self.held[back]:
                length = reached - self._field_cost(back) - self.potential[back]
                search.reach(back, length, node, _FROM_ENTRY)

    def _from_field(self, node: int, search: _Search) -> None:
        """One entry of the field more at the judge, or one that he has to another judge."""
        field, judge = divmod(node, self.count)
        reached = search.distance[node] + self.potential[node]
        hub = self.first_judge + judge
        one_more = self._field_cost(node) + 2 * self.problem.weights.spread
        search.reach(hub, reached + one_more - self.potential[hub], node, _FROM_ENTRY)
        if not self.held[node]:
            return
        reached -= self.fit[node]
        for there in range(field * self.count, (field + 1) * self.count):
            length = reached + self.fit[there] - self.potential[there]
            if length < search.distance[there]:
                movable = self._movable(node, there % self.count)
                if movable is not None:
                    search.reach(there, length, node, movable)

    def _shift(self, search: _Search, reached: int) -> None:
        for node in search.settled:
            self.potential[node] += search.distance[node] - reached

    def _augment(self, search: _Search) -> None:
        """Move the unit along the path that ends at the sink."""
        judge = search.before[self.sink]
        self.load[judge - self.first_judge] += 1
        self._move_along(judge, search)

    def _move_along(self, node: int, search: _Search) -> None:
        """Carry out the moves of the path that ends at `node`, the last first."""
        while node != _FROM_ENTRY:
            origin, entry = search.before[node], search.moved[node]
            if entry != _FROM_ENTRY:
                judge = node % self.count
                if origin != _FROM_ENTRY:
                    del self.held[origin][entry]
                    self.open_to[entry][origin % self.count] = True
                self.held[node][entry] = None
                self.open_to[entry][judge] = False
            node = origin

    def _go_without(self, entry: int, base: int, search: _Search) -> None:
        """Let an entry lack a judge: this one, or one that makes room for it, whichever costs the least."""
        cost, node, without = self.lack * (self.lacking[entry] + 1), _FROM_ENTRY, entry
        for reached in sorted(search.settled):
            if reached < self.first_judge:
                length = search.distance[reached] + base + self.potential[reached] - self.fit[reached]
                for held in self.held[reached]:
                    instead = length + self.lack * (self.lacking[held] + 1)
                    if instead < cost:
                        cost, node, without = instead, reached, held
        self._shift(search, cost - base - self.potential[self.sink])
        self.lacking[without] += 1
        if node == _FROM_ENTRY:
            return
        self._move_along(node, search)
        del self.held[node][without]
        self.open_to[without][node % self.count] = True

    def plan(self) -> Plan:
        """The plan as it stands."""
        codes = {one.code for one in self.entries}
        numbers = {one.number for one in self.judges}
        pairs: list[Pair] = [
            pair
            for pair in self.problem.kept - self.problem.barred
            if pair[0] in codes and pair[1] in numbers
        ]
        pairs += [
            (self.entries[entry].code, self.judges[node % self.count].number)
            for node, held in enumerate(self.held)
            for entry in held
        ]
        return Plan(tuple(sorted(pairs)), lacks_of(self.problem, pairs))


def lacks_of(problem: Problem, pairs: list[Pair] | tuple[Pair, ...]) -> tuple[Lack, ...]:
    """The entries with fewer than k judges among `pairs`, by code."""
    has: dict[str, int] = {one.code: one.done for one in problem.entries}
    for code, _number in pairs:
        if code in has:
            has[code] += 1
    numbers = {one.number for one in problem.judges}
    barred: dict[str, int] = {}
    for code, number in problem.barred:
        if number in numbers:
            barred[code] = barred.get(code, 0) + 1
    return tuple(
        Lack(code, problem.k - count, len(numbers) - barred.get(code, 0))
        for code, count in sorted(has.items())
        if count < problem.k
    )
