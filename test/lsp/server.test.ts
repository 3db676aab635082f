import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  CompletionRequest,
  CompletionResolveRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  ErrorCodes,
  ExecuteCommandRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  LSPErrorCodes,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
  WorkspaceSymbolRequest,
  type CodeAction,
  type CompletionList,
  type Hover,
  type MarkupContent,
  type Position,
  type TextEdit,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { filesOf, startClient, type Client } from './client.ts'

const OTHER = 'fn squash(x, scale = 2) = tanh(scale * x)\n'
const MAIN = `import { squash } from "./other.opt"

/// A rule.
optimizer Rule(
  lr in (0, inf) = 0.1,
  beta in [0, 1) = 0.9,
) {
  state m = 0
  m = beta * m + (1 - beta) * g
  let step = squash(m, scale = 3)
  update = lr * step * decay_cosine(t)
}
`
const uri = 'memory:///main.opt'
const textDocument = { uri }

let client: Client
beforeAll(async () => {
  client = await startClient(filesOf({ 'main.opt': MAIN, 'other.opt': OTHER }))
  await client.open(uri, MAIN)
})
afterAll(() => client.stop())

/** The place in the middle of the first `word`, or of that behind `after`. */
function at(word: string, after = '', text = MAIN): Position {
  const offset = text.indexOf(word, text.indexOf(after)) + Math.floor(word.length / 2)
  return TextDocument.create('', '', 0, text).positionAt(offset)
}

const apply = (text: string, edits: readonly TextEdit[]): string =>
  TextDocument.applyEdits(TextDocument.create('', '', 0, text), [...edits])

describe('the language server', () => {
  test('tells problems as one types, with where to look', async () => {
    const problems = client.problems('memory:///wrong.opt')
    await client.open('memory:///wrong.opt', 'let rate = 2\nupdate = lr * rat * g\n')
    const { diagnostics, version } = await problems
    expect(version).toBe(1)
    expect(diagnostics).toMatchObject([
      {
        code: 'unknown-name',
        range: { start: { line: 1, character: 14 }, end: { line: 1, character: 17 } },
        message: expect.stringContaining('did you mean `rate`?') as string,
      },
    ])
    const none = client.problems('memory:///wrong.opt')
    await client.change('memory:///wrong.opt', 2, {
      range: { start: { line: 1, character: 17 }, end: { line: 1, character: 17 } },
      text: 'e',
    })
    expect(await none).toMatchObject({ version: 2, diagnostics: [] })
  })

  test('tells the files that import a changed one', async () => {
    const user = 'memory:///user.opt'
    await client.open('memory:///fresh.opt', 'fn twice(x) = 2 * x\n')
    let problems = client.problems(user)
    await client.open(user, 'import { twice } from "./fresh.opt"\nupdate = lr * twice(g)\n')
    expect((await problems).diagnostics).toEqual([])
    problems = client.problems(user)
    await client.change('memory:///fresh.opt', 2, { text: 'fn thrice(x) = 3 * x\n' })
    expect((await problems).diagnostics).toMatchObject([{ code: 'name-not-exported' }])
  })

  test('shows what is known, of what extent, in which interval, with documentation', async () => {
    const hover = (await client.connection.sendRequest(HoverRequest.type, {
      textDocument,
      position: at('decay_cosine'),
    })) as Hover
    const { value } = hover.contents as MarkupContent
    expect(value).toContain('decay decay_cosine(t) = (1 + cos(pi * t / T)) / 2')
    expect(value).toContain('Known: `step`')
    expect(value).toContain('Extent: `run`')
    expect(value).toContain('Interval: `[0, 1]`')
    expect(value).toContain('Half a cosine wave from 1 down to 0.')
    expect(value).toContain('std/prelude')
  })

  test('goes to definitions in other files and in the library', async () => {
    const to = (word: string): Promise<unknown> =>
      client.connection.sendRequest(DefinitionRequest.type, {
        textDocument,
        position: at(word, 'let step'),
      })
    expect(await to('squash')).toMatchObject([
      { targetUri: 'memory:///other.opt', targetRange: { start: { line: 0, character: 3 } } },
    ])
    expect(await to('scale')).toMatchObject([
      { targetUri: 'memory:///other.opt', targetRange: { start: { line: 0, character: 13 } } },
    ])
    expect(await to('decay_cosine')).toMatchObject([{ targetUri: 'memory:///std/prelude' }])
  })

  test('finds references in all files', async () => {
    const found = await client.connection.sendRequest(ReferencesRequest.type, {
      textDocument,
      position: at('squash', 'let step'),
      context: { includeDeclaration: true },
    })
    expect(found!.map((each) => `${each.uri} ${each.range.start.line}`).sort()).toEqual([
      'memory:///main.opt 0',
      'memory:///main.opt 9',
      'memory:///other.opt 0',
    ])
    const states = await client.connection.sendRequest(DocumentHighlightRequest.type, {
      textDocument,
      position: { line: 7, character: 8 },
    })
    expect(states!.map(({ range, kind }) => [range.start.line, kind])).toEqual([
      [7, 3],
      [8, 3],
      [8, 2],
      [9, 2],
    ])
  })

  test('renames in all files, and says why it does not', async () => {
    const position = at('squash', 'let step')
    expect(
      await client.connection.sendRequest(PrepareRenameRequest.type, { textDocument, position }),
    ).toMatchObject({ placeholder: 'squash' })
    const edit = await client.connection.sendRequest(RenameRequest.type, {
      textDocument,
      position,
      newName: 'flatten',
    })
    expect(apply(MAIN, edit!.changes![uri]!)).toBe(MAIN.replaceAll('squash', 'flatten'))
    expect(apply(OTHER, edit!.changes!['memory:///other.opt']!)).toBe(
      OTHER.replaceAll('squash', 'flatten'),
    )
    const refusals = { '2x': 'is no name', let: 'word of the language', m: 'is taken' }
    for (const [newName, reason] of Object.entries(refusals))
      await expect(
        client.connection.sendRequest(RenameRequest.type, {
          textDocument,
          position: at('step', 'let '),
          newName,
        }),
      ).rejects.toMatchObject({
        code: LSPErrorCodes.RequestFailed,
        message: expect.stringContaining(reason) as string,
      })
    await expect(
      client.connection.sendRequest(PrepareRenameRequest.type, {
        textDocument,
        position: at('decay_cosine'),
      }),
    ).rejects.toThrow('is declared in `std/prelude`')
  })

  test('completes names, arguments and functions of the library with their import', async () => {
    const typed = 'memory:///typed.opt'
    const text = 'let rate = 2\nupdate = lr * trust'
    await client.open(typed, text)
    const position = { line: 1, character: 19 }
    const list = (await client.connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri: typed },
      position,
    })) as CompletionList
    const item = list.items.find(({ label }) => label === 'trust_ratio')!
    expect(item.additionalTextEdits).toHaveLength(1)
    const edits = [item.textEdit as TextEdit, ...item.additionalTextEdits!]
    expect(apply(text, edits)).toBe(
      'import { trust_ratio } from "std/trust"\n\nlet rate = 2\nupdate = lr * trust_ratio($1)',
    )
    const resolved = await client.connection.sendRequest(CompletionResolveRequest.type, item)
    expect((resolved.documentation as MarkupContent).value).not.toBe('')
    expect(list.items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['rate', 'lr', 'g', 'ema', 'sqrt']) as string[],
    )
  })

  test('shows how what is called is called', async () => {
    expect(
      await client.connection.sendRequest(SignatureHelpRequest.type, {
        textDocument,
        position: { line: 9, character: 24 },
      }),
    ).toMatchObject({
      signatures: [{ label: 'squash(x, scale = 2)' }],
      activeParameter: 1,
    })
  })

  test('lists symbols, folds, tokens and types', async () => {
    const symbols = await client.connection.sendRequest(DocumentSymbolRequest.type, {
      textDocument,
    })
    expect(symbols).toMatchObject([
      {
        name: 'Rule',
        children: [{ name: 'lr' }, { name: 'beta' }, { name: 'm' }, { name: 'step' }],
      },
    ])
    const found = await client.connection.sendRequest(WorkspaceSymbolRequest.type, {
      query: 'trstrat',
    })
    expect(found).toMatchObject([{ name: 'trust_ratio', containerName: 'std/trust' }])
    const folds = await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument })
    expect(folds!.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
      [3, 5],
      [6, 10],
    ])
    const tokens = await client.connection.sendRequest(SemanticTokensRequest.type, {
      textDocument,
    })
    expect(tokens!.data.length % 5).toBe(0)
    expect(tokens!.data.length).toBeGreaterThan(150)
    const hints = await client.connection.sendRequest(InlayHintRequest.type, {
      textDocument,
      range: { start: { line: 9, character: 0 }, end: { line: 10, character: 0 } },
    })
    expect(hints).toMatchObject([
      { position: { line: 9, character: 10 }, label: ': gradient, element' },
    ])
  })

  test('formats, and leaves alone what it cannot read', async () => {
    const format = async (text: string): Promise<string> => {
      const ugly = 'memory:///ugly.opt'
      await client.open(ugly, text)
      const edits = await client.connection.sendRequest(DocumentFormattingRequest.type, {
        textDocument: { uri: ugly },
        options: { tabSize: 8, insertSpaces: false },
      })
      return apply(text, edits!)
    }
    expect(await format('update=lr*g // why\r\n')).toBe('update = lr * g // why\r\n')
    expect(await format('update = * g\n')).toBe('update = * g\n')
  })

  test('fixes one problem, and all', async () => {
    const broken = 'memory:///broken.opt'
    const text = 'let rate = 2\nupdate = lr * rat * gradient ** 2\n'
    await client.open(broken, text)
    const actions = (await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: broken },
      range: { start: { line: 1, character: 15 }, end: { line: 1, character: 15 } },
      context: { diagnostics: [] },
    })) as CodeAction[]
    const [first] = actions
    expect(first).toMatchObject({ title: 'Replace it with `rate`', kind: 'quickfix' })
    expect(apply(text, first!.edit!.changes![broken]!)).toContain('lr * rate * gradient')
    const all = actions.find(({ kind }) => kind === 'source.fixAll.optc')!
    const resolved = await client.connection.sendRequest(CodeActionResolveRequest.type, all)
    expect(apply(text, resolved.edit!.changes![broken]!)).toBe(
      'let rate = 2\nupdate = lr * rate * g ^ 2\n',
    )
    await client.change(broken, 2, { text })
    await expect(
      client.connection.sendRequest(CodeActionResolveRequest.type, all),
    ).rejects.toMatchObject({ code: LSPErrorCodes.ContentModified })
  })

  test('explains the difference to Adam and draws the schedules', async () => {
    const actions = (await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument,
      range: { start: at('step'), end: at('step') },
      context: { diagnostics: [], only: ['source'] },
    })) as CodeAction[]
    const explain = actions.find(({ kind }) => kind === 'source.explain')!
    const text: unknown = await client.connection.sendRequest(ExecuteCommandRequest.type, {
      command: explain.command!.command,
      arguments: explain.command!.arguments!,
    })
    expect(text).toContain('# Rule and Adam')
    expect(text).toContain('| numbers kept for each weight | 1 | 2 |')
    const drawn = 'memory:///drawn.opt'
    await client.open(drawn, 'decay fading(t, power = 2) = (1 - t / T)^power\n')
    const svg: unknown = await client.connection.sendRequest(ExecuteCommandRequest.type, {
      command: 'optc.curves',
      arguments: [drawn],
    })
    expect(svg).toMatch(/^<svg .*fading/s)
  })
})

describe('answers of the protocol to what makes no sense', () => {
  const ask = (method: string, params: unknown): Promise<unknown> =>
    client.connection.sendRequest(method, params)
  const methods = [
    'textDocument/hover',
    'textDocument/definition',
    'textDocument/references',
    'textDocument/rename',
    'textDocument/prepareRename',
    'textDocument/completion',
    'textDocument/signatureHelp',
    'textDocument/codeAction',
    'textDocument/inlayHint',
    'textDocument/semanticTokens/full',
    'textDocument/documentSymbol',
    'textDocument/foldingRange',
    'textDocument/formatting',
  ]

  test.each(methods)('%s of what is not open', async (method) => {
    for (const params of [
      { textDocument: { uri: 'memory:///nothing.opt' }, position: { line: 0, character: 0 } },
      { textDocument: { uri: 7 } },
      { textDocument: null },
      {},
    ])
      await expect(ask(method, params)).rejects.toMatchObject({ code: ErrorCodes.InvalidParams })
  })

  test.each(methods.slice(0, 7))('%s at places there are none', async (method) => {
    for (const position of [{ line: -1, character: 0 }, { line: 0.5, character: 1 }, 'x', null])
      await expect(ask(method, { textDocument, position })).rejects.toMatchObject({
        code: ErrorCodes.InvalidParams,
      })
    // What is past the end counts as the end.
    const position = { line: 1e9, character: 1e9 }
    const answer = await ask(method, { textDocument, position, newName: 'x' }).catch(
      (error: { code: number }) => error.code,
    )
    expect(answer).not.toBe(ErrorCodes.InternalError)
  })

  test('commands and actions there are none', async () => {
    await expect(
      ask('workspace/executeCommand', { command: 'optc.nothing' }),
    ).rejects.toMatchObject({ code: ErrorCodes.InvalidParams })
    await expect(ask('workspace/executeCommand', { command: 'toString' })).rejects.toMatchObject({
      code: ErrorCodes.InvalidParams,
    })
    await expect(ask('codeAction/resolve', { title: 'x', data: { uri } })).rejects.toMatchObject({
      code: ErrorCodes.InvalidParams,
    })
    await expect(ask('optc/nothing', {})).rejects.toMatchObject({ code: ErrorCodes.MethodNotFound })
  })

  test('changes with versions and places there are none', async () => {
    await client.open('memory:///odd.opt', 'update = lr * g\n')
    const range = { start: { line: 9, character: 9 }, end: { line: 2, character: 0 } }
    await client.change('memory:///odd.opt', -3, { range, text: '// end\n' })
    await client.change('memory:///unknown.opt', 1, { text: 'update = 1' })
    const odd = { textDocument: { uri: 'memory:///odd.opt' }, position: { line: 0, character: 14 } }
    expect(await ask('textDocument/hover', odd)).toMatchObject({ range: { start: { line: 0 } } })
  })
})
