import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser'

/** The way to a value: names of fields and numbers of entries. */
export type Field = readonly PropertyKey[]

/** A value that knows where it was written. */
export interface LocatedJson {
  readonly value: unknown
  /** `LINE:COLUMN`, both from 1, of a value; of what holds it where it is missing. `isName`: of its name. */
  readonly placeOf: (field: Field, isName?: boolean) => string
}

/** A value, or what the first error in the text is and where. */
export type ReadJson =
  | { readonly ok: true; readonly value: LocatedJson }
  | { readonly ok: false; readonly place: string; readonly problem: string }

/** No task says as much. */
const MOST_CHARACTERS = 2 ** 20

const PROBLEMS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'expected a value: a text in double quotes, a number, true, false, null, [ or {',
  InvalidNumberFormat: 'this is no number',
  PropertyNameExpected: 'expected the name of a field in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: 'expected a colon',
  CommaExpected: 'expected a comma',
  CloseBraceExpected: 'expected }',
  CloseBracketExpected: 'expected ]',
  EndOfFileExpected: 'expected nothing more',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'the text has no end',
  UnexpectedEndOfNumber: 'the number has no end',
  InvalidUnicode: 'expected four hexadecimal digits behind \\u',
  InvalidEscapeCharacter: 'this may not stand behind \\',
  InvalidCharacter: 'this character is written \\u and four hexadecimal digits',
}

/** Reads JSON as RFC 8259 has it. A name that is there twice is an error. */
export function readLocatedJson(text: string): ReadJson {
  const fail = (offset: number, problem: string): ReadJson => ({
    ok: false,
    place: placeAt(text, offset),
    problem,
  })
  if (text.length > MOST_CHARACTERS)
    return fail(0, `${text.length} characters are more than ${MOST_CHARACTERS}`)
  const errors: ParseError[] = []
  let root: Node | undefined
  try {
    root = parseTree(text.replace(/^\ufeff/, ' '), errors, { disallowComments: true })
  } catch (error) {
    if (error instanceof RangeError) return fail(0, 'it is nested too deeply')
    throw error
  }
  const [first] = errors
  if (first !== undefined) {
    const code = printParseErrorCode(first.error)
    return fail(first.offset, PROBLEMS[code] ?? code)
  }
  if (root === undefined) return fail(0, 'it is empty')
  const twice = repeatedName(root)
  if (twice !== undefined)
    return fail(twice.offset, `${JSON.stringify(twice.value)} is there twice`)
  return {
    ok: true,
    value: {
      value: getNodeValue(root) as unknown,
      placeOf: (field, isName = false) => placeAt(text, nodeAt(root, field, isName).offset),
    },
  }
}

/** The value of a field or the innermost one there is on the way to it. */
function nodeAt(root: Node, field: Field, isName: boolean): Node {
  const path = field.map((key) => (typeof key === 'number' ? key : String(key)))
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length))
    if (node === undefined) continue
    const property = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined
    return isName && length === path.length ? (property ?? node) : node
  }
  return root
}

/** The second of two names in one object that are alike. */
function repeatedName(node: Node): Node | undefined {
  const children = node.children ?? []
  const names =
    node.type === 'object' ? children.flatMap(({ children: [name] = [] }) => name ?? []) : []
  const known = new Set<unknown>()
  for (const name of names) {
    if (known.has(name.value)) return name
    known.add(name.value)
  }
  for (const child of children) {
    const found = repeatedName(child)
    if (found !== undefined) return found
  }
  return undefined
}

function placeAt(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  return `${lines.length}:${lines.at(-1)!.length + 1}`
}
