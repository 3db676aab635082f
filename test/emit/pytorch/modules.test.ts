import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { printPyTorch } from '../../../src/emit/pytorch/print.ts'
import { RUNTIME_MODULE } from '../../../src/emit/python/module.ts'
import { library, libraryFiles } from '../../stdlib/library.ts'
import { compileProgram, compileText, programNames } from '../compile-program.ts'
import { BEHAVIOUR, writeUsed } from './behaviour.ts'
import { hasModules, inFolder, runModule, runPython } from './python.ts'

const golden = fileURLToPath(new URL('../golden-pytorch/', import.meta.url))
const updates = process.env['UPDATE'] === '1'
const GOLDEN = ['adam', 'muon', 'schedule_free_adamw']

describe('what a program becomes', () => {
  test.each([...GOLDEN, RUNTIME_MODULE])('%s', async (name) => {
    const source = name === RUNTIME_MODULE ? 'adam' : name
    const { programs, functions } = library(source)
    const files = await printPyTorch(programs, functions, { name: source, runtime: 'import' })
    const { text } = files.find(({ path }) => path === `${name}.py`)!
    const file = `${golden}${name}.py`
    if (updates) {
      mkdirSync(golden, { recursive: true })
      writeFileSync(file, text)
    }
    expect(text).toBe(readFileSync(file, 'utf8'))
  })

  test('every golden is one of these', () => {
    const wanted = [...GOLDEN, RUNTIME_MODULE].map((name) => `${name}.py`).sort()
    if (updates)
      for (const file of readdirSync(golden)) if (!wanted.includes(file)) rmSync(golden + file)
    expect(readdirSync(golden).sort()).toEqual(wanted)
  })

  test('a module holds what it uses of what modules share, and with a runtime imports it', async () => {
    const { programs, functions } = library('adam')
    const [pasted] = await printPyTorch(programs, functions, { name: 'adam' })
    expect(pasted!.text).toContain('class Rule(Optimizer):')
    expect(pasted!.text).not.toContain('def threefry')
    const [module, runtime] = await printPyTorch(programs, functions, {
      name: 'adam',
      runtime: 'import',
    })
    expect(module!.text).toContain(`from ${RUNTIME_MODULE} import`)
    expect(module!.text).not.toContain('class Rule(Optimizer):')
    expect(runtime).toMatchObject({ path: `${RUNTIME_MODULE}.py`, shared: true })
  })

  test('nothing becomes nothing', async () => {
    expect(await printPyTorch([], [])).toEqual([])
  })
})

/** Writes the modules of the library and of the test programs, and what all of them share. */
async function writeAll(folder: string): Promise<void> {
  const named = [
    ...libraryFiles.map((name) => [name, library(name)] as const),
    ...programNames.map((name) => [`program_${name}`, compileProgram(name)] as const),
  ]
  for (const [name, { programs, functions }] of named)
    for (const { path, text } of await printPyTorch(programs, functions, { name }))
      writeFileSync(join(folder, path), text)
  const { programs, functions } = library('prodigy')
  const files = await printPyTorch(programs, functions, { name: 'imported', runtime: 'import' })
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

describe.runIf(hasModules('torch', 'numpy'))('an emitted optimizer', () => {
  test('is an optimizer of PyTorch in all that is not arithmetic', () =>
    inFolder(async (folder) => {
      await writeUsed(folder)
      expect(runPython(BEHAVIOUR, folder, 'test')).toContain('test_hidden_parameters')
    }))

  test('refuses sides that are longer than the rule can take', () =>
    inFolder(async (folder) => {
      const text =
        'if rank(w) >= 2 { update = matmul(inverse_root(matmul(g, transpose(g)), 2, max_extent = 4), g) } else { update = g }'
      const { programs, functions } = compileText('long.opt', text)
      const [module] = await printPyTorch(programs, functions, { name: 'long' })
      writeFileSync(join(folder, 'long_sides.py'), module!.text)
      const script = join(folder, 'use.py')
      const lines = [
        'import torch',
        'import long_sides',
        'Class = getattr(long_sides, long_sides.__all__[0])',
        'for inputs in (4, 5):',
        '    w = torch.nn.Parameter(torch.ones(2, inputs))',
        '    w.grad = torch.ones_like(w)',
        '    try:',
        '        Class([w]).step()',
        '        print("taken")',
        '    except ValueError as error:',
        '        print(error)',
      ]
      writeFileSync(script, lines.join('\n'))
      expect(runPython(script)).toMatch(/^taken\na parameter has 5 inputs, and at most 4/)
    }))

  test('may be called anything, and so may its hyperparameters, states and functions', () =>
    inFolder(async (folder) => {
      const text = [
        'decay lambda_(t, l in [0, 1] = 0.5) = l',
        'optimizer class(seed in [0, 1) = 0.5, l in (0, 1) = 0.1, self_ in [0, 1) = 0, maximize in [0, 1) = 0) {',
        '  state torch = 0',
        '  state numbers = 0',
        '  state group = 1',
        '  let math = g * seed + self_ + maximize',
        '  torch = torch + math * lambda_(t)',
        '  numbers = numbers + normal()',
        '  group = 0.5 * group',
        '  update = l * (torch + numbers) * group',
        '}',
      ].join('\n')
      const { programs, functions } = compileText('for.opt', text)
      const [module] = await printPyTorch(programs, functions, { name: 'for' })
      writeFileSync(join(folder, 'module_for.py'), module!.text)
      const script = join(folder, 'use.py')
      writeFileSync(
        script,
        [
          'import torch',
          'import module_for',
          'Class = getattr(module_for, module_for.__all__[0])',
          'w = torch.nn.Parameter(torch.ones(3))',
          'w.grad = torch.ones(3)',
          'optimizer = Class([w])',
          'optimizer.step()',
          'print(module_for.__all__, w.isfinite().all())',
        ].join('\n'),
      )
      expect(runPython(script)).toContain('True')
    }))
})
