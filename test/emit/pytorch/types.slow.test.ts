import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { printPyTorch } from '../../../src/emit/pytorch/print.ts'
import { library, libraryFiles } from '../../stdlib/library.ts'
import { hasModules, inFolder, runModule, runPyright } from './python.ts'

describe.runIf(hasModules('mypy', 'torch'))('mypy', () => {
  test('finds no fault in any module', () =>
    inFolder(async (folder) => {
      for (const name of libraryFiles) {
        const { programs, functions } = library(name)
        const [module] = await printPyTorch(programs, functions, { name })
        writeFileSync(join(folder, module!.path), module!.text)
      }
      expect(runModule(folder, 'mypy', '--cache-dir', join(folder, 'cache'), '.')).toContain(
        'Success',
      )
    }))
})

describe.runIf(hasModules('pyright', 'torch'))('pyright', () => {
  test('finds no fault in any module', { timeout: 600_000 }, () =>
    inFolder(async (folder) => {
      for (const name of libraryFiles) {
        const { programs, functions } = library(name)
        const [module] = await printPyTorch(programs, functions, { name })
        writeFileSync(join(folder, module!.path), module!.text)
      }
      // PyTorch exports no functions of many tensors; of tensors or lists of them pyright forgets which.
      const off = ['reportPrivateImportUsage', 'reportArgumentType']
      expect(runPyright(folder, ...off)).toContain('0 errors')
    }),
  )
})
