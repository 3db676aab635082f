import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Compiled } from '../../src/compile.ts'
import { printTypeScript } from '../../src/emit/ts/print.ts'
import { library, optimizerNames } from '../stdlib/library.ts'
import { compileProgram, programNames } from './compile-program.ts'
import { typeProblems } from './type-problems.ts'
import { cutModule, joinModule, sharedFile, sharedText, uniqueParts } from './shared-parts.ts'

const golden = fileURLToPath(new URL('./golden/', import.meta.url))
const updates = process.env['UPDATE'] === '1'

/** What users get of a file's programs and functions. */
async function emitted({ programs, functions }: Compiled, name: string): Promise<string> {
  const artifacts = await printTypeScript(programs, functions, { name })
  expect(artifacts).toHaveLength(1)
  expect(artifacts[0]!.path).toBe(fileName(name))
  return artifacts[0]!.text
}

const fileName = (name: string): string => `${name.replaceAll('_', '-')}.ts`

function expectGolden(file: string, text: string): void {
  if (updates) {
    mkdirSync(golden, { recursive: true })
    writeFileSync(golden + file, text)
  }
  expect(text).toBe(readFileSync(golden + file, 'utf8'))
}

const modules = new Map<string, string>()

beforeAll(async () => {
  for (const name of programNames) modules.set(name, await emitted(compileProgram(name), name))
})

describe('what a program becomes', () => {
  test.each(programNames)('%s', (name) => {
    expectGolden(fileName(name), cutModule(modules.get(name)!).own)
  })

  test.each(programNames)('%s is its golden with the shared parts in their places', (name) => {
    const text = modules.get(name)!
    expect(joinModule(cutModule(text))).toBe(text)
  })

  test('what modules share is the same in all of them, those of the library included', async () => {
    const parts = [...modules.values()].flatMap((text) => cutModule(text).shared)
    for (const name of optimizerNames)
      parts.push(...cutModule(await emitted(library(name), name)).shared)
    expectGolden(sharedFile, sharedText(uniqueParts(parts)))
  })

  test('every golden belongs to a program or is what they share', () => {
    const expected = [...programNames.map(fileName), sharedFile].sort()
    if (updates) {
      for (const file of readdirSync(golden)) if (!expected.includes(file)) rmSync(golden + file)
    }
    expect(readdirSync(golden).sort()).toEqual(expected)
  })

  test('emitting twice gives the same text', async () => {
    const emit = async (): Promise<unknown> => {
      const { programs, functions } = compileProgram('matrix_decay')
      return printTypeScript(programs, functions)
    }
    expect(await emit()).toEqual(await emit())
  })
})

test('emitted modules type-check under the strictest settings', () => {
  const files = new Map([...modules].map(([name, text]) => [golden + fileName(name), text]))
  expect(typeProblems(files)).toEqual([])
})
