import { describe, expect, it } from 'vitest'
import { createSession, transcript } from './session.ts'

const SCHEDULES = `schedule half(t) = 0.5^t
schedule line(t, from, to in [0, 1] = 0) = from + (to - from) * t / T
`
const SGD = 'optimizer Plain(lr in (0, inf) = 0.001) {\n  update = lr * g\n}\n'
const FADING = 'update = lr * decay_cosine(t) * a13(t) * g\n'
const files = {
  'half.opt': SCHEDULES,
  'sgd.opt': SGD,
  'fading.opt': FADING,
  'broken.opt': 'update = lr * gg\n',
}

interface Curve {
  readonly name: string
  readonly totalSteps: number
  readonly values: readonly number[]
}
interface Path extends Curve {
  readonly surface: string
  readonly learningRate: number
  readonly points: readonly (readonly [number, number])[]
}

async function plotJson<T>(line: string): Promise<readonly T[]> {
  const result = await createSession(files).run(`plot ${line} --json`)
  expect(result).toMatchObject({ exitCode: 0, stderr: '' })
  return result.stdout
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each) as T)
}

describe('plot of schedules', () => {
  it('gives the values of the schedule named like the file', async () => {
    expect(await plotJson('half.opt --steps 4')).toEqual([
      { name: 'half', totalSteps: 4, values: [1, 0.5, 0.25, 0.125] },
    ])
  })

  it('takes values of arguments', async () => {
    expect(await plotJson('half.opt --name line --steps 4 --set from=1')).toEqual([
      { name: 'line', totalSteps: 4, values: [1, 0.75, 0.5, 0.25] },
    ])
  })

  it('gives the published schedules', async () => {
    const [curve] = await plotJson<Curve>('std/lr9')
    expect(curve).toMatchObject({ name: 'lr9', totalSteps: 100 })
    // LR9 = tanh(max(a10, a6)) of arXiv 2404.06679.
    const expected = Array.from({ length: 100 }, (_, t) =>
      Math.tanh(Math.max(((2 * t) % 100) / 100, (1 - Math.cos((2 * Math.PI * t) / 100)) / 2)),
    )
    expect(curve!.values).toEqual(expected.map((value) => expect.closeTo(value, 12)))
  })

  it('draws several, one object a line', async () => {
    expect((await plotJson<Curve>('std/lr1 std/lr2')).map(({ name }) => name)).toEqual([
      'lr1',
      'lr2',
    ])
  })

  it('finds those inside an optimizer', async () => {
    const curves = await plotJson<Curve>('fading.opt --inside --steps 2')
    expect(curves.map(({ name }) => name)).toEqual(['decay_cosine', 'a13'])
    expect(curves[0]!.values).toEqual([1, expect.closeTo(0.5, 12)])
  })
})

describe('plot of optimizers', () => {
  it('gives paths that start together and come down', async () => {
    const paths = await plotJson<Path>('sgd.opt std/adam --steps 100')
    expect(paths.map(({ name, surface }) => `${name} ${surface}`)).toEqual([
      'Plain quadratic',
      'Plain rosenbrock',
      'Adam quadratic',
      'Adam rosenbrock',
    ])
    for (const { points, values } of paths) {
      expect([points.length, values.length]).toEqual([101, 101])
      expect(values.at(-1)).toBeLessThan(values[0]! / 10)
    }
    expect(paths[0]!.points[0]).toEqual(paths[2]!.points[0])
  })

  it('follows the gradient with the learning rate given', async () => {
    const [path] = await plotJson<Path>('sgd.opt --surface quadratic --steps 1 --lr 0.01')
    expect(path!.learningRate).toBe(0.01)
    // The gradient of (x^2 + 20 y^2) / 2 at (-2, 0.8).
    expect(path!.points[1]).toEqual([expect.closeTo(-1.98, 6), expect.closeTo(0.64, 6)])
    expect(
      (await plotJson<Path>('sgd.opt --surface quadratic --lr default'))[0]!.learningRate,
    ).toBe(0.001)
  })

  it('ends a path where it leaves the numbers', async () => {
    const [path] = await plotJson<Path>('sgd.opt --surface rosenbrock --lr 10')
    expect(path!.points.length).toBeLessThan(100)
  })
})

describe('the picture of plot', () => {
  it.each([
    ['plot-schedules', 'plot std/lr3 std/lr9 --steps 300'],
    ['plot-paths', 'plot std/momentum --surface quadratic --steps 60 --lr 0.01'],
  ])('in the terminal: %s', async (name, line) => {
    const session = createSession(files)
    const shown = transcript(line, await session.run(line), session.folder)
    await expect(shown).toMatchFileSnapshot(`transcripts/${name}.txt`)
  })

  it('has colour in a terminal, unless that is not wanted, and fits it', async () => {
    const session = createSession(files)
    const { stdout } = await session.run('plot std/lr1 std/lr3', { terminal: true })
    expect(stdout).toContain('\u001b[38;5;')
    for (const row of stdout.split('\n'))
      expect(row.replace(/\u001b\[[\d;]*m/g, '').length).toBeLessThanOrEqual(80)
    const plain = await session.run('plot std/lr1 std/lr3', {
      terminal: true,
      env: { NO_COLOR: '1' },
    })
    expect(plain.stdout).not.toContain('\u001b')
  })

  it('is written to a file', async () => {
    const session = createSession(files)
    expect(await session.run('plot std/sgd std/adam --steps 20 --out paths.svg')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'written to paths.svg\n',
    })
    expect(session.read('paths.svg')).toMatch(/^<svg xmlns[^]*>Adam<[^]*<\/svg>\n$/)
    expect((await session.run('plot std/lr1 --out lr1.png')).exitCode).toBe(0)
    expect(session.read('lr1.png')).toContain('PNG')
  })
})

describe('what plot refuses', () => {
  it.each([
    ['plot std/lr1 --out lr1.gif', 2, 'must end in .svg or .png'],
    ['plot sgd.opt half.opt', 2, 'two figures'],
    ['plot half.opt --name lime', 2, 'did you mean line?'],
    ['plot half.opt --name line', 1, 'line needs a value for from'],
    ['plot half.opt --name line --set from=1,to=2', 1, 'to of line is 2; it must be in [0, 1]'],
    ['plot half.opt --set frm=1', 1, 'no hyperparameter or argument is called frm'],
    ['plot half.opt --set from:1', 2, '`from:1` is not a name, an equals sign and a number'],
    ['plot sgd.opt --inside', 1, 'no schedule is used in Plain'],
    ['plot sgd.opt --lr -1', 2, 'it must be auto, default or a positive number'],
    ['plot half.opt --steps 0', 2, 'it must be a whole number of at least 1'],
    ['plot broken.opt', 1, 'error[unknown-name]'],
    ['plot', 2, 'missing required argument `PATH`'],
  ])('%s', async (line, exitCode, message) => {
    const result = await createSession(files).run(line)
    expect(result.stderr).toContain(message)
    expect(result).toMatchObject({ exitCode, stdout: '' })
  })
})
