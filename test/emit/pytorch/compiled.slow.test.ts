import { describe, expect, test } from 'vitest'
import { BEHAVIOUR, writeUsed } from './behaviour.ts'
import { hasModules, inFolder, runPython } from './python.ts'

describe.runIf(hasModules('torch'))('torch.compile', () => {
  test('compiles a step once, whatever becomes of the learning rate', () =>
    inFolder(async (folder) => {
      await writeUsed(folder)
      expect(runPython(BEHAVIOUR, folder, 'compiled')).toMatch(/compiled_steps|not tested/)
    }))
})
