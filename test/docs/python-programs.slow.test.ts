import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { targets, type TargetName } from '../../src/emit/targets.ts'
import { hasModules, inFolder, runPython } from '../emit/pytorch/python.ts'
import { library, optimizerNames } from '../stdlib/library.ts'
import { blocksIn, NAMED } from './pages.ts'

const shown = blocksIn('python').filter(({ text }) => !NAMED.test(text))

const programs = shown.map((block) => {
  const imported = [...block.text.matchAll(/^(?:from|import) (\w+)/gm)].map(([, name]) => name!)
  return {
    ...block,
    compiled: imported.filter((name) => optimizerNames.includes(name)),
    needed: imported.filter((name) => !optimizerNames.includes(name)),
  }
})

it('there are programs in Python', () => {
  expect(programs.length).toBeGreaterThan(1)
})

const tried = programs.filter(({ needed }) => hasModules(...needed))

it.each(tried)('the program at $place runs', async ({ text, words, compiled }) => {
  expect(compiled).not.toEqual([])
  await inFolder(async (folder) => {
    for (const name of compiled) {
      const { programs: rules, functions } = library(name)
      const target = targets[words.get('target') as TargetName]
      const [module] = await target.print(rules, functions, { name })
      writeFileSync(join(folder, module!.path), module!.text)
    }
    writeFileSync(join(folder, 'shown.py'), text)
    expect(runPython(join(folder, 'shown.py'))).toBe('')
  })
})
