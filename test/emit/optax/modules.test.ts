import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { printOptax } from '../../../src/emit/optax/print.ts'
import { RUNTIME_MODULE } from '../../../src/emit/python/module.ts'
import { library, libraryFiles } from '../../stdlib/library.ts'
import { compileProgram, compileText, programNames } from '../compile-program.ts'
import { hasModules, inFolder, runModule, runPython } from '../pytorch/python.ts'

const golden = fileURLToPath(new URL('../golden-optax/', import.meta.url))
const updates = process.env['UPDATE'] === '1'
const GOLDEN = ['adam', 'schedule_free_adamw']

describe('what a program becomes', () => {
  test.each(GOLDEN)('%s', async (name) => {
    const { programs, functions } = library(name)
    const [module] = await printOptax(programs, functions, { name })
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
    const [module, runtime] = await printOptax(programs, functions, {
      name: 'adam',
      runtime: 'import',
    })
    expect(module!.text).toContain(`from ${RUNTIME_MODULE} import`)
    expect(module!.text).not.toContain('def update_leaves')
    expect(runtime).toMatchObject({ path: `${RUNTIME_MODULE}.py`, shared: true })
  })

  test('nothing becomes nothing', async () => {
    expect(await printOptax([], [])).toEqual([])
  })
})

/** Writes the modules of the library and of the test programs, and what all of them share. */
async function writeAll(folder: string): Promise<void> {
  const named = [
    ...libraryFiles.map((name) => [name, library(name)] as const),
    ...programNames.map((name) => [`program_${name}`, compileProgram(name)] as const),
  ]
  for (const [name, { programs, functions }] of named)
    for (const { path, text } of await printOptax(programs, functions, { name }))
      writeFileSync(join(folder, path), text)
  const { programs, functions } = library('prodigy')
  const files = await printOptax(programs, functions, { name: 'imported', runtime: 'import' })
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

describe.runIf(hasModules('jax', 'optax'))('an emitted transformation', () => {
  test('is one of optax in all that is not arithmetic', { timeout: 300_000 }, () =>
    inFolder(async (folder) => {
      for (const name of 'adam muon schedule_free_adamw schedules sgld'.split(' ')) {
        const { programs, functions } = library(name)
        const [module] = await printOptax(programs, functions, { name })
        writeFileSync(join(folder, module!.path), module!.text)
      }
      expect(runPython(BEHAVIOUR, folder)).toContain('test_what_cannot_be_is_refused')
    }),
  )

  test('may be called anything, and so may its hyperparameters, states and functions', () =>
    inFolder(async (folder) => {
      const text = [
        'decay lambda_(t, l in [0, 1] = 0.5) = l',
        'optimizer class(seed in [0, 1) = 0.5, l in (0, 1) = 0.1, update_fn in [0, 1) = 0, count in [0, 1) = 0) {',
        '  state jnp = 0',
        '  state index = 0',
        '  state params = 1',
        '  let math = g * seed + update_fn + count',
        '  jnp = jnp + math * lambda_(t)',
        '  index = index + normal()',
        '  params = 0.5 * params',
        '  update = l * (jnp + index) * params',
        '}',
      ].join('\n')
      const { programs, functions } = compileText('for.opt', text)
      const [module] = await printOptax(programs, functions, { name: 'for' })
      writeFileSync(join(folder, 'module_for.py'), module!.text)
      const script = join(folder, 'use.py')
      writeFileSync(
        script,
        [
          'import inspect',
          'import jax.numpy as jnp',
          'import module_for',
          'made = [getattr(module_for, name) for name in module_for.__all__]',
          'make = next(each for each in made if inspect.isfunction(each))',
          'transformation = make()',
          'w = jnp.ones(3)',
          'updates, _ = transformation.update(w, transformation.init(w), w)',
          'print(module_for.__all__, jnp.isfinite(updates).all())',
        ].join('\n'),
      )
      expect(runPython(script)).toContain('True')
    }))
})
