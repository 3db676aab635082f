import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/compile.ts'
import { simulateModel } from '../../src/plan/run/evaluate.ts'
import { compileText } from '../emit/compile-program.ts'
import { checkText } from './check-text.ts'

const HEAD =
  'state average = w\nlet step = lr * g\nupdate = step\naverage = 0.9 * average + 0.1 * w\n'

/** What is found in a program, as `code: message (text)`. */
function found(text: string): string[] {
  return checkText(text).found.map(
    ({ code, message, span }) => `${code}: ${message} (${text.slice(span.start, span.end)})`,
  )
}

const AFTER_STEP = '`evaluate` is worked out between steps, and'

const OF_ALL = 'rests on all parameters, which only a step goes through'

describe('what an evaluate cannot be', () => {
  test.each([
    [
      'evaluate = w - lr * g',
      '`evaluate` cannot use `g`: it is worked out between steps, where there is no gradient (g)',
    ],
    ['evaluate = w - step', `${AFTER_STEP} \`step\` rests on the gradient (step)`],
    [
      'let half = 0.5 * w\nevaluate = half',
      `${AFTER_STEP} \`half\` rests on \`w\` before the step (half)`,
    ],
    [
      'evaluate = previous(w)',
      `${AFTER_STEP} what \`previous\` gives here rests on \`last\` before the step (previous(w))`,
    ],
    [
      'evaluate = w + dropout(w, 0.1)',
      `${AFTER_STEP} what \`dropout\` gives here rests on random numbers of a step (dropout(w, 0.1))`,
    ],
    [
      'evaluate = w * global_norm(w)',
      `${AFTER_STEP} what \`global_norm\` gives here ${OF_ALL} (global_norm(w))`,
    ],
    [
      'evaluate = w / (1 + global_max_abs(g))',
      `${AFTER_STEP} what \`global_max_abs\` gives here ${OF_ALL} (global_max_abs(g))`,
    ],
    [
      'let length = global_sum(average)\nevaluate = w * length',
      `${AFTER_STEP} \`length\` ${OF_ALL} (length)`,
    ],
    [
      'if global_norm(w) > 1 {\n  evaluate = average\n}',
      '`evaluate` is worked out between steps, and the `if` around it asks what was before the step (evaluate)',
    ],
  ])('%s', (line, message) => {
    expect(found(HEAD + line)).toContain(`evaluate-reads-step: ${message}`)
    expect(found(HEAD + line).filter((each) => each.startsWith('evaluate'))).toHaveLength(1)
  })

  test('a number over all parameters inside a function', () => {
    const text = `import { clip_by_global_norm } from "std/wrappers"\noptimizer Clipped(lr in (0, inf) = 0.1) {\n  update = lr * g\n  evaluate = clip_by_global_norm(w, 1)\n}\n`
    expect(found(text)).toEqual([
      `evaluate-reads-step: ${AFTER_STEP} what \`clip_by_global_norm\` gives here ${OF_ALL} (clip_by_global_norm(w, 1))`,
    ])
  })

  test('a state that keeps a number over all parameters is there', () => {
    const text = `state length = 0\nlength = global_norm(w)\nupdate = lr * g\nevaluate = w * length\n`
    expect(found(text)).toEqual([])
  })

  test('the old value of a state, through a let above the assignment', () => {
    const text =
      'state m = 0\nlet before = 2 * m\nm = 0.9 * m + g\nupdate = lr * m * before\nevaluate = w - before\n'
    expect(found(text)).toEqual([
      `evaluate-reads-step: ${AFTER_STEP} \`before\` rests on \`m\` before the step (before)`,
    ])
  })

  test('chosen by what was before the step', () => {
    const text =
      'state count = 0\nif count > 3 {\n  evaluate = 0.5 * w\n}\ncount = count + 1\nupdate = lr * g / count\n'
    expect(found(text)).toEqual([
      'evaluate-reads-step: `evaluate` is worked out between steps, and the `if` around it asks what was before the step (evaluate)',
    ])
    const below =
      'state count = 0\ncount = count + 1\nif count > 3 {\n  evaluate = 0.5 * w\n}\nupdate = lr * g / count\n'
    expect(found(below)).toEqual([])
  })

  test.each([
    ['evaluate = average\nevaluate = w', 'evaluate-twice'],
    ['if rank(w) > 1 {\n  evaluate = average\n}\nevaluate = 0.5 * average', 'evaluate-twice'],
    ['evaluate = average > 0', 'boolean-as-number'],
    ['let x = evaluate', 'evaluate-read'],
    ['let evaluate = average', 'reserved-name'],
    ['evaluate = averige', 'unknown-name'],
    ['evalute = average', 'assign-unknown'],
    ['evaluate = w', 'evaluate-no-effect'],
    ['evaluate = t + 1', 'evaluate-ignores-weights'],
  ])('%s', (lines, code) => {
    const codes = checkText(HEAD + lines).found.map((each) => each.code)
    expect(codes.filter((each) => each !== 'unused-variable' && each !== 'unused-state')).toEqual([
      code,
    ])
  })

  test('one of each branch is not two', () => {
    const text = `${HEAD}if rank(w) > 1 {\n  evaluate = average\n} else {\n  evaluate = w\n}\n`
    expect(found(text)).toEqual([])
  })
})

test.each(['evaluate = w - step', 'evaluate = w - lr * g', 'evaluate = average * step'])(
  'the fix of %s keeps what is missing in a state',
  (line) => {
    const text = `${HEAD}${line}\n`
    const { diagnostics } = analyze({ path: 'main.opt', text }, () => undefined)
    const edits = diagnostics.find(({ code }) => code === 'evaluate-reads-step')!.fix!.edits
    const fixed = edits
      .toReversed()
      .reduce(
        (before, edit) =>
          before.slice(0, edit.span.start) + edit.text + before.slice(edit.span.end),
        text,
      )
    expect(found(fixed).filter((each) => !each.startsWith('unused-state'))).toEqual([])
  },
)

describe('what an evaluate is', () => {
  const w0 = [1, -2]
  const gradients = [
    [1, 2],
    [-1, 0.5],
    [3, 1],
  ]
  const run = (text: string): { w: Float64Array[]; evaluate?: Float64Array[] } => {
    const { w, evaluate } = simulateModel(
      compileText('rule.opt', text).programs[0]!,
      { shapes: [[2]], precision: 64 },
      [w0],
      gradients.map((gradient) => [gradient]),
    )
    return {
      w: w.map(([values]) => values!),
      ...(evaluate && { evaluate: evaluate.map(([values]) => values!) }),
    }
  }
  const body = 'let step = 0.1 * g\nupdate = step\n'

  test('names of states and `w` are those after the step, wherever it stands', () => {
    const state = 'state total = 0\n'
    const assign = 'total = total + g\n'
    const evaluate = 'evaluate = w + total\n'
    const last = run(state + body + assign + evaluate)
    expect(run(state + evaluate + body + assign)).toEqual(last)
    expect([...last.evaluate![1]!]).toEqual([last.w[1]![0]! + 0, last.w[1]![1]! + 2.5])
  })

  test('`t` is the step that was taken last', () => {
    const { w, evaluate } = run(`${body}evaluate = w + t`)
    for (const [step, values] of evaluate!.entries())
      expect(values).toEqual(w[step]!.map((value) => value + step))
  })

  test('the same value under three spellings: of the step, of a state, of a function that keeps one', () => {
    const rules = [
      'state middle = 0\nmiddle = 0.5 * middle + 0.5 * (w - step)\nevaluate = 2 * middle',
      'state middle = 0\nlet after = w - step\nmiddle = 0.5 * middle + 0.5 * after\nlet twice = 2 * middle\nevaluate = twice',
      'evaluate = 2 * ema(w, 0.5)',
    ].map((rest) => run(body + rest).evaluate)
    expect(rules[1]).toEqual(rules[0])
    expect(rules[2]).toEqual(rules[0])
  })

  test('a function that keeps states shares them with the same call in the body', () => {
    const text = 'let m = ema(g, 0.5)\nupdate = 0.1 * m\nevaluate = w - ema(g, 0.5)\n'
    const { programs } = compileText('rule.opt', text)
    expect(programs[0]!.states).toHaveLength(1)
    const { w, evaluate } = run(text)
    // 0.5, -0.25, 1.375
    expect(evaluate![2]![0]).toBeCloseTo(w[2]![0]! - 1.375, 12)
  })

  test('a function without states has the parameter after the step as `w`', () => {
    const text = `fn doubled() = 2 * w\noptimizer Doubled(lr in (0, inf) = 0.1) {\n  update = lr * g\n  evaluate = doubled()\n}`
    const { w, evaluate } = run(text)
    for (const [step, values] of evaluate!.entries())
      expect(values).toEqual(w[step]!.map((value) => 2 * value))
  })

  test('inside an `if` on the step it is `w` on the other steps', () => {
    const { w, evaluate } = run(`${body}if t >= 1 {\n  evaluate = 3 * w\n}`)
    expect(evaluate![0]).toEqual(w[0])
    expect(evaluate![2]).toEqual(w[2]!.map((value) => 3 * value))
  })

  test('states that only it reads are kept', () => {
    const { evaluate } = run(`state last = 0\n${body}last = g\nevaluate = last`)
    expect(evaluate!.map((values) => [...values])).toEqual(gradients)
  })

  test('a program without one, or where it is `w` for all, has none', () => {
    expect(run(body).evaluate).toBeUndefined()
    expect(run(`${body}evaluate = w`).evaluate).toBeUndefined()
  })
})
