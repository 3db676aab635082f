import fc from 'fast-check'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import {
  binary,
  call,
  conditional,
  isAtom,
  javascript,
  list,
  name,
  number,
  printCode,
  unary,
  type Code,
} from '../../src/emit/code.ts'
import { python } from '../../src/emit/python/notation.ts'

const [a, b, c] = [name('a'), name('b'), name('c')]

describe('parentheses stand where they are needed', () => {
  test.each<[string, Code]>([
    ['a + b * c', binary('+', a, binary('*', b, c))],
    ['(a + b) * c', binary('*', binary('+', a, b), c)],
    ['a - b - c', binary('-', binary('-', a, b), c)],
    ['a - (b - c)', binary('-', a, binary('-', b, c))],
    ['a / (b * c)', binary('/', a, binary('*', b, c))],
    ['a ** b ** c', binary('**', a, binary('**', b, c))],
    ['(a ** b) ** c', binary('**', binary('**', a, b), c)],
    ['(-a) ** b', binary('**', unary('-', a), b)],
    ['-(a ** b)', unary('-', binary('**', a, b))],
    ['a ** -b', binary('**', a, unary('-', b))],
    ['(-1) ** a', binary('**', number(-1), a)],
    ['-(-a)', unary('-', unary('-', a))],
    ['a - -b', binary('-', a, unary('-', b))],
    ['-a * b', binary('*', unary('-', a), b)],
    ['-(a * b)', unary('-', binary('*', a, b))],
    ['(a ? b : c) + 1', binary('+', conditional(a, b, c), number(1))],
    ['a + b < c ? a : b', conditional(binary('<', binary('+', a, b), c), a, b)],
    ['a ? b : c ? a : b', conditional(a, b, conditional(c, a, b))],
    ['(a ? b : c) ? a : b', conditional(conditional(a, b, c), a, b)],
    ['(a ? b : c) ?? a', binary('??', conditional(a, b, c), a)],
    ['a ?? b ? b : c', conditional(binary('??', a, b), b, c)],
    ['(a ?? b) || c', binary('||', binary('??', a, b), c)],
    ['a ?? (b || c)', binary('??', a, binary('||', b, c))],
    ['a || b && c', binary('||', a, binary('&&', b, c))],
    ['f(a + b, [a ? b : c])', call('f', binary('+', a, b), list(conditional(a, b, c)))],
    ['(a + b).rank', { kind: 'member', object: binary('+', a, b), name: 'rank' }],
    ['(2).rank', { kind: 'member', object: number(2), name: 'rank' }],
    ['Math.sqrt(-0)', call(name('Math', 'sqrt'), number(-0))],
    ['tf.mul(1e-7, a)', call(name('tf', 'mul'), number(1e-7), a)],
  ])('%s', (text, code) => {
    expect(printCode(code)).toBe(text)
  })
})

test('what no operator tears apart is an atom', () => {
  expect([a, number(1), call('f', a), list(a, b), name('tf', 'add')].every(isAtom)).toBe(true)
  expect([number(-1), binary('+', a, b), conditional(a, b, c)].some(isAtom)).toBe(false)
})

test('another language has its own choice and precedences', () => {
  const power = binary('**', a, b)
  expect(printCode(conditional(binary('<', a, b), unary('-', power), c), python)).toBe(
    '-a ** b if a < b else c',
  )
  expect(printCode(binary('**', unary('-', a), b), python)).toBe('(-a) ** b')
})

const { tree } = fc.letrec<{ tree: Code }>((tie) => {
  const inner = tie('tree')
  return {
    tree: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'code' },
      fc.constantFrom(a, b, name('tf', 'a'), name('this', 'seed', 'a')),
      fc.constantFrom(number(0), number(2), number(0.5), number(1e-7), number(1e21)),
      {
        weight: 6,
        arbitrary: fc
          .tuple(fc.constantFrom(...Object.keys(javascript.binary)), inner, inner)
          .map(([operator, left, right]) => binary(operator, left, right)),
      },
      fc
        .tuple(fc.constantFrom('-', '!'), inner)
        .map(([operator, operand]) => unary(operator, operand)),
      fc
        .tuple(inner, inner, inner)
        .map(([condition, then, otherwise]) => conditional(condition, then, otherwise)),
      fc
        .tuple(inner, fc.array(inner, { maxLength: 3 }))
        .map(([callee, inside]) => call(callee, ...inside)),
      fc.array(inner, { maxLength: 3 }).map((items) => list(...items)),
      inner.map((object): Code => ({ kind: 'member', object, name: 'rank' })),
    ),
  }
})

/** The tree of an expression as the TypeScript compiler reads it. Throws a SyntaxError where JavaScript has none. */
function parse(text: string): Code {
  new Function(`value = ${text}`)
  const file = ts.createSourceFile('a.ts', `value = ${text}`, ts.ScriptTarget.Latest, true)
  const [statement, ...others] = file.statements
  if (others.length > 0 || statement === undefined || !ts.isExpressionStatement(statement))
    throw new SyntaxError(`${text} is no single expression`)
  return read((statement.expression as ts.BinaryExpression).right)
}

function read(node: ts.Expression): Code {
  if (ts.isParenthesizedExpression(node)) return read(node.expression)
  if (ts.isNumericLiteral(node)) return { kind: 'number', text: node.getText() }
  if (ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword) return name(node.getText())
  if (ts.isPropertyAccessExpression(node))
    return { kind: 'member', object: read(node.expression), name: node.name.text }
  if (ts.isCallExpression(node)) return call(read(node.expression), ...node.arguments.map(read))
  if (ts.isArrayLiteralExpression(node)) return list(...node.elements.map(read))
  if (ts.isPrefixUnaryExpression(node))
    return unary(ts.tokenToString(node.operator)!, read(node.operand))
  if (ts.isBinaryExpression(node))
    return binary(node.operatorToken.getText(), read(node.left), read(node.right))
  if (ts.isConditionalExpression(node))
    return conditional(read(node.condition), read(node.whenTrue), read(node.whenFalse))
  throw new Error(`${node.getText()} is nothing that is printed`)
}

test('TypeScript reads every printed tree as that tree', () => {
  fc.assert(
    fc.property(tree, (code) => {
      expect(parse(printCode(code))).toEqual(code)
    }),
    { numRuns: 3000, seed: 1 },
  )
})
