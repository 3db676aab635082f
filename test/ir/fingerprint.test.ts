import { describe, expect, test } from 'vitest'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import type { Random } from '../../src/operators/random.ts'
import { createRandom, rootKey } from '../../src/operators/random.ts'
import { optimizer, optimizerNames } from '../stdlib/library.ts'
import { programOf } from './program.ts'

const of = (text: string): string => fingerprint(programOf(text))

describe('equal functions have equal fingerprints', () => {
  test.each([
    ['in other names', 'let a = 2 * g\nupdate = lr * a', 'let other = 2 * g\nupdate = lr * other'],
    ['without names', 'let a = 2 * g\nlet b = a * w\nupdate = lr * b', 'update = lr * (2 * g * w)'],
    [
      'in another order of operands',
      'update = lr * max(g * w, w + g)',
      'update = max(g + w, w * g) * lr',
    ],
    [
      'in another order of states',
      'state a = 0\nstate b = 1\na = a + g\nb = b * 0.5 + g\nupdate = lr * (a - b)',
      'state q = 1\nstate p = 0\nq = g + 0.5 * q\np = p + g\nupdate = lr * (p - q)',
    ],
    [
      'written by hand or through the library',
      'state m = 0\nm = 0.9 * m + (1 - 0.9) * g\nupdate = lr * m',
      'update = lr * ema(g, 0.9)',
    ],
    [
      'split into functions',
      'fn twice(x) = 2 * x\nfn rule(x) = twice(sign(x))\nupdate = lr * rule(g)',
      'update = lr * (2 * sign(g))',
    ],
    [
      'through two names of a decay',
      'update = lr * g * a3(t)',
      'update = lr * g * decay_cosine(t)',
    ],
    [
      'of a decay and of a schedule in the run',
      'decay fall(t) = 1 - t / T\nupdate = lr * g * fall(t)',
      'schedule fall(t) = 1 - t / T\nupdate = lr * g * fall(t)',
    ],
    [
      'of a schedule for a later step and of the same written there',
      'schedule rise(t, a = 2) = a * t\nupdate = lr * g * rise(t + 5, 3)',
      'update = lr * g * (3 * (t + 5))',
    ],
    ['where a name stands between two signs', 'let a = -g\nupdate = lr * -a', 'update = lr * g'],
    ['after the laws', 'update = lr * (g * 1 - 0)', 'update = -(-(lr * g))'],
    [
      'where draws are in functions',
      'fn noise(s) = s * normal()\nupdate = noise(lr) + noise(lr)',
      'let a = lr * normal()\nupdate = a + lr * normal()',
    ],
    [
      'with what nothing needs',
      'state a = 0\na = a + g\nlet b = g^3\nupdate = lr * g',
      'update = lr * g',
    ],
  ])('%s', (_, first, second) => {
    expect(of(first)).toBe(of(second))
  })
})

describe('different functions have different fingerprints', () => {
  test.each([
    [
      'of a decay and of a schedule for a later step, where the decay holds its last value',
      'decay fall(t) = 1 - t / T\nupdate = lr * g * fall(t + 5)',
      'schedule fall(t) = 1 - t / T\nupdate = lr * g * fall(t + 5)',
    ],
    ['operands', 'update = lr * (g - w)', 'update = lr * (w - g)'],
    ['numbers', 'update = lr * ema(g, 0.9)', 'update = lr * ema(g, 0.8)'],
    [
      'initial values',
      'state m = 0\nm = m + g\nupdate = lr * m',
      'state m = 1\nm = m + g\nupdate = lr * m',
    ],
    [
      'old and new values',
      'state m = 0\nlet old = m\nm = m + g\nupdate = lr * old',
      'state m = 0\nm = m + g\nupdate = lr * m',
    ],
    [
      'states that trade places',
      'state a = 0\nstate b = 0\nlet x = a\na = b + g\nb = x - g\nupdate = lr * (a - 2 * b)',
      'state a = 0\nstate b = 0\na = a + g\nb = b - g\nupdate = lr * (a - 2 * b)',
    ],
    [
      'random streams',
      'update = lr * (dropout(g, 0.5) + dropout(g, 0.25))',
      'update = lr * (2 * dropout(g, 0.5))',
    ],
    ['draws that are one', 'update = normal() + normal()', 'let n = normal()\nupdate = n + n'],
    [
      'draws of calls that are one',
      'fn f() = normal()\nupdate = f() + f()',
      'fn f() = normal()\nlet n = f()\nupdate = n + n',
    ],
    ['the order of draws', 'update = 2 * normal() + normal()', 'update = normal() + 2 * normal()'],
    ['decays', 'update = lr * g * a3(t)', 'update = lr * g * a4(t)'],
    ['arguments of decays', 'update = lr * g * a3(t)', 'update = lr * g * a3(t / 2)'],
    [
      'defaults',
      'optimizer A(lr in (0, inf) = 0.1) {\n update = lr * g\n}',
      'optimizer A(lr in (0, inf) = 0.2) {\n update = lr * g\n}',
    ],
  ])('in %s', (_, first, second) => {
    expect(of(first)).not.toBe(of(second))
  })

  test('across the library', () => {
    const names = optimizerNames
    const prints = new Map<string, string[]>()
    for (const name of names) {
      const key = fingerprint(optimizer(name))
      prints.set(key, [...(prints.get(key) ?? []), name])
    }
    expect([...prints.values()].filter((same) => same.length > 1)).toEqual([
      // Opt4 without its inner decay is Opt5.
      ['opt4_1', 'opt5'],
    ])
  })
})

/** A random expression over g, w and lr, and the same one with its commuting operands swapped here and there. */
function pair(random: Random, depth: number): readonly [string, string] {
  if (depth === 0) {
    const leaf = random.pick(['g', 'w', 'lr', '2', 'ema(g, 0.9)', 'previous(w)'])
    return [leaf, leaf]
  }
  if (random.chance(0.3)) {
    const [a, b] = pair(random, depth - 1)
    const name = random.pick(['tanh', 'abs', 'exp', 'sigmoid'])
    return [`${name}(${a})`, `${name}(${b})`]
  }
  const [left, otherLeft] = pair(random, depth - 1)
  const [right, otherRight] = pair(random, depth - 1)
  const operator = random.pick([' + ', ' * ', ' - ', ' / '])
  const swaps = random.chance(0.5) && (operator === ' + ' || operator === ' * ')
  return [
    `(${left}${operator}${right})`,
    swaps ? `(${otherRight}${operator}${otherLeft})` : `(${otherLeft}${operator}${otherRight})`,
  ]
}

test('random programs keep their fingerprint when operands are swapped and values get names', () => {
  const random = createRandom(rootKey(8))
  const seen = new Map<string, string>()
  for (let number = 0; number < 60; number++) {
    const [a, b] = pair(random, 4)
    const first = of(`update = lr * (${a})`)
    expect(of(`let value = ${b}\nlet more = lr * value\nupdate = more`), `${a}\n${b}`).toBe(first)
    seen.set(a, first)
  }
  // Distinct texts rarely say the same; a hash that forgets most of a program would show here.
  expect(new Set(seen.values()).size).toBeGreaterThan(seen.size * 0.8)
})
