import { pathToFileURL } from 'node:url'
import { readdirSync, readFileSync } from 'node:fs'
import { vocabulary } from '../../grammar/tokens.ts'
import { operators } from '../../src/operators/table.ts'
import type { Random } from '../../src/operators/random.ts'

const folder = pathToFileURL('stdlib/')

/** The programs of the standard library, and some that use every construct of the grammar. */
export function seedPrograms(): readonly string[] {
  const library = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.opt'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  return [...library, ...EXTRA]
}

const EXTRA = [
  'update = lr * sign(g) * decay_cosine(t)\n',
  'import { a, b as c } from "./other.opt"\n\n/// Doc.\nfn f(x, y = 2) {\n  // inside\n  let z = x * y // after\n  return z^2\n}\n',
  'optimizer A(\n  // rate\n  lr in (0, inf) = 1e-3, // why\n  b in [0, 1) = .9,\n) {\n  state m = w\n  if rank(w) >= 2 {\n    m = -g\n  } else if size(w) > 1_000 {\n    m = g\n  } else {\n    m = clip(g, -1, 1)\n  }\n  update = lr * nesterov(m, mu = b)\n}\n',
  'space S {\n  operands = [g, g^2 : 0.5, sign(g)]\n  depth = 5\n  inner {\n    root = 0.25\n  }\n}\n',
  'schedule s(t, hold) = where(t < hold, 1, (T - t) / (T - hold))\ndecay d(t) = 1 - t / T\n',
]

const PIECES: readonly string[] = [
  ...vocabulary.map(({ PATTERN }) => PATTERN).filter((pattern) => typeof pattern === 'string'),
  ...operators
    .filter(({ fixity }) => fixity === undefined)
    .map(({ callName, name }) => callName ?? name),
  'g',
  'w',
  't',
  'T',
  'update',
  'x',
  '1',
  '0.5',
  '1e-3',
  '.5',
  '1__0',
  '1e',
  '2x',
  '1e999',
  '0x1F',
  '"std/adam"',
  '"open',
  "'it'",
  '// comment',
  '/// doc',
  '#',
  '/*',
  '*/',
  '/* a */',
  '**',
  ':=',
  '&&',
  '||',
  '+=',
  '=>',
  ';',
  '!',
  '%',
  '?',
  ':',
  '.',
  '@',
  '$',
  '\\',
  '`',
  'elif',
  'for',
  'var',
  'def',
  'optimzer',
  'lett',
  'and',
  'not',
  'β',
  '×',
  '−',
  '²',
  '🙂',
  '\0',
  '\ufeff',
  '\n',
  '\n',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '  ',
  '\t',
  '\u00a0',
  '\u2028',
]

/** Characters of any kind, mostly those of programs. */
export function randomCharacters(random: Random): string {
  const length = random.integer(random.chance(0.05) ? 400 : 60)
  let text = ''
  for (let index = 0; index < length; index++)
    text += random.chance(0.8)
      ? String.fromCharCode(32 + random.integer(95))
      : random.chance(0.5)
        ? random.pick(['\n', '\r', '\t', '\0'])
        : String.fromCharCode(random.integer(0x10000))
  return text
}

/** Words, numbers, signs and whole constructs in any order. */
export function randomTokens(random: Random): string {
  const length = random.integer(random.chance(0.05) ? 200 : 40)
  const pieces: string[] = []
  for (let index = 0; index < length; index++) pieces.push(random.pick(PIECES))
  return pieces.join(random.chance(0.8) ? ' ' : '')
}

/** A program with some of its pieces left out, doubled, moved or replaced. */
export function mutatedProgram(random: Random, programs: readonly string[]): string {
  let text = random.pick(programs)
  const window = 800
  if (text.length > window) {
    const start = random.integer(text.length - window)
    text = text.slice(start, start + window)
  }
  const changes = 1 + random.integer(4)
  for (let index = 0; index < changes; index++) {
    const start = random.integer(text.length + 1)
    const end = Math.min(text.length, start + random.integer(random.chance(0.2) ? 60 : 4))
    const other = random.integer(text.length + 1)
    switch (random.integer(4)) {
      case 0:
        text = text.slice(0, start) + text.slice(end)
        break
      case 1:
        text = text.slice(0, start) + random.pick(PIECES) + text.slice(start)
        break
      case 2:
        text = text.slice(0, other) + text.slice(start, end) + text.slice(other)
        break
      default:
        text = text.slice(0, start) + random.pick(PIECES) + text.slice(end)
    }
  }
  return text
}

/** The programs that the fuzzer and the tests try, as a function of the source of random numbers. */
export function anyProgram(random: Random, programs: readonly string[]): string {
  const kind = random.uniform()
  if (kind < 0.2) return randomCharacters(random)
  if (kind < 0.5) return randomTokens(random)
  return mutatedProgram(random, programs)
}
