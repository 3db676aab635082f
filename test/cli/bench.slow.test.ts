import { describe, expect, test } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import { createSession } from './session.ts'

interface Line {
  readonly bench: string
  readonly what: string
  readonly unit: string
  readonly median: number
  readonly least: number
  readonly most: number
  readonly rule?: string
  readonly backend?: string
  readonly form?: string
  readonly parameters?: number
  readonly variables?: number
  readonly gigabytesPerSecond?: number
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

/** An interpreter that answers as the one does that has PyTorch, with one form of SGD and one that cannot be built. */
const PYTHON = `#!${process.execPath}
const answer = (line) => console.log(JSON.stringify(line))
answer({ version: '0.0.fake', forms: { sgd: ['loop', 'fused'] } })
require('node:readline').createInterface(process.stdin).on('line', (line) => {
  const request = JSON.parse(line)
  if (request.form === 'fused') answer({ error: 'RuntimeError: not here' })
  else if ('make' in request) answer({ made: request.make })
  else if ('time' in request) answer({ seconds: 0.5 })
  else answer({ dropped: request.drop })
})
`

describe('bench kernels', () => {
  test('measures whoever takes steps, one JSON object a figure', async () => {
    const session = createSession({ 'fake-python': PYTHON })
    session.protect('fake-python', 0o755)
    const python = `${session.folder}/fake-python`
    const { exitCode, stdout, stderr } = await session.run(
      `bench kernels --json --seconds 1 --rules sgd,lion --parameters 12 --backends wasm,cpu --python ${python}`,
    )
    expect(exitCode).toBe(0)
    const lines = linesOf(stdout)
    const steps = lines.filter(({ unit }) => unit === 'ns/parameter')
    const own = ['kernels', 'class']
    expect(
      steps.map(({ rule, backend, parameters, form }) => [backend, rule, parameters, form]),
    ).toEqual(
      ['wasm', 'cpu'].flatMap((backend) =>
        [60_000, 12]
          .map((parameters) =>
            [...own, 'tf.train', 'copy'].map((form) => [backend, 'sgd', parameters, form]),
          )
          .map((forms) => {
            // PyTorch takes turns on the first backend only.
            const [[, , parameters] = []] = forms
            return backend === 'wasm'
              ? [...forms, [backend, 'sgd', parameters, 'torch loop']]
              : forms
          })
          .concat(
            [60_000, 12].map((parameters) =>
              [...own, 'copy'].map((form) => [backend, 'lion', parameters, form]),
            ),
          )
          .flat(),
      ),
    )
    for (const { bench, median, least, most, gigabytesPerSecond } of steps) {
      expect(bench).toBe('kernels')
      expect(least).toBeGreaterThan(0)
      expect(median).toBeGreaterThanOrEqual(least)
      expect(most).toBeGreaterThanOrEqual(median)
      expect(gigabytesPerSecond).toBeGreaterThan(0)
    }
    // Half a second a step; SGD reads w and g and writes w.
    const torch = steps.filter(({ form }) => form === 'torch loop')
    expect(torch.map(({ median }) => median)).toEqual([0.5e9 / 60_000, 0.5e9 / 12])
    expect(torch.map(({ gigabytesPerSecond: speed }) => speed)).toEqual([
      expect.closeTo((12e-9 * 60_000) / 0.5, 12),
      expect.closeTo((12e-9 * 12) / 0.5, 12),
    ])
    expect(stderr).toContain('beside PyTorch 0.0.fake, one thread')
    expect(stderr).toContain(
      "12 parameters, wasm: PyTorch's fused is left out: RuntimeError: not here",
    )
    const stay = lines.filter(({ unit }) => ['tensors/step', 'bytes/step'].includes(unit))
    // Of two rules and SGD of tfjs, on two backends.
    expect(stay).toHaveLength(2 * 2 * (2 + 2 + 1))
    for (const { variables, median } of stay) {
      expect(variables).toBe(60)
      expect(median).toBe(0)
    }
  })

  test('says what is left out, and gives people a table', async () => {
    const session = createSession()
    const { exitCode, stdout, stderr } = await session.run(
      'bench kernels --seconds 1 --rules std/lion --parameters 8 --backends tensorflow,cpu --python ./no-python',
    )
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/PyTorch is left out: \.\/no-python does not have it \(.*ENOENT\)/)
    const tensorflow = await selectBackend('tensorflow')
    if (!tensorflow.ok) expect(stderr).toContain(tensorflow.reason)
    expect(stdout).toMatch(/^bench +what +median +range +unit +GB\/s\n/)
    expect(stdout).toMatch(
      /\nkernels +lion, 8 parameters, cpu: kernels +[\d.e+]+ +[\d.e+]+ to [\d.e+]+ +ns\/parameter +[\d.e-]+ *\n/,
    )
  })

  test.each([
    ['--rules nothing', 'the library has no optimizer nothing'],
    ['--rules lr1', 'the library has no optimizer lr1'],
    ['--backends auto', 'it must be names out of wasm, cpu, webgpu, tensorflow'],
    ['--parameters 1.5', 'it must be whole numbers from 1 to 2^28'],
  ])('refuses %s', async (options, problem) => {
    const { exitCode, stderr } = await createSession().run(`bench kernels ${options}`)
    expect(exitCode).toBe(2)
    expect(stderr).toContain(problem)
  })
})

test('other benches print figures as JSON too', async () => {
  const { exitCode, stdout } = await createSession().run('bench integrity --json --seconds 1')
  expect(exitCode).toBe(0)
  expect(linesOf(stdout).map(({ bench, unit }) => [bench, unit])).toEqual([
    ['integrity', '1/s'],
    ['integrity', '1/s'],
  ])
})
