import { builders, printer } from 'prettier/doc'
import type { Outcome } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/source.ts'
import type {
  Block,
  Declaration,
  Expression,
  If,
  Import,
  ImportName,
  Item,
  Module,
  Parameter,
  Range,
  SpaceChoice,
  SpaceEntry,
  SpaceGroup,
  Statement,
} from './ast.ts'
import { parseWithComments } from './parse.ts'
import { printAssignment, printExpression } from './print-expression.ts'
import { plainLayout, sourceLayout, type Layout } from './print-layout.ts'
import {
  printBraces,
  printComment,
  printDocumentation,
  printLines,
  printList,
} from './print-list.ts'

type Doc = builders.Doc
const { hardline, join } = builders

/** The width programs are formatted to, in characters. */
export const printWidth = 100

/** The text of a module that comes from no text: formatted, with its documentation, parsing to an equal tree. */
export function print(module: Module): string {
  return printModule(module, plainLayout)
}

/** The text of one expression, on one line however long. */
export function printInline(expression: Expression): string {
  const options = { printWidth: Infinity, tabWidth: 2, useTabs: false }
  return printer.printDocToString(printExpression(plainLayout, expression), options).formatted
}

/**
 * The formatted text, every comment in it. Formatting what it gives changes nothing. A text with syntax errors is given
 * back as it is, with its diagnostics.
 */
export function format(source: Source): Outcome<string> {
  const parsed = parseWithComments(source)
  if (parsed.diagnostics.some(({ severity }) => severity === 'error'))
    return { value: source.text, diagnostics: parsed.diagnostics }
  const { value: module, comments, documentationStart } = parsed
  const layout = sourceLayout(source.text, module, comments, documentationStart)
  return { value: printModule(module, layout), diagnostics: parsed.diagnostics }
}

function printModule(module: Module, layout: Layout): string {
  return printer.printDocToString(moduleDoc(module, layout), {
    printWidth,
    tabWidth: 2,
    useTabs: false,
  }).formatted
}

/** The Prettier document of a module; the one description of the format that every host uses. */
export function moduleDoc(module: Module, layout: Layout): Doc {
  const header = layout.header.flatMap((comment, index) => [
    ...(index > 0 && layout.gapAbove(comment) ? [hardline] : []),
    printComment(comment),
    hardline,
  ])
  const lines = printLines(layout, module, module.items, (item) => printItem(layout, item))
  const documentation = printDocumentation(module.documentation)
  const parts: Doc[] = []
  if (header.length > 0) parts.push(header, hardline)
  if (module.documentation.length > 0) {
    parts.push(documentation)
    if (lines.length > 0 && !documentsStatement(module, layout)) parts.push(hardline)
  }
  if (lines.length > 0) parts.push(lines, hardline)
  return parts
}

/** Whether the documentation of the file stands directly above its first statement. */
function documentsStatement({ items: [first] }: Module, layout: Layout): boolean {
  if (first === undefined || layout.around(first).leading.length > 0) return false
  switch (first.kind) {
    case 'let':
    case 'state':
    case 'assign':
      return first.documentation.length === 0 && !layout.around(first).gap
    default:
      return false
  }
}

function printItem(layout: Layout, item: Item): Doc {
  switch (item.kind) {
    case 'import':
      return printImport(layout, item)
    case 'optimizer':
    case 'function':
    case 'space':
      return [printDocumentation(item.documentation), printDeclaration(layout, item)]
    default:
      return printStatement(layout, item)
  }
}

function printImport(layout: Layout, node: Import): Doc {
  const quote = node.from.value.includes('"') ? "'" : '"'
  return [
    'import ',
    printList(layout, node, node.names, '{', '}', printImportName, { pad: true }),
    ` from ${quote}${node.from.value}${quote}`,
  ]
}

function printImportName({ name, alias }: ImportName): Doc {
  return alias === undefined ? name.name : `${name.name} as ${alias.name}`
}

function printDeclaration(layout: Layout, node: Declaration): Doc {
  if (node.kind === 'space')
    return ['space ', node.name.name, ' ', printSpaceGroup(layout, node.body)]
  const word = node.kind === 'optimizer' ? 'optimizer' : node.role
  const head = [
    `${word} ${node.name.name}`,
    printList(layout, node, node.parameters, '(', ')', (each) => printParameter(layout, each)),
  ]
  return node.body.kind === 'block'
    ? [head, ' ', printBlock(layout, node.body)]
    : printAssignment(layout, head, node.body)
}

function printParameter(layout: Layout, node: Parameter): Doc {
  return [
    printDocumentation(node.documentation),
    node.name.name,
    node.range === undefined ? '' : [' in ', printRange(layout, node.range)],
    node.default === undefined ? '' : [' = ', printExpression(layout, node.default)],
  ]
}

function printRange(layout: Layout, { low, high, lowOpen, highOpen }: Range): Doc {
  return [
    lowOpen ? '(' : '[',
    printExpression(layout, low),
    ', ',
    printExpression(layout, high),
    highOpen ? ')' : ']',
  ]
}

function printBlock(layout: Layout, node: Block): Doc {
  return printBraces(layout, node, node.statements, (each) => printStatement(layout, each))
}

function printStatement(layout: Layout, node: Statement): Doc {
  switch (node.kind) {
    case 'let':
    case 'state':
      return [
        printDocumentation(node.documentation),
        printAssignment(layout, `${node.kind} ${node.name.name}`, node.value),
      ]
    case 'assign':
      return [
        printDocumentation(node.documentation),
        printAssignment(layout, node.target.name, node.value),
      ]
    case 'return':
      return ['return ', printExpression(layout, node.value)]
    case 'if':
      return printIf(layout, node)
  }
}

function printIf(layout: Layout, node: If): Doc {
  const branches: Doc[] = []
  let current: If | Block | undefined = node
  while (current?.kind === 'if') {
    const condition = printExpression(layout, current.condition)
    branches.push(['if ', condition, ' ', printBlock(layout, current.then)])
    current = current.otherwise
  }
  if (current !== undefined) branches.push(printBlock(layout, current))
  return join(' else ', branches)
}

function printSpaceGroup(layout: Layout, node: SpaceGroup): Doc {
  return printBraces(layout, node, node.entries, (each) => printSpaceEntry(layout, each))
}

function printSpaceEntry(layout: Layout, { documentation, name, value }: SpaceEntry): Doc {
  const head = name.name
  const printed =
    value.kind === 'space-group'
      ? [head, ' ', printSpaceGroup(layout, value)]
      : value.kind === 'space-list'
        ? [
            head,
            ' = ',
            printList(layout, value, value.choices, '[', ']', (each) => printChoice(layout, each)),
          ]
        : printAssignment(layout, head, value)
  return [printDocumentation(documentation), printed]
}

function printChoice(layout: Layout, { value, weight }: SpaceChoice): Doc {
  const printed = printExpression(layout, value)
  return weight === undefined ? printed : [printed, ' : ', printExpression(layout, weight)]
}
