import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { printKeras } from '../../../src/emit/keras/print.ts'
import { library, libraryFiles } from '../../stdlib/library.ts'
import { hasModules, inFolder, runModule, runPyright } from '../pytorch/python.ts'

describe.runIf(hasModules('mypy', 'keras'))('mypy', () => {
  test('finds no fault in any module', { timeout: 600_000 }, () =>
    inFolder(async (folder) => {
      for (const name of libraryFiles) {
        const { programs, functions } = library(name)
        const [module] = await printKeras(programs, functions, { name })
        writeFileSync(join(folder, module!.path), module!.text)
      }
      // Neither Keras nor TensorFlow says what its types are.
      const options = [
        '--ignore-missing-imports',
        '--disable-error-code',
        'import-untyped',
        '--follow-imports',
        'skip',
        '--cache-dir',
        join(folder, 'cache'),
      ]
      expect(runModule(folder, 'mypy', ...options, '.')).toContain('Success')
    }),
  )
})

describe.runIf(hasModules('pyright', 'keras'))('pyright', () => {
  test('finds no fault in any module', { timeout: 600_000 }, () =>
    inFolder(async (folder) => {
      for (const name of libraryFiles) {
        const { programs, functions } = library(name)
        const [module] = await printKeras(programs, functions, { name })
        writeFileSync(join(folder, module!.path), module!.text)
      }
      expect(
        runPyright(
          folder,
          'reportArgumentType',
          'reportAttributeAccessIssue',
          'reportGeneralTypeIssues',
          'reportOperatorIssue',
          'reportOptionalMemberAccess',
          'reportOptionalOperand',
          'reportOptionalSubscript',
        ),
      ).toContain('0 errors')
    }),
  )
})
