"""Takes emitted optimizers through runs on this backend of Keras."""

from run_cases import run_cases

run_cases("tensorflow")
