import { JUDGING_DEFAULTS, SEARCH_DEFAULTS } from '../../evolve/search-configuration.ts'
import { trainingChoices } from './backend-choices.ts'
import { parseBudget } from './budget.ts'
import {
  between,
  choice,
  command,
  flag,
  fraction,
  integer,
  list,
  text,
  value,
  withDefault,
  type CommandRow,
} from './command.ts'
import { dataOption } from './data-option.ts'

const RACING = SEARCH_DEFAULTS.selection

/** Commands about searches. */
export const searchCommands: readonly CommandRow[] = [
  command({
    name: 'evolve',
    summary: 'search for new rules',
    operands: '[PATH...]',
    details:
      'Random rules of the space, and those in PATH, pass an integrity check and are trained; the best become particles that mutate; at the end the best rules and nine known optimizers are tuned and run alike. The run folder holds the configuration, a journal, every evaluation and candidate, and the best rules as .opt files and TypeScript, or PyTorch for a task in Python. Equal configurations give equal journals, whatever the number of workers; a run that was ended, however that happened, goes on with --resume.',
    options: {
      task: withDefault(
        text('NAME|FILE', 'the task, or a module (.mjs, .py) or JSON file of yours'),
        JUDGING_DEFAULTS.task,
      ),
      protocol: withDefault(
        text('NAME', 'how a rule is judged: quick, sketch, published, or a .json file'),
        JUDGING_DEFAULTS.protocol,
      ),
      scale: withDefault(
        fraction('F', 'how long all runs of the protocol are made, as a part of what it says'),
        1,
      ),
      particles: withDefault(
        integer('N', 'rules that evolve, each on its own', 1),
        SEARCH_DEFAULTS.particles,
      ),
      timesteps: withDefault(
        integer('N', 'how often each may become one of its children'),
        SEARCH_DEFAULTS.timesteps,
      ),
      children: withDefault(
        integer('N', 'children of a particle in each time step', 1),
        SEARCH_DEFAULTS.children,
      ),
      initial: withDefault(integer('N', 'random rules to begin with'), SEARCH_DEFAULTS.initial),
      seed: withDefault(integer('N', 'where the random numbers start'), SEARCH_DEFAULTS.seed),
      space: withDefault(
        text('NAME', 'the search space: published, joint, modern, or an .opt file'),
        JUDGING_DEFAULTS.space,
      ),
      selection: withDefault(
        choice('HOW', ['racing', 'published'], 'how a child takes the place of its parent'),
        RACING.kind,
      ),
      contenders: withDefault(
        integer('N', 'children that race against their parent', 1),
        RACING.contenders,
      ),
      rounds: withDefault(integer('N', 'fresh seeds that a race may take', 2), RACING.rounds),
      confidence: withDefault(
        between('P', 'how sure a race must be that the child is better', 0.5, 1),
        RACING.confidence,
      ),
      reuse: withDefault(
        choice(
          'HOW',
          ['exact', 'scale', 'off'],
          'what an earlier evaluation stands for: rules that do the same, also up to a factor, or none',
        ),
        SEARCH_DEFAULTS.reuse,
      ),
      filters: list(
        'NAME,...',
        'tests before a rule is trained: signs, constant, cosine, saddle, ill-conditioned, noisy, sparse, plateau, or all',
      ),
      integrity: withDefault(
        choice('HOW', ['on', 'off'], 'whether a rule must pass the integrity check first'),
        'on',
      ),
      budget: value(
        'AMOUNT',
        'end the evolution after so much: 30m, 2h, or 500000steps; the ladder and the final table come on top',
        parseBudget,
      ),
      ladder: flag('let the best climb the ladder of larger models, and take them apart'),
      finalists: withDefault(
        integer('N', 'rules in the final table', 1),
        SEARCH_DEFAULTS.finalists,
      ),
      finalSeeds: withDefault(
        integer('N', 'fresh seeds of the final table', 1),
        SEARCH_DEFAULTS.finalSeeds,
      ),
      rateSeeds: withDefault(
        integer(
          'N',
          'other seeds that learning rates are chosen by there, in whole runs with up to 8 rates a rule',
          2,
        ),
        SEARCH_DEFAULTS.rateSeeds,
      ),
      against: withDefault(
        list('NAME,...', 'rules of the standard library in the final table'),
        JUDGING_DEFAULTS.against,
      ),
      workers: integer('N', 'processes that train; one per processor core when left out', 1),
      backend: choice('BACKEND', trainingChoices, 'where to compute'),
      data: dataOption('where the data of the task is'),
      out: text('DIR', 'the run folder; evolve-TASK-SEED when left out'),
      resume: text('DIR', 'go on with the run in DIR'),
      open: flag('show the report in the browser; it refreshes itself while the search runs'),
    },
    examples: [
      [
        'optc evolve --particles 4 --timesteps 2 --children 3 --initial 12 --seed 1',
        'a first search, of minutes',
      ],
      ['optc evolve --resume evolve-fashion14-cnn-1', 'go on with it'],
    ],
    endsItself: true,
    load: () => import('./commands/evolve.ts'),
  }),
  command({
    name: 'report',
    summary: 'show searches as HTML pages',
    operands: '[RUN...]',
    details:
      'RUN is the folder of an `optc evolve`, which need not have ended. The page of one run needs nothing else: the best rules as formulas, programs and TypeScript, fitness over time, the family of the winner, baselines, ablations, what was thrown away and why. Several runs are put side by side. With --watch pages are served to browsers on this machine and refresh themselves while searches run, whoever runs them; RUN may then also be a folder that holds runs, and is the current one when left out.',
    options: {
      out: text(
        'FILE',
        'write FILE instead of report.html in RUN, or comparison.html; `-` for standard output',
      ),
      watch: flag('serve pages that refresh themselves, until Ctrl-C'),
      open: flag('show the page in the browser; with --watch'),
      port: integer('N', 'where to serve; a port that is free when left out'),
    },
    examples: [
      ['optc report evolve-fashion14-cnn-1', 'write evolve-fashion14-cnn-1/report.html'],
      ['optc report --watch --open', 'watch, compare and resume the runs in the current folder'],
    ],
    endsItself: true,
    load: () => import('./commands/report.ts'),
  }),
]
