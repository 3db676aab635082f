import { expect, test } from 'vitest'
import { targetCatalog } from '../../src/diagnostics/catalog/target.ts'
import { renderPretty } from '../../src/diagnostics/render-pretty.ts'
import { featureNames, type FeatureName } from '../../src/emit/features.ts'
import { targetNames, targets } from '../../src/emit/targets.ts'
import { unsupportedBy } from '../../src/emit/unsupported.ts'
import { operators, writtenArguments } from '../../src/operators/table.ts'
import type { Operator } from '../../src/operators/operator.ts'
import { compileFile, library, libraryFiles, optFiles, source } from '../stdlib/library.ts'
import { compileText } from './compile-program.ts'

const target = (...supports: FeatureName[]) => ({ name: 'plain', supports })

const refused = (name: string, ...supports: FeatureName[]): readonly string[] =>
  unsupportedBy(target(...supports), library(name)).map(({ message }) => message)

test('a program that needs nothing is printed by every target', () => {
  expect(refused('adam')).toEqual([])
})

test.each([
  ['adafactor', 'Adafactor', ['reductions along one axis']],
  ['muon', 'Muon', ['matrices', 'facts of parameters beside their shapes']],
  ['sgld', 'SGLD', ['random numbers']],
  ['prodigy', 'Prodigy', ['numbers over all parameters', 'states that are one number for the run']],
  [
    'schedule_free_adamw',
    'ScheduleFreeAdamW',
    ['states that are one number for the run', 'weights to evaluate with'],
  ],
])('a target that lacks it says what %s needs', (name, program, needs) => {
  expect(refused(name)).toEqual(
    needs.map((need) => `\`${program}\` needs ${need}, which the target \`plain\` does not have`),
  )
  expect(refused(name, ...featureNames)).toEqual([])
})

/** The places of what the target `plain` lacks, and what is said of the targets that have it. */
function reported(text: string, files: Readonly<Record<string, string>> = {}): string {
  const compiled = compileText('rule.opt', text, files)
  const all = [target(), { name: 'other', supports: featureNames }, target('axes')]
  const sourceOf = (path: string) => {
    if (path.startsWith('std/')) return source(path)
    return { path, text: path === 'rule.opt' ? text : files[path.replace('./', '')]! }
  }
  return renderPretty(unsupportedBy(target(), compiled, all), { sourceOf })
}

test('the first place that needs it is shown, with the targets that have it', () => {
  expect(
    reported(
      [
        'fn size_of(x) = norm(x, over = inputs)',
        'state k = 1',
        'k = 0.5 * k',
        'let first = size_of(g)',
        'let second = mean(g, over = inputs)',
        'update = lr * k * g * first * second * normal()',
        'evaluate = 0.5 * w',
      ].join('\n'),
    ),
  ).toMatchInlineSnapshot(`
    "error[not-on-target]: \`rule\` needs reductions along one axis, which the target \`plain\` does not have
      --> rule.opt:1:17
       |
     1 | fn size_of(x) = norm(x, over = inputs)
       |                 ^^^^^^^^^^^^^^^^^^^^^^ needed from here on
       |
       = help: targets that can: other

    error[not-on-target]: \`rule\` needs states that are one number for the run, which the target \`plain\` does not have
      --> rule.opt:2:1
       |
     2 | state k = 1
       | ^^^^^^^^^^^ needed from here on
       |
       = help: targets that can: other

    error[not-on-target]: \`rule\` needs random numbers, which the target \`plain\` does not have
      --> rule.opt:6:40
       |
     6 | update = lr * k * g * first * second * normal()
       |                                        ^^^^^^^^ needed from here on
       |
       = help: targets that can: other

    error[not-on-target]: \`rule\` needs weights to evaluate with, which the target \`plain\` does not have
      --> rule.opt:7:1
       |
     7 | evaluate = 0.5 * w
       | ^^^^^^^^^^^^^^^^^^ needed from here on
       |
       = help: targets that can: other
    "
  `)
})

test('of what another file holds, the call is shown', () => {
  const shared = 'fn noisy(x) = x + noise(x)\nfn noise(x) = 0.1 * normal()\n'
  expect(
    reported('import { noisy } from "./shared"\nupdate = lr * noisy(g) * noisy(w)\n', { shared }),
  ).toMatchInlineSnapshot(`
    "error[not-on-target]: \`rule\` needs random numbers, which the target \`plain\` does not have
      --> rule.opt:2:15
       |
     2 | update = lr * noisy(g) * noisy(w)
       |               ^^^^^^^^ needed from here on
      ::: ./shared:2:21
       |
     2 | fn noise(x) = 0.1 * normal()
       |                     -------- it stands here
       |
       = help: targets that can: other
    "
  `)
})

test('what nothing is left of is not asked for', () => {
  expect(reported('let unread = norm(g, over = inputs)\nupdate = lr * g')).toBe('')
})

test('no target may be able to', () => {
  const compiled = compileText('rule.opt', 'update = lr * g * normal()')
  expect(unsupportedBy(target(), compiled, [target('axes')])[0]).toMatchObject({
    help: 'no target can',
  })
})

test.each(Object.entries(targetCatalog))(
  '%s is reported as its page says',
  (code, { wrong, right }) => {
    const codes = (text: string): readonly string[] =>
      unsupportedBy(target(), compileText('rule.opt', text)).map((each) => each.code)
    expect(codes(wrong)).toEqual([code])
    expect(codes(right)).toEqual([])
  },
)

test('an empty file and one of functions alone need nothing', () => {
  expect(unsupportedBy(target(), compileText('a.opt', 'schedule s(t) = 0.5 * t\n'))).toEqual([])
})

/** A program that applies the operator to each kind of value that it takes: elements, numbers of a parameter, of the run and of the step. */
function programsWith(operator: Operator): readonly string[] {
  const { parameters, kind, fixity } = operator
  const written = (numbers: string, condition: string): string => {
    const given = parameters.map(({ boolean, latest }) =>
      boolean === true
        ? condition
        : kind === 'shape'
          ? 'w'
          : latest === undefined
            ? numbers
            : '0.5',
    )
    if (fixity === undefined)
      return `${operator.callName ?? operator.name}(${writtenArguments(operator, given).join(', ')})`
    return given.length === 1
      ? `${fixity.symbol} ${given[0]}`
      : `${given[0]} ${fixity.symbol} ${given[1]}`
  }
  const isCondition = 'boolean' in operator && operator.boolean === true
  const value = (text: string): string => (isCondition ? `where(${text}, g, 2 * g)` : `(${text})`)
  const texts =
    kind === 'matrix'
      ? [written('g', 'g > 0'), written('matmul(g, transpose(g))', 'g > 0')]
      : [
          written('g', 'g > 0'),
          written('norm(g)', 'norm(g) > 1'),
          written('lr', 'lr > 1'),
          written('(t + 0.5)', 't > 3'),
        ]
  return texts.map((text) =>
    kind === 'matrix'
      ? `if rank(w) >= 2 {\n  update = lr * g * norm(${text})\n} else {\n  update = lr * g\n}\n`
      : `update = lr * g + ${value(text)} * g\n`,
  )
}

const compiles = (text: string) => {
  try {
    return [compileText('rule.opt', text)]
  } catch {
    return []
  }
}

test.each(operators.map((operator) => [operator.name, operator] as const))(
  'every target prints %s of all that it takes, or says what it lacks',
  async (_, operator) => {
    const compiled = programsWith(operator).flatMap(compiles)
    expect(compiled.length).toBeGreaterThan(0)
    for (const each of compiled)
      for (const name of targetNames) {
        if (unsupportedBy(targets[name], each).length > 0) continue
        const [module] = await targets[name].print(each.programs, each.functions, {})
        expect(module!.text.length).toBeGreaterThan(100)
      }
  },
)

test.each([
  ...libraryFiles.map((name) => `std/${name}`),
  ...optFiles('examples').map((name) => `examples/${name}.opt`),
])('every target prints %s, or says what it lacks', async (path) => {
  const compiled = compileFile(path)
  for (const name of targetNames) {
    if (unsupportedBy(targets[name], compiled).length > 0) continue
    const files = await targets[name].print(compiled.programs, compiled.functions, {})
    expect(files.length).toBeGreaterThan(0)
  }
})
