import { ErrorCodes, ResponseError, type TextDocuments } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Source } from '../../diagnostics/source.ts'
import { createAnalysis, type Analysis } from '../../language/editor/analysis.ts'
import type { Workspace } from '../../language/editor/workspace.ts'
import { isLibraryName, resolveImport } from '../../language/imports.ts'
import type { ModuleLoader } from '../../resolve/resolution.ts'
import type { Files } from './files.ts'

/** A document with what is known of it. */
export interface Opened {
  readonly document: TextDocument
  readonly analysis: Analysis
}

/** The documents and files of one client, each analyzed once for each text it has. */
export interface Session {
  readonly files: Files
  readonly workspace: Workspace
  readonly loader: ModuleLoader
  /** An open document. Throws an error of the protocol for every other. */
  readonly opened: (uri: unknown) => Opened
  readonly openUris: () => readonly string[]
  /** Any file as a document, to tell lines and columns of; an empty one for what is not there. */
  readonly documentOf: (path: string) => TextDocument
  /** Forgets what rested on a document that has changed; on any, where none is named. */
  readonly changed: (uri?: string) => void
}

/** A session of a client whose open documents are `documents`. */
export function createSession(documents: TextDocuments<TextDocument>, files: Files): Session {
  const known = new Map<string, Analysis>()
  const open = (): ReadonlyMap<string, TextDocument> =>
    new Map(documents.all().map((document) => [files.pathOf(document.uri), document]))
  let byPath: ReadonlyMap<string, TextDocument> | undefined

  const sourceOf = (path: string): Source | undefined => {
    const document = (byPath ??= open()).get(path)
    return document === undefined ? files.read(path) : { path, text: document.getText() }
  }
  const loader: ModuleLoader = (specifier, from) => {
    const path = resolveImport(specifier, from)
    return path === undefined ? undefined : sourceOf(path)
  }
  const analysisOf = (source: Source): Analysis => {
    let analysis = known.get(source.path)
    if (analysis?.source.text !== source.text)
      known.set(source.path, (analysis = createAnalysis(source, loader)))
    return analysis
  }
  const analyzed = (path: string): Analysis | undefined => {
    const source = sourceOf(path)
    return source && analysisOf(source)
  }
  return {
    files,
    loader,
    workspace: {
      loader,
      libraryNames: files.libraryNames,
      library: (name) => (isLibraryName(name) ? analyzed(name) : undefined),
      modules: () =>
        [...new Set([...(byPath ??= open()).keys(), ...files.list()])].flatMap(
          (path) => analyzed(path) ?? [],
        ),
    },
    openUris: () => documents.all().map(({ uri }) => uri),
    opened: (uri) => {
      const document = typeof uri === 'string' ? documents.get(uri) : undefined
      if (document === undefined)
        throw new ResponseError(ErrorCodes.InvalidParams, `${String(uri)} is not open`)
      const path = files.pathOf(document.uri)
      return { document, analysis: analysisOf({ path, text: document.getText() }) }
    },
    documentOf: (path) =>
      (byPath ??= open()).get(path) ??
      TextDocument.create(files.uriOf(path), 'opt', 0, sourceOf(path)?.text ?? ''),
    changed: (uri) => {
      byPath = undefined
      const path = uri === undefined ? undefined : files.pathOf(uri)
      for (const [key, analysis] of known)
        if (key === path || importsFiles(analysis)) known.delete(key)
    },
  }
}

/** Whether a module may mean something else when another file changes. */
function importsFiles(analysis: Analysis): boolean {
  // Most files import nothing, and are not read to find that out.
  if (!analysis.source.text.includes('import')) return false
  return analysis.module.items.some(
    (item) => item.kind === 'import' && !isLibraryName(item.from.value),
  )
}
