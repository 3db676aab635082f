"""Writes scikit-learn's digits as four IDX files, gzip-compressed.

    pip install scikit-learn
    python make-digits.py
"""

import gzip
import os

import numpy as np
from sklearn.datasets import load_digits

here = os.path.dirname(os.path.abspath(__file__))
TRAINED = 1437


def write(name, array):
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    with open(os.path.join(here, name + ".gz"), "wb") as file:
        # Without a name or a time, so that the same digits give the same bytes.
        with gzip.GzipFile("", "wb", 9, file, 0) as packed:
            packed.write(header + array.astype(np.uint8).tobytes())


digits = load_digits()
for prefix, part in [("train", slice(0, TRAINED)), ("t10k", slice(TRAINED, None))]:
    write(f"{prefix}-images-idx3-ubyte", digits.images[part])
    write(f"{prefix}-labels-idx1-ubyte", digits.target[part])
