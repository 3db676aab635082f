"""Random numbers that are functions of a seed, a place, a parameter and a step."""

import torch
from torch import Tensor

from .random_quantile import normal_quantile

WORD = 0xFFFFFFFF


def threefry(
    key: tuple[int, int], first: int | Tensor, second: int | Tensor
) -> tuple[int | Tensor, int | Tensor]:
    """Threefry-2x32 with 20 rounds (Salmon and others, 2011)."""
    words = (*key, 0x1BD11BDA ^ key[0] ^ key[1])
    a = (first + words[0]) & WORD
    b = (second + words[1]) & WORD
    for group in range(5):
        for bits in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
            a = (a + b) & WORD
            b = ((b << bits) & WORD | (b >> (32 - bits))) ^ a
        a = (a + words[(group + 1) % 3]) & WORD
        b = (b + words[(group + 2) % 3] + group + 1) & WORD
    return a, b


def draw_key(seed: int, name: str, site: int, index: int) -> tuple[int, int]:
    """The key of the draws of an operator at a place, for a parameter."""
    key = ((seed >> 32) & WORD, seed & WORD)
    for step in (*name, site, index):
        is_letter = isinstance(step, str)
        counter = ord(step) if isinstance(step, str) else step
        a, b = threefry(key, counter & WORD, int(is_letter))
        key = (int(a), int(b))
    return key


def draw_words(w: Tensor, key: tuple[int, int], t: int) -> Tensor:
    """A word of 32 bits for each element."""
    elements = torch.arange(w.numel(), device=w.device)
    words, _ = threefry(key, torch.full_like(elements, t), elements)
    assert isinstance(words, Tensor)
    return words.reshape(w.shape)


def dropout(x: Tensor, rate: float, w: Tensor, key: tuple[int, int], t: int) -> Tensor:
    """0 with probability ``rate``, else the number divided by 1 - rate."""
    uniform = (draw_words(w, key, t) >> 8).double() * 2.0**-24
    rounded = torch.as_tensor(rate, dtype=x.dtype).double()
    kept = (x.double() / (1 - rounded)).to(x.dtype)
    return torch.where(uniform >= rounded, kept, 0.0)


def normal(w: Tensor, key: tuple[int, int], t: int) -> Tensor:
    """A standard normal number for each element, to the bit the same everywhere."""
    return normal_quantile(draw_words(w, key, t)).to(w.dtype)
