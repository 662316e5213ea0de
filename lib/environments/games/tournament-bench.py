# Axelrod-Python's side of tournament.bench.ts: every pair of the same fifteen strategies, 200 turns, no cache. Prints turns a second.
import time
import warnings

warnings.filterwarnings("ignore")
import axelrod as axl

players = [
    axl.Cooperator, axl.Defector, axl.TitForTat, axl.TitFor2Tats, axl.TwoTitsForTat, axl.Grudger, axl.Alternator,
    axl.SuspiciousTitForTat, axl.WinStayLoseShift, axl.FirstByDavis, axl.Punisher, axl.CyclerCCD, axl.HardTitForTat,
    axl.Bully, axl.AntiTitForTat,
]
turns = 200


def tournament():
    total = 0
    for row in players:
        for column in players:
            match = axl.Match((row(), column()), turns=turns)
            match.play()
            total += match.final_score()[0]
    return total


total = tournament()
best = None
for _ in range(5):
    started = time.process_time()
    tournament()
    seconds = time.process_time() - started
    best = seconds if best is None else min(best, seconds)
print(f"{axl.__version__} {turns * len(players) ** 2 / best:.0f} {total}")
