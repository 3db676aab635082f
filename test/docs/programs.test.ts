import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/compile.ts'
import { targets, type TargetName } from '../../src/emit/targets.ts'
import { format } from '../../src/syntax/print.ts'
import { library, loader, source } from '../stdlib/library.ts'
import { blocksIn, pages, root } from './pages.ts'
import { drawPrograms } from './picture.ts'

const LANGUAGES = 'elisp js json lua opt python sh toml ts'.split(' ')

it('all blocks are of a language that is tried, or what something prints', () => {
  const written = pages.filter(({ path }) => !path.startsWith('docs/reference/'))
  const others = written.flatMap(({ blocks }) =>
    blocks.filter(({ language }) => language !== '' && !LANGUAGES.includes(language)),
  )
  expect(others.map(({ place, language }) => `${place}: ${language}`)).toEqual([])
})

/** Programs of pages that people write; the reference is made from texts that have tests of their own. */
const programs = blocksIn('opt').filter(({ place }) => !place.startsWith('docs/reference/'))

describe.each(programs)('the program at $place', ({ words, text }) => {
  const shown = { path: 'shown.opt', text }
  const codes = words.get('error')?.split('+') ?? []

  it('has the problems that the page says, and no other', () => {
    const { diagnostics } = analyze(shown, loader)
    expect([...new Set(diagnostics.map(({ code }) => code))].sort()).toEqual(codes)
  })

  it.skipIf(codes.length > 0)('is formatted', () => {
    expect(format(shown).value).toBe(text)
  })
})

const parts = blocksIn('ts', 'python').filter(({ words }) => words.has('of'))

it('some blocks are parts of what programs become', () => {
  expect(parts.length).toBeGreaterThan(1)
})

describe.each(parts)('the part of a module at $place', ({ words, text }) => {
  it('is what is emitted', async () => {
    const target = targets[(words.get('target') ?? 'ts') as TargetName]
    const name = words.get('of')!.replace('std/', '')
    const { programs, functions } = library(name)
    const [module] = await target.print(programs, functions, { name })
    const lines = (all: string): string => all.replace(/^ +/gm, '')
    let rest = lines(module!.text)
    // Three points stand for what is left out.
    for (const piece of lines(text).split('...')) {
      expect(rest).toContain(piece)
      rest = rest.slice(rest.indexOf(piece) + piece.length)
    }
  })
})

const pictures = join(root, 'docs/images')

/** Compares with a picture of the documentation, or writes it. */
function expectPicture(name: string, text: string): void {
  const path = join(pictures, name)
  if (process.env['UPDATE'] === '1') {
    mkdirSync(pictures, { recursive: true })
    writeFileSync(path, text)
  }
  expect(readFileSync(path, 'utf8') === text, `${name} is old: UPDATE=1 writes it anew`).toBe(true)
}

it('adam.svg shows std/adam and the step of its class', async () => {
  const { programs, functions } = library('adam')
  const [module] = await targets.ts.print(programs, functions, { name: 'adam' })
  const lines = module!.text.split('\n')
  const [first, last] = ['const beta1Correction', 'w.assign('].map((start) =>
    lines.findIndex((line) => line.trimStart().startsWith(start)),
  )
  const step = lines.slice(first, last! + 1)
  const depth = step[0]!.search(/\S/)
  const text = source('std/adam')
    .text.replace(/^\/\/\/.*\n/gm, '')
    .trim()
  expectPicture(
    'adam.svg',
    drawPrograms(
      { title: 'adam.opt', text },
      {
        title: 'adam.ts, a tf.Optimizer: its step',
        text: step.map((line) => line.slice(depth)).join('\n'),
      },
    ),
  )
})
