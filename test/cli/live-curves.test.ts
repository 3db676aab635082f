import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canDrawInPlace,
  createLiveCurves,
  type LiveCurves,
  type LiveCurvesOptions,
} from '../../src/hosts/cli/training/live-curves.ts'
import { createGrowingCurve } from '../../src/hosts/cli/training/growing-curve.ts'
import type { World } from '../../src/hosts/cli/world.ts'
import { ACCURACY } from '../../src/tasks/metric.ts'
import { createScreen } from './screen.ts'
import { createSession } from './session.ts'

interface Terminal {
  columns: number
  rows: number
  env?: World['env']
}

/** Curves on a terminal, which may change its size, with a clock of its own; and what was written, piece by piece. */
function createCurves(
  terminal: Terminal,
  options: Partial<LiveCurvesOptions> = {},
): { curves: LiveCurves; pieces: string[]; wait: (milliseconds: number) => void } {
  let now = 0
  const pieces: string[] = []
  const stderr = {
    write: (text: string) => void pieces.push(text),
    isTerminal: true,
    get columns() {
      return terminal.columns
    },
    get rows() {
      return terminal.rows
    },
  }
  const world: World = {
    ...{ cwd: '/', env: terminal.env ?? {}, stderr, stdout: stderr },
    ...{ signal: new AbortController().signal, now: () => now },
    readStdin: () => Promise.resolve(new Uint8Array()),
  }
  const curves = createLiveCurves(world, {
    ...{ title: 'training', total: 1000, unit: 'steps', task: 'clothes', steps: 500 },
    ...{ labels: ['Adam', 'Lion'], isFunction: false },
    metric: ACCURACY,
    ...options,
  })
  return { curves, pieces, wait: (milliseconds) => void (now += milliseconds) }
}

const progress = (
  step: number,
  trainLoss: number,
  accuracy?: number,
): Parameters<LiveCurves['moved']>[1] => ({
  ...{ step, trainLoss, steps: 500, stepsPerSecond: 10 },
  ...(accuracy !== undefined && {
    point: { step, trainLoss, validationLoss: trainLoss, validationMetric: accuracy },
  }),
})

/** Two rules on two seeds, every 25 steps, with a point every 100. */
function train(curves: LiveCurves, wait: (milliseconds: number) => void): void {
  let done = 0
  for (const seed of [1, 2])
    for (const [index, label] of ['Adam', 'Lion'].entries()) {
      for (let step = 25; step <= 500; step += 25) {
        wait(250)
        const loss = (2 + index) * Math.exp(-step / 200) + seed / 100
        const at = step % 100 === 0 ? 1 - Math.exp(-step / (200 + 100 * index)) : undefined
        curves.moved({ label, seed }, progress(step, loss, at))
        curves.update((done += 25) / 2, `${label}, seed ${seed}`)
      }
    }
}

function shown(pieces: readonly string[], columns: number): string {
  const screen = createScreen(columns)
  for (const piece of pieces) screen.write(piece)
  return screen.text()
}

describe('curves that grow', () => {
  it.each([
    ['wide', { columns: 100, rows: 24 }],
    ['narrow', { columns: 60, rows: 40 }],
    ['low', { columns: 60, rows: 16 }],
    ['without-color', { columns: 100, rows: 24, env: { NO_COLOR: '1' } }],
  ] as const)('look as they should: %s', async (name, terminal) => {
    const { curves, pieces, wait } = createCurves(terminal)
    train(curves, wait)
    await expect(shown(pieces, terminal.columns)).toMatchFileSnapshot(`live-curves/${name}.txt`)
    const colored = pieces.some((piece) => piece.includes('\u001b[38;'))
    expect(colored).toBe(!('env' in terminal))
  })

  it('show what learning rates are chosen by, one run at a time', () => {
    const { curves, pieces, wait } = createCurves({ columns: 100, rows: 24 })
    const move = (trying: number, step: number): void => {
      wait(250)
      curves.moved({ label: 'Adam', trying }, progress(step, 1 / step, 0.5))
      curves.update(step)
    }
    move(0.1, 10)
    move(0.1, 20)
    expect(shown(pieces, 100)).toContain('━━ Adam, trying lr 0.1')
    move(0.01, 10)
    expect(shown(pieces, 100)).toContain('━━ Adam, trying lr 0.01')
    expect(shown(pieces, 100)).not.toContain('lr 0.1\n')
    wait(250)
    curves.moved({ label: 'Adam', seed: 1 }, progress(10, 1))
    curves.update(30)
    expect(shown(pieces, 100)).not.toContain('trying')
  })

  it('stay in their place within the terminal, below what is logged, and go at the end', () => {
    const act = fc.oneof(
      fc.record({
        kind: fc.constant('move' as const),
        label: fc.constantFrom('Adam', 'Lion'),
        seed: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
        step: fc.integer({ min: 1, max: 500 }),
        loss: fc.double({ min: -5, max: 1e4, noNaN: true }),
        accuracy: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      }),
      fc.record({ kind: fc.constant('log' as const) }),
    )
    const size = fc.record({
      columns: fc.integer({ min: 30, max: 200 }),
      rows: fc.integer({ min: 2, max: 60 }),
    })
    let figures = 0
    fc.assert(
      fc.property(
        size,
        fc.array(act, { maxLength: 40 }),
        fc.boolean(),
        (terminal, acts, isLoss) => {
          const { curves, pieces, wait } = createCurves(terminal, { isFunction: isLoss })
          let logged = 0
          for (const each of acts) {
            wait(300)
            if (each.kind === 'log') curves.log(`line ${++logged}`)
            else {
              const { label, seed, step, loss, accuracy } = each
              curves.moved(
                seed === undefined ? { label, trying: 0.1 } : { label, seed },
                progress(step, loss, accuracy),
              )
              curves.update(step, 'now '.repeat(60))
            }
            const lines = shown(pieces, terminal.columns).split('\n')
            const above = lines.slice(0, logged)
            const below = lines.slice(logged)
            expect(above).toEqual(Array.from({ length: logged }, (_, index) => `line ${index + 1}`))
            // The cursor stands in an empty line behind them.
            expect(below.at(-1)).toBe('')
            expect(below.length).toBeLessThanOrEqual(terminal.rows)
            expect(below.filter((line) => /^training [█░]/.test(line)).length).toBe(1)
            const titles = below.filter((line) => line === 'training on clothes').length
            expect(titles).toBeLessThanOrEqual(1)
            figures += titles
            for (const line of below) expect(line.length).toBeLessThan(terminal.columns)
          }
          curves.end()
          expect(shown(pieces, terminal.columns).split('\n').slice(logged).join('')).toBe('')
        },
      ),
      {
        numRuns: 150,
        // A number at the axis that is as wide as the terminal.
        examples: [
          [
            { columns: 30, rows: 22 },
            [
              {
                ...{ kind: 'move', label: 'Adam', seed: undefined, step: 1 },
                ...{ loss: -9.090909545454545e-104, accuracy: undefined },
              },
            ],
            false,
          ],
        ],
      },
    )
    expect(figures).toBeGreaterThan(0)
  })

  it('are drawn anew in their place after the terminal has changed its width', () => {
    const terminal = { columns: 120, rows: 30 }
    const { curves, pieces, wait } = createCurves(terminal)
    train(curves, wait)
    const before = pieces.length
    terminal.columns = 60
    wait(250)
    curves.update(999)
    expect(pieces.length).toBe(before + 1)
    // Lines of 119 characters have become two each.
    const last = stripVTControlCharacters(pieces[before - 1]!)
      .split('\n')
      .slice(0, -1)
    const up = last.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 60)), 0)
    expect(pieces.at(-1)).toMatch(new RegExp(`^\\r\\u001b\\[${up}A\\u001b\\[J`))
  })

  it('are written in one piece each, a few a second, without hiding the cursor', () => {
    const { curves, pieces, wait } = createCurves({ columns: 80, rows: 24 })
    for (let step = 1; step <= 500; step++) {
      wait(10)
      curves.moved({ label: 'Adam', seed: 1 }, progress(step, 1 / step))
      curves.update(step)
    }
    expect(pieces.length).toBeLessThanOrEqual(500 / 20 + 1)
    expect(pieces.join('')).not.toContain('\u001b[?')
  })

  it('stay where they are when that is wanted', () => {
    const { curves, pieces, wait } = createCurves({ columns: 80, rows: 24 })
    train(curves, wait)
    curves.leave()
    curves.end()
    expect(shown(pieces, 80)).toContain('━━ Adam   ━━ Lion')
  })
})

it('a long curve is kept as means, its end as it is', () => {
  const curve = createGrowingCurve()
  for (let step = 1; step <= 10_007; step++) {
    curve.add([step, 2 * step])
    expect(curve.lastX()).toBe(step)
  }
  const points = curve.points()
  expect(points.length).toBeLessThan(402)
  expect(points.length).toBeGreaterThan(190)
  expect(points.at(-1)).toEqual([10_007, 20_014])
  for (const [x, y] of points) expect(y).toBeCloseTo(2 * x)
  for (let index = 1; index < points.length; index++)
    expect(points[index]![0]).toBeGreaterThan(points[index - 1]![0])
})

describe('--watch', () => {
  const line = 'train std/adam --task rosenbrock --steps 200 --lr default --watch'

  it('draws in a terminal, and what comes of it is the same', async () => {
    const session = createSession()
    const watched = await session.run(line, { terminal: true, env: { NO_COLOR: '1' } })
    const plain = await session.run(line.replace(' --watch', ''), {
      ...{ terminal: true, env: { NO_COLOR: '1' } },
    })
    expect(watched.stderr).toContain('training on rosenbrock')
    expect(plain.stderr).not.toContain('training on rosenbrock')
    const withoutSpeed = (text: string): string => text.replace(/ +\d[\d,]*\n/g, '\n')
    expect(withoutSpeed(watched.stdout)).toBe(withoutSpeed(plain.stdout))
  })

  it.each([
    ['elsewhere', line, { terminal: false }],
    ['with --json', `${line} --json`, { terminal: true }],
    ['on a terminal that cannot', line, { terminal: true, env: { TERM: 'dumb' } }],
  ])('is what there is without it %s', async (_, written, options) => {
    const { exitCode, stderr } = await createSession().run(written, options)
    expect(exitCode).toBe(0)
    expect(stderr).not.toContain('training on rosenbrock')
    expect(stderr).not.toContain('\u001b[1A')
  })
})

it('terminals that can do nothing are not drawn on', () => {
  const stream = { write: () => undefined, isTerminal: true, columns: 80 }
  const world = { stderr: stream, env: { TERM: 'dumb' } } as unknown as World
  expect(canDrawInPlace(world)).toBe(false)
  expect(canDrawInPlace({ ...world, env: {} })).toBe(true)
})
