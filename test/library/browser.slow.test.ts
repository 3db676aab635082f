import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { standardLibrary } from '../../src/library/standard-library.ts'
import { bundle, openPage, type Run } from './page.ts'

const root = join(import.meta.dirname, '../..')

/** A module of the sources. */
const source = (path: string): Promise<string> => bundle(join(root, path))

let inBrowser: Run
beforeAll(async () => {
  inBrowser = openPage(await source('src/index.ts'))
})

const adam = standardLibrary['std/adam']!

test('the page has nothing of Node', async () => {
  const names = ['process', 'Buffer', 'require', 'module', 'global', 'setImmediate', '__dirname']
  const body = 'return given.filter((name) => globalThis[name] !== undefined)'
  expect(await inBrowser(body, names)).toEqual([])
})

test('reads, checks and formats', async () => {
  expect(await inBrowser('return optc.parse(given).value.kind', adam)).toBe('module')
  expect(await inBrowser('return optc.format("update=lr*g").value')).toBe('update = lr * g\n')
  expect(await inBrowser('return optc.check(given)', adam)).toMatchObject({
    value: { valid: true, optimizers: ['Adam'] },
    diagnostics: [],
  })
  expect(await inBrowser('return optc.check("update = lr * h")')).toMatchObject({
    value: { valid: false },
    diagnostics: [{ code: 'unknown-name' }],
  })
})

test('waits for imports', async () => {
  const files = { 'half.opt': 'fn half(x) = x / 2\n' }
  const body = `
    const load = async (path) => { await new Promise((go) => setTimeout(go, 1)); return given[path] }
    return optc.check('import { half } from "./half.opt"\\nupdate = lr * half(g)', { load })`
  expect(await inBrowser(body, files)).toMatchObject({ value: { valid: true }, diagnostics: [] })
})

test('compiles to what Node compiles to', async () => {
  const { compile } = await import('../../src/index.ts')
  const { files } = await compile(adam)
  expect(files).toHaveLength(1)
  expect(await inBrowser('return (await optc.compile(given)).files', adam)).toEqual(files)
})

test('simulates, and draws curves and paths', async () => {
  const run =
    'optc.simulate("update = lr * g", { weights: [1], gradients: [[1]], hyperparameters: { lr: 0.5 } })'
  expect(await inBrowser(`return Array.from((await ${run}).value[0])`)).toEqual([0.5])
  const line = 'optc.curve("decay line(t) = 1 - t / T", { totalSteps: 4 })'
  expect(await inBrowser(`return (await ${line}).value.values`)).toEqual([1, 0.75, 0.5, 0.25])
  expect(
    await inBrowser(`return optc.drawSvg(optc.curvesFigure([(await ${line}).value]))`),
  ).toContain('</svg>')
  expect(await inBrowser('return (await optc.path(given)).value.points.length', adam)).toBe(201)
})

test('mutates like in Node', async () => {
  const { mutate } = await import('../../src/index.ts')
  const rule = standardLibrary['std/opt1']!
  const { value } = await mutate(rule, { seed: 3 })
  expect(value?.text).toContain('optimizer Opt1')
  expect(await inBrowser('return (await optc.mutate(given, { seed: 3 })).value', rule)).toEqual(
    value,
  )
})

test('explains everything', async () => {
  const body = 'return optc.topics().filter(({ name }) => optc.explain(name).page.length < 20)'
  expect(await inBrowser(body)).toEqual([])
})

test('sets a backend up, and tells of those that are for Node', async () => {
  // By these tfjs tells that it is in a browser.
  const more = { document: {}, location: { search: '' }, navigator: { userAgent: 'test' } }
  const run = openPage(await source('src/library/runtime.ts'), more)
  expect(await run('return optc.selectBackend("cpu")')).toMatchObject({ ok: true })
  expect(await run('return optc.selectBackend("tensorflow")')).toMatchObject({ ok: false })
  expect(await run('return optc.selectBackend("webgpu")')).toMatchObject({ ok: false })
  const build = '(await optc.loadOptimizer(given)).value({ hyperparameters: { lr: 0.1 } })'
  expect(await run(`return ${build}.getClassName()`, adam)).toBe('OptcAdam')
})

test('formats as a plugin of Prettier', async () => {
  const script = await source('src/syntax/prettier-plugin.ts')
  const body = 'return optc.parsers.opt.parse("update = lr * g", {}).parsed.diagnostics'
  expect(await openPage(script)(body)).toEqual([])
})

test('what imports modules of Node is found out', async () => {
  await expect(source('src/library/search.ts')).rejects.toThrow('Could not resolve "node:')
})
