"""Optimizers, decays and schedules written as rules, in Python.

A rule is a short text (`update = lr * sign(g)`) that is checked, compiled to PyTorch, Optax or Keras, and drawn:

    >>> import optc
    >>> rule = optc.load("rule.opt")  # or optc.load("std/adam"), or optc.loads("optimizer ...")
    >>> Adam = rule.torch             # a torch.optim.Optimizer class
    >>> tx = rule.optax(lr=1e-3)      # an optax.GradientTransformation
    >>> rule.plot()                   # a picture, which notebooks show

What is wrong with a rule is raised as `RuleError`, whose text is the diagnostic.
"""

from optc._checking import Report, RuleError, check
from optc._node import VERSION as __version__
from optc._node import NodeError
from optc._plotting import Plot, plot
from optc._rule import Rule, load, loads

__all__ = [
    "NodeError",
    "Plot",
    "Report",
    "Rule",
    "RuleError",
    "__version__",
    "check",
    "load",
    "loads",
    "plot",
]
