import { JUDGING_DEFAULTS } from '../../evolve/search-configuration.ts'
import { loadedTargetNames } from '../../emit/loaded-targets.ts'
import { defaultTarget, targetNames } from '../../emit/targets.ts'
import { layouts } from '../../operators/layout.ts'
import { assignments, learningRate } from './assignments.ts'
import { backendChoices, trainingChoices } from './backend-choices.ts'
import { dataOption } from './data-option.ts'
import {
  choice,
  command,
  flag,
  integer,
  list,
  text,
  withDefault,
  type CommandRow,
} from './command.ts'
import { frameworkNames } from './comparing/said-of-framework.ts'
import { machineCommands } from './machine-commands.ts'
import { plotCommand } from './plot-command.ts'
import { pattern, rateGroups } from './rate-groups.ts'
import { searchCommands } from './search-commands.ts'
import { studyCommands } from './study-commands.ts'

/** Every command: the command line, its help and the table of docs/commands.md are made from these rows. */
export const commands: readonly CommandRow[] = [
  command({
    name: 'init',
    summary: 'start a project: a rule, a schedule, and what compiles, tests, uses and trains them',
    operands: '[DIR]',
    details:
      'DIR is the current folder when left out. A folder that holds something else is left alone.',
    options: {},
    examples: [['optc init my-optimizer', 'make the folder my-optimizer']],
    load: () => import('./commands/init.ts'),
  }),
  command({
    name: 'check',
    summary: 'find errors and warnings',
    operands: '[PATH...]',
    details:
      'PATH is a file, a folder, a glob, `std/NAME` for a file of the standard library, or `-` for standard input; every .opt file below the current folder when left out.',
    options: {
      json: flag('print one JSON document'),
      format: choice('FORMAT', ['pretty', 'github', 'sarif', 'json'], 'print for people or tools'),
      maxWarnings: integer('N', 'fail when there are more than N warnings'),
      watch: flag('check again whenever a file changes, until Ctrl-C'),
    },
    examples: [
      ['optc check adam.opt', 'check one file'],
      [
        'optc check --format github --max-warnings 0',
        'check everything in a workflow, warnings being errors',
      ],
    ],
    endsItself: true,
    load: () => import('./commands/check.ts'),
  }),
  command({
    name: 'fmt',
    summary: 'format in place',
    operands: '[PATH...]',
    details:
      'PATH is a file, a folder, a glob, or `-` to format standard input to standard output; every .opt file below the current folder when left out.',
    options: {
      check: flag('change nothing, list the files that are not formatted, fail when there are any'),
    },
    examples: [
      ['optc fmt adam.opt', 'format one file'],
      ['optc fmt --check', 'see whether all files are formatted'],
    ],
    load: () => import('./commands/fmt.ts'),
  }),
  command({
    name: 'compile',
    summary: 'compile to TypeScript, PyTorch, Keras or optax, one module a file',
    operands: '<PATH...>',
    details:
      'PATH is a file, a folder, a glob, `std/NAME` for a file of the standard library, or `-` for standard input. A module is written over an earlier one of the same file; over anything else only with --force. With --runtime import, modules share optc-runtime.ts (optc_runtime.py) in DIR instead of carrying what they have in common each; only what a file declares is exported. The target kernels makes the same classes with each step fused into few passes, which run as WebAssembly on the tfjs wasm backend, as plain loops on cpu; elsewhere their steps are operations of tfjs. The target pytorch makes optimizers of PyTorch, keras those of Keras 3 on any of its backends, optax gradient transformations for JAX.',
    options: {
      target: withDefault(choice('TARGET', targetNames, 'what to make'), defaultTarget.name),
      runtime: withDefault(
        choice('HOW', ['paste', 'import'], 'how modules come by what they share'),
        'paste',
      ),
      out: text('DIR', 'write files into DIR instead of printing'),
      force: flag('write over files that come from elsewhere; with --out'),
      watch: flag('compile again whenever a file changes, until Ctrl-C; with --out'),
    },
    examples: [
      ['optc compile adam.opt', 'print a TypeScript class'],
      [
        'optc compile std/adam rules --out src/optimizers',
        "write the library's Adam and every rule in a folder",
      ],
      ['optc compile rules --out src/rules --runtime import', 'modules that share one runtime'],
      ['optc compile adam.opt --target kernels --out src', 'a class with fused steps'],
      ['optc compile adam.opt --target pytorch --out src', 'a torch.optim.Optimizer'],
      ['optc compile adam.opt --target keras --out src', 'a keras.optimizers.Optimizer'],
      ['optc compile adam.opt --target optax --out src', 'an optax.GradientTransformation'],
    ],
    endsItself: true,
    load: () => import('./commands/compile.ts'),
  }),
  command({
    name: 'explain',
    summary: 'explain a diagnostic code, an operator or a library name',
    operands: '[NAME]',
    details:
      'NAME is also a word of the language, a chapter about it, a word of the search, or a command. Lists everything there is to explain when it is left out.',
    options: {
      list: flag('list everything there is to explain'),
      against: choice(
        'FRAMEWORK',
        frameworkNames,
        "how a framework's own optimizer differs from a rule of the library, with the numbers of a short trace where it is installed",
      ),
      python: text(
        'PYTHON',
        'the interpreter that has the framework; $OPTC_PYTHON or python3 where it is left out',
      ),
    },
    examples: [
      ['optc explain unknown-name', 'what a diagnostic means, with a wrong and a right program'],
      ['optc explain softplus', 'the meaning of an operator'],
      ['optc explain std/adam', 'a rule of the standard library'],
      ['optc explain std/adam --against keras', "what Keras's own Adam does differently"],
    ],
    load: () => import('./commands/explain.ts'),
  }),
  command({
    name: 'simulate',
    summary: 'apply a rule to given gradients and print the weights after each step',
    operands: '<PATH>',
    details:
      'The trace is a JSON file with `shape`, `w0`, `gradients` (one list of numbers a step, row-major) and, where wanted, `hyperparameters`, `totalSteps` and `seed`. For several parameters `parameters` is a list of objects with the first three.',
    options: {
      name: text('NAME', 'the optimizer, where the file has several'),
      trace: text('FILE', 'the start and the gradients; `-` for standard input'),
      target: withDefault(
        choice('TARGET', ['evaluator', ...loadedTargetNames], 'what computes'),
        'evaluator',
      ),
      backend: choice('BACKEND', backendChoices, 'where ts and kernels compute, cpu when left out'),
      layout: withDefault(
        choice('LAYOUT', layouts, 'which axis of a parameter its outputs are on'),
        layouts[0],
      ),
      json: flag('print one JSON document'),
    },
    examples: [
      ['optc simulate std/adam --trace trace.json', 'the weights after each step of the trace'],
    ],
    load: () => import('./commands/simulate.ts'),
  }),
  plotCommand,
  command({
    name: 'integrity',
    summary: 'see whether rules can minimise a sphere at all',
    operands: '<PATH...>',
    details:
      'The check of arXiv 2404.06679 that the search makes before it trains: 35 steps on a sphere with one of six learning rates, with the sign of the update as it is or flipped. PATH is a file, a folder, a glob, `std/NAME` or `-`; with --from a file of rules in that notation. Exit code 1 when a rule is rejected.',
    options: {
      from: choice('NOTATION', ['published'], 'PATH holds rules in this notation'),
      json: flag('print one JSON object a line'),
    },
    examples: [
      ['optc integrity std/adam mine.opt', 'whether they pass, with which learning rate'],
      ['optc integrity rules.tsv --from published --json', 'every rule of a published log'],
    ],
    load: () => import('./commands/integrity.ts'),
  }),
  command({
    name: 'dedupe',
    summary: 'find rules that behave alike, however they are written',
    operands: '<RULES...>',
    details:
      'Rules are in one group when they make the same updates on random gradients and weights of many sizes, on every step of a run; rules with dropout when they are written alike. Each group is printed in input order, `* 2` where the updates are twice those of its first rule. RULES is a file, a folder, a glob, `std/NAME` or `-`; with --from a file of rules in that notation, of which lines that cannot be read are reported.',
    options: {
      from: choice('NOTATION', ['published'], 'RULES holds rules in this notation'),
      scale: flag(
        'rules whose updates are a constant multiple of each other are alike too: another learning rate makes up for it',
      ),
      json: flag('print one JSON object a group and line, groups of one rule too'),
    },
    examples: [
      ['optc dedupe rules', 'rules of a folder that say the same'],
      ['optc dedupe rules.tsv --from published --scale', 'the repeats in a published log'],
    ],
    load: () => import('./commands/dedupe.ts'),
  }),
  command({
    name: 'import',
    summary: 'make .opt files of rules in the notation of a published log',
    operands: '<RULES>',
    details:
      'RULES has one rule a line, `outer form ~ update`, or is a table with tabs and a column `rule`; `-` is standard input. Lines that cannot be read are reported, and the others used.',
    options: {
      from: withDefault(
        choice('NOTATION', ['published'], 'how the rules are written'),
        'published',
      ),
      out: text('DIR', 'write rule-0001.opt and so on into the new folder DIR instead of printing'),
    },
    examples: [
      [
        'optc import rules.tsv --from published --out rules',
        'one file a rule, in the folder rules',
      ],
    ],
    load: () => import('./commands/import.ts'),
  }),
  ...searchCommands,
  command({
    name: 'train',
    summary: 'train with rules, the compiled classes, and compare them',
    operands: '<PATH...>',
    details:
      'PATH is a file, a folder, a glob, `std/NAME` for a file of the standard library, or `-` for standard input. The learning rate of every rule is found in the same way: the powers of ten from 10 to 1e-5, then 3 times and a third of the best. `optc tasks` lists the tasks; a module of your own exports one (`--task ./mine.mjs`, or `mine.py`, which PyTorch trains).',
    options: {
      task: withDefault(
        text('NAME|FILE', 'a task, or a module (.mjs, .py) or JSON file of yours'),
        JUDGING_DEFAULTS.task,
      ),
      against: list('NAME,...', 'compare with these of the standard library: adam,sgd'),
      seeds: withDefault(integer('N', 'runs of each rule, each from other weights', 1), 3),
      seed: withDefault(integer('N', 'the first seed'), 1),
      lr: learningRate(),
      rateSeeds: withDefault(
        integer('N', 'other seeds that `--lr auto` chooses by, in about five whole runs each', 2),
        2,
      ),
      set: assignments('values of hyperparameters'),
      steps: integer('N', 'steps of a run; `optc tasks` lists how many without it', 1),
      batch: integer('N', 'examples of a step', 1),
      stepBy: withDefault(choice('HOW', ['kernels', 'class'], 'what steps'), 'kernels'),
      backend: choice('BACKEND', trainingChoices, 'what computes'),
      data: dataOption('the folder with the data, for tasks that optc does not carry the data of'),
      weights: text('FILE', 'begin with the weights of a .safetensors or .npz file'),
      freeze: pattern('layers whose names match stay as they are: the first ones of the network'),
      rates: rateGroups('multiples of the learning rate for weights whose names match: classes=10'),
      save: text('FILE', 'keep the last weights of one run in a .safetensors or .npz file'),
      out: text('DIR', 'write results.json, curves.svg and the compiled rules into DIR'),
      force: flag('write into DIR although an earlier run or something else is there'),
      watch: flag('in a terminal, draw the curves of all runs as they grow'),
      json: flag('print one JSON document'),
    },
    examples: [
      [
        'optc train std/opt6 --task fashion14-cnn --against adam,sgd',
        'a published rule against two others',
      ],
      ['optc train mine.opt --task rosenbrock --lr 0.001', 'a rule of your own on a test function'],
      ['optc train std/adam mine.opt --task ./my-problem.mjs', 'on a problem of your own'],
    ],
    endsItself: true,
    load: () => import('./commands/train.ts'),
  }),
  ...studyCommands,
  ...machineCommands,
]
