import { JUDGING_DEFAULTS } from '../../evolve/search-configuration.ts'
import { parseBudget } from './budget.ts'
import { trainingChoices } from './backend-choices.ts'
import { dataOption } from './data-option.ts'
import {
  choice,
  command,
  fraction,
  integer,
  list,
  text,
  value,
  withDefault,
  type CommandRow,
} from './command.ts'

/** Options of every study. */
const working = (folder: string, minutes: number) => ({
  seed: withDefault(integer('N', 'where the random numbers start'), 1),
  budget: withDefault(
    value(
      'TIME',
      'begin no further rule after so long, earlier runs included: 30m, 2h',
      parseBudget,
    ),
    { minutes },
  ),
  workers: integer('N', 'processes that train; one per processor core when left out', 1),
  backend: choice('BACKEND', trainingChoices, 'where to compute'),
  data: dataOption('where the data of the task is'),
  out: text('DIR', `the folder; ${folder} when left out`),
  resume: text(
    'DIR',
    'go on with what was begun in DIR, with a larger --budget where that was used up',
  ),
})

/** The commands that check what was published and how searches judge. */
export const studyCommands: readonly CommandRow[] = [
  command({
    name: 'replicate',
    summary: 'evaluate rules of the published log again, and compare with what was logged',
    operands: '',
    details:
      'A stratified sample of the log that was published with arXiv 2404.06679, each rule by the surrogate it was logged under: seven learning rates, then a run. Told are the rank correlation with the logged accuracies, the mean difference, the agreement on failures, each with an interval, the error of the chosen learning rate, and what differs from the published runs. The folder holds every evaluation as soon as it is done, tables, a figure and a report; what was ended, however that happened, goes on with --resume. On two cores the protocol at its full length takes hours a rule on CIFAR-10.',
    options: {
      task: withDefault(text('NAME|FILE', 'the task, or a module of yours'), 'cifar10'),
      rules: withDefault(integer('N', 'rules of the log', 1), 24),
      again: withDefault(
        integer('N', 'rules evaluated with a second seed, for the error of one evaluation'),
        4,
      ),
      surrogate: choice(
        'NAME',
        ['initial', 'evolution'],
        'only rules logged under one of the two surrogates',
      ),
      scale: withDefault(
        fraction('F', 'how long all runs of the protocol are made, as a part of what it says'),
        0.01,
      ),
      ...working('replicate-TASK-SEED', 60),
    },
    examples: [
      ['optc replicate --data cifar-10-batches-bin', '24 rules for at most an hour'],
      ['optc replicate --task fashion14-cnn --scale 0.05', 'on images that optc carries'],
      ['optc replicate --resume replicate-cifar10-1 --budget 2h', 'go on with it'],
    ],
    endsItself: true,
    load: () => import('./commands/replicate.ts'),
  }),
  command({
    name: 'study',
    summary: 'check what the published work left open: surrogate, integrity, baselines',
    operands: '[WHAT] [PATH...]',
    details: [
      'surrogate: how well each surrogate predicts the order of rules on the others, by rank correlation. The rules are those in PATH, which is a file, a folder, a glob or `std/NAME`, and --rules N of the published log; --surrogates are two or more of the protocol, each on any task.',
      'integrity: searches without the integrity check, with it, and with filters beside it, all with the same budget: what their best rules reach on fresh seeds, and what they trained in vain.',
      'baselines: the rules in PATH, the published ones when left out, beside the optimizers of the library, all tuned in the same way on every task.',
      'Every table carries the error of the chosen learning rates. The folder holds every evaluation as soon as it is done, tables, a figure and a report; what was ended, however that happened, goes on with --resume.',
    ].join('\n\n'),
    options: {
      protocol: withDefault(
        text('NAME', 'how a rule is judged: quick, sketch, published, or a .json file'),
        'sketch',
      ),
      scale: withDefault(
        fraction('F', 'how long all runs of the protocol are made, as a part of what it says'),
        1,
      ),
      surrogates: withDefault(
        list('TASK:NAME,...', 'surrogate: surrogates of the protocol on tasks, the cheapest first'),
        ['fashion14-mlp:short', 'fashion14-cnn:short', 'fashion14-cnn:long'],
      ),
      rules: integer('N', 'surrogate: rules of the published log; 12 when there is no PATH'),
      seeds: withDefault(integer('N', 'surrogate: evaluations of a rule on each', 1), 2),
      tasks: withDefault(
        list('NAME,...', 'baselines: tasks to compare on; integrity: the first of them'),
        ['fashion14-mlp', 'fashion14-cnn', 'penguins-sex'],
      ),
      against: list('NAME,...', 'baselines: of the library; every optimizer when left out'),
      filters: list(
        'NAME,...',
        'integrity: filters, each in searches of its own: signs, constant, cosine, saddle, ill-conditioned, noisy, sparse, plateau, or all of them together',
      ),
      searches: withDefault(integer('N', 'integrity: searches of each kind', 1), 2),
      space: withDefault(text('NAME', 'integrity: the search space'), JUDGING_DEFAULTS.space),
      initial: withDefault(integer('N', 'integrity: random rules to begin with', 1), 24),
      particles: withDefault(integer('N', 'integrity: rules that evolve', 1), 4),
      timesteps: withDefault(
        integer('N', 'integrity: how often each may become one of its children within the budget'),
        50,
      ),
      children: withDefault(
        integer('N', 'integrity: children of a particle in each time step', 1),
        3,
      ),
      finalSeeds: withDefault(integer('N', 'integrity, baselines: fresh seeds of a rule', 1), 3),
      rateSeeds: withDefault(
        integer('N', 'integrity, baselines: other seeds that learning rates are chosen by', 2),
        2,
      ),
      ...working('study-WHAT-SEED', 30),
    },
    examples: [
      ['optc study surrogate', 'three surrogates on rules of the published log'],
      [
        'optc study surrogate std/adam std/lion mine.opt --surrogates fashion14-mlp,./mine.mjs',
        'on rules and a task of yours',
      ],
      ['optc study integrity --filters all --budget 20m', 'is the check worth it?'],
      [
        'optc study baselines std/opt4 std/opt6 --against adam,sgd,lion',
        'some rules against some others',
      ],
    ],
    endsItself: true,
    load: () => import('./commands/study.ts'),
  }),
]
