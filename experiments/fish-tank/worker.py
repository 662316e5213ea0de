"""A stub of a simulation worker: a configuration as JSON on standard input; on standard output a line of JSON a day, then one of the metrics."""
import json
import random
import sys
import time


def put(settings, path, value):
    *parents, last = path.split(".")
    for part in parents:
        settings = settings[part]
    settings[last] = value


def simulate(settings):
    chance = random.Random(settings["seed"])
    tank = settings["tank"]
    weights = [10.0] * int(tank["fish"])
    for day in range(int(settings["days"])):
        time.sleep(settings["pause_ms"] / settings["days"] / 1000)
        for step in settings["execution_sequence"]:
            if step.get("intervention") and int(step.get("at", 0)) == day:
                for path, value in step.get("set", {}).items():
                    put(settings, path, value)
        stress = abs(tank["temperature"] - 24) / 10
        weights = [
            weight * (1 + 0.02 * tank["feed"] - 0.01 * stress + chance.gauss(0, 0.005))
            for weight in weights
            if chance.random() > 0.001 + 0.02 * stress * stress
        ]
        print(json.dumps({"day": day + 1, "biomass": sum(weights), "survivors": len(weights)}), flush=True)
    return {"biomass": sum(weights), "survivors": len(weights)}


settings = json.load(sys.stdin)
if settings["tank"]["fish"] == 0:
    sys.exit("a tank without fish cannot be simulated")
print(json.dumps(simulate(settings)))
