import type { Description, ParameterDescription, PropertyDescription } from './description.ts'
import type { Project, Scope, StatementStructures, StructureKind, ts } from 'ts-morph'

/** The TypeScript compiler as far as emission needs it. The only module that knows ts-morph. */
export interface Compiler {
  /** The text of a module with these pieces, indented but not formatted. */
  print(pieces: readonly Description[]): string
  /** The module as a script in which `require` gives its imports and `exports` takes its exports. */
  toScript(text: string): string
}

let loaded: Promise<Compiler> | undefined

/** Loads the compiler on first use: a third of a second. */
export function loadCompiler(): Promise<Compiler> {
  loaded ??= import('ts-morph').then(({ Project, Scope, StructureKind, ts }) => {
    const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true })
    return {
      print: (pieces) =>
        print(
          project,
          pieces.map((piece) =>
            structureOf({ kinds: StructureKind, private: Scope.Private }, piece),
          ),
        ),
      toScript: (text) => toScript(ts, text),
    }
  })
  return loaded
}

function print(project: Project, statements: (StatementStructures | string)[]): string {
  const file = project.createSourceFile('module.ts', { statements }, { overwrite: true })
  const text = file.getFullText()
  project.removeSourceFile(file)
  return text
}

function toScript(compiler: typeof ts, text: string): string {
  const { ModuleKind, ScriptTarget } = compiler
  return compiler.transpileModule(text, {
    compilerOptions: {
      module: ModuleKind.CommonJS,
      target: ScriptTarget.ES2022,
      esModuleInterop: false,
    },
  }).outputText
}

/** Enumerations of ts-morph, which is only known once it is loaded. */
interface Enumerations {
  readonly kinds: typeof StructureKind
  readonly private: Scope.Private
}

function structureOf(
  { kinds, private: privateScope }: Enumerations,
  piece: Description,
): StatementStructures | string {
  switch (piece.kind) {
    case 'text':
    case 'prelude':
      return `\n${piece.text}`
    case 'import':
      return {
        kind: kinds.ImportDeclaration,
        namespaceImport: piece.namespace,
        moduleSpecifier: piece.from,
      }
    case 'named import':
      return {
        kind: kinds.ImportDeclaration,
        namedImports: piece.names.map(({ name, isType }) => ({ name, isTypeOnly: isType })),
        moduleSpecifier: piece.from,
      }
    case 'interface':
      return {
        kind: kinds.Interface,
        leadingTrivia: '\n',
        name: piece.name,
        isExported: true,
        docs: docs(piece.documentation),
        extends: [piece.extends],
        properties: piece.members.map((member) => ({
          name: member.name,
          type: member.type,
          hasQuestionToken: member.optional === true,
          docs: docs(member.documentation),
        })),
      }
    case 'function':
      return {
        kind: kinds.Function,
        leadingTrivia: '\n',
        name: piece.name,
        isExported: piece.exported,
        docs: docs(piece.documentation),
        parameters: parameters(piece.parameters),
        returnType: piece.returns,
        statements: [...piece.body],
      }
    case 'class':
      return {
        kind: kinds.Class,
        leadingTrivia: '\n',
        name: piece.name,
        isExported: true,
        docs: docs(piece.documentation),
        extends: piece.extends,
        properties: piece.properties.map(({ name, type, initializer, modifiers }, index) => ({
          name,
          ...(index > 0 &&
            groupOf(modifiers) !== groupOf(piece.properties[index - 1]!.modifiers) && {
              leadingTrivia: '\n',
            }),
          ...(type !== undefined && { type }),
          ...(initializer !== undefined && { initializer }),
          isStatic: modifiers.includes('static'),
          isReadonly: modifiers.includes('readonly'),
          hasOverrideKeyword: modifiers.includes('override'),
          ...(modifiers.includes('private') && { scope: privateScope }),
        })),
        ctors: [
          {
            parameters: parameters(piece.constructor_.parameters),
            statements: [...piece.constructor_.body],
          },
        ],
        methods: piece.methods.map(
          ({ name, typeParameters = [], documentation, returns, body, modifiers, ...method }) => ({
            name,
            typeParameters: [...typeParameters],
            docs: docs(documentation),
            parameters: parameters(method.parameters),
            returnType: returns,
            statements: [...body],
            isAsync: modifiers.includes('async'),
            hasOverrideKeyword: modifiers.includes('override'),
            ...(modifiers.includes('private') && { scope: privateScope }),
          }),
        ),
      }
  }
}

/** Properties are set apart by who they are for: the class, its users, itself. */
function groupOf(modifiers: PropertyDescription['modifiers']): string {
  return modifiers.includes('static') ? 'class' : modifiers.includes('private') ? 'itself' : 'users'
}

function docs(text: string | undefined): { description: string }[] {
  if (text === undefined || text === '') return []
  // A comment with a line break at its start gets a line for each of its ends.
  const safe = text.replaceAll('*/', '*\\/')
  return [{ description: safe.includes('\n') ? `\n${safe}` : safe }]
}

function parameters(
  list: readonly ParameterDescription[],
): { name: string; type?: string; initializer?: string; hasQuestionToken: boolean }[] {
  return list.map(({ isOptional = false, ...parameter }) => ({
    ...parameter,
    hasQuestionToken: isOptional,
  }))
}
