import { recurrentTextNetwork, transformer } from '../networks/text-networks.ts'
import type { Task, TensorTask } from '../open-task.ts'
import { textTask } from '../text-task.ts'

const mobyDick = { data: 'moby-dick' } as const
const ptb = { data: 'ptb', unit: 'words' } as const

/** What comes next in a text. */
export const TEXT_TASKS: readonly Task<TensorTask>[] = [
  textTask({
    ...mobyDick,
    name: 'moby-dick-lstm',
    summary: 'the next of 2,000 words, an LSTM of 64 with a tied embedding; carried with optc',
    defaults: { steps: 1000, batchSize: 16, evaluateEvery: 200 },
    unit: 'words',
    reading: { window: 16, in: 'streams' },
    network: recurrentTextNetwork({ units: 64, depth: 1 }),
  }),
  textTask({
    ...mobyDick,
    name: 'moby-dick-transformer',
    summary: 'the next of 80 characters, a transformer of two blocks of 64; carried with optc',
    defaults: { steps: 1000, batchSize: 16, evaluateEvery: 200 },
    unit: 'characters',
    reading: { window: 32, in: 'windows' },
    network: transformer({ units: 64, heads: 4, blocks: 2 }),
  }),
  textTask({
    ...ptb,
    name: 'ptb-lstm',
    summary: 'the next of 10,000 words of the Wall Street Journal, two LSTMs of 200',
    defaults: { steps: 2323, batchSize: 20, evaluateEvery: 2323 },
    reading: { window: 20, in: 'streams' },
    network: recurrentTextNetwork({ units: 200, depth: 2 }),
  }),
  textTask({
    ...ptb,
    name: 'ptb-transformer',
    summary:
      'the next of 10,000 words of the Wall Street Journal, a transformer of two blocks of 128',
    defaults: { steps: 2000, batchSize: 20, evaluateEvery: 1000 },
    reading: { window: 32, in: 'windows' },
    network: transformer({ units: 128, heads: 4, blocks: 2 }),
  }),
]
