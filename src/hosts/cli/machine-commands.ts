import { benchCommand } from './bench-command.ts'
import { choice, command, flag, text, type CommandRow } from './command.ts'

/** The commands about the machine they run on: its data, its speed, its backends. The end of the table of commands. */
export const machineCommands: readonly CommandRow[] = [
  command({
    name: 'tasks',
    summary: 'list the tasks to train on',
    operands: '',
    options: {},
    examples: [['optc tasks', 'names, data and sizes']],
    load: () => import('./commands/tasks.ts'),
  }),
  command({
    name: 'data',
    summary: 'list the data sets: where they are, or how to get them',
    operands: '',
    options: { data: text('DIR', 'look in DIR too') },
    examples: [['optc data', 'what is there and what is missing']],
    load: () => import('./commands/data.ts'),
  }),
  benchCommand,
  command({
    name: 'doctor',
    summary: 'try every backend and say which work here',
    operands: '[BACKEND...]',
    details:
      'Only the backends named, where some are; ends with 1 where none works. `--install tensorflow` says what it fetches, and how much, then builds the package @tensorflow/tfjs-node-gpu beside optc from its source and the library in the wheel of TensorFlow that PyPI has: where the own installation of the package cannot download, on Linux with x86-64. A second run fetches nothing again.',
    options: {
      install: choice('BACKEND', ['tensorflow'], 'build a backend that does not work yet'),
      dryRun: flag('with --install: only say what it would fetch'),
    },
    examples: [
      ['optc doctor', 'versions, devices and reasons'],
      ['optc doctor --install tensorflow', 'TensorFlow, for networks too large for wasm'],
    ],
    endsItself: true,
    load: () => import('./commands/doctor.ts'),
  }),
]
