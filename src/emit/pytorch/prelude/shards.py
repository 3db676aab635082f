"""Parameters that are cut into shards, one for each process.

They are PyTorch's ``DTensor``, whose module takes a second to import: what is one says
what belongs to it.
"""

from typing import Any

from torch import Tensor


def is_cut(x: Tensor) -> bool:
    """Whether other processes hold other shards of a tensor."""
    return hasattr(x, "full_tensor")


def shard_of(x: Tensor) -> Tensor:
    """What this process holds of a tensor; the numbers are shared."""
    cut: Any = x
    own: Tensor = cut.to_local() if is_cut(x) else x
    return own


def whole(x: Tensor) -> Tensor:
    """All numbers of a tensor, gathered from all processes."""
    cut: Any = x
    found: Tensor = cut.full_tensor() if is_cut(x) else x
    return found


def cut_like(x: Tensor, other: Tensor) -> Tensor:
    """A tensor that all processes have, cut as another one is."""
    cut: Any = other
    everywhere: Any = type(other)
    copied = everywhere.from_local(x, cut.device_mesh, run_check=False)
    found: Tensor = copied.redistribute(placements=cut.placements)
    return found


def of_all(x: Tensor, other: Tensor) -> Tensor:
    """The numbers that processes found, each for its shard of another tensor."""
    # Where a tensor is cut the module is there.
    from torch.distributed.tensor import Shard

    cut: Any = other
    places = [Shard(0) if each.is_shard() else each for each in cut.placements]
    everywhere: Any = type(other)
    found = everywhere.from_local(
        x.reshape(1), cut.device_mesh, places, run_check=False
    )
    return whole(found)
