import { describe, expect, test } from 'vitest'
import { applyFix, checkText } from './check-text.ts'

const guarded = (rule: string): string =>
  `if rank(w) >= 2 {\n${rule}\n} else {\n  update = lr * g\n}\n`

const errorsOf = (text: string): string[] =>
  checkText(text)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`)

const allOf = (text: string): string[] => checkText(text).diagnostics.map(({ code }) => code)

const P = 'update = lr * matmul(matmul(g, transpose(g)), g)'

describe('operators on matrices want a parameter that is one', () => {
  test.each([
    `if rank(w) >= 2 {\n${P}\n} else {\nupdate = g\n}`,
    `if rank(w) < 2 {\nupdate = g\n} else {\n${P}\n}`,
    `if rank(w) == 4 {\n${P}\n} else {\nupdate = g\n}`,
    `if rank(w) > 1 and size(w) < 1000 {\n${P}\n} else {\nupdate = g\n}`,
    `if not rank(w) <= 1 {\n${P}\n} else {\nupdate = g\n}`,
    `if size(w) > 3 {\nif rank(w) >= 3 {\n${P}\n} else {\nupdate = w\n}\n} else {\nupdate = g\n}`,
    `if is_hidden(w) {\n${P}\n} else {\nupdate = g\n}`,
    `if input_count(w) > 1 {\n${P}\n} else {\nupdate = g\n}`,
    'update = lr * where(rank(w) >= 2, matmul(matmul(g, transpose(g)), g), g)',
    'fn gram(x) = matmul(x, transpose(x))\nif rank(w) >= 2 {\nupdate = matmul(gram(g), g)\n} else {\nupdate = g\n}',
    'fn gram(x) = matmul(x, transpose(x))\nfn ignored(x) = trace(gram(x))\nupdate = lr * g',
  ])('%s', (text) => {
    expect(errorsOf(text)).toEqual([])
  })

  test.each([
    P,
    `if not is_hidden(w) {\n${P}\n} else {\nupdate = g\n}`,
    `if size(w) > 1 {\n${P}\n} else {\nupdate = g\n}`,
    `if rank(w) >= 1 {\n${P}\n} else {\nupdate = g\n}`,
    `if rank(w) >= 2 {\nupdate = g\n} else {\n${P}\n}`,
    `if rank(w) >= 2 or size(w) > 9 {\n${P}\n} else {\nupdate = g\n}`,
    'update = lr * where(rank(w) >= 2, g, matmul(matmul(g, transpose(g)), g))',
    'update = lr * g * trace(eye(outputs))',
  ])('%s', (text) => {
    expect(allOf(text)).toEqual(['matrix-without-guard'])
  })

  test('the fix puts the rule for matrices into an `if`, with one for the others', () => {
    const text = `state l = 0\nl = l + matmul(g, transpose(g))\nupdate = lr * matmul(l, g)\n`
    const { diagnostics } = checkText(text)
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'matrix-without-guard',
      'matrix-without-guard',
    ])
    expect(diagnostics.map(({ fix }) => fix !== undefined)).toEqual([true, false])
    const fixed = applyFix(text, diagnostics[0]!)
    expect(fixed).toContain('if rank(w) >= 2 {\nstate l = 0')
    expect(allOf(fixed)).toEqual([])
  })

  test('a function of the library says so at its call, with the same fix', () => {
    const text =
      'import { orthogonalize } from "std/wrappers"\nupdate = lr * orthogonalize(ema(g, 0.9))\n'
    const { diagnostics } = checkText(text)
    expect(diagnostics).toHaveLength(1)
    const [only] = diagnostics
    expect(only!.message).toContain('in `orthogonalize`')
    expect(only!.help).toContain('if rank(w) >= 2')
    expect(text.slice(only!.span.start, only!.span.end)).toMatch(/^orthogonalize\(/)
    expect(allOf(applyFix(text, only!))).toEqual([])
  })
})

describe('axes meet by their names', () => {
  test('where one matrix over an axis is wanted, what makes one is said', () => {
    const { diagnostics } = checkText(guarded('update = matmul(eigenvectors(g), g)'))
    expect(diagnostics[0]!.help).toContain('`matmul(x, transpose(x))` is one over its inputs')
  })

  test.each<[rule: string, said: RegExp, fixed: string | undefined]>([
    [
      'update = matmul(g, g)',
      /cannot multiply matrix\(inputs, outputs\) by matrix\(inputs, outputs\): the columns of the first are over its outputs, the rows of the second over its inputs/,
      'matmul(g, transpose(g))',
    ],
    [
      'update = matmul(matmul(transpose(g), g), g)',
      /cannot multiply matrix\(outputs, outputs\) by matrix\(inputs, outputs\)/,
      'transpose(g))\n',
    ],
    [
      'update = g * trace(g)',
      /wants a matrix over one axis, and this is a matrix\(inputs, outputs\)/,
      undefined,
    ],
    [
      'update = matmul(inverse_root(g, 2), g)',
      /`inverse_root` wants a matrix over one axis/,
      undefined,
    ],
    [
      'let l = matmul(g, transpose(g))\nupdate = g + l',
      /`\+` meets a matrix\(inputs, outputs\) with a matrix\(inputs, inputs\)/,
      undefined,
    ],
    [
      'update = g - transpose(g)',
      /`-` meets a matrix\(inputs, outputs\) with a matrix\(outputs, inputs\)/,
      'transpose(transpose(g))',
    ],
    [
      'let l = matmul(g, transpose(g))\nupdate = matmul(l * norm(g, over = outputs), g)',
      /`\*` meets a matrix\(inputs, inputs\) with one number per input/,
      undefined,
    ],
    [
      'let l = matmul(g, transpose(g))\nupdate = g * norm(l, over = inputs)',
      /`norm` works on one number for each element here, and this is a matrix\(inputs, inputs\)/,
      undefined,
    ],
    [
      'let l = matmul(g, transpose(g))\nupdate = g * dropout(trace(l) * l, 0.5)',
      /`dropout` works on one number for each element/,
      undefined,
    ],
    [
      'update = matmul(g, transpose(g))',
      /`update` is a matrix\(inputs, outputs\), and this is a matrix\(inputs, inputs\)/,
      undefined,
    ],
    [
      'state l = eye(outputs)\nl = matmul(g, transpose(g))\nupdate = g * norm(l)',
      /`l` is a matrix\(inputs, outputs\), and this is a matrix/,
      undefined,
    ],
  ])('%s', (rule, said, fixed) => {
    const text = guarded(rule)
    const found = errorsOf(text)
    expect(found.length).toBeGreaterThan(0)
    expect(found[0]).toMatch(said)
    const { fix } = checkText(text).diagnostics[0]!
    if (fixed === undefined) return
    expect(fix).toBeDefined()
    expect(applyFix(text, checkText(text).diagnostics[0]!)).toContain(fixed)
  })

  test.each<[rule: string, said: RegExp]>([
    ['update = matmul(3, g)', /`matmul` wants a matrix here, and this is a constant/],
    [
      'update = g * trace(norm(g))',
      /`trace` wants a matrix here, and this is one number per parameter/,
    ],
    [
      'state q = 0\nq = matmul(q, matmul(g, transpose(g)))\nupdate = matmul(q, g)',
      /`matmul` wants a matrix here/,
    ],
    [
      'update = matmul(where(input_count(w) > 4, g, 0), transpose(g)) + g',
      /one side of this choice is none/,
    ],
    [
      'update = matmul(inverse_root(matmul(g, transpose(g)), max_abs(g)), g)',
      /the p of `inverse_root` must be one number per step/,
    ],
    [
      'update = matmul(inverse_root(matmul(g, transpose(g)), 2, max_extent = lr), g)',
      /the max_extent of `inverse_root` must be a constant/,
    ],
    [
      'state q = matmul(g, transpose(g))\nq = eye(inputs)\nupdate = matmul(q, g)',
      /`q` must start with a number or `w`/,
    ],
    ['update = matmul(eye(rows), g)', /this is no axis/],
    ['update = matmul(eye(), g)', /`eye` takes 1 argument, not 0/],
    ['update = matmul(g)', /`matmul` takes 2 arguments, not 1/],
  ])('%s', (rule, said) => {
    expect(errorsOf(guarded(rule))[0]).toMatch(said)
  })

  test('numbers of the run and the parameter, and what is over the same axes, go into a matrix', () => {
    const rule = `state l = epsilon
  state n = 0
  n = n + norm(g)
  l = max(decay_cosine(t) * l, lr * matmul(g, transpose(g)) / n) + size(w) * eye(inputs)
  let r = norm(g, over = inputs) * norm(g, over = outputs)
  update = where(t > 3, lr, 1) * matmul(l, r) * (mean(l) + dot(l, l) + max_abs(l))`
    const text = `optimizer Own(lr in (0, inf) = 0.1, epsilon in (0, inf) = 0.01) {\n${guarded(rule)}}\n`
    expect(errorsOf(text)).toEqual([])
  })
})
