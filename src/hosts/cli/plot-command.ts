import { SURFACES } from '../../language/plot/surfaces.ts'
import { assignments, learningRate } from './assignments.ts'
import { choice, command, flag, integer, text, type CommandRow } from './command.ts'

/** The row of `optc plot`. */
export const plotCommand: CommandRow = command({
  name: 'plot',
  summary: "draw schedules and decays as curves, optimizers' paths on test surfaces",
  operands: '<PATH...>',
  details:
    'Draws in the terminal, or into a file with --out. Of a file with optimizers their paths, with --inside the schedules they use; of a file without, the schedule or decay named like the file, or all there are. With --task, optimizers on a task: of a function of two numbers its contours with the paths, of more numbers or of data the curves of one short run each, on seed 1.',
  options: {
    name: text('NAME', 'the optimizer, schedule or decay, where a file has several'),
    task: text('NAME|FILE', 'draw what optimizers do on a task, a module or a JSON file of yours'),
    data: text('DIR', 'where the data of the task is'),
    steps: integer(
      'N',
      'the total number of steps T; 100 for curves, 200 for paths, of a task its own, on data at most 200',
      1,
    ),
    set: assignments('values of arguments and hyperparameters'),
    lr: learningRate(),
    surface: choice(
      'SURFACE',
      SURFACES.map(({ name }) => name),
      'one surface instead of quadratic and rosenbrock',
    ),
    inside: flag('draw the schedules inside an optimizer'),
    out: text('FILE', 'write an .svg or .png file instead'),
    json: flag('print the values, one JSON object a line'),
  },
  examples: [
    ['optc plot std/lr3 std/lr9 --steps 500', 'two schedules in the terminal'],
    ['optc plot std/adam std/sgd mine.opt --out paths.svg', 'three optimizers on two surfaces'],
    ['optc plot std/adam std/lion --task mine.json', 'their curves on a task of your own'],
  ],
  load: () => import('./commands/plot.ts'),
})
