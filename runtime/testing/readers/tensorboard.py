# Reads a folder of TensorBoard's event files without TensorBoard and prints JSON: by run (folder) its scalars, texts and HParams.
import json
import os
import struct
import sys

from protobuf import double, message, single, text


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


assert crc32c(b"123456789") == 0xE3069283, "RFC 3720, B.4"


def records(path):
    data = open(path, "rb").read()
    at = 0
    while at < len(data):
        head = data[at : at + 8]
        (length,) = struct.unpack("<Q", head)
        assert struct.unpack("<I", data[at + 8 : at + 12])[0] == masked(head), "checksum of a length"
        body = data[at + 12 : at + 12 + length]
        (crc,) = struct.unpack("<I", data[at + 12 + length : at + 16 + length])
        assert crc == masked(body), "checksum of a message"
        yield body
        at += 16 + length


def value_of(data):
    value = message(data)
    if 2 in value:
        return double(value[2][0])
    return text(value[3][0]) if 3 in value else bool(value[4][0])


def hparams_of(data):
    plugin = message(data)
    if 2 in plugin:
        experiment = message(plugin[2][0])
        infos = [message(each) for each in experiment.get(4, [])]
        return {
            "name": text(experiment[6][0]),
            "parameters": {
                text(info[1][0]): [value_of(each) for each in message(info[5][0]).get(1, [])] for info in infos
            },
            "metrics": [text(message(message(each)[1][0])[2][0]) for each in experiment.get(5, [])],
        }
    if 3 in plugin:
        session = message(plugin[3][0])
        pairs = [message(each) for each in session.get(1, [])]
        return {
            "group": text(session[4][0]),
            "values": {text(pair[1][0]): value_of(pair[2][0]) for pair in pairs},
        }
    return {"status": message(plugin[4][0])[1][0]}


def read(path):
    run = {"scalars": {}, "texts": {}, "hparams": {}}
    for index, record in enumerate(records(path)):
        event = message(record)
        if index == 0:
            assert text(event[3][0]) == "brain.Event:2"
            continue
        step = event.get(2, [0])[0]
        for each in message(event[5][0])[1]:
            value = message(each)
            tag = text(value[1][0])
            if 2 in value:
                run["scalars"].setdefault(tag, []).append([step, single(value[2][0])])
                continue
            plugin = message(message(value[9][0])[1][0])
            if text(plugin[1][0]) == "hparams":
                run["hparams"][tag] = hparams_of(plugin[2][0])
            else:
                run["texts"][tag] = text(message(value[8][0])[8][0])
    return run


runs = {}
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if ".tfevents." in name:
            runs[os.path.relpath(folder, sys.argv[1])] = read(os.path.join(folder, name))
print(json.dumps(runs))
