import { parseBudget } from './budget.ts'
import { backendChoices } from './backend-choices.ts'
import { dataOption } from './data-option.ts'
import {
  choice,
  command,
  fraction,
  integer,
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
  backend: choice('BACKEND', backendChoices, 'where to compute'),
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
]
