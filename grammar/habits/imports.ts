import * as token from '../tokens.ts'
import { lastOfPath } from './members.ts'
import {
  imageAt,
  spanFrom,
  textOf,
  typeAt,
  type Find,
  type Habit,
  type Line,
  type Reading,
} from './reading.ts'

/** Imports of other languages: `from x import y`, `import x as y`, `import * as x from "y"`, `using x`. */
export const findImport: Find = (reading, index) => {
  const line = reading.lines[reading.lineOf[index]!]
  if (line?.first !== index || typeAt(reading, index + 1) === token.Equals) return undefined
  const word = imageAt(reading, index)
  if (word === 'from') return findFrom(reading, line)
  if (word === 'using' && typeAt(reading, index + 1) === token.Identifier)
    return needless(reading, line)
  if (word !== 'import') return undefined
  const next = typeAt(reading, index + 1)
  if (imageAt(reading, index + 1) === '*') return needless(reading, line)
  if (next !== token.Identifier) return undefined
  const last = lastOfPath(reading, index + 1)
  const braces = findNames(reading, index + 1)
  if (braces !== undefined) return braces
  // Without a file it is an import of a module.
  const after = typeAt(reading, last + 1)
  return after === undefined ||
    after === token.LineBreak ||
    after === token.As ||
    after === token.Comma
    ? needless(reading, line)
    : undefined
}

/** `import a, b from "file"`. */
function findNames(reading: Reading, start: number): Habit | undefined {
  let last = start
  while (
    typeAt(reading, last + 1) === token.Comma &&
    typeAt(reading, last + 2) === token.Identifier
  )
    last += 2
  const hasFile =
    typeAt(reading, last + 1) === token.From && typeAt(reading, last + 2) === token.StringToken
  if (!hasFile) return undefined
  const names = spanFrom(reading, start, last + 1)
  return {
    code: 'bad-import',
    span: names,
    message: 'an import is written `import { name } from "std/momentum"`',
    label: 'expected `{`',
    edits: [
      { span: { start: names.start, end: names.start }, text: '{ ' },
      { span: { start: names.end, end: names.end }, text: ' }' },
    ],
    title: last === start ? 'put the name in braces' : 'put the names in braces',
  }
}

function lineSpan({ text, tokens }: Reading, { first, last }: Line): Habit['span'] {
  return { start: tokens[first]!.startOffset, end: tokens[last + 1]?.startOffset ?? text.length }
}

function needless(reading: Reading, line: Line): Habit {
  return {
    code: 'foreign-import',
    span: spanFrom(reading, line.first, line.last),
    message: 'there is nothing to import: operators and the prelude are always there',
    help: 'functions of other files are imported with `import { name } from "std/schedules"`',
    edits: [{ span: lineSpan(reading, line), text: '' }],
    title: 'remove the line',
  }
}

/** `from std.schedules import a, b`. */
function findFrom(reading: Reading, line: Line): Habit | undefined {
  const { first, last } = line
  const start = first + 1
  const isText = typeAt(reading, start) === token.StringToken
  const pathEnd = isText ? start : lastOfPath(reading, start)
  if (typeAt(reading, pathEnd + 1) !== token.Import) return undefined
  const path = isText
    ? imageAt(reading, start).slice(1, -1)
    : textOf(reading, start, pathEnd + 1).replaceAll('.', '/')
  if (!path.startsWith('std/') && !path.startsWith('./')) return needless(reading, line)
  const names = textOf(reading, pathEnd + 2, last).replace(/^\{\s*|\s*\}$/g, '')
  const write = `import { ${names} } from "${path}"`
  return {
    code: 'foreign-import',
    span: spanFrom(reading, first, last),
    message: `an import is written \`${write}\``,
    edits: [{ span: spanFrom(reading, first, last), text: write }],
    title: `replace it with \`${write}\``,
  }
}
