import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { printTypeScript } from '../../src/emit/ts.ts'
import { compileProgram, programNames } from './compile-program.ts'

const golden = fileURLToPath(new URL('./golden/', import.meta.url))

describe('what a program becomes', () => {
  test.each(programNames)('%s', async (name) => {
    const { programs, functions } = compileProgram(name)
    const artifacts = await printTypeScript(programs, functions, { name })
    expect(artifacts).toHaveLength(1)
    for (const { path, text } of artifacts) {
      if (process.env['UPDATE'] === '1') {
        mkdirSync(golden, { recursive: true })
        writeFileSync(golden + path, text)
      }
      expect(text).toBe(readFileSync(golden + path, 'utf8'))
    }
  })

  test('every golden belongs to a program', () => {
    const expected = programNames.map((name) => `${name.replaceAll('_', '-')}.ts`).sort()
    if (process.env['UPDATE'] === '1') {
      for (const file of readdirSync(golden)) if (!expected.includes(file)) rmSync(golden + file)
    }
    expect(readdirSync(golden).sort()).toEqual(expected)
  })

  test('emitting twice gives the same text', async () => {
    const emit = async (): Promise<unknown> => {
      const { programs, functions } = compileProgram('matrix_decay')
      return printTypeScript(programs, functions)
    }
    expect(await emit()).toEqual(await emit())
  })
})

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

test('the goldens type-check under the strictest settings', () => {
  const files = readdirSync(golden).map((file) => golden + file)
  const program = ts.createProgram(files, STRICTEST)
  const problems = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const place = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0)
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
    return `${diagnostic.file?.fileName}:${(place?.line ?? 0) + 1}: ${text}`
  })
  expect(problems).toEqual([])
  // A mistake must be seen: the check would pass as well if the files were not read.
  expect(files.every((file) => program.getSourceFile(file)?.statements.length)).toBe(true)
})
