import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { printOptax } from '../../../src/emit/optax/print.ts'
import { library, libraryFiles } from '../../stdlib/library.ts'
import { hasModules, inFolder, runModule, runPyright } from '../pytorch/python.ts'

describe.runIf(hasModules('mypy', 'jax', 'optax'))('mypy', () => {
  test('finds no fault in any module', () =>
    inFolder(async (folder) => {
      for (const name of libraryFiles) {
        const { programs, functions } = library(name)
        const [module] = await printOptax(programs, functions, { name })
        writeFileSync(join(folder, module!.path), module!.text)
      }
      // Optax has types, and does not say so.
      const options = [
        '--disable-error-code',
        'import-untyped',
        '--cache-dir',
        join(folder, 'cache'),
      ]
      expect(runModule(folder, 'mypy', ...options, '.')).toContain('Success')
    }))
})

describe.runIf(hasModules('pyright', 'optax'))('pyright', () => {
  test('finds no fault in any module', { timeout: 600_000 }, () =>
    inFolder(async (folder) => {
      for (const name of libraryFiles) {
        const { programs, functions } = library(name)
        const [module] = await printOptax(programs, functions, { name })
        writeFileSync(join(folder, module!.path), module!.text)
      }
      expect(runPyright(folder)).toContain('0 errors')
    }),
  )
})
