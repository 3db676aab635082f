import fc from 'fast-check'
import { contextualWords, operatorWords, reservedWords } from '../../grammar/tokens.ts'
import { operators } from '../../src/operators/table.ts'
import type {
  Argument,
  Block,
  Documentation,
  Expression,
  FunctionDeclaration,
  If,
  Import,
  Item,
  Module,
  NumberLiteral,
  OptimizerDeclaration,
  Parameter,
  SpaceDeclaration,
  SpaceEntry,
  SpaceGroup,
  SpaceList,
  Statement,
} from '../../src/syntax/ast.ts'
import * as build from '../../src/syntax/build.ts'

const span = build.nowhere
const reserved = new Set([...reservedWords, ...operatorWords].map(({ PATTERN }) => String(PATTERN)))
const infix = operators.filter(({ fixity }) => fixity?.position === 'infix')
const prefix = operators.filter(({ fixity }) => fixity?.position === 'prefix')

/** Names a program may give, words of the language that are names where nothing else is meant among them. */
export const arbitraryName: fc.Arbitrary<string> = fc
  .oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom('g', 'w', 't', 'lr', 'm', 'v', 'beta1', 'm_hat', 'update', 'pi'),
    },
    { weight: 2, arbitrary: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,11}$/) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...contextualWords.map(({ PATTERN }) => String(PATTERN))),
    },
  )
  // `m_t` beside a declared `m` is read as what other languages write.
  .filter((name) => !reserved.has(name) && !name.endsWith('_t'))

const digits = fc.stringMatching(/^[0-9]{1,4}(_[0-9]{1,3})?$/)

/** Numbers in all the ways they can be written. */
export const arbitraryNumber: fc.Arbitrary<NumberLiteral> = fc
  .tuple(
    fc.oneof(
      digits,
      digits.map((fraction) => `.${fraction}`),
      fc.tuple(digits, digits).map(([whole, fraction]) => `${whole}.${fraction}`),
    ),
    fc.option(
      fc.tuple(
        fc.constantFrom('e', 'E'),
        fc.constantFrom('', '+', '-'),
        fc.integer({ min: 0, max: 250 }),
      ),
      { nil: undefined },
    ),
  )
  .map(([mantissa, exponent]): NumberLiteral => {
    const text = mantissa + (exponent?.join('') ?? '')
    return { kind: 'number', text, value: Number(text.replaceAll('_', '')), span }
  })

const { expression } = fc.letrec<{ expression: Expression; argument: Argument }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    arbitraryNumber,
    arbitraryName.map(build.name),
    fc
      .tuple(fc.constantFrom(...prefix.map(({ name }) => name)), tie('expression'))
      .map(([operator, operand]) => build.unary(operator, operand)),
    fc
      .tuple(
        fc.constantFrom(...infix.map(({ name }) => name)),
        tie('expression'),
        tie('expression'),
      )
      .map(([operator, left, right]) => build.binary(operator, left, right)),
    fc
      .tuple(arbitraryName, fc.array(tie('argument'), { maxLength: 4 }))
      .map(([callee, args]): Expression => ({ ...build.call(callee), arguments: args })),
  ),
  argument: fc
    .tuple(fc.option(arbitraryName, { nil: undefined }), tie('expression'))
    .map(([name, value]): Argument => ({
      kind: 'argument',
      name: name === undefined ? undefined : build.identifier(name),
      value,
      span,
    })),
}))

/** Any expression that can be written, whether it means something or not. */
export const arbitraryExpression: fc.Arbitrary<Expression> = expression

const documentation: fc.Arbitrary<Documentation> = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc
        .string({ maxLength: 30, unit: 'grapheme' })
        .map((text) => text.replace(/[\n\r]/g, ' ').trimEnd()),
      { minLength: 1, maxLength: 3 },
    ),
  },
)

const named = fc.tuple(arbitraryName, expression, documentation)

const statementsOf = (withReturn: boolean): fc.Arbitrary<Statement> =>
  fc.letrec<{ statement: Statement; block: Block; if: If }>((tie) => ({
    statement: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      named.map(([name, value, lines]): Statement => build.assign(name, value, lines)),
      named.map(([name, value, lines]): Statement => build.letStatement(name, value, lines)),
      named.map(([name, value, lines]): Statement => build.stateStatement(name, value, lines)),
      ...(withReturn ? [expression.map((value): Statement => build.returnStatement(value))] : []),
      tie('if'),
    ),
    block: fc
      .array(tie('statement'), { maxLength: 3 })
      .map((statements) => build.block(...statements)),
    if: fc
      .tuple(
        expression,
        tie('block'),
        fc.option(fc.oneof({ maxDepth: 2 }, tie('block'), tie('if')), { nil: undefined }),
      )
      .map(([condition, then, otherwise]) => build.ifStatement(condition, then, otherwise)),
  })).statement

/** Any statement of an optimizer. */
export const arbitraryStatement: fc.Arbitrary<Statement> = statementsOf(false)
const functionStatement = statementsOf(true)

const parameter: fc.Arbitrary<Parameter> = fc
  .tuple(
    arbitraryName,
    fc.option(fc.tuple(expression, expression, fc.boolean(), fc.boolean()), { nil: undefined }),
    fc.option(expression, { nil: undefined }),
    documentation,
  )
  .map(([name, range, value, lines]) => ({
    ...build.parameter(name, { documentation: lines }),
    range:
      range === undefined
        ? undefined
        : build.range(range[0], range[1], { lowOpen: range[2], highOpen: range[3] }),
    default: value,
  }))
const parameters = fc.array(parameter, { maxLength: 4 })

const optimizer: fc.Arbitrary<OptimizerDeclaration> = fc
  .tuple(arbitraryName, parameters, fc.array(arbitraryStatement, { maxLength: 6 }), documentation)
  .map((parts) => build.optimizer(...parts))

const functionDeclaration: fc.Arbitrary<FunctionDeclaration> = fc
  .tuple(
    fc.constantFrom('fn' as const, 'schedule' as const, 'decay' as const),
    arbitraryName,
    parameters,
    fc.oneof(
      expression,
      fc.array(functionStatement, { maxLength: 4 }).map((statements) => build.block(...statements)),
    ),
    documentation,
  )
  .map((parts) => build.functionDeclaration(...parts))

const importItem: fc.Arbitrary<Import> = fc
  .tuple(
    fc.constantFrom('std/momentum', './other.opt', "it's", 'a "b"', ''),
    fc.array(fc.oneof(arbitraryName, fc.tuple(arbitraryName, arbitraryName)), { maxLength: 4 }),
  )
  .map(([from, names]) => build.importItem(from, ...names))

const spaceList: fc.Arbitrary<SpaceList> = fc
  .array(fc.tuple(expression, fc.option(arbitraryNumber, { nil: undefined })), { maxLength: 4 })
  .map((choices) => ({
    kind: 'space-list',
    choices: choices.map(([value, weight]) => ({ kind: 'space-choice', value, weight, span })),
    span,
  }))
const spaceGroup: fc.Arbitrary<SpaceGroup> = fc.letrec<{ group: SpaceGroup; entry: SpaceEntry }>(
  (tie) => ({
    entry: fc
      .tuple(
        arbitraryName,
        fc.oneof({ maxDepth: 3 }, expression, spaceList, tie('group')),
        documentation,
      )
      .map(([name, value, lines]) => ({
        kind: 'space-entry',
        documentation: lines,
        name: build.identifier(name),
        value,
        span,
      })),
    group: fc
      .array(tie('entry'), { maxLength: 3 })
      .map((entries) => ({ kind: 'space-group', entries, span })),
  }),
).group
const space: fc.Arbitrary<SpaceDeclaration> = fc
  .tuple(arbitraryName, spaceGroup, documentation)
  .map(([name, body, lines]) => ({
    kind: 'space',
    documentation: lines,
    name: build.identifier(name),
    body,
    span,
  }))

const item: fc.Arbitrary<Item> = fc.oneof(
  { weight: 3, arbitrary: arbitraryStatement },
  { weight: 2, arbitrary: optimizer },
  { weight: 2, arbitrary: functionDeclaration },
  importItem,
  space,
)

/**
 * Any module that can be written, whether it means something or not. The documentation of a first statement is the
 * file's, as the parser has it.
 */
export const arbitraryModule: fc.Arbitrary<Module> = fc
  .tuple(fc.array(item, { maxLength: 5 }), documentation)
  .map(([items, lines]): Module => {
    const [first, ...others] = items
    if (
      first === undefined ||
      lines.length > 0 ||
      !(first.kind === 'let' || first.kind === 'state' || first.kind === 'assign')
    )
      return build.module('arbitrary.opt', items, lines)
    return build.module(
      'arbitrary.opt',
      [{ ...first, documentation: [] }, ...others],
      first.documentation,
    )
  })
