import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { printKeras } from '../../../src/emit/keras/print.ts'
import { RUNTIME_MODULE } from '../../../src/emit/python/module.ts'
import { library, libraryFiles } from '../../stdlib/library.ts'
import { compileProgram, compileText, programNames } from '../compile-program.ts'
import { hasModules, inFolder, runModule, runPython } from '../pytorch/python.ts'

const golden = fileURLToPath(new URL('../golden-keras/', import.meta.url))
const updates = process.env['UPDATE'] === '1'
const GOLDEN = ['adam', 'prodigy', 'schedule_free_adamw', 'schedules']

describe('what a program becomes', () => {
  test.each(GOLDEN)('%s', async (name) => {
    const { programs, functions } = library(name)
    const [module] = await printKeras(programs, functions, { name })
    const file = `${golden}${name}.py`
    if (updates) {
      mkdirSync(golden, { recursive: true })
      writeFileSync(file, module!.text)
    }
    expect(module!.text).toBe(readFileSync(file, 'utf8'))
  })

  test('every golden is one of these', () => {
    expect(readdirSync(golden).sort()).toEqual(GOLDEN.map((name) => `${name}.py`))
  })

  test('with a runtime a module imports what modules share', async () => {
    const { programs, functions } = library('adam')
    const [module, runtime] = await printKeras(programs, functions, {
      name: 'adam',
      runtime: 'import',
    })
    expect(module!.text).toContain(`from ${RUNTIME_MODULE} import`)
    expect(module!.text).not.toContain('def add_state')
    expect(runtime).toMatchObject({ path: `${RUNTIME_MODULE}.py`, shared: true })
  })

  test('a module holds only what it uses of what modules share', async () => {
    const { programs, functions } = library('adam')
    const [module] = await printKeras(programs, functions, { name: 'adam' })
    expect(module!.text).toContain('def add_state')
    expect(module!.text).not.toMatch(/def (?:threefry|horner|steps_of|swap_in)/)
  })

  test('nothing becomes nothing', async () => {
    expect(await printKeras([], [])).toEqual([])
  })
})

/** Writes the modules of the library and of the test programs, and what all of them share. */
async function writeAll(folder: string): Promise<void> {
  const named = [
    ...libraryFiles.map((name) => [name, library(name)] as const),
    ...programNames.map((name) => [`program_${name}`, compileProgram(name)] as const),
  ]
  for (const [name, { programs, functions }] of named)
    for (const { path, text } of await printKeras(programs, functions, { name }))
      writeFileSync(join(folder, path), text)
  const { programs, functions } = library('schedule_free_adamw')
  const files = await printKeras(programs, functions, { name: 'imported', runtime: 'import' })
  for (const { path, text } of files) writeFileSync(join(folder, path), text)
}

describe.runIf(hasModules('ruff'))('ruff', () => {
  test('has nothing to say of any module', () =>
    inFolder(async (folder) => {
      await writeAll(folder)
      expect(runModule(folder, 'ruff', 'format', '--check', '--no-cache')).toContain('formatted')
      expect(runModule(folder, 'ruff', 'check', '--no-cache')).toContain('All checks passed')
    }))
})

const BEHAVIOUR = fileURLToPath(new URL('./check_behaviour.py', import.meta.url))

describe.each(['jax', 'tensorflow', 'torch'])('on %s', (backend) => {
  const isThere = hasModules('keras', backend)

  test.runIf(isThere)(
    'an emitted optimizer is one of Keras in all that is not arithmetic',
    { timeout: 900_000 },
    () =>
      inFolder(async (folder) => {
        const used = 'adam muon prodigy schedule_free_adamw schedules sgd sgld'.split(' ')
        for (const name of used) {
          const { programs, functions } = library(name)
          const [module] = await printKeras(programs, functions, { name })
          writeFileSync(join(folder, module!.path), module!.text)
        }
        expect(runPython(BEHAVIOUR, folder, backend)).toContain('test_what_cannot_be_is_refused')
      }),
  )

  test.runIf(isThere)(
    'it may be called anything, and so may its hyperparameters, states and functions',
    { timeout: 300_000 },
    () =>
      inFolder(async (folder) => {
        const text = [
          'decay lambda_(t, l in [0, 1] = 0.5) = l',
          'optimizer class(clipnorm in [0, 1) = 0.5, l in (0, 1) = 0.1, variables in [0, 1) = 0, learning_rate in [0, 1) = 0) {',
          '  state ops = 0',
          '  state iterations = 0',
          '  state gradient = 1',
          '  state index = 1',
          '  let keras = g * clipnorm + variables + learning_rate',
          '  ops = ops + keras * lambda_(t)',
          '  iterations = iterations + normal()',
          '  gradient = 0.5 * gradient',
          '  index = index + global_sum(g)',
          '  update = l * (ops + iterations) * gradient * index',
          '}',
        ].join('\n')
        const { programs, functions } = compileText('for.opt', text)
        const [module] = await printKeras(programs, functions, { name: 'for' })
        writeFileSync(join(folder, 'module_for.py'), module!.text)
        const script = join(folder, 'use.py')
        writeFileSync(
          script,
          [
            'import os',
            `os.environ["KERAS_BACKEND"] = "${backend}"`,
            'import keras',
            'import module_for',
            'make = getattr(module_for, module_for.__all__[0])',
            'optimizer = make()',
            'w = keras.Variable(keras.ops.ones(3))',
            'for _ in range(2):',
            '    optimizer.apply([keras.ops.ones(3)], [w])',
            'again = make.from_config(optimizer.get_config())',
            'finite = bool(keras.ops.all(keras.ops.isfinite(w)))',
            'print(module_for.__all__, finite, again.get_config() == optimizer.get_config())',
          ].join('\n'),
        )
        expect(runPython(script)).toContain('True True')
      }),
  )
})
