import ts from 'typescript'

/** Everything tsc can be strict about. */
const STRICTEST: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  declaration: true,
  skipLibCheck: true,
  types: [],
}

/**
 * What the compiler has against some modules under the strictest settings, and under those that `more` changes. `files`:
 * their texts by absolute paths, in a folder from which the packages that they import are found.
 */
export function typeProblems(
  files: ReadonlyMap<string, string>,
  more: ts.CompilerOptions = {},
): string[] {
  const options = { ...STRICTEST, ...more }
  const host = ts.createCompilerHost(options)
  const readFile = host.readFile.bind(host)
  const fileExists = host.fileExists.bind(host)
  host.readFile = (path) => files.get(path) ?? readFile(path)
  host.fileExists = (path) => files.has(path) || fileExists(path)
  const program = ts.createProgram([...files.keys()], options, host)
  const problems = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const place = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0)
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
    return `${diagnostic.file?.fileName}:${(place?.line ?? 0) + 1}: ${text}`
  })
  for (const [path, text] of files)
    if (program.getSourceFile(path)?.text !== text) problems.push(`${path} was not read`)
  return problems
}
