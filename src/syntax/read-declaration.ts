import type { CstNode } from 'chevrotain'
import { endOf, spanOf } from '../../grammar/lex.ts'
import type {
  FunctionDeclaration,
  Import,
  ImportName,
  OptimizerDeclaration,
  Parameter,
  Range,
  SpaceChoice,
  SpaceDeclaration,
  SpaceEntry,
  SpaceGroup,
  SpaceList,
  StringLiteral,
} from './ast.ts'
import { readExpression } from './read-expression.ts'
import { readBlock } from './read-statement.ts'
import {
  identifierOf,
  nodeOf,
  nodesOf,
  spanOfNode,
  tokenOf,
  tokensOf,
  type Reader,
} from './reader.ts'

function readStrays(reader: Reader, node: CstNode, start: number): void {
  for (const rule of ['stray', 'strayHead', 'strayElement'])
    for (const each of nodesOf(node, rule)) reader.stray(each, start)
}

/** An import whose names and file can be read. */
export function readImport(reader: Reader, node: CstNode): Import | undefined {
  const span = spanOfNode(node, 0)
  readStrays(reader, node, span.start)
  const list = nodeOf(node, 'importNames')
  const names = (list === undefined ? [] : nodesOf(list, 'importName'))
    .map((each) => readImportName(reader, each, span.start))
    .filter((each) => each !== undefined)
  const token = tokenOf(nodeOf(node, 'importSource'), 'String')
  if (token === undefined) return undefined
  const closed = token.image.length > 1 && token.image.endsWith(token.image[0]!)
  if (!closed) {
    const end = endOf(token)
    reader.report('unclosed-text', spanOf(token), 'the closing quote is missing', {
      fix: {
        title: 'insert the quote',
        edits: [{ span: { start: end, end }, text: token.image[0]! }],
      },
    })
  }
  const from: StringLiteral = {
    kind: 'string',
    value: token.image.slice(1, closed ? -1 : undefined),
    span: spanOf(token),
  }
  return { kind: 'import', names, from, span: { start: span.start, end: endOf(token) } }
}

function readImportName(reader: Reader, node: CstNode, statement: number): ImportName | undefined {
  readStrays(reader, node, statement)
  const [first, second] = tokensOf(node, 'Identifier')
  if (first === undefined) return undefined
  return {
    kind: 'import-name',
    name: identifierOf(first),
    alias: second === undefined ? undefined : identifierOf(second),
    span: { start: first.startOffset, end: endOf(second ?? first) },
  }
}

/** An optimizer whose name can be read. */
export function readOptimizer(reader: Reader, node: CstNode): OptimizerDeclaration | undefined {
  const { start, end } = spanOfNode(node, 0)
  const documentation = reader.documentation(start)
  readStrays(reader, node, start)
  const parameters = readParameters(reader, nodeOf(node, 'parameters'), start)
  const body = readBlock(reader, nodeOf(node, 'block'), end)
  const name = tokenOf(nodeOf(node, 'name'), 'Identifier')
  if (name === undefined) return undefined
  const span = { start, end: Math.max(body.span.end, endOf(name)) }
  return { kind: 'optimizer', documentation, name: identifierOf(name), parameters, body, span }
}

/** A function, schedule or decay whose name can be read. */
export function readFunction(reader: Reader, node: CstNode): FunctionDeclaration | undefined {
  const { start } = spanOfNode(node, 0)
  const documentation = reader.documentation(start)
  readStrays(reader, node, start)
  const list = nodeOf(node, 'parameters')
  const parameters = readParameters(reader, list, start)
  const name = tokenOf(nodeOf(node, 'name'), 'Identifier')
  const written = nodeOf(node, 'functionBody')
  const block = nodeOf(written, 'block')
  const equals = tokenOf(written, 'Equals')
  const head = Math.max(
    equals === undefined ? 0 : endOf(equals),
    spanOfNode(list, 0).end,
    name === undefined ? 0 : endOf(name),
  )
  const body =
    block === undefined
      ? readExpression(reader, nodeOf(written, 'expression'), head, start)
      : readBlock(reader, block, head)
  if (name === undefined) return undefined
  return {
    kind: 'function',
    role:
      tokenOf(node, 'Schedule') !== undefined
        ? 'schedule'
        : tokenOf(node, 'Decay') !== undefined
          ? 'decay'
          : 'fn',
    documentation,
    name: identifierOf(name),
    parameters,
    parentheses: spanOfNode(list, endOf(name)),
    body,
    span: {
      start,
      end: Math.max(spanOfNode(written, 0).end, body.span.end, head),
    },
  }
}

function readParameters(
  reader: Reader,
  node: CstNode | undefined,
  statement: number,
): readonly Parameter[] {
  if (node === undefined) return []
  return nodesOf(node, 'parameter')
    .map((each) => readParameter(reader, each, statement))
    .filter((each) => each !== undefined)
}

function readParameter(reader: Reader, node: CstNode, statement: number): Parameter | undefined {
  readStrays(reader, node, statement)
  const name = tokenOf(node, 'Identifier')
  if (name === undefined) return undefined
  const rangeNode = nodeOf(node, 'range')
  const range = rangeNode === undefined ? undefined : readRange(reader, rangeNode, statement)
  const equals = tokenOf(node, 'Equals')
  const written = nodeOf(node, 'expression')
  const value =
    equals === undefined ? undefined : readExpression(reader, written, endOf(equals), statement)
  return {
    kind: 'parameter',
    documentation: reader.documentation(name.startOffset),
    name: identifierOf(name),
    range,
    default: value,
    span: {
      start: name.startOffset,
      end: Math.max(
        endOf(name),
        range?.span.end ?? 0,
        equals === undefined ? 0 : endOf(equals),
        spanOfNode(written, 0).end,
      ),
    },
  }
}

function readRange(reader: Reader, node: CstNode, statement: number): Range | undefined {
  const span = spanOfNode(node, 0)
  const [low, high] = nodesOf(node, 'expression')
  readStrays(reader, node, statement)
  if (low === undefined || high === undefined) return undefined
  const comma = tokenOf(node, 'Comma')
  return {
    kind: 'range',
    low: readExpression(reader, low, span.start + 1, statement),
    high: readExpression(reader, high, comma === undefined ? span.end : endOf(comma), statement),
    lowOpen: tokenOf(node, 'LeftParen') !== undefined,
    highOpen: tokenOf(node, 'RightParen') !== undefined,
    span,
  }
}

/** A search space whose name can be read. */
export function readSpace(reader: Reader, node: CstNode): SpaceDeclaration | undefined {
  const { start, end } = spanOfNode(node, 0)
  const documentation = reader.documentation(start)
  readStrays(reader, node, start)
  const body = readSpaceGroup(reader, nodeOf(node, 'spaceGroup'), end)
  const name = tokenOf(nodeOf(node, 'name'), 'Identifier')
  if (name === undefined) return undefined
  const span = { start, end: Math.max(body.span.end, endOf(name)) }
  return { kind: 'space', documentation, name: identifierOf(name), body, span }
}

function readSpaceGroup(reader: Reader, node: CstNode | undefined, fallback: number): SpaceGroup {
  const span = spanOfNode(node, fallback)
  if (node === undefined) return { kind: 'space-group', entries: [], span }
  const entries = nodesOf(node, 'spaceEntry')
    .map((each) => readSpaceEntry(reader, each))
    .filter((each) => each !== undefined)
  for (const each of nodesOf(node, 'stray')) reader.stray(each, spanOfNode(each, fallback).start)
  return { kind: 'space-group', entries, span }
}

function readSpaceEntry(reader: Reader, node: CstNode): SpaceEntry | undefined {
  const { start } = spanOfNode(node, 0)
  const name = tokenOf(nodeOf(node, 'name'), 'Identifier')
  readStrays(reader, node, start)
  if (name === undefined) return undefined
  const documentation = reader.documentation(start)
  const written = nodeOf(node, 'spaceValue')
  const group = nodeOf(written, 'spaceGroup')
  const list = nodeOf(written, 'spaceList')
  const equals = tokenOf(written, 'Equals')
  const value =
    group !== undefined
      ? readSpaceGroup(reader, group, endOf(name))
      : list !== undefined
        ? readSpaceList(reader, list, start)
        : readExpression(reader, nodeOf(written, 'expression'), endOf(equals ?? name), start)
  const span = { start, end: Math.max(spanOfNode(written, 0).end, value.span.end, endOf(name)) }
  return { kind: 'space-entry', documentation, name: identifierOf(name), value, span }
}

function readSpaceList(reader: Reader, node: CstNode, statement: number): SpaceList {
  const span = spanOfNode(node, statement)
  const choices = nodesOf(node, 'spaceChoice').flatMap((each): readonly SpaceChoice[] => {
    const [value, weight] = nodesOf(each, 'expression')
    const colon = tokenOf(each, 'Colon')
    const { start, end } = spanOfNode(each, span.start)
    readStrays(reader, each, statement)
    if (value === undefined) return []
    return [
      {
        kind: 'space-choice',
        value: readExpression(reader, value, start, statement),
        weight:
          colon === undefined ? undefined : readExpression(reader, weight, endOf(colon), statement),
        span: { start, end },
      },
    ]
  })
  return { kind: 'space-list', choices, span }
}
