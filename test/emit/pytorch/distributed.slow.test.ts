import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Compiled } from '../../../src/compile.ts'
import { targets } from '../../../src/emit/targets.ts'
import { PROGRAMS } from '../../agreement/total-rules.ts'
import { library, optimizerNames } from '../../stdlib/library.ts'
import { compileText } from '../compile-program.ts'
import { hasModules, inFolder, runPython } from './python.ts'

const SCRIPT = fileURLToPath(new URL('./check_distributed.py', import.meta.url))
const WAYS = ['copied', 'sharded', 'saved', 'short']

async function write(
  { programs, functions }: Pick<Compiled, 'programs' | 'functions'>,
  folder: string,
  name: string,
): Promise<void> {
  const [module] = await targets.pytorch.print(programs, functions, { name })
  writeFileSync(join(folder, module!.path), module!.text)
}

interface Answer {
  readonly name: string
  readonly way: string
  readonly error: string | null
}

describe.runIf(hasModules('torch', 'torch.distributed.tensor'))('on two processes', () => {
  test(
    'every optimizer does what it does on one, with models that are copied or cut into shards',
    { timeout: 1_200_000 },
    () =>
      inFolder(async (folder) => {
        for (const name of optimizerNames) await write(library(name), folder, name)
        const totals = Object.values(PROGRAMS)
        for (const [at, text] of totals.entries()) {
          const graphs = compileText('tried.opt', `optimizer tried(lr = 0.1) {\n${text}\n}`)
          await write(graphs, folder, `total_${at}`)
        }
        const answers = runPython(SCRIPT, folder)
          .split('\n')
          .filter((line) => line.startsWith('{'))
          .map((line) => JSON.parse(line) as Answer)
        expect(answers.filter(({ error }) => error !== null)).toEqual([])
        const modules = optimizerNames.length + totals.length
        for (const way of WAYS)
          expect(answers.filter((each) => each.way === way).length).toBeGreaterThanOrEqual(modules)
      }),
  )
})
