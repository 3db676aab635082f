import { describe, expect, it } from 'vitest'
import { readTable } from '../../../src/tasks/formats/csv.ts'
import { PENN_TREEBANK, readWordText, type WordSet } from '../../../src/tasks/formats/word-text.ts'
import { readCharacterText } from '../../../src/tasks/formats/character-text.ts'
import { findTextSet, loadText } from '../../../src/tasks/text-sets.ts'
import { fileOf, folderOf, problemOf, valueOf } from './files.ts'

describe('a table', () => {
  it('has columns of numbers and of categories, by the names of its header', () => {
    const text =
      '\ufeffage,job,"a ""quoted"", name"\r\n39,clerk,1e3\r\n?, baker ,-.5\r\n\r\n17,clerk,\r\n'
    expect(valueOf(readTable(fileOf(text)))).toEqual({
      rows: 3,
      hasHeader: true,
      columns: [
        { kind: 'numbers', name: 'age', values: Float64Array.of(39, NaN, 17) },
        {
          kind: 'categories',
          name: 'job',
          categories: ['baker', 'clerk'],
          values: Int32Array.of(1, 0, 1),
        },
        { kind: 'numbers', name: 'a "quoted", name', values: Float64Array.of(1000, -0.5, NaN) },
      ],
    })
  })

  it.each([
    ['commas', '1,2\n3,4\n'],
    ['semicolons', '1;2\n3;4'],
    ['tabs', '1\t2\n3\t4\n'],
  ])('without a header and with %s has numbered columns', (_, text) => {
    expect(valueOf(readTable(fileOf(text)))).toEqual({
      rows: 2,
      hasHeader: false,
      columns: [
        { kind: 'numbers', name: 'column 1', values: Float64Array.of(1, 3) },
        { kind: 'numbers', name: 'column 2', values: Float64Array.of(2, 4) },
      ],
    })
  })

  it('has a header or none as it is told', () => {
    expect(valueOf(readTable(fileOf('1\n2\n'), true)).columns[0]).toEqual({
      kind: 'numbers',
      name: '1',
      values: Float64Array.of(2),
    })
    expect(valueOf(readTable(fileOf('a\nb\n'), false)).columns[0]).toMatchObject({
      categories: ['a', 'b'],
    })
  })

  it('has lines within quotes, and a missing category', () => {
    expect(valueOf(readTable(fileOf('a,b\n"x\ny",1\n,2\n'))).columns[0]).toEqual({
      kind: 'categories',
      name: 'a',
      categories: ['x\ny'],
      values: Int32Array.of(0, -1),
    })
  })

  it('has what objects inherit as names and cells', () => {
    const { columns } = valueOf(readTable(fileOf('__proto__,constructor\ntoString,__proto__\n')))
    expect(columns).toMatchObject([
      { name: '__proto__', categories: ['toString'] },
      { name: 'constructor', categories: ['__proto__'] },
    ])
  })

  it.each<[string, string | Uint8Array, RegExp]>([
    ['uneven', 'a,b\n1,2\n\n3\n', /has 1 cells in line 4, where line 1 has 2/],
    [
      'uneven behind quoted lines',
      'a,b\n"x\n\n",2\n3,4,5\n',
      /has 3 cells in line 5, where line 1 has 2/,
    ],
    ['empty', '', /holds no rows/],
    ['a header alone', 'a,b\n', /holds a header and no rows/],
    ['named twice', 'a,b,a\n1,2,3\n', /names two columns "a" in line 1/],
    ['open at a quote', 'a,b\n1,"2\n3,4\n', /cannot be read.*quot/i],
    ['Latin-1', Uint8Array.of(0x61, 0x0a, 0xe4), /is not UTF-8 text/],
  ])('that is %s is refused with the line', (_, text, problem) => {
    expect(problemOf(readTable(fileOf(text))).problem).toMatch(problem)
  })
})

describe('Penn Treebank', () => {
  const { counts: _, ...any } = PENN_TREEBANK
  const read = (folder: string, set: WordSet = any): ReturnType<typeof readWordText> =>
    readWordText(set, folder)
  const train = ' the cat sat on the mat \n the <unk> sat \n'
  it('is words as numbers in one vocabulary, the ends of lines among them', () => {
    const folder = folderOf({
      'ptb.train.txt': train,
      'ptb.valid.txt': ' the dog sat \n',
      'ptb.test.txt': ' mat\n\n cat',
    })
    const text = valueOf(read(folder))
    expect(text.vocabulary).toEqual(['the', '<eos>', 'sat', '<unk>', 'cat', 'mat', 'on'])
    expect([...text.train]).toEqual([0, 4, 2, 6, 0, 5, 1, 0, 3, 2, 1])
    expect([...text.validation]).toEqual([0, 3, 2, 1])
    expect([...text.test]).toEqual([5, 1, 1, 4, 1])
    const counts = { vocabulary: 7, train: 11, validation: 4, test: 5 }
    expect(read(folder, { ...any, counts })).toEqual({ ok: true, value: text })
    expect(problemOf(read(folder, PENN_TREEBANK))).toMatchObject({
      problem: 'has 7 words in its vocabulary',
      expected: '10000 for ptb',
    })
  })

  it('without a word for unknown ones is refused with the line of such a word', () => {
    const folder = folderOf({
      'ptb.train.txt': 'a b\n',
      'ptb.valid.txt': 'a\nb\na c\n',
      'ptb.test.txt': 'a\n',
    })
    const { path, problem } = problemOf(read(folder))
    expect(path).toMatch(/ptb\.valid\.txt$/)
    expect(problem).toMatch(/has "c" in line 3, which .*ptb\.train\.txt lacks/)
  })

  it('without a file, or with an empty one, is refused', () => {
    expect(problemOf(read(folderOf({ 'ptb.train.txt': train })))).toMatchObject({
      problem: 'does not exist',
    })
    expect(problemOf(read(folderOf({ 'ptb.train.txt': '\n\n' })))).toMatchObject({
      problem: 'holds no words',
    })
  })
})

describe('a text that is carried', () => {
  const mobyDick = findTextSet('moby-dick')!
  const beginning = 'Call me Ishmael. Some years ago--never mind how long precisely'

  it('is words in lower case and signs, rare words being unknown', () => {
    const { vocabulary, train } = valueOf(loadText(mobyDick, 'words'))
    const words = Array.from(train.subarray(0, 20), (number) => vocabulary[number])
    expect(words.join(' ')).toBe(
      'chapter <unk> . <unk> . <eos> call me ishmael . some years ago -- never mind how long precisely --',
    )
    expect(new Set(vocabulary).size).toBe(2000)
    expect(vocabulary.at(-1)).toBe('<unk>')
    expect(vocabulary).toEqual(expect.arrayContaining(['<eos>', ',', "'", 'whale', 'ahab']))
    expect(Math.max(...train)).toBe(1999)
  })

  it('is characters, each of which comes back', () => {
    const text = valueOf(loadText(mobyDick, 'characters'))
    const written = (part: Int32Array): string =>
      Array.from(part, (number) => text.vocabulary[number]).join('')
    expect(written(text.train.subarray(0, 100))).toContain(beginning)
    for (const part of [text.train, text.validation, text.test])
      expect(written(part)).toMatch(/^[\n -~]+$/)
    expect(written(text.test)).not.toContain('\ufffd')
  })

  it('is characters of any text, those that the training part lacks being unknown', () => {
    const folder = folderOf({ a: 'ab\r\nb\u{1f433}', b: 'ac', c: '\n' })
    const set = { name: 'x', files: { train: 'a', validation: 'b', test: 'c' }, remedy: '' }
    const { vocabulary, train, validation, test } = valueOf(readCharacterText(set, folder))
    expect(vocabulary).toEqual(['b', '\n', 'a', '\u{1f433}', '\ufffd'])
    expect([...train]).toEqual([2, 0, 1, 0, 3])
    expect([[...validation], [...test]]).toEqual([[2, 4], [1]])
    const characters = { vocabulary: 5, train: 5, validation: 2, test: 2 }
    expect(problemOf(readCharacterText({ ...set, characters }, folder))).toMatchObject({
      problem: 'has 1 characters in its test',
      expected: '2 for x',
    })
    expect(problemOf(readCharacterText(set, folderOf({ a: 'a' }))).problem).toBe('does not exist')
    expect(problemOf(readCharacterText(set, folderOf({ a: '' }))).problem).toBe(
      'holds no characters',
    )
  })

  it('is looked for in the folder that is given alone', () => {
    expect(problemOf(loadText(mobyDick, 'words', folderOf({ a: '' })))).toMatchObject({
      problem: 'holds no moby-dick.train.txt (.gz)',
    })
  })
})
