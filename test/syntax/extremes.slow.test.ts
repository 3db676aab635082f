import { describe, expect, it } from 'vitest'
import { maximumDiagnostics, maximumFileLength, parse } from '../../src/syntax/parse.ts'
import { format, print } from '../../src/syntax/print.ts'

const path = 'any.opt'
const often = (text: string): string => text.repeat(5_000)

/** Texts that would overflow a stack or take a time that grows with the square of their length. */
const EXTREMES: Readonly<Record<string, string>> = {
  'parentheses in parentheses': `a = ${often('(')}x${often(')')}`,
  'calls in calls': `a = ${often('f(')}x${often(')')}`,
  'parentheses that are not closed': `a = ${often('(')}`,
  'closing brackets': often(')}]'),
  'signs before signs': `a = ${often('-')}x`,
  'a chain of powers': `a = ${often('x^')}x`,
  'a chain of sums': `a = ${often('x+')}x`,
  'sums in parentheses': `a = ${often('(x+')}x${often(')')}`,
  'blocks in blocks': `${often('if a {\n')}b = 1\n${often('}\n')}`,
  'else after else': `if a {}${often(' else if a { c = 1 }')}`,
  'groups in groups': `space a {${often(' b {')}${often('}')}}`,
  'words of the language': often('let '),
  'equals signs': often('a='),
  'elements without commas': `a = f(${often('a b, ')})`,
  'elements that start with equals signs': `a = f(${often('=, ')})`,
  'parameters without commas': `fn f(${often('a b, ')}) = 1`,
  'statements without values': often('a = \n'),
  'statements of names': often('a b c\n'),
  'names of one letter after another': often('é'),
  'unknown characters': often('\0'),
  'texts that are not closed': often('"\n'),
  'comments of other languages': often('/* */ # \n'),
  'more arguments than a call of JavaScript can have': `a = f(${'x,'.repeat(130_000)})`,
  documentation: often('/// a\n'),
}

describe('an extreme text', () => {
  it.each(Object.entries(EXTREMES))('of %s', (_, text) => {
    const { value, diagnostics } = parse({ path, text })
    expect(diagnostics.length).toBeLessThanOrEqual(maximumDiagnostics + 1)
    // Walking the tree must not overflow the stack either.
    print(value)
    format({ path, text })
  })
  it('that is too long is not read', () => {
    const { value, diagnostics } = parse({ path, text: 'a'.repeat(maximumFileLength + 1) })
    expect(value.items).toEqual([])
    expect(diagnostics.map(({ code }) => code)).toEqual(['file-too-large'])
  })
  it('as deep as allowed is read', () => {
    const text = `a = ${'f('.repeat(99)}x${')'.repeat(99)}\nb = ${'x + '.repeat(1000)}x\n`
    expect(parse({ path, text }).diagnostics).toEqual([])
    expect(format({ path, text }).diagnostics).toEqual([])
  })
})
