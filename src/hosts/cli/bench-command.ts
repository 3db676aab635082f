import {
  command,
  flag,
  integer,
  list,
  text,
  withDefault,
  type CommandRow,
  type Option,
} from './command.ts'

/** What `optc bench kernels` steps where nothing else is asked for. */
const RULES: readonly string[] = [
  'sgd',
  'momentum',
  'adam',
  'adamw',
  'lion',
  'opt6',
  'opt10',
  'adafactor',
  'muon',
]
const COUNTS: readonly number[] = [1e3, 1e5, 1e6, 1e7]
/** What `optc bench training` trains where nothing else is asked for. */
const TASKS: readonly string[] = ['fashion14-mlp', 'fashion14-cnn', 'digits8-mlp']
const BACKENDS = ['wasm', 'cpu', 'webgpu', 'tensorflow'] as const

/** The row of `optc bench`. */
export const benchCommand: CommandRow = command({
  name: 'bench',
  summary: 'measure this machine',
  operands: '[WHAT...]',
  details:
    'WHAT is kernels, compile, editor, integrity, training, optimizers or surrogate; everything when left out. The bench kernels measures the steps of optimizers, each at every size and on every backend for a tenth of N seconds: as kernels and as the readable class, beside what tfjs and, where PYTHON has it, PyTorch have of the same name, and a copy of as many bytes. What would take longer than a fifth of N seconds for one step is left out.',
  options: {
    seconds: withDefault(integer('N', 'time for each figure', 1), 5),
    json: flag('print one JSON object per figure'),
    rules: withDefault(list('NAME,...', 'kernels: optimizers of the library'), RULES),
    parameters: withDefault(
      listOf('N,...', 'kernels: how many numbers the one variable has, 1e6', countOf),
      COUNTS,
    ),
    backends: withDefault(
      listOf('NAME,...', `kernels, training: some of ${BACKENDS.join(', ')}`, (written) => {
        const found = BACKENDS.find((name) => name === written)
        if (found === undefined) throw new Error(`it must be names out of ${BACKENDS.join(', ')}`)
        return found
      }),
      BACKENDS,
    ),
    tasks: withDefault(list('NAME,...', 'training: tasks whose data is there'), TASKS),
    python: text(
      'PYTHON',
      'kernels: the interpreter that has PyTorch; $OPTC_PYTHON or python3 where it is left out',
    ),
  },
  examples: [
    ['optc bench compile', 'milliseconds to check and to compile a rule'],
    [
      'optc bench training --tasks digits8-mlp,fashion8-mlp --backends wasm',
      'training steps of two tasks',
    ],
    [
      'optc bench kernels --rules adam,lion --parameters 1e6',
      'steps of two optimizers, a million parameters',
    ],
  ],
  endsItself: true,
  load: () => import('./commands/bench.ts'),
})

/** An option with several values, commas between them. */
function listOf<T>(
  placeholder: string,
  summary: string,
  parse: (written: string) => T,
): Option<readonly T[] | undefined> {
  const texts = list(placeholder, summary)
  return { ...texts, initial: undefined, parse: (written) => texts.parse(written)?.map(parse) }
}

/** Numbers that a 32-bit index can count. */
function countOf(written: string): number {
  const count = Number(written)
  if (!Number.isSafeInteger(count) || count < 1 || count > 2 ** 28)
    throw new Error('it must be whole numbers from 1 to 2^28')
  return count
}
