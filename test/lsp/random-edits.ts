import { ErrorCodes, ResponseError } from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { createAnalysis } from '../../src/language/editor/analysis.ts'
import { libraryLoader } from '../../src/library/sources.ts'
import { createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import { randomCharacters, randomTokens, seedPrograms } from '../fuzz/programs.ts'
import { filesOf, startClient } from './client.ts'

const URI = 'memory:///main.opt'

const METHODS = [
  'textDocument/hover',
  'textDocument/definition',
  'textDocument/references',
  'textDocument/documentHighlight',
  'textDocument/prepareRename',
  'textDocument/rename',
  'textDocument/completion',
  'textDocument/signatureHelp',
  'textDocument/codeAction',
  'textDocument/inlayHint',
  'textDocument/semanticTokens/full',
  'textDocument/semanticTokens/range',
  'textDocument/documentSymbol',
  'textDocument/foldingRange',
  'textDocument/formatting',
] as const

/** How many edits are made to one text before another program is put in its place. */
const EDITS_OF_ONE = 25

/**
 * Makes random edits to a document over the protocol, asks something about it after each, and compares the problems told with
 * those of the text as it should be by now. Gives what went wrong; nothing, where the server lived and answered.
 */
export async function faultsOfEdits(count: number, seed: number): Promise<readonly string[]> {
  const random = createRandom(rootKey(seed))
  const programs = seedPrograms().filter((text) => text.length < 4000)
  const client = await startClient(filesOf({}))
  const faults: string[] = []
  let document = TextDocument.create(URI, 'opt', 1, '')
  await client.open(URI, '')
  const ask = async (method: string, params: object): Promise<void> => {
    try {
      await client.connection.sendRequest(method, { textDocument: { uri: URI }, ...params })
    } catch (error) {
      const isRefusal = error instanceof ResponseError && error.code !== ErrorCodes.InternalError
      if (!isRefusal) faults.push(`${method}: ${String(error)} in ${document.getText()}`)
    }
  }
  for (let edit = 0; edit < count; edit++) {
    const isLast = edit % EDITS_OF_ONE === EDITS_OF_ONE - 1
    const change =
      edit % EDITS_OF_ONE === 0 ? { text: random.pick(programs) } : randomChange(random, document)
    document = TextDocument.update(document, [change], document.version + 1)
    const told = isLast ? client.problems(URI) : undefined
    await client.change(URI, document.version, change)
    const range = randomRange(random, document)
    await ask(random.pick(METHODS), {
      position: range.start,
      range,
      newName: random.pick(['a', 'renamed', 'lr', 'let', '']),
      context: { diagnostics: [], includeDeclaration: true },
      options: { tabSize: 2, insertSpaces: true },
    })
    if (told === undefined) continue
    let { diagnostics, version } = await told
    // Those of an earlier text may come first.
    while (version !== document.version) {
      const later = client.problems(URI)
      await client.change(URI, document.version, { range: rangeOf(document, 0, 0), text: '' })
      ;({ diagnostics, version } = await later)
    }
    const source = { path: 'main.opt', text: document.getText() }
    const expected = createAnalysis(source, libraryLoader).diagnostics.map(({ code }) => code)
    if (diagnostics.map(({ code }) => code).join() !== expected.join())
      faults.push(`other problems than of ${source.text}`)
  }
  client.stop()
  return faults
}

function randomRange(random: Random, document: TextDocument): ReturnType<typeof rangeOf> {
  const { length } = document.getText()
  const start = random.integer(length + 1)
  return rangeOf(document, start, Math.min(length, start + random.integer(30)))
}

const rangeOf = (document: TextDocument, start: number, end: number) => ({
  start: document.positionAt(start),
  end: document.positionAt(end),
})

/** A change as one types: a character, a word, a piece gone, a piece pasted. */
function randomChange(random: Random, document: TextDocument) {
  const text = document.getText()
  const start = random.integer(text.length + 1)
  const end = random.chance(0.5) ? start : Math.min(text.length, start + random.integer(12))
  const kind = random.integer(4)
  const pasted =
    kind === 0
      ? ''
      : kind === 1
        ? random.pick([...' \n(){}=,.*+-0123456789gwtTlra"/'])
        : kind === 2
          ? randomTokens(random).slice(0, 40)
          : randomCharacters(random).slice(0, 10)
  return { range: rangeOf(document, start, end), text: pasted }
}
