import { LeftParen } from '../../../grammar/tokens.ts'
import type { TextEdit } from '../../diagnostics/diagnostic.ts'
import type { FunctionDeclaration, OptimizerDeclaration, Parameter } from '../../syntax/ast.ts'
import type { Analysis } from '../editor/analysis.ts'
import { parameterHead } from '../editor/heads.ts'
import { isStatement, lineEnd } from './places.ts'

/** Whether the interval of a parameter reads the same in any file: its ends are numbers or constants. */
export function hasPlainRange({ range }: Parameter): boolean {
  return (
    range !== undefined &&
    [range.low, range.high].every(({ kind }) => kind === 'number' || kind === 'name')
  )
}

/** The edit that adds a parameter, written as `head`, behind those a declaration has; undefined where it has no parentheses. */
export function addParameter(
  analysis: Analysis,
  { name, parameters }: FunctionDeclaration | OptimizerDeclaration,
  head: string,
): TextEdit | undefined {
  const { text } = analysis.source
  const last = parameters.at(-1)
  if (last === undefined) {
    const open = analysis.lexed.tokens.find(({ startOffset }) => startOffset >= name.span.end)
    if (open?.tokenType !== LeftParen) return undefined
    const start = open.startOffset + 1
    return { span: { start, end: start }, text: head }
  }
  const { end } = last.span
  const before = text.slice(0, last.span.start)
  const indent = /(?:\r\n|\n|\r)([ \t]*)$/.exec(before)
  // One parameter a line goes on so.
  const separator = indent === null ? ', ' : `,${lineEnd(analysis)}${indent[1]!}`
  return { span: { start: end, end }, text: separator + head }
}

/**
 * The edits that make a declared optimizer of a file's statements, with one more hyperparameter, and its name; undefined where
 * something else stands between or below them.
 */
export function asOptimizer(
  analysis: Analysis,
  head: string,
): { readonly edits: readonly TextEdit[]; readonly name: string } | undefined {
  const { module, resolved, source } = analysis
  const [optimizer] = resolved.optimizers
  const first = module.items.findIndex(isStatement)
  const statements = module.items.slice(first)
  if (optimizer === undefined || first < 0 || !statements.every(isStatement)) return undefined
  const [top, bottom] = [statements[0]!, statements.at(-1)!]
  const end = lineEnd(analysis)
  const name = optimizerName(optimizer.name)
  const heads = [...optimizer.parameters.map(parameterHead), head]
  const edits: TextEdit[] = [
    {
      span: { start: top.span.start, end: top.span.start },
      text: `optimizer ${name}(${heads.join(', ')}) {${end}  `,
    },
  ]
  const inside = source.text.slice(top.span.start, bottom.span.end)
  for (const { index } of inside.matchAll(/(?<=\n|\r(?!\n))(?=[^\n\r])/g)) {
    const start = top.span.start + index
    edits.push({ span: { start, end: start }, text: '  ' })
  }
  const rest = /[\n\r]|$/.exec(source.text.slice(bottom.span.end))!.index
  const start = bottom.span.end + rest
  return { edits: [...edits, { span: { start, end: start }, text: `${end}}` }], name }
}

/** A file's name as that of an optimizer: `my-rule` as `MyRule`. */
function optimizerName(file: string): string {
  const words = file.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
  return /^[A-Z]/.test(name) ? name : `Optimizer${name}`
}
