import { describe, expect, it } from 'vitest'
import { createSession, transcript } from './session.ts'

const MOMENTUM = `optimizer HeavyBall(lr in (0, inf) = 0.1, mu in [0, 1) = 0.5) {
  update = heavy_ball(lr * g, mu)
}
`
const TRACE = {
  shape: [2],
  w0: [1, -2],
  gradients: [
    [1, 2],
    [1, 0],
    [-3, 1],
  ],
}
const COSINE = 'update = lr * sign(g) * decay_cosine(t)\n'

const round = (values: readonly number[]): number[] => values.map(Math.fround)

interface Answer {
  readonly name: string
  readonly target: string
  readonly w: readonly (readonly (number | string)[])[]
}

async function simulate(rule: string, trace: unknown, options = ''): Promise<Answer> {
  const session = createSession({ 'rule.opt': rule, 'trace.json': JSON.stringify(trace) })
  const result = await session.run(`simulate rule.opt --trace trace.json --json ${options}`)
  expect(result).toMatchObject({ exitCode: 0, stderr: '' })
  return JSON.parse(result.stdout) as Answer
}

describe('simulate', () => {
  it.each(['evaluator', 'ts'])('gives the weights after each step, by %s', async (target) => {
    const answer = await simulate(MOMENTUM, TRACE, `--target ${target}`)
    expect(answer).toMatchObject({ name: 'HeavyBall', target })
    // Velocities .1, .15, -.225 and .2, .1, .15.
    const expected = [
      [0.9, -2.2],
      [0.75, -2.3],
      [0.975, -2.45],
    ]
    for (const [step, w] of answer.w.entries()) {
      expect(w).toEqual(expected[step]!.map((value) => expect.closeTo(value, 6)))
      expect(w).toEqual(round(w as readonly number[]))
    }
  })

  it.each(['evaluator', 'ts'])(
    'refuses a parameter with a side that the rule cannot take, before it runs %s',
    async (target) => {
      const rule =
        'if rank(w) >= 2 {\n  let l = matmul(g, transpose(g))\n  update = matmul(inverse_root(l, 2, max_extent = 2), g)\n} else {\n  update = g\n}\n'
      const parameterOf = (shape: readonly number[]): typeof TRACE => {
        const ones = new Array<number>(shape[0]! * shape[1]!).fill(1)
        return { shape: [...shape], w0: ones, gradients: [ones] }
      }
      const trace = { parameters: [parameterOf([2, 5]), parameterOf([3, 1])] }
      const session = createSession({ 'rule.opt': rule, 'trace.json': JSON.stringify(trace) })
      const result = await session.run(`simulate rule.opt --trace trace.json --target ${target}`)
      expect(result.exitCode).toBe(1)
      expect(result.stderr).toContain(
        'parameters[1] has 3 inputs, and rule takes at most 2, the max_extent of inverse_root',
      )
    },
  )

  it.each(['evaluator', 'ts'])(
    'adds the weights to evaluate with where the rule says which, by %s',
    async (target) => {
      const rule = `${MOMENTUM.slice(0, -2)}  evaluate = 2 * w + t\n}\n`
      const other = { shape: [1], w0: [0.5], gradients: [[1], [1], [1]] }
      const trace = { parameters: [TRACE, other] }
      const answer = (await simulate(rule, trace, `--target ${target}`)) as unknown as {
        readonly parameters: readonly Record<'w' | 'evaluate', readonly (readonly number[])[]>[]
      }
      expect(answer.parameters).toHaveLength(2)
      for (const { w, evaluate } of answer.parameters)
        expect(evaluate).toEqual(w.map((values, t) => round(values.map((value) => 2 * value + t))))
      const alone = await simulate(rule, TRACE, `--target ${target}`)
      expect(alone).toMatchObject({ w: answer.parameters[0]!.w })
      expect(alone).toMatchObject({ evaluate: answer.parameters[0]!.evaluate })
      expect(await simulate(MOMENTUM, TRACE, `--target ${target}`)).not.toHaveProperty('evaluate')
    },
  )

  it.each(['evaluator', 'ts'])(
    'takes a matrix that is in no hidden layer, by %s',
    async (target) => {
      const rule = 'if is_hidden(w) {\n  update = g\n} else {\n  update = 2 * g\n}\n'
      const matrix = { shape: [1, 1], w0: [0], gradients: [[1]] }
      const parameters = [matrix, { ...matrix, hidden: false }, { ...matrix, shape: [1] }]
      const answer = (await simulate(rule, { parameters }, `--target ${target}`)) as unknown as {
        readonly parameters: readonly Answer[]
      }
      expect(answer.parameters.map(({ w }) => w)).toEqual([[[-1]], [[-2]], [[-2]]])
      const alone = await simulate(rule, { ...matrix, hidden: false }, `--target ${target}`)
      expect(alone.w).toEqual([[-2]])
    },
  )

  it('takes hyperparameters and the number of steps from the trace', async () => {
    const trace = { ...TRACE, hyperparameters: { lr: 0.5 }, totalSteps: 2 }
    const { w } = await simulate(COSINE, trace)
    expect(w[0]).toEqual([0.5, -2.5])
    expect(w[1]).toEqual([0.25, -2.5])
  })

  it('takes several parameters, as a list or as columns', async () => {
    const other = { shape: [1, 1], w0: [3], gradients: [[1], [1], [1]] }
    const alone = await Promise.all([TRACE, other].map((trace) => simulate(MOMENTUM, trace)))
    const expected = { parameters: alone.map(({ w }) => ({ w })) }
    const columns = {
      shape: [TRACE.shape, other.shape],
      w0: [TRACE.w0, other.w0],
      gradients: [TRACE.gradients, other.gradients],
    }
    for (const parameters of [[TRACE, other], columns])
      for (const options of ['', '--target ts'])
        expect(await simulate(MOMENTUM, { parameters }, options)).toMatchObject(expected)
  })

  it('writes and reads numbers that JSON does not have as words', async () => {
    const trace = { shape: [3], w0: [0, 0, 0], gradients: [['Infinity', '-Infinity', 'NaN']] }
    const { w } = await simulate('update = lr * g\n', trace)
    expect(w).toEqual([['-Infinity', 'Infinity', 'NaN']])
  })

  it('draws the same random numbers on both targets', async () => {
    const trace = { ...TRACE, seed: 5, shape: [2] }
    const rule = 'update = lr * dropout(g, 0.5)\n'
    const [evaluator, emitted] = [
      await simulate(rule, trace),
      await simulate(rule, trace, '--target ts'),
    ]
    expect(emitted.w).toEqual(evaluator.w)
  })

  it('draws the same normal numbers on both targets', async () => {
    const trace = { ...TRACE, seed: 2 ** 40 + 1, shape: [2] }
    const rule = 'let n = normal()\nupdate = lr * (g + n * normal() - n)\n'
    const evaluated = await simulate(rule, trace)
    expect((await simulate(rule, trace, '--target ts')).w).toEqual(evaluated.w)
    expect((await simulate(rule, { ...trace, seed: 1 })).w).not.toEqual(evaluated.w)
  })

  it('takes the axis of the outputs from --layout', async () => {
    const rule = 'update = 0.5 * sum(g, over = inputs) + fan_in(w)\n'
    const last = { shape: [2, 3], w0: [0, 0, 0, 0, 0, 0], gradients: [[1, 2, 3, 4, 5, 6]] }
    const first = { ...last, shape: [3, 2], gradients: [[1, 4, 2, 5, 3, 6]] }
    expect((await simulate(rule, last)).w).toEqual([[-4.5, -5.5, -6.5, -4.5, -5.5, -6.5]])
    const wanted = [[-4.5, -4.5, -5.5, -5.5, -6.5, -6.5]]
    expect((await simulate(rule, first, '--layout outputs-first')).w).toEqual(wanted)
    for (const target of ['evaluator', 'ts'])
      expect(
        (await simulate(rule, last, `--target ${target} --layout outputs-last`)).w[0]!.slice(0, 3),
      ).toEqual([-4.5, -5.5, -6.5])
  })

  it('reads the trace from standard input', async () => {
    const session = createSession({ 'rule.opt': MOMENTUM })
    const line = 'simulate rule.opt --trace - --json'
    const { stdout } = await session.run(line, { stdin: JSON.stringify(TRACE) })
    expect((JSON.parse(stdout) as Answer).w).toHaveLength(3)
  })

  it('chooses among several optimizers by name', async () => {
    const two = `${MOMENTUM}optimizer Plain(lr = 1) {\n  update = lr * g\n}\n`
    expect((await simulate(two, TRACE, '--name Plain')).w[0]).toEqual([0, -4])
  })
})

describe('the table of simulate', () => {
  it.each([
    ['simulate-table', TRACE],
    [
      'simulate-long',
      { shape: [2, 4], w0: Array(8).fill(1), gradients: Array(40).fill(Array(8).fill(0.5)) },
    ],
    [
      'simulate-several',
      { parameters: [TRACE, { shape: [], w0: [3], gradients: [[1], [1], [1]] }] },
    ],
  ])('%s', async (name, trace) => {
    const session = createSession({ 'rule.opt': MOMENTUM, 'trace.json': JSON.stringify(trace) })
    const line = 'simulate rule.opt --trace trace.json'
    const shown = transcript(line, await session.run(line), session.folder)
    await expect(shown).toMatchFileSnapshot(`transcripts/${name}.txt`)
  })
})

describe('what simulate refuses', () => {
  it.each([
    ['{', 'trace.json is not JSON'],
    ['[]', 'expected object'],
    ['{}', 'shape: expected array'],
    ['{"shape": [2], "w0": [1, 2], "gradients": [1]}', 'gradients[0]: expected array'],
    ['{"shape": [2], "w0": [1, "a"], "gradients": []}', 'w0[1]: expected a number'],
    ['{"shape": [2], "w0": [1, null], "gradients": []}', 'w0[1]: expected a number'],
    ['{"shape": [-2], "w0": [], "gradients": []}', 'shape[0]'],
    [
      '{"shape": [2], "w0": [1], "gradients": []}',
      'w0: 1 numbers, expected 2, the elements of shape [2]',
    ],
    [
      '{"shape": [2], "w0": [1, 2], "gradients": [[1, 2], [1]]}',
      'gradients[1]: 1 numbers, expected 2',
    ],
    ['{"shape": [1], "w0": [1], "gradients": [], "totalSteps": 0}', 'totalSteps'],
    ['{"shape": [1], "w0": [1], "gradients": [], "lr": 1}', 'lr'],
    [
      '{"shape": [1], "w0": [1], "gradients": [], "hyperparameters": {"lr": "x"}}',
      'hyperparameters.lr: expected number',
    ],
    [
      '{"shape": [1], "w0": [1], "gradients": [], "hyperparameters": {"betta": 1}}',
      'no hyperparameter or argument is called betta',
    ],
    [
      '{"shape": [1], "w0": [1], "gradients": [], "hyperparameters": {"mu": 1}}',
      'mu of HeavyBall is 1; it must be in [0, 1)',
    ],
    ['{"parameters": []}', 'parameters'],
    [
      '{"parameters": [{"shape": [1], "w0": [1], "gradients": [[1]]}, {"shape": [1], "w0": [1, 2], "gradients": []}]}',
      'parameters[1].w0: 2 numbers',
    ],
    ['{"parameters": {"shape": [[1]], "w0": [], "gradients": [[]]}}', 'parameters.w0: 0 entries'],
  ])('%s', async (trace, message) => {
    const session = createSession({ 'rule.opt': MOMENTUM, 'trace.json': trace })
    const { exitCode, stdout, stderr } = await session.run('simulate rule.opt --trace trace.json')
    expect(exitCode).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
  })

  it.each([
    ['simulate cosine.opt --trace good.json', 1, 'uses T'],
    ['simulate rule.opt', 2, '--trace FILE is missing'],
    ['simulate rule.opt --trace gone.json', 1, 'cannot read gone.json'],
    ['simulate rule.opt --trace good.json --name Adam', 2, 'no optimizer called Adam'],
    ['simulate two.opt --trace good.json', 2, 'two.opt has 2 optimizers'],
    ['simulate decay.opt --trace good.json', 1, 'decay.opt has no optimizer'],
    ['simulate broken.opt --trace good.json', 1, 'error[unknown-name]'],
    ['simulate rule.opt --trace good.json --backend cpu', 2, '--backend is for --target ts'],
    [
      'simulate rule.opt --trace good.json --target ts --layout outputs-first',
      2,
      '--layout outputs-first is for the evaluator',
    ],
    ['simulate rule.opt --trace good.json --layout rows', 2, 'outputs-last, outputs-first'],
    ['simulate rule.opt --trace good.json --target kernel', 2, 'it must be one of evaluator, ts'],
    ['simulate - --trace -', 2, 'cannot both come from standard input'],
  ])('%s', async (line, exitCode, message) => {
    const session = createSession({
      'rule.opt': MOMENTUM,
      'two.opt': `${MOMENTUM}optimizer Plain(lr = 1) {\n  update = lr * g\n}\n`,
      'cosine.opt': COSINE,
      'decay.opt': 'decay falling(t) = 1 - t / T\n',
      'broken.opt': 'update = lr * gg\n',
      'good.json': JSON.stringify(TRACE),
    })
    const result = await session.run(line)
    expect(result.stderr).toContain(message)
    expect(result).toMatchObject({ exitCode, stdout: '' })
  })
})
