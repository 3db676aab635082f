import { operatorsCalled } from '../../../operators/table.ts'
import { operatorSignature, isOptional } from '../../../resolve/arguments.ts'
import { builtins, constants, EVALUATE, isBuiltin, UPDATE } from '../../../resolve/builtins.ts'
import { importing } from '../../../resolve/habits.ts'
import { libraryNames } from '../../../resolve/library-names.ts'
import { operatorNames } from '../../../resolve/scope.ts'
import { surroundingsAt, visibleAt } from '../../../resolve/visible-at.ts'
import type { FunctionDeclaration } from '../../../syntax/ast.ts'
import { axes, OVER } from '../../../syntax/axis-argument.ts'
import { spaceEntries } from '../../vocabulary/space-entries.ts'
import { words } from '../../vocabulary/words.ts'
import type { Analysis } from '../analysis.ts'
import type { Completion } from './item.ts'
import { localHead } from '../heads.ts'
import { signaturesOf, type OpenCall } from '../signature.ts'

/** The values that are visible at a place. */
export function valueCompletions({ resolved }: Analysis, offset: number): readonly Completion[] {
  const surroundings = surroundingsAt(resolved, offset)
  if (surroundings === undefined) return constantCompletions()
  return [...visibleAt(resolved, surroundings, offset)].map(([name, local]): Completion => {
    if (local === undefined)
      return {
        label: name,
        kind: 'value',
        detail: isBuiltin(name) ? builtins[name] : 'a constant',
        text: name,
        rank: 3,
      }
    return {
      label: name,
      kind: local.kind === 'let' ? 'value' : local.kind,
      detail: localHead(local),
      documentation: local.documentation.join('\n'),
      text: name,
      rank: 1,
    }
  })
}

/** The constants of the language, where nothing else is known yet. */
export function constantCompletions(): readonly Completion[] {
  return [...constants.keys()].map((name) => ({
    label: name,
    kind: 'value',
    detail: 'a constant',
    text: name,
    rank: 3,
  }))
}

/** What can be called: functions of the file, of imports, the prelude and the library, operators. */
export function functionCompletions(analysis: Analysis): readonly Completion[] {
  const { functions } = analysis.resolved.scope
  const known = [...functions].map(([name, declaration]) => functionCompletion(name, declaration))
  const calls = [...operatorNames].filter((name) => !functions.has(name))
  const elsewhere = Object.entries(libraryNames).filter(([name]) => !functions.has(name))
  return [
    ...known,
    ...calls.map((name): Completion => {
      const rows = operatorsCalled(name)
      return {
        label: name,
        kind: 'operator',
        detail: rows.map(operatorSignature).join(', '),
        documentation: rows[0]!.summary,
        ...called(
          name,
          rows[0]!.parameters.map((parameter) => parameter.name),
        ),
        rank: 4,
      }
    }),
    ...elsewhere.map(([name, file]): Completion => ({
      label: name,
      kind: 'function',
      detail: `import from ${file}`,
      ...called(name, undefined),
      edits: importing(analysis.resolved.scope, name, file).edits,
      library: file,
      rank: 6,
    })),
  ]
}

/** A function under the name it has here. */
export function functionCompletion(name: string, declaration: FunctionDeclaration): Completion {
  const needed = declaration.parameters.filter(
    (parameter) => !isOptional(parameter) || (declaration.role !== 'fn' && isStep(parameter.name)),
  )
  return {
    label: name,
    kind: 'function',
    detail: declaration.role,
    documentation: declaration.documentation.join('\n'),
    ...called(
      name,
      needed.map((parameter) => parameter.name.name),
    ),
    rank: 2,
  }
}

const isStep = ({ name }: { readonly name: string }): boolean => name === 't'

/** A call with places for the arguments that are needed; where nobody knows which, one place for all. */
function called(
  name: string,
  needed: readonly string[] | undefined,
): Pick<Completion, 'text' | 'snippet'> {
  const places = needed?.map((each, index) => `\${${index + 1}:${each}}`) ?? ['$1']
  return { text: name, snippet: `${name}(${places.join(', ')})` }
}

/** The parameters of what is called that have no argument yet, by name. */
export function argumentCompletions(analysis: Analysis, call: OpenCall): readonly Completion[] {
  const [signature] = signaturesOf(analysis, call.callee)
  return (signature?.parameters ?? [])
    .filter(({ name }, index) => index >= call.index && !call.given.includes(name))
    .map(({ name, label, documentation }) => ({
      label: `${name} =`,
      kind: 'parameter',
      detail: label,
      documentation,
      text: `${name} = `,
      rank: 0,
    }))
}

/** The axes of a parameter. */
export function axisCompletions(): readonly Completion[] {
  return axes.map((axis) => ({ label: axis, kind: 'value', detail: OVER, text: axis, rank: 0 }))
}

/** What a statement or declaration begins with. */
export function statementCompletions(analysis: Analysis, offset: number): readonly Completion[] {
  const { resolved } = analysis
  const surroundings = surroundingsAt(resolved, offset)
  const isTop = resolved.module.items.every(
    ({ span, kind }) => !isDeclaration(kind) || offset <= span.start || span.end <= offset,
  )
  const isRule = surroundings?.role === 'optimizer'
  const mayBeRule = surroundings === undefined && resolved.optimizers.length === 0
  const snippets: Snippets = {
    ...(isTop ? DECLARING : {}),
    ...(isRule || mayBeRule ? IN_OPTIMIZERS : surroundings === undefined ? {} : IN_FUNCTIONS),
  }
  const states =
    surroundings === undefined
      ? []
      : [...visibleAt(resolved, surroundings, offset)].flatMap(([name, local]): Completion[] =>
          local?.kind === 'state'
            ? [
                {
                  label: name,
                  kind: 'state',
                  detail: localHead(local),
                  text: `${name} = `,
                  rank: 1,
                },
              ]
            : [],
        )
  return [...states, ...wordCompletions(snippets)]
}

const isDeclaration = (kind: string): boolean =>
  kind === 'optimizer' || kind === 'function' || kind === 'space'

/** Words of the language with what is written for them. */
type Snippets = Readonly<Record<string, string>>

const summaries = new Map(words.map(({ name, summary }) => [name, summary]))

function wordCompletions(snippets: Snippets): readonly Completion[] {
  return Object.entries(snippets).map(([word, snippet]) => ({
    label: word,
    kind: 'word',
    detail: summaries.get(word) ?? '',
    text: word,
    snippet,
    rank: 2,
  }))
}

/** The entries of a search space. */
export function entryCompletions(): readonly Completion[] {
  return spaceEntries.map(({ name, summary }) => ({
    label: name,
    kind: 'word',
    detail: summary,
    text: name,
    rank: 1,
  }))
}

const DECLARING: Snippets = {
  optimizer: 'optimizer ${1:Name}(lr in (0, inf) = ${2:0.001}) {\n\t$0\n}',
  schedule: 'schedule ${1:name}(t) = $0',
  decay: 'decay ${1:name}(t) = $0',
  fn: 'fn ${1:name}(${2:x}) = $0',
  space: 'space ${1:name} {\n\t$0\n}',
  import: 'import { $1 } from "$2"',
}

const IN_OPTIMIZERS: Snippets = {
  let: 'let ${1:name} = $0',
  state: 'state ${1:name} = ${2:0}',
  if: 'if ${1:rank(w) >= 2} {\n\t$0\n}',
  [UPDATE]: `${UPDATE} = $0`,
  [EVALUATE]: `${EVALUATE} = $0`,
}

const IN_FUNCTIONS: Snippets = {
  let: 'let ${1:name} = $0',
  state: 'state ${1:name} = ${2:0}',
  if: 'if ${1:rank(w) >= 2} {\n\t$0\n}',
  return: 'return $0',
}
