#!/usr/bin/env python3
"""Checks Fixtures/vectors with a decoder and verifier written from Specs alone.

Signatures need the module `cryptography`, compressed rows `zstandard`; without them those parts
are skipped, and the last line says so.
"""
import hashlib
import pathlib
import sys

try:
    from cryptography.hazmat.primitives.asymmetric import ed25519
except ImportError:
    ed25519 = None
try:
    import zstandard
except ImportError:
    zstandard = None

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "vectors"
SEQ_MAX, BODY_MAX, RAW_MAX, BLOCK_MAX = 2**32 - 1, 65536, 8 << 20, 16 << 20


class Bad(Exception):
    """What a decoder or verifier answers: the error's name and what it names."""


class Skip(Exception):
    """A module for this vector is missing."""


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def big(number, count=8):
    return number.to_bytes(count, "big")


def valid(key, signature, text):
    if ed25519 is None:
        return True
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
        return True
    except Exception:
        return False


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def need(self, condition):
        if not condition:
            raise Bad("malformed")

    def take(self, count):
        self.need(count <= len(self.data) - self.at)
        self.at += count
        return self.data[self.at - count : self.at]

    def fixed(self, count):
        return int.from_bytes(self.take(count), "big")

    def varint(self, limit=2**64 - 1):
        value = shift = 0
        while True:
            byte = self.fixed(1)
            value |= (byte & 127) << shift
            if byte < 128:
                self.need((byte or not shift) and value <= min(limit, 2**64 - 1))
                return value
            shift += 7
            self.need(shift <= 63)

    def zigzag(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def counted(self, limit):
        return self.take(self.varint(limit))

    def text(self, limit, low=0):
        data = self.counted(limit)
        self.need(len(data) >= low)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise Bad("malformed")

    def end(self):
        self.need(self.at == len(self.data))


# op.md


def body_hash(body, salt=None):
    return H(b"fika:bd1", b"\0" if salt is None else b"\x08" + salt, body)


def header(kind, log, dot, time, target, origin, body_hash):
    flags = (1 if target else 0) | (2 if origin else 0)
    parts = [b"fika:op1", big(kind, 2), big(flags, 1), log, dot[0], big(dot[1]), big(time)]
    if target:
        parts += [target[0], big(target[1])]
    if origin:
        parts += [origin[0][0], big(origin[0][1]), origin[1]]
    return b"".join(parts + [body_hash])


def read_introduction(body):
    reader = Reader(body)
    role = reader.fixed(1)
    reader.need(role <= 1)
    key, incarnation = reader.take(32), reader.take(16)
    user = reader.text(64, 1) if role == 0 else None
    reader.need(not user or all(ord(c) >= 32 and ord(c) != 127 for c in user))
    reader.text(256)
    preimage, users = None, []
    if reader.at < len(body):
        preimage = body[reader.at :]
        kind = reader.fixed(1)
        reader.take(16)
        count = reader.varint(2)
        users = [reader.text(64, 1).encode() for _ in range(count)]
        reader.need(users == sorted(set(users)))
        reader.need((kind, count) in [(1, 1), (1, 2), (2, 1), (3, 0)])
    reader.end()
    return dict(replica=H(b"fika:rp1", key, incarnation)[:16], key=key, user=user,
                preimage=preimage, users=users)


# segment.md


def read_rows(reader, log, replicas, runs, count, heads, bodies):
    rows, done, latest = [], [0] * len(runs), [0] * len(replicas)
    run, time, used = -1, 0, 0

    def reference():
        index = reader.varint(len(replicas) - 1)
        seq = latest[index] - reader.zigzag()
        reader.need(1 <= seq <= SEQ_MAX)
        latest[index] = max(latest[index], seq)
        return (replicas[index], seq)

    for _ in range(count):
        kind, flags = reader.varint(65535), reader.fixed(1)
        reader.need(flags < 128 and flags & 24 != 24 and flags & 96 != 64)
        if flags & 1:
            index = reader.varint(len(runs) - 1)
            reader.need(index != run)
            run = index
        reader.need(run >= 0 and done[run] < runs[run][2])
        writer, first, _ = runs[run]
        seq = first + done[run]
        done[run] += 1
        latest[writer] = seq
        if flags & 32:
            milliseconds = (time >> 16) + reader.zigzag()
            counter = reader.varint(65535) if flags & 64 else 0
            reader.need(0 <= milliseconds <= 2**47 and (counter or not flags & 64))
            reader.need(milliseconds << 16 | counter != time + 1)
            time = milliseconds << 16 | counter
        else:
            time += 1
            reader.need(time >> 16 <= 2**47)
        target = reference() if flags & 2 else None
        origin = (reference(), reader.take(32)) if flags & 4 else None
        erased = reader.take(32) if flags & 16 else None
        length = reader.varint(8 if erased else BODY_MAX)
        reader.need(used + length <= len(bodies))
        rows.append(dict(kind=kind, run=run, dot=(replicas[writer], seq), time=time, target=target,
                         origin=origin, erased=erased, salted=flags & 8, salt=None,
                         body=bodies[used : used + length]))
        used += length
    reader.end()
    reader.need(used == len(bodies))
    return rows


def read_block(data):
    reader = Reader(data)
    version = reader.fixed(1)
    if version != 1:
        raise Bad(f"unsupportedVersion {version}")
    flags = reader.fixed(1)
    reader.need(flags <= 1)
    log = reader.take(16)
    reader.need(reader.varint() == 0)
    replicas = [reader.take(16) for _ in range(reader.varint(4096))]
    reader.need(replicas and len(set(replicas)) == len(replicas))
    runs, last, count = [], {}, 0
    for _ in range(reader.varint(1024)):
        index, first, length = reader.varint(len(replicas) - 1), reader.varint(SEQ_MAX), reader.varint(1024)
        reader.need(first and length and first + length - 1 <= SEQ_MAX)
        reader.need(first > last.get(index, -1) + 1)
        last[index], count = first + length - 1, count + length
        runs.append((index, first, length))
    reader.need(runs and count <= 1024)
    heads, bodies = reader.varint(RAW_MAX), reader.varint(RAW_MAX)
    reader.need(heads + bodies <= RAW_MAX)
    raw = reader.counted(BLOCK_MAX)
    if flags:
        if zstandard is None:
            raise Skip("zstandard")
        try:
            raw = zstandard.ZstdDecompressor().decompress(raw, max_output_size=RAW_MAX)
        except zstandard.ZstdError:
            raise Bad("malformed")
    reader.need(len(raw) == heads + bodies)
    rows = read_rows(Reader(raw[:heads]), log, replicas, runs, count, heads, raw[heads:])
    for row in rows:
        if row["salted"]:
            row["salt"] = reader.take(8)
        row["body_hash"] = row["erased"] or body_hash(row["body"], row["salt"])
        row["hash"] = H(header(row["kind"], log, row["dot"], row["time"], row["target"],
                               row["origin"], row["body_hash"]))
    reader.end()
    return log, [(replicas[i], first, first + length - 1) for i, first, length in runs], rows


def read_sealed(data):
    reader = Reader(data)
    log, runs, rows = read_block(reader.counted(BLOCK_MAX))
    cards = []
    for _ in range(reader.varint(4096)):
        time, body = reader.fixed(8), reader.counted(BODY_MAX)
        reader.need(time >> 16 <= 2**47)
        cards.append((time, body, read_introduction(body), reader.take(64)))
    proofs = []
    for _, first, _ in runs:
        before = reader.take(32) if first > 1 else None
        seals, seq = [], first - 1
        for _ in range(reader.varint(1024)):
            step = reader.varint(64)
            seq += step
            reader.need(step and seq <= SEQ_MAX)
            seals.append((seq, reader.take(64)))
        proofs.append((before, seals, [reader.take(32) for _ in range(reader.varint(63))]))
    reader.end()
    return log, runs, rows, cards, proofs


# chain.md


def start(log, replica):
    return H(b"fika:cs1", log, replica)


def seal_text(log, replica, seq, chain):
    return b"fika:sl1" + log + replica + big(seq) + chain


def check_log(card, log):
    replica = card["replica"].hex()
    if card["preimage"]:
        if H(b"fika:ld1", card["preimage"])[:16] != log:
            raise Bad(f"unproven {replica}")
        if card["user"] and card["users"] and card["user"].encode() not in card["users"]:
            raise Bad(f"unproven {replica}")


def check_places(replica, first, last, seals, tail):
    covered = first - 1
    for seq, _ in seals:
        if covered >= last:
            raise Bad("inconsistent")
        permanent = 1 if covered == 0 else (covered // 64 + 1) * 64
        if not covered < seq <= permanent:
            raise Bad(f"missingSeal {replica.hex()}:{covered + 1}")
        covered = seq
    if covered < last or covered != last + len(tail):
        raise Bad(f"missingSeal {replica.hex()}:{min(covered, last) + 1}")


def verify(log, runs, rows, cards, proofs):
    """Verifies for somebody who knows no replica; returns a line for each run."""
    keys, introduced, claims, previous = {}, {}, [], b""
    for time, body, card, signature in cards:
        replica = card["replica"]
        if replica <= previous or replica not in [run[0] for run in runs]:
            raise Bad("inconsistent")
        previous = replica
        check_log(card, log)
        op = H(header(1, log, (replica, 1), time, None, None, body_hash(body)))
        chain = H(b"fika:ch1", start(log, replica), op)
        claims.append((replica, 1, card["key"], signature, chain))
        keys[replica], introduced[replica] = card["key"], (time, body)
    for row in rows:
        replica, seq = row["dot"]
        if seq != 1:
            continue
        plain = not (row["target"] or row["origin"] or row["erased"] or row["salted"])
        if row["kind"] != 1 or not plain:
            raise Bad(f"unproven {replica.hex()}")
        card = read_introduction(row["body"])
        if card["replica"] != replica:
            raise Bad(f"unproven {replica.hex()}")
        seals = proofs[row["run"]][1]
        if not seals or seals[0][0] != 1:
            raise Bad(f"missingSeal {replica.hex()}:1")
        if introduced.get(replica, (row["time"], row["body"])) != (row["time"], row["body"]):
            raise Bad(f"fork {replica.hex()}:1")
        check_log(card, log)
        keys[replica] = card["key"]
    for replica, _, _ in runs:
        if replica not in keys:
            raise Bad(f"unproven {replica.hex()}")
    for (replica, first, last), (before, seals, tail) in zip(runs, proofs):
        check_places(replica, first, last, seals, tail)
    known, lines = {}, []
    for row in rows:
        if row["kind"] == 1 and row["dot"][1] != 1:
            raise Bad(f"unproven {row['dot'][0].hex()}")
    for index, ((replica, first, last), (before, seals, tail)) in enumerate(zip(runs, proofs)):
        chain = before or start(log, replica)
        chains, hashes = {first - 1: chain}, [row["hash"] for row in rows if row["run"] == index]
        for seq, op in enumerate(hashes + tail, first):
            chain = chains[seq] = H(b"fika:ch1", chain, op)
        for seq, value in chains.items():
            if known.setdefault((replica, seq), value) != value:
                raise Bad(f"fork {replica.hex()}:{max(seq, first)}")
        for seq, signature in seals:
            claims.append((replica, seq, keys[replica], signature, chains[seq]))
        lines.append(f"{replica.hex()} {first} {last} {chains[first - 1].hex()} {chains[last].hex()}")
    for replica, seq, key, signature, chain in claims:
        if not valid(key, signature, seal_text(log, replica, seq, chain)):
            raise Bad(f"badSeal {replica.hex()}:{seq}")
    return lines


# sync-protocol.md

FRAME_MAX, TIME_MAX, POSITION_MAX = 16842752, 2**47 - 1, 2**48 - 1
FRAMES = {1: "welcome", 2: "hello", 3: "ready", 4: "failure", 5: "cursors", 6: "status", 7: "names",
          8: "brief", 9: "batch", 10: "placed", 11: "head", 12: "refusal", 13: "credit", 14: "page",
          15: "want", 16: "positions", 17: "done", 18: "haves", 19: "synced", 20: "ephemeral",
          21: "ping", 22: "pong", 23: "goodbye"}


class FrameReader(Reader):
    """Reads a frame's body and notes its fields as the vectors write them."""

    def __init__(self, data):
        super().__init__(data)
        self.lines = []

    def note(self, key, *values):
        self.lines.append((key, " ".join(v.hex() if isinstance(v, bytes) else str(v) for v in values)))

    def rest(self, limit=FRAME_MAX):
        self.need(len(self.data) - self.at <= limit)
        return self.take(len(self.data) - self.at)

    def byte(self, low, high):
        value = self.fixed(1)
        self.need(low <= value <= high)
        return value

    def positive(self, limit=2**64 - 1):
        value = self.varint(limit)
        self.need(value)
        return value

    def user(self):
        text = self.text(64, 1)
        self.need(all(ord(c) >= 32 and ord(c) != 127 for c in text))
        return text.encode()

    def name(self):
        number = self.varint()
        return number if number else "id:" + self.take(16).hex()

    def interval(self, last):
        gap = self.varint(SEQ_MAX)
        self.need(gap >= (2 if last else 1))
        first = last + gap
        end = first + self.varint(SEQ_MAX)
        self.need(end <= SEQ_MAX)
        return first, end

    def placements(self):
        count = self.varint(1024)
        replicas = [self.take(16) for _ in range(self.varint(count))]
        self.need(replicas == sorted(set(replicas)))
        used, time = set(), 0
        for _ in range(count):
            index, seq = self.varint(), self.positive(SEQ_MAX)
            self.need(index < len(replicas))
            number, position = self.positive(SEQ_MAX), self.positive(POSITION_MAX)
            self.need(seq + number - 1 <= SEQ_MAX and position + number - 1 <= POSITION_MAX)
            time += self.zigzag()
            self.need(0 <= time <= TIME_MAX)
            used.add(index)
            self.note("placement", replicas[index], seq, number, position, time)
        self.need(len(used) == len(replicas))

    def head_after_log(self):
        epoch, position = self.fixed(8), self.varint(POSITION_MAX)
        self.note("head", epoch, position, self.take(32), self.take(32))
        self.note("signature", self.take(64))

    def welcome(self):
        low, high = self.fixed(1), self.fixed(1)
        self.need(low <= high)
        self.note("versions", low, high)
        role = self.byte(0, 1)
        self.note("role", role)
        self.note("key", self.take(32))
        self.note("epoch", self.fixed(8))
        time = self.varint(TIME_MAX)
        self.note("time", time)
        self.note("base", time - self.varint(time))
        self.note("nonce", self.take(16))
        self.note("credit", self.varint(2**32))
        if role == 1:
            self.note("user", self.user())

    def hello(self):
        self.note("version", self.fixed(1))
        self.note("key", self.take(32))
        self.note("nonce", self.take(16))
        self.note("workspace", self.take(16))
        self.note("user", self.user())
        self.note("token", self.counted(4096))
        self.note("credit", self.varint(2**32))
        if self.byte(0, 1):
            self.note("summary", self.fixed(16), self.varint())
        self.note("complete_until", self.varint(TIME_MAX))
        self.note("signature", self.take(64))

    def ready(self):
        self.note("outcome", self.byte(0, 3))
        self.note("signature", self.take(64))

    def failure(self):
        self.note("code", self.varint())
        self.note("reason", self.text(512).encode())

    def cursors(self):
        last = b""
        for _ in range(self.varint(65536)):
            log = self.take(16)
            self.need(log > last)
            last = log
            self.note("cursor", log, self.varint(POSITION_MAX), self.fixed(8))

    def status(self):
        self.note("log", self.take(16))
        self.note("state", self.byte(0, 3))
        self.note("from", self.varint(POSITION_MAX))
        self.note("position", self.varint(POSITION_MAX))

    def names(self):
        self.note("log", self.take(16))
        self.note("number", self.positive())
        for _ in range(self.varint(4096)):
            self.note("replica", self.positive(), self.take(16))

    def brief(self):
        self.note("log", self.name())
        self.note("position", self.byte(0, 127))
        flags = self.byte(0, 63)

        def difference(flag):
            value = self.varint(TIME_MAX)
            self.need(value or not flags & flag)
            return -value if flags & flag else value

        self.note("accepted", difference(32))
        self.note("replica", self.name())
        self.note("seq", self.positive(SEQ_MAX))
        self.note("kind", self.varint(65535))
        self.note("time", difference(16))
        self.note("counter", self.positive(65535) if flags & 4 else 0)
        if flags & 1:
            self.note("target", self.name(), self.positive(SEQ_MAX))
        if flags & 8:
            self.note("body_log", self.positive())
        if flags & 2:
            self.note("salt", self.fixed(8))
        self.note("seal", self.take(64))
        self.note("body", self.rest(BODY_MAX - (16 if flags & 8 else 0)))

    def batch(self):
        self.placed()
        self.note("segment", self.rest())

    def placed(self):
        self.note("log", self.take(16))
        self.placements()

    def head(self):
        self.note("log", self.take(16))
        self.head_after_log()

    def refusal(self):
        self.note("log", self.take(16))
        self.note("replica", self.take(16))
        self.note("seq", self.positive(SEQ_MAX))
        self.note("action", self.byte(0, 3))
        self.note("reason", self.fixed(1))
        self.note("accepted", self.varint(SEQ_MAX))
        self.note("retry_after", self.varint(86400000))

    def page(self):
        self.note("request", self.varint())
        self.note("log", self.take(16))
        time = self.fixed(8)
        self.need(time >> 16 <= TIME_MAX)
        self.note("before", time)
        self.note("limit", self.positive(1024))

    def want(self):
        self.note("request", self.varint())
        self.note("log", self.take(16))
        self.note("replica", self.take(16))
        last = 0
        for _ in range(self.positive(1024)):
            first, last = self.interval(last)
            self.note("seqs", first, last)

    def positions(self):
        self.note("request", self.varint())
        self.note("log", self.take(16))
        first = self.positive(POSITION_MAX)
        last = first + self.varint(65535)
        self.need(last <= POSITION_MAX)
        self.note("positions", first, last)

    def haves(self):
        self.note("log", self.take(16))
        if self.byte(0, 1):
            self.head_after_log()
        previous, budget = b"", 262144
        for _ in range(self.varint(65536)):
            replica, last = self.take(16), 0
            self.need(replica > previous)
            previous = replica
            count = self.positive(budget)
            budget -= count
            for _ in range(count):
                first, last = self.interval(last)
                self.note("have", replica, first, last, self.take(32))

    def ephemeral(self):
        self.note("log", self.take(16))
        self.note("user", self.user())
        self.note("kind", self.byte(1, 4))
        self.note("time_to_live", self.varint(120000))
        self.note("body", self.rest(1024))

    def number(self, limit=2**64 - 1):
        self.note("number", self.varint(limit))

    done = ping = pong = number

    def credit(self):
        self.number(2**32)

    def synced(self):
        self.number(TIME_MAX)

    def goodbye(self):
        self.number(86400000)


def read_frame(data):
    """Returns the fields of the one frame in the bytes."""
    outer = Reader(data)
    length = outer.varint()
    outer.need(length)
    if length > FRAME_MAX:
        raise Bad("tooLarge")
    kind = outer.fixed(1)
    if kind & 127 not in FRAMES:
        raise Bad("unexpected" if kind & 128 else "skipped")
    outer.need((kind < 128) == (kind & 127 == 20))
    reader = FrameReader(outer.take(length - 1))
    outer.end()
    reader.note("type", kind & 127)
    getattr(reader, FRAMES[kind & 127])()
    reader.end()
    return reader.lines


# The vectors


def sections(name):
    current = None
    for line in (VECTORS / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            if current:
                yield current
            current = (line[1:-1], [])
        elif " = " in line:
            current[1].append(tuple(line.split(" = ", 1)))
    yield current


def dot_of(text):
    replica, seq = text.split(":")
    return bytes.fromhex(replica), int(seq)


def row_text(row):
    dot = lambda d: f"{d[0].hex()}:{d[1]}" if d else "-"
    origin = f"{dot(row['origin'][0])}/{row['origin'][1].hex()}" if row["origin"] else "-"
    if row["erased"]:
        content = f"erased:{row['erased'].hex()}:{row['body'].hex()}"
    elif row["salted"]:
        content = f"salted:{int.from_bytes(row['salt'], 'big')}:{row['body'].hex()}"
    else:
        content = f"body:{row['body'].hex()}"
    return (f"{row['kind']} {dot(row['dot'])} {row['time']} {dot(row['target'])} {origin} "
            f"{content} {row['hash'].hex()}")


def check_ids(name, fields):
    get = lambda key: bytes.fromhex(fields[key])
    if name == "key":
        if ed25519:
            private = ed25519.Ed25519PrivateKey.from_private_bytes(get("seed"))
            return private.public_key().public_bytes_raw() == get("public_key")
        return True
    if name == "workspace":
        text = b"fika:ws1" + get("public_key")
    elif name == "replica":
        text = b"fika:rp1" + get("public_key") + get("incarnation")
    elif name == "room":
        text = b"fika:lr1" + get("public_key") + get("nonce")
    else:
        text = b"fika:ld1" + get("preimage")
    return H(text)[:16] == get("id")


def check_preimage(pairs):
    users = [bytes.fromhex(value) for key, value in pairs if key == "user"]
    fields = dict(pairs)
    text = big(int(fields["kind"]), 1) + bytes.fromhex(fields["workspace"]) + big(len(users), 1)
    return text + b"".join(big(len(u), 1) + u for u in users) == bytes.fromhex(fields["preimage"])


def check_op(name, fields):
    if name == "body":
        salt = bytes.fromhex(fields["salt"]) if "salt" in fields else None
        return body_hash(bytes.fromhex(fields["body"]), salt).hex() == fields["hash"]
    origin = None
    if "origin" in fields:
        dot, value = fields["origin"].split(" ")
        origin = (dot_of(dot), bytes.fromhex(value))
    target = dot_of(fields["target"]) if "target" in fields else None
    text = header(int(fields["kind"]), bytes.fromhex(fields["log"]), dot_of(fields["dot"]),
                  int(fields["time"]), target, origin, bytes.fromhex(fields["body_hash"]))
    return text.hex() == fields["header"] and H(text).hex() == fields["hash"]


def check_chain(name, fields):
    log = bytes.fromhex(fields["log"])
    if name == "start":
        return start(log, bytes.fromhex(fields["replica"])).hex() == fields["chain"]
    replica, seq = dot_of(fields["dot"])
    chain = H(b"fika:ch1", bytes.fromhex(fields["before"]), bytes.fromhex(fields["op_hash"]))
    text = seal_text(log, replica, seq, chain)
    if chain.hex() != fields["chain"] or text.hex() != fields["text"]:
        return False
    if ed25519 is None:
        return True
    private = ed25519.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(fields["seed"]))
    return private.sign(text).hex() == fields["signature"]


def check_segment(pairs):
    rows, lines, error = [], [], None
    try:
        if pairs[0][0] == "block":
            rows = read_block(bytes.fromhex(pairs[0][1]))[2]
        else:
            parts = read_sealed(bytes.fromhex(pairs[0][1]))
            lines = verify(*parts)
            rows = parts[2]
    except Bad as bad:
        error = str(bad)
    expected = [value for key, value in pairs if key == "error"]
    if expected:
        if error and error.startswith("badSeal") or expected[0].startswith("badSeal"):
            return ed25519 is None or error == expected[0]
        return error is not None and (expected[0] + " ").startswith(error + " ")
    return (error is None and [row_text(row) for row in rows] == [v for k, v in pairs if k == "row"]
            and lines == [v for k, v in pairs if k == "run"])


def check_frame(pairs):
    expected = [value for key, value in pairs if key == "error"]
    try:
        lines = read_frame(bytes.fromhex(pairs[0][1]))
    except Bad as bad:
        return expected == [str(bad)]
    return not expected and lines == pairs[1:]


def main():
    checked, skipped, failed = 0, 0, []
    for file in ["ids.txt", "ops.txt", "chains.txt", "segments.txt", "frames.txt"]:
        for name, pairs in sections(file):
            try:
                if file == "ids.txt":
                    good = check_ids(name, dict(pairs))
                    good = good and (not name.startswith("derived") or check_preimage(pairs))
                elif file == "segments.txt":
                    good = check_segment(pairs)
                elif file == "frames.txt":
                    good = check_frame(pairs)
                else:
                    good = {"ops.txt": check_op, "chains.txt": check_chain}[file](name, dict(pairs))
            except Skip:
                skipped += 1
                continue
            checked += 1
            if not good:
                failed.append(f"{file}: {name}")
    for line in failed:
        print("FAILED", line)
    print(f"{checked} vectors, {len(failed)} failed, {skipped} skipped;",
          "signatures checked" if ed25519 else "signatures not checked")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
