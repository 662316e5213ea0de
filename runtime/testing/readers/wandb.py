# Reads offline runs of Weights & Biases without its package and prints JSON: by id of the run its configuration, history, summary and exit.
import glob
import json
import os
import struct
import sys
import zlib

from protobuf import message, text

BLOCK = 32768


def payloads(path):
    data = open(path, "rb").read()
    assert struct.unpack("<4sHB", data[:7]) == (b":W&B", 0xBEE1, 0)
    at, parts = 7, []
    while at < len(data):
        room = BLOCK - at % BLOCK
        if room < 7:
            assert data[at : at + room] == b"\0" * room, "padding"
            at += room
            continue
        crc, length, kind = struct.unpack("<IHB", data[at : at + 7])
        body = data[at + 7 : at + 7 + length]
        assert 7 + length <= room, "a record crosses the end of its block"
        assert crc == zlib.crc32(body, zlib.crc32(bytes([kind]))), "checksum"
        assert (kind in (1, 2)) == (not parts), "order of fragments"
        parts.append(body)
        at += 7 + length
        if kind in (1, 4):
            yield b"".join(parts)
            parts = []
    assert not parts, "the last record has no end"


def items(data, number=1):
    found = [message(each) for each in message(data).get(number, [])]
    return {text(each[1][0]): json.loads(each[16][0]) for each in found}


names = {2: "history", 3: "summary", 6: "files", 17: "run", 18: "exit", 20: "final", 21: "header", 22: "footer"}
runs = {}
for path in glob.glob(os.path.join(sys.argv[1], "offline-run-*", "run-*.wandb")):
    run = {"order": [], "history": [], "files": []}
    for index, payload in enumerate(payloads(path)):
        record = message(payload)
        assert record[1] == [index + 1], "numbers of records"
        kind = next(names[number] for number in record if number in names)
        body = record[next(number for number in names if names[number] == kind)][0]
        if not run["order"] or run["order"][-1] != kind:
            run["order"].append(kind)
        if kind == "run":
            own = message(body)
            start = message(own[17][0])
            run.update(
                id=text(own[1][0]),
                project=text(own[3][0]),
                group=text(own[6][0]),
                name=text(own[8][0]),
                start=start[1][0],
                config=items(own[4][0]),
            )
        elif kind == "history":
            run["history"].append({**items(body), "step": message(message(body)[2][0]).get(1, [0])[0]})
        elif kind == "summary":
            run["summary"] = items(body)
        elif kind == "files":
            run["files"] = [text(message(each)[1][0]) for each in message(body)[1]]
        elif kind == "exit":
            run["exit"] = message(body).get(1, [0])[0]
    assert os.path.basename(path) == f"run-{run['id']}.wandb"
    for name in run["files"]:
        assert os.path.isfile(os.path.join(os.path.dirname(path), "files", name)), name
    runs[run["id"]] = run
print(json.dumps(runs))
