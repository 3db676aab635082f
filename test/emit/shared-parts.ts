import ts from 'typescript'
import { sharedNames } from '../../src/emit/ts/shared.ts'

/** A piece of an emitted module that any other could hold, and the class of the golden that holds it. */
export interface SharedPart {
  /** `Optimizer` for a member; undefined for a declaration. */
  readonly owner: string | undefined
  readonly name: string
  readonly text: string
}

/** An emitted module, cut into what is its own and what others have as well. */
export interface CutModule {
  /** The text with a comment in the place of each run of shared parts. */
  readonly own: string
  readonly shared: readonly SharedPart[]
}

/** The file with the text of every shared part. */
export const sharedFile = 'shared.ts'

/** Members that save, restore and free states and tell of groups. */
const COMMON_MEMBERS = ['getWeights', 'setWeights', 'dispose', 'unmatched']
/** Those members that name the numbers a class keeps for a whole run, if there are any. */
const NAMES_NUMBERS = ['getWeights', 'setWeights', 'dispose']

/**
 * Cuts a module by its structure: the import, the types and functions that every module could have, and the members of its
 * classes that save states are shared.
 */
export function cutModule(text: string): CutModule {
  const tree = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true)
  const pieces = tree.statements.flatMap((statement): Piece[] => {
    const name = sharedName(statement)
    if (name !== undefined) return [{ node: statement, owner: undefined, name }]
    return ts.isClassDeclaration(statement) ? stateMembers(statement) : []
  })
  const shared: SharedPart[] = []
  let own = ''
  let end = 0
  let run: string | undefined
  for (const { node, owner, name } of pieces) {
    const [gap] = /^(?:\s*\n)?/.exec(text.slice(node.pos))!
    const place = placeOf(owner)
    const carriesOn = end === node.pos && gap === '\n\n' && run === place
    own += carriesOn ? `, ${name}` : `${text.slice(end, node.pos)}${gap}${place}${name}`
    run = place
    end = node.end
    shared.push({ owner, name, text: text.slice(node.pos + gap.length, node.end) })
  }
  return { own: own + text.slice(end), shared }
}

const placeOf = (owner: string | undefined): string =>
  owner === undefined ? `// ${sharedFile}: ` : `  // ${owner} of ${sharedFile}: `

/** The module that was cut. */
export function joinModule({ own, shared }: CutModule): string {
  return own.replace(/^ *\/\/ (?:(\w+) of )?shared\.ts: (.+)$/gm, (_, owner, names: string) =>
    names
      .split(', ')
      .map((name) => shared.find((part) => part.owner === owner && part.name === name)!.text)
      .join('\n\n'),
  )
}

/** The name of a statement of a module when others can have it as well. */
function sharedName(statement: ts.Statement): string | undefined {
  if (ts.isImportDeclaration(statement)) return 'import'
  if (
    !ts.isTypeAliasDeclaration(statement) &&
    !ts.isFunctionDeclaration(statement) &&
    !ts.isInterfaceDeclaration(statement)
  )
    return undefined
  const name = statement.name!.text
  return sharedNames.includes(name) ? name : undefined
}

interface Piece extends Omit<SharedPart, 'text'> {
  readonly node: ts.Node
}

/** The members that all classes have, but those that name the numbers of a class. */
function stateMembers({ members }: ts.ClassDeclaration): Piece[] {
  const named = members.map((node) => ({ node, name: node.name?.getText() ?? 'constructor' }))
  const keepsNumbers = named.some(({ name }) => name === 'run')
  return named
    .filter(({ name }) => COMMON_MEMBERS.includes(name))
    .filter(({ name }) => !keepsNumbers || !NAMES_NUMBERS.includes(name))
    .map((member) => ({ ...member, owner: 'Optimizer' }))
}

/** The parts without repetition, by name. Throws an Error when two of one name differ. */
export function uniqueParts(parts: readonly SharedPart[]): SharedPart[] {
  const found = new Map<string, SharedPart>()
  for (const part of parts) {
    const key = `${part.owner ?? ''}.${part.name}`
    const known = found.get(key) ?? part
    if (known.text !== part.text)
      throw new Error(`two modules differ in ${key}:\n${known.text}\n${part.text}`)
    found.set(key, known)
  }
  const isImport = ({ name }: SharedPart): number => Number(name === 'import')
  return [...found.values()].sort((a, b) => isImport(b) - isImport(a) || (a.name < b.name ? -1 : 1))
}

/** The text of the file of shared parts: first what stands at the top of a module, then members by their class. */
export function sharedText(parts: readonly SharedPart[]): string {
  const textsOf = (owner: string | undefined): string[] =>
    parts.filter((part) => part.owner === owner).map(({ text }) => text)
  const owner = 'Optimizer'
  const members = `class ${owner} extends tf.Optimizer {\n${textsOf(owner).join('\n\n')}\n}`
  return [...textsOf(undefined), members].join('\n\n') + '\n'
}
