"""A client of the protocol that knows nothing but the package websockets and the text of the protocol: it joins the game
"pilot", flies to the right for 30 frames, and leaves. Its only argument is the server's URL; it prints what it saw."""

import asyncio
import json
import sys
import urllib.request

import websockets


def varint(b, at):
    value = shift = 0
    while True:
        value |= (b[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if b[at - 1] < 128:
            return value, at


def fields(b):
    """Reads the fields of a protobuf message."""
    at = 0
    while at < len(b):
        tag, at = varint(b, at)
        if tag & 7 == 0:
            value, at = varint(b, at)
        elif tag & 7 == 2:
            size, at = varint(b, at)
            value, at = b[at : at + size], at + size
        elif tag & 7 == 5:
            value, at = b[at : at + 4], at + 4
        else:
            raise ValueError("wire type %d" % (tag & 7))
        yield tag >> 3, value


def encoded(v):
    out = bytearray()
    while v >= 128:
        out.append(v & 127 | 128)
        v >>= 7
    out.append(v)
    return bytes(out)


def number(field, v):
    return encoded(field << 3) + encoded(v)


def nested(field, b):
    return encoded(field << 3 | 2) + encoded(len(b)) + b


def seat(url):
    body = json.dumps({"game": "pilot", "name": "websockets"}).encode()
    request = urllib.request.Request(
        url + "/tickwire.v1.LobbyService/JoinOrCreate", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["seat"]


async def play(url):
    taken = seat(url)
    seen = {"frames": 0, "ticks": [], "player": 0, "x": 0}
    tick, stride = 0, 1
    protocols = ["tickwire.v1", "ticket." + taken["ticket"]]
    async with websockets.connect(taken["url"], subprotocols=protocols) as socket:
        seen["protocol"] = socket.subprotocol
        await socket.send(nested(6, b""))  # hello, of a client that reads the plain codec
        echo = await socket.ping(b"echo")
        while seen["frames"] < 30:
            message = await socket.recv()
            if not isinstance(message, bytes):
                raise TypeError("a text frame")
            delta, given = None, 0
            for field, value in fields(message):
                if field == 1:
                    given = value
                elif field == 6:
                    delta = value
                elif field == 10:
                    welcome = dict(fields(value))
                    seen["player"], stride = welcome[3], welcome[5]
            if delta is None:
                continue
            tick = given or tick + stride
            seen["frames"] += 1
            seen["ticks"].append(tick)
            for _, table in fields(delta):
                for field, row in fields(table):
                    r = dict(fields(row)) if field == 3 else {}
                    if r.get(1) == seen["player"] and r.get(2, 0) & 1:
                        x, _ = varint(r[3], 0)
                        seen["x"] = x >> 1 ^ -(x & 1)
            await socket.send(number(1, tick) + number(2, tick + 2) + nested(3, nested(1, b"\x02")))  # to the right
        await echo
        seen["pong"] = "echo"
        await socket.close(1000)
        seen["code"] = socket.close_code
    print(json.dumps(seen))


asyncio.run(play(sys.argv[1]))
