import { expect, test } from 'vitest'
import {
  check,
  compile,
  curve,
  curvesFigure,
  drawSvg,
  explain,
  format,
  mutate,
  parse,
  path,
  simulate,
  standardLibrary,
  surfaces,
  topics,
} from '../../src/index.ts'

const adam = standardLibrary['std/adam']!

test('reads, checks and formats', async () => {
  expect(parse(adam).value.kind).toBe('module')
  expect(format('update=lr*g').value).toBe('update = lr * g\n')
  expect(format('update = (').value).toBeUndefined()
  expect((await check(adam)).value).toMatchObject({ valid: true, optimizers: ['Adam'] })
  const { value, diagnostics } = await check('update = lr * h')
  expect(value.valid).toBe(false)
  expect(diagnostics[0]).toMatchObject({ code: 'unknown-name', path: 'main.opt' })
})

test('imports are waited for, from files that import each other too', async () => {
  const files: Readonly<Record<string, string>> = {
    'rules/half.opt': 'import { third } from "../third.opt"\nfn half(x) = third(x) / 2\n',
    'third.opt': 'fn third(x) = x / 3\n',
  }
  const asked: string[] = []
  const load = async (path: string): Promise<string | undefined> => {
    asked.push(path)
    await Promise.resolve()
    return files[path]
  }
  const text = 'import { half } from "./half.opt"\nupdate = lr * half(g)\n'
  const options = { path: 'rules/main.opt', load }
  expect(await check(text, options)).toMatchObject({ value: { valid: true }, diagnostics: [] })
  expect(asked).toEqual(['rules/half.opt', 'third.opt'])
  const failing = { ...options, load: () => Promise.reject(new Error('offline')) }
  expect((await check(text, failing)).value.valid).toBe(false)
})

test('compiles to TypeScript', async () => {
  const { files, diagnostics } = await compile(adam, { target: 'ts' })
  expect(diagnostics).toEqual([])
  expect(files.map(({ path }) => path)).toEqual(['adam.ts'])
  expect(files[0]!.text).toContain('export class Adam')
  expect(await compile('update = h')).toMatchObject({ files: [] })
})

test('simulates steps, and says what was asked wrongly', async () => {
  const text = 'update = lr * g\n'
  const { value } = await simulate(text, {
    weights: [1, 2],
    gradients: [
      [1, 1],
      [2, 0],
    ],
    hyperparameters: { lr: 0.5 },
  })
  expect(value).toEqual([new Float64Array([0.5, 1.5]), new Float64Array([-0.5, 1.5])])
  expect((await simulate(text, { weights: [1], gradients: [[1, 2]] })).problem).toContain('2 elem')
  const turned = await simulate('update = sum(g, over = inputs)\n', {
    weights: [0, 0],
    gradients: [[1, 2]],
    shape: [1, 2],
    layout: 'outputs-first',
  })
  expect(turned.value).toEqual([new Float64Array([-3, -3])])
  expect((await simulate(text, { weights: [1], gradients: [], name: 'x' })).problem).toContain('x')
})

test('simulates what a model is evaluated with, where a rule says so', async () => {
  const options = { weights: [1], gradients: [[1], [2]], hyperparameters: { lr: 0.5 } }
  const answer = await simulate('update = lr * g\nevaluate = 2 * w + t\n', options)
  expect(answer.value).toEqual([new Float64Array([0.5]), new Float64Array([-0.5])])
  expect(answer.evaluate).toEqual([new Float64Array([1]), new Float64Array([0])])
  expect(await simulate('update = lr * g\n', options)).toEqual({
    value: answer.value,
    diagnostics: [],
  })
})

test.each([
  [{ totalSteps: 0 }, 'totalSteps must be a positive whole number'],
  [{ totalSteps: 2.5 }, 'totalSteps must be a positive whole number'],
  [{ totalSteps: Infinity }, 'totalSteps must be a positive whole number'],
  [{ layout: 'rows' as 'outputs-last' }, 'layout must be outputs-last or outputs-first'],
  [{ hyperparameters: { lr: 0 } }, 'lr is 0; it must be in (0, inf)'],
  [{ hyperparameters: { lr: NaN } }, 'lr is NaN; it must be in (0, inf)'],
  [{ hyperparameters: { lr: (t: number) => 1 - t } }, 'lr is 0 at step 1; it must be in (0, inf)'],
])('simulates no step with %o', async (options, problem) => {
  const weights = { weights: [1], gradients: [[1], [1]] }
  const answer = await simulate('update = lr * g\n', { ...weights, ...options })
  expect(answer).toEqual({ value: undefined, diagnostics: [], problem })
})

test('gives the values of a schedule', async () => {
  const text = 'schedule line(t, from in (0, inf) = 1) = from * t / T\n'
  const outside = await curve(text, { arguments: { from: 0 } })
  expect(outside.problem).toBe('from is 0; it must be in (0, inf)')
  const { value } = await curve(text, { totalSteps: 4, arguments: { from: 2 } })
  expect(value).toEqual({ name: 'line', totalSteps: 4, values: [0, 0.5, 1, 1.5] })
  expect((await curve(text, { totalSteps: 0 })).problem).toContain('positive')
})

test('gives the path of an optimizer on a surface', async () => {
  const quadratic = surfaces.find(({ name }) => name === 'quadratic')!
  const { value } = await path('update = lr * g\n', { totalSteps: 30, learningRate: 0.05 })
  expect(value).toMatchObject({ surface: 'quadratic', totalSteps: 30, learningRate: 0.05 })
  expect(value!.points).toHaveLength(31)
  expect(value!.points[0]).toEqual([-2, 0.8])
  expect(value!.points[1]![0]).toBeCloseTo(-1.9, 6)
  expect(value!.points[1]![1]).toBeCloseTo(0, 6)
  expect(value!.values[0]).toBe(quadratic.value(-2, 0.8))
  expect((await path(adam, { surface: 'none' })).problem).toContain('none')
  expect((await path(adam, { hyperparameters: { gamma: 1 } })).problem).toContain('gamma')
  expect((await path(adam, { totalSteps: 0 })).problem).toContain('positive')
  expect((await path('update = h')).diagnostics[0]).toMatchObject({ code: 'unknown-name' })
})

test('draws what it gives', async () => {
  const { value } = await curve('decay fading(t) = 1 - t / T\n')
  expect(drawSvg(curvesFigure([value!]))).toMatch(/^<svg[^]*fading[^]*<\/svg>\s*$/)
})

test('explains everything that it lists', () => {
  const listed = topics()
  for (const { name, group, summary } of listed) {
    expect(explain(name).page!.length, name).toBeGreaterThan(20)
    expect(group, name).not.toBe('')
    expect(summary, name).not.toBe('')
  }
  for (const known of ['unknown-name', 'sqrt', 'ema', 'std/adam', 'state', 'g'])
    expect(listed.map(({ name }) => name)).toContain(known)
  expect(explain('error[unknown-name]')).toEqual(explain('unknown-name'))
  expect(explain('std/adm')).toEqual({ name: 'std/adm', page: undefined, meant: 'std/adam' })
  const longest = Math.max(
    ...explain('state', { columns: 40 })
      .page!.split('\n')
      .map((line) => line.length),
  )
  expect(longest).toBeLessThanOrEqual(40)
})

test('mutates a rule of a space, equally for equal seeds', async () => {
  const rule = standardLibrary['std/opt1']!
  const first = await mutate(rule, { seed: 3 })
  expect(first.problem).toBeUndefined()
  expect(await mutate(rule, { seed: 3 })).toEqual(first)
  expect(first.value!.text).not.toBe(rule)
  expect((await check(first.value!.text)).value.valid).toBe(true)
  expect((await mutate(rule, { space: 'none' })).problem).toContain('none')
})
