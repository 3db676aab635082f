import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'

/** Every diagnostic as `code text it points at`. */
function found(text: string, files?: Readonly<Record<string, string>>): string[] {
  return checkText(text, files).diagnostics.map(({ code, path, span }) =>
    path === 'main.opt' ? `${code}: ${text.slice(span.start, span.end)}` : `${code} in ${path}`,
  )
}

const sgd = (body: string): string => `optimizer Sgd(lr = 0.1) {\n${body}\n}\n`
const withFunction = (declaration: string, call: string): string =>
  `${declaration}\n\n${sgd(`update = lr * ${call}`)}`

describe('programs without any diagnostic', () => {
  it.each([
    ['one line', 'update = lr * sign(g) * decay_cosine(t)\n'],
    [
      'Adam',
      `optimizer Adam(lr in (0, inf) = 0.001, beta1 in [0, 1) = 0.9, beta2 in [0, 1) = 0.999, epsilon in [0, inf) = 1e-8) {
  state m = 0
  state v = 0
  m = beta1 * m + (1 - beta1) * g
  v = beta2 * v + (1 - beta2) * g^2
  let m_hat = m / (1 - beta1^(t + 1))
  let v_hat = v / (1 - beta2^(t + 1))
  update = lr * m_hat / (sqrt(v_hat) + epsilon)
}
`,
    ],
    [
      'weights written as numbers',
      'state v = 0\nv = 0.99 * v + 0.01 * g * g\nupdate = lr * g / (sqrt(v) + 1e-8)\n',
    ],
    [
      'Lion',
      'state m = 0\nlet c = 0.9 * m + 0.1 * g\nm = 0.99 * m + 0.01 * g\nupdate = lr * (sign(c) + 0.1 * w)\n',
    ],
    ['momentum', 'update = lr * nesterov(g, mu = 0.9)\n'],
    ['a running product', 'state p = 1\np = p * 0.9\nupdate = lr * g / (1 - p)\n'],
    [
      'a state that starts with w',
      'state a = w\na = 0.9 * a + 0.1 * w\nupdate = lr * (g + w - a)\n',
    ],
    [
      'a rule per shape',
      'if rank(w) >= 2 {\n  update = lr * sign(g)\n} else if size(w) > 100 {\n  update = lr * g\n} else {\n  update = lr * tanh(g)\n}\n',
    ],
    ['a trust ratio', 'let n = norm(g)\nupdate = lr * g * where(n > 0, norm(w) / n, 1)\n'],
    ['a refined root', 'update = lr * where(g >= 0, sqrt(g), 0)\n'],
    [
      'parameters called like builtins',
      withFunction('schedule late(t, T) = min(t, T - 1) / T', 'g * late(t) * late(t, T)'),
    ],
    ['names of functions as names of values', 'let ema = sign(g)\nupdate = lr * ema\n'],
    [
      'a function of its own in the place of one of the prelude',
      withFunction('fn previous(x) = x / 2', 'previous(g)'),
    ],
    [
      'a condition as an argument',
      withFunction('fn pick(c, x) = where(c, x, 0)', 'pick(g > 0.1, g)'),
    ],
    [
      'a range whose end is a case of its own',
      'optimizer Sgd(lr = 0.1, decay in [0, inf) = 0.01) {\n  update = lr * where(decay > 0, g + decay * w, g)\n}\n',
    ],
    ['a norm of a number', 'update = lr * g / (1 + norm(2))\n'],
    ['warm-up', 'update = lr * g * min((t + 1) / 100, 1)\n'],
    ['what is left of the run', 'update = lr * g / (T - t)\n'],
  ])('%s', (_, text) => {
    expect(found(text)).toEqual([])
  })
})

describe('names', () => {
  it('suggests the builtin that other libraries call differently', () => {
    const [diagnostic] = checkText('update = lr * grad\n').diagnostics
    expect(diagnostic?.help).toBe('did you mean `g`?')
  })

  it('reports several problems of one file', () => {
    expect(found('let a = nope\nlet b = sing(g)\nupdate = lr * bb * a\n')).toEqual([
      'unknown-name: nope',
      'unknown-function: sing',
      'unknown-name: bb',
    ])
  })

  it('does not offer the gradient to a schedule', () => {
    const [diagnostic] = checkText('schedule f(t) = G * t\n').diagnostics
    expect(diagnostic?.code).toBe('unknown-name')
    expect(diagnostic?.help).not.toContain('`g`')
  })

  it('knows names declared inside a branch only there', () => {
    expect(
      found('if rank(w) > 1 {\n  let a = g\n  update = lr * a\n} else {\n  update = lr * a\n}\n'),
    ).toEqual(['used-before-declaration: a'])
  })

  it('says one thing about a forgotten let', () => {
    expect(found('a = sign(g)\nupdate = lr * a * a\n')).toEqual(['assign-unknown: a'])
  })

  it.each(['g', 'w', 't', 'T', 'pi', 'e', 'inf', 'update', 'norm', 'sqrt'])(
    'keeps `%s` from a let',
    (name) => {
      expect(found(`let ${name} = 1\nupdate = lr * g\n`)).toContain(`reserved-name: ${name}`)
    },
  )

  it('says why `lr` cannot be declared in a file of statements', () => {
    const [diagnostic] = checkText('let lr = 0.1\nupdate = lr * g\n').diagnostics
    expect(diagnostic?.code).toBe('duplicate-name')
    expect(diagnostic?.help).toContain('optimizer Name(lr = 0.1)')
    expect(diagnostic?.related).toBeUndefined()
  })

  it.each([
    ['w = w - g', 'assign-not-state: w'],
    ['lr = 2', 'assign-not-state: lr'],
    ['pi = 3', 'assign-not-state: pi'],
  ])('does not let `%s` stand', (statement, expected) => {
    expect(found(`${statement}\nupdate = lr * g\n`)).toEqual([expected])
  })
})

describe('calls', () => {
  it.each([
    ['ema(g, 0.9, 0.99)', 'too-many-arguments: 0.99'],
    ['ema(g, beta = 0.9, beta = 0.99)', 'duplicate-argument: beta = 0.99'],
    ['ema(beta = 0.9)', 'missing-argument: ema(beta = 0.9)'],
    ['clip(g, 1, 2, 3)', 'wrong-argument-count: clip(g, 1, 2, 3)'],
    ['ema', 'function-as-value: ema'],
    ['sign', 'function-as-value: sign'],
    ['a3', 'function-as-value: a3'],
    ['g(2)', 'not-a-function: g'],
    ['pi(2)', 'not-a-function: pi'],
    ['decay_cosine(g)', 'stage-too-late: g'],
    ['ema(g, 2)', 'argument-out-of-range: 2'],
    ['sqrt(g > 0)', 'boolean-as-number: g > 0'],
    ['where(1, g, w)', 'condition-not-boolean: 1'],
    ['dropout(g, norm(g))', 'stage-too-late: norm(g)'],
  ])('%s', (call, expected) => {
    expect(found(`update = lr * g * ${call}\n`)).toEqual([expected])
  })

  it('accepts names for the arguments of operators', () => {
    expect(found('update = lr * clip(g, bound = 1)\n')).toEqual([])
    expect(found('update = lr * clip(g, bond = 1)\n')).toEqual(['unknown-argument: bond'])
  })

  it('finds circles of calls', () => {
    const functions = 'fn a(x) = b(x)\n\nfn b(x) = c(x) + 1\n\nfn c(x) = a(x) * 2\n'
    expect(found(`${functions}\n${sgd('update = lr * a(g)')}`)).toEqual(['recursion: a(x)'])
  })
})

describe('statements', () => {
  it('takes an update from every branch or below', () => {
    const branches = 'if rank(w) >= 2 {\n  update = lr * g\n} else {\n  update = lr * sign(g)\n}\n'
    expect(found(`${branches}update = g\n`)).toEqual(['update-twice: update'])
  })

  it('counts assignments on every way', () => {
    const text =
      'state m = 0\nif rank(w) >= 2 {\n  m = m + g\n} else {\n  m = m - g\n}\nm = 2 * m\nupdate = lr * m\n'
    expect(found(text)).toEqual(['state-assigned-twice: m'])
  })

  it('finds a state that another useless state alone reads', () => {
    const text = 'state a = 0\nstate b = 0\na = a + b + g\nb = 0.5 * a\nupdate = lr * g\n'
    expect(found(text)).toEqual(['unused-state: a', 'unused-state: b'])
  })

  it('says nothing about unused names while there are errors', () => {
    expect(found('let a = g\nstate m = 0\nupdate = lr * nope\n')).toEqual(['unknown-name: nope'])
  })

  it('does not return from an if', () => {
    const text = withFunction(
      'fn f(x) {\n  if rank(w) > 1 {\n    return x\n  }\n  return 2 * x\n}',
      'f(g)',
    )
    expect(found(text)).toEqual(['return-not-last: return x'])
  })

  it('keeps states out of schedules, called functions included', () => {
    expect(found('schedule f(t) = ema(t)\n')).toEqual(['state-in-schedule: ema(t)'])
  })

  it('keeps the gradient out of schedules, called functions included', () => {
    expect(found('fn size_of_step() = norm(g)\n\nschedule f(t) = t * size_of_step()\n')).toContain(
      'gradient-in-schedule: size_of_step()',
    )
  })
})

describe('parameters', () => {
  it.each([
    ['lr = g', 'not-constant: g'],
    ['lr in [0, t] = 0.1', 'not-constant: t'],
    ['lr in (0, 0) = 0', 'empty-range: (0, 0)'],
    ['lr in [0, 1] = 2', 'default-out-of-range: 2'],
    ['lr in [0, 1] = 1 > 0', 'boolean-as-number: 1 > 0'],
    ['lr', 'missing-default: lr'],
  ])('%s', (parameter, expected) => {
    expect(found(`optimizer Sgd(${parameter}) {\n  update = lr * g\n}\n`)).toEqual([expected])
  })
})

describe('numbers', () => {
  it('warns in a function only of what its calls do', () => {
    const ratio = 'fn ratio(x, y) = x / y'
    expect(found(withFunction(ratio, 'ratio(g, 2)'))).toEqual([])
    expect(found(withFunction(ratio, 'ratio(g, norm(g))'))).toEqual(['division-by-zero: y'])
  })

  it('warns of a library function at the call that causes it', () => {
    const files = { './ratio.opt': 'fn ratio(x, y) = x / y\n' }
    const text = (call: string): string =>
      `import { ratio } from "./ratio.opt"\n\nupdate = lr * ${call}\n`
    expect(found(text('ratio(g, 2)'), files)).toEqual([])
    expect(found(text('ratio(g, norm(g))'), files)).toEqual(['division-by-zero: ratio(g, norm(g))'])
  })

  it('says nothing of hyperparameters without a range', () => {
    expect(found('optimizer Sgd(lr = 0.1, scale = 2) {\n  update = lr * g / scale\n}\n')).toEqual(
      [],
    )
  })

  it.each([
    ['g + 0', 'no-effect: lr * (g + 0)'.slice(0, 9) + ': g + 0'],
    ['1 * g', 'no-effect: 1 * g'],
    ['g^1', 'no-effect: g^1'],
    ['g * 0', 'no-effect: g * 0'],
    ['max(g, -inf)', 'no-effect: max(g, -inf)'],
    ['max(abs(g), 0)', 'no-effect: max(abs(g), 0)'],
    ['clip(tanh(g), -2, 2)', 'no-effect: clip(tanh(g), -2, 2)'],
    ['abs(abs(g))', 'no-effect: abs(abs(g))'],
    ['where(t < T, g, w)', 'constant-condition: t < T'],
    ['where(tanh(g) > 2, g, w)', 'constant-condition: tanh(g) > 2'],
  ])('%s', (expression, expected) => {
    expect(found(`update = lr * (g + (${expression}))\n`)).toEqual([expected])
  })

  it('knows that a bounded state stays bounded', () => {
    const text = 'state m = 0\nm = 0.9 * m + 0.1 * sign(g)\nupdate = lr * clip(m, -1, 1)\n'
    expect(found(text)).toEqual(['no-effect: clip(m, -1, 1)'])
  })

  it('follows the gradient through states and functions', () => {
    expect(found('state m = 0\nm = 0.9 * m + w\nupdate = lr * m\n')).toEqual([
      'update-ignores-gradient: lr * m',
    ])
    expect(found('update = lr * previous(ema(g))\n')).toEqual([])
  })
})

describe('decays', () => {
  it.each([
    ['decay f(t) = t / T'],
    ['decay f(t) = (T - t) / T'],
    ['decay f(t) = 1 - (t + 1) / T'],
    ['decay f(t) = (1 - t / T)^2'],
    ['decay f(t, power in (0, inf) = 0.9) = (1 - t / T)^power'],
    ['decay f(t) = a13(t) * a5(t)'],
    ['decay f(t, share in [0, 1] = 0.5) = share * t / T'],
    ['decay f(t) = t / (t + 1)'],
  ])('%s keeps its promise', (text) => {
    expect(found(`${text}\n`)).toEqual([])
  })

  it.each([
    ['decay f(t) = 2 * t / T', 't = 2 of T = 3', '1.33333'],
    ['decay f(t) = 1 - (t + 2) / T', 't = 0 of T = 1', '-1'],
    ['decay f(t) = 1.5 * a5(t)', 't = 0 of T = 1', '1.5'],
    ['decay f(t) = log(t / T)', 't = 0 of T = 1', '-Infinity'],
  ])('%s breaks it', (text, place, value) => {
    const [diagnostic] = checkText(`${text}\n`).diagnostics.filter(
      ({ severity }) => severity === 'error',
    )
    expect(diagnostic?.code).toBe('decay-out-of-range')
    expect(diagnostic?.message).toContain(place)
    expect(diagnostic?.message).toContain(`is ${value} at`)
  })

  it('names the arguments that break it', () => {
    const [diagnostic] = checkText(
      'decay f(t, top in [0, 2] = 1) = top * (1 - t / T)\n',
    ).diagnostics
    expect(diagnostic?.notes).toEqual(['with top = 2'])
  })
})

describe('what is said of intervals', () => {
  it.each<[string, string[]]>([
    // A function that remembers is fed on every step, whatever its call stands in.
    ['update = lr * where(g > 0, 1, where(previous(g) > 0, 2, 3))\n', []],
    ['update = lr * where(g > 0, 1, sqrt(-previous(g)))\n', ['negative-root: -previous(g)']],
    ['update = lr * where(norm(g) > 0, norm(w) / norm(g), 1) * g\n', []],
    ['update = lr * sqrt(dot(g, g)) * g\n', []],
    [
      'optimizer Log(lr = 0.1, beta in [0, 1) = 0.9) {\n  update = lr * log(beta) * g\n}\n',
      ['log-of-zero: beta'],
    ],
    ['decay share(t) = (T - t) / (T - t + 3)\nupdate = lr * share(t) * g\n', []],
    // What a condition says of parameters and steps is put together with t < T.
    [
      'decay d(t, up in [0, inf) = 10) = where(t < up, t / up, (T - t) / (T - up))\nupdate = lr * d(t) * g\n',
      [],
    ],
    [
      'decay d(t, up in [0, inf) = 10) = where(t <= up, t / up, (T - t) / (T - up))\nupdate = lr * d(t) * g\n',
      ['decay-out-of-range: where(t <= up, t / up, (T - t) / (T - up))', 'division-by-zero: up'],
    ],
    ['update = lr * where(g > w, log(g - w), log(w - g + 1)) * g\n', []],
    ['update = lr * where(g >= w, log(g - w), 1) * g\n', ['log-of-zero: g - w']],
    ['let d = g - w\nupdate = lr * (d * g) / (1 + d * (g - w))\n', []],
    [
      'let d = g\nstate m = 0\nm = m + d\nupdate = lr * m / (1 + m * (m - d))\n',
      ['division-by-zero: 1 + m * (m - d)'],
    ],
  ])('%s', (text, codes) => {
    expect(found(text)).toEqual(codes)
  })
})

describe('decays that are not proved', () => {
  it.each<[string, string[]]>([
    [
      'decay d(t) = where(T > 5000, -1, 1)\nupdate = lr * abs(d(t)) * g\n',
      ['decay-out-of-range: where(T > 5000, -1, 1)'],
    ],
    [
      'decay d(t) = where(t < 1500, min(t / 1000, 1), 1.5 * exp(-(t - 1500) / 1000))\nupdate = lr * d(t) * g\n',
      ['decay-out-of-range: where(t < 1500, min(t / 1000, 1), 1.5 * exp(-(t - 1500) / 1000))'],
    ],
    [
      'decay d(t, k = 1) = k * (1 - t / T)\nupdate = lr * d(t, 5) * g\n',
      ['decay-unproved: k * (1 - t / T)', 'decay-out-of-range: d(t, 5)'],
    ],
    // What rests on the promise alone is neither pointless nor dangerous.
    [
      'decay hump(t) = 4 * t / T * (1 - t / T)\nupdate = lr * abs(hump(t)) * g\n',
      ['decay-unproved: 4 * t / T * (1 - t / T)'],
    ],
  ])('%s', (text, codes) => {
    expect(found(text)).toEqual(codes)
  })
})
