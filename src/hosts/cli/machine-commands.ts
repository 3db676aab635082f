import { benchCommand } from './bench-command.ts'
import { choice, command, flag, integer, text, type CommandRow } from './command.ts'
import { dataOption } from './data-option.ts'

/** Kinds of data in tasks of JSON, written out: loading their modules would load tfjs. */
export const dataKinds = [
  ...(['cifar', 'csv', 'idx', 'images', 'npy', 'npz', 'safetensors', 'set', 'text'] as const),
]

/** The commands about the machine they run on, its data, speed, backends and editor. The end of the table of commands. */
export const machineCommands: readonly CommandRow[] = [
  command({
    name: 'tasks',
    summary: 'list the tasks to train on, or explain some',
    operands: '[NAME...]',
    details:
      'NAME is a task of the list, or a file with a task of your own: a module of JavaScript or Python or a JSON file. `--example csv` prints such a file, with data of the kind csv, and `--schema` what an editor completes and checks it by.',
    options: {
      example: choice('KIND', dataKinds, 'print a task in JSON with data of that kind'),
      schema: flag('print the JSON Schema of such files'),
    },
    examples: [
      ['optc tasks', 'names, data and sizes, by groups'],
      ['optc tasks eurosat', 'what is learned, how it is judged, where its data is from'],
      ['optc tasks --schema > task.schema.json', 'for `"$schema": "./task.schema.json"` in a file'],
      ['optc tasks --example csv > mine.json', 'begin a task of your own on a table'],
    ],
    load: () => import('./commands/tasks.ts'),
  }),
  command({
    name: 'data',
    summary: 'list the data sets, or say what a file or folder of data would be read as',
    operands: '[inspect] [PATH]',
    details:
      'Alone it says where each data set is, or how to get it. `optc data inspect PATH` says what PATH holds: the arrays of a .npy, .npz, .mat, .safetensors or IDX file, the columns of a .csv or .tsv file, the words of a .txt file, the classes of a folder of images; or which file is wrong, at which byte or line.',
    options: {
      data: dataOption('look in DIR too'),
      samples: text('FILE', 'write ten of the images inspected into FILE, a .png'),
      json: flag('print what was inspected as one JSON document'),
    },
    examples: [
      ['optc data', 'what is there and what is missing'],
      [
        'optc data inspect photos --samples ten.png',
        'classes, counts and sizes of a folder of images',
      ],
    ],
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
  command({
    name: 'completion',
    summary: 'print what makes a shell complete command lines of optc',
    operands: '<SHELL>',
    details: 'SHELL is bash, zsh or fish. Where the script goes is said beside it.',
    options: {},
    examples: [['optc completion bash', 'for `source <(optc completion bash)` in ~/.bashrc']],
    load: () => import('./commands/completion.ts'),
  }),
  command({
    name: 'playground',
    summary: 'serve the playground: write a rule in the browser, see what it becomes and does',
    operands: '',
    details:
      'A page that runs entirely in the browser: an editor with the language server, what each target makes of the program, races, curves, the plan of a step, training, mutants, the library. It is served to browsers of this machine alone, until Ctrl-C; `npm run build:playground` in the repository makes the same page for any static host.',
    options: {
      port: integer('N', 'listen on the port N; on one that is free when absent'),
      open: flag('open the page in the browser'),
    },
    examples: [['optc playground --open', 'the page, in a browser']],
    endsItself: true,
    load: () => import('./commands/playground.ts'),
  }),
  command({
    name: 'lsp',
    summary: 'the language server, for editors',
    operands: '',
    details:
      'Speaks the language server protocol over standard input and output: problems as you type, types and documentation, completion with imports, definitions, renaming, formatting, fixes and refactorings. An editor starts it and ends it; docs/editors.md in the repository says how.',
    options: { stdio: flag('over standard input and output, as always: many editors say so') },
    examples: [['optc lsp', 'what an editor runs']],
    load: () => import('./commands/lsp.ts'),
  }),
]
