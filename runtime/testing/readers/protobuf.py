# Decodes Protocol Buffers from their wire format alone, for the readers of files that labwright writes.
import struct


def fields(data):
    """Yields (number, value): an int for varints, bytes for the rest."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = data[at : at + 8], at + 8
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at : at + length], at + length
            assert len(value) == length, "a field is cut"
        elif kind == 5:
            value, at = data[at : at + 4], at + 4
        else:
            raise ValueError(f"wire type {kind}")
        yield number, value


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def message(data):
    """Values by number of field, in order."""
    found = {}
    for number, value in fields(data):
        found.setdefault(number, []).append(value)
    return found


def text(value):
    return value.decode("utf-8")


def double(value):
    return struct.unpack("<d", value)[0]


def single(value):
    return struct.unpack("<f", value)[0]
