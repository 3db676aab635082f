import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compile.ts'
import { meanInterval } from '../../src/tasks/mean-interval.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import type { BestRule } from '../../src/report/run.ts'
import { writtenRule, type WrittenFrom } from '../../src/report/written-rule.ts'
import { print } from '../../src/syntax/print.ts'
import { loader } from '../stdlib/library.ts'

const share = (name: string) => ({ name, isShare: true, of: () => undefined })
const from: WrittenFrom = {
  backend: 'wasm',
  task: 'fashion14-mlp',
  protocol: findProtocol('sketch'),
  given: ['rules/careful-sign.opt'],
  score: share('validation accuracy'),
  test: share('test accuracy'),
  loader,
}
const found: BestRule = {
  name: 'best-1',
  rule: `import { published_lr } from "std/published"
optimizer Candidate(lr in (0, inf) = 0.01, warmup in [0, inf) = 0, hold in [0, inf) = 3) {
  let unused = g + 1
  update = published_lr(t, lr, warmup, hold) * g
}
`,
  flipped: false,
  slot: 'particle/3/2/1',
  learningRate: 0.46,
  score: 0.80891,
  freshSeeds: 0,
  surrogate: 'short',
  result: meanInterval([0.78, 0.79, 0.8]),
  seeds: 3,
}
const written = (changes: Partial<BestRule> = {}, more: Partial<WrittenFrom> = {}): string =>
  print(writtenRule({ ...found, ...changes }, { ...from, ...more }))
const defaultsOf = (text: string): Readonly<Record<string, number | undefined>> =>
  Object.fromEntries(
    compile({ path: 'rule.opt', text }, loader).value!.programs[0]!.hyperparameters.map(
      ({ name, default: value }) => [name, value],
    ),
  )

describe('a rule that was found', () => {
  test('has the values that it was measured with as its defaults', () => {
    expect(defaultsOf(written())).toEqual({ lr: 0.46, warmup: 10, hold: 0 })
  })

  test('says where it comes from, by the score that the search went by, and what was measured', () => {
    expect(written()).toContain(`
/// Found by a search as particle/3/2/1, score 0.8089.
/// Measured on fashion14-mlp with lr = 0.46, warmup = 10, hold = 0 and T = 120,
/// surrogate short of the protocol sketch:
/// test accuracy 0.7900 ± 0.0248 on 3 fresh seeds.
optimizer Best1(`)
    expect(written()).not.toContain('unused')
  })

  test('has the sign that it was trained with', () => {
    expect(written({ flipped: true })).toContain('update = -')
  })

  test('claims nothing of which a run failed, nor of a surrogate that is not known', () => {
    expect(written({ result: undefined })).toMatch(/protocol sketch\.\noptimizer/)
    expect(written({ surrogate: undefined })).not.toContain('Measured')
    expect(defaultsOf(written({}, { protocol: undefined }))).toMatchObject({ lr: 0.01, warmup: 0 })
  })
})

describe('a rule that the search began with', () => {
  const rule = `/// Careful.
/// Of two lines.
optimizer Careful(lr in (0, 1] = 0.003, warmup in [0, 5] = 3) {
  update = lr * min((t + 1) / (warmup + 1), 1) * g
}
`
  const given = { rule, slot: 'given/0', learningRate: 0.1 }

  test('keeps its name and its comment, above what was measured', () => {
    expect(written(given)).toContain(`/// Careful.
/// Of two lines.
///
/// A search began with it, score 0.8089.
/// Measured on fashion14-mlp with lr = 0.1 and T = 120,`)
    expect(written(given)).toContain('optimizer Careful(')
  })

  test('keeps a warm-up that the plan must not have', () => {
    expect(defaultsOf(written(given))).toEqual({ lr: 0.1, warmup: 3 })
  })

  test('is named after its file where it had no name', () => {
    const nameless = rule.replace('Careful(', 'Candidate(')
    expect(written({ ...given, rule: nameless })).toContain('optimizer CarefulSign(')
  })

  test('that has no schedule of its own is said to have followed the plan’s', () => {
    const plain = 'optimizer Plain(lr in (0, inf) = 0.001) {\n  update = lr * g\n}\n'
    const text = written({ ...given, rule: plain, learningRate: 0.2 })
    expect(text).toContain('with lr = 0.2 and T = 120,')
    expect(text).toContain('lr rising from 0 over 10 steps, staying for 0, then falling to 0')
    expect(defaultsOf(text)).toEqual({ lr: 0.2 })
  })

  test('without a learning rate has none', () => {
    const fixed = 'optimizer Fixed() {\n  update = 0.1 * g\n}\n'
    const text = written({ ...given, rule: fixed, learningRate: undefined })
    expect(text).toContain('with no learning rate and T = 120,')
    expect(text).not.toContain('lr')
  })

  test('is one that was found as soon as something in it was changed', () => {
    const text = written({ ...given, slot: 'particle/0/1/0' })
    expect(text).not.toContain('Careful')
    expect(text).toContain('optimizer Best1(')
  })
})
