import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { createSession, type Session } from './session.ts'

const fixture = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../tasks/formats/fixtures', name))

/** What is printed, its words separated by single spaces. */
async function inspected(session: Session, path: string): Promise<string> {
  const { stdout, stderr, exitCode } = await session.run(`data inspect ${path}`)
  expect([stderr, exitCode]).toEqual(['', 0])
  return stdout.replace(/ +/g, ' ')
}

describe('data inspect', () => {
  it.each([
    ['f4-big-F.npy', 'array float32 [2, 3, 4]'],
    ['stored.npz', 'weights float32 [3, 2]'],
    ['compressed.mat', 'annotations.class field [1, 2]'],
    ['plain.mat', 'class_names cell [1, 3]'],
    ['plain.mat', 'sparse sparse matrix, not read []'],
    ['tensors.safetensors', 'stem.weight float32 [2, 3]'],
    ['tensors.safetensors', '27 numbers in 6 tensors'],
  ])('%s tells its arrays: %s', async (name, line) => {
    const session = createSession({ [name]: fixture(name) })
    expect(await inspected(session, name)).toContain(line)
  })

  it('tells the kind of a file by its content where its name says nothing', async () => {
    const session = createSession({ data: fixture('vector.npy') })
    expect(await inspected(session, 'data')).toContain('array int32 [5]')
  })

  it('tells the classes of MedMNIST', async () => {
    const session = createSession({ 'some.npz': fixture('medmnist.npz') })
    const told = await inspected(session, 'some.npz')
    expect(told).toContain('images and labels as in MedMNIST\n images of 3x3x3\n')
    expect(told).toMatch(/class train validation test\n0 2 1 1\n1 1 1 1\n2 1 0 1\nall 4 2 3\n/)
  })

  it('tells the columns of a table', async () => {
    const session = createSession({ 'a.csv': 'age,job\n3,clerk\n,baker\n-1,clerk\n' })
    const told = await inspected(session, 'a.csv')
    expect(told).toContain('3 rows, named by the first line')
    expect(told).toMatch(/age numbers 1 -1 to 3\njob categories 0 baker, clerk\n/)
  })

  it('tells the words of a text, and of one in three parts', async () => {
    const session = createSession({
      'a/ptb.train.txt': 'a b\n',
      'a/ptb.valid.txt': 'a\n',
      'a/ptb.test.txt': 'b\n',
    })
    expect(await inspected(session, 'a/ptb.train.txt')).toContain(
      '3 words, ends of lines among them, 3 different',
    )
    expect(await inspected(session, 'a')).toContain('train 3, validation 2, test 2')
  })

  it('tells the files of a known data set', async () => {
    const session = createSession()
    const carried = join(import.meta.dirname, '../../src/tasks/data/fashion14')
    const told = await inspected(session, carried)
    expect(told).toContain('images and labels as in fashion14')
    expect(told).toMatch(/\nall 12000 2000\n/)
    const labels = await inspected(session, join(carried, 't10k-labels-idx1-ubyte.gz'))
    expect(labels).toContain('array uint8 [2000]')
  })

  it('tells the classes of a folder of images, and shows ten of them', async () => {
    const of = (background: string, width: number): Promise<Buffer> =>
      sharp({ create: { width, height: 20, channels: 3, background } })
        .png()
        .toBuffer()
    const [red, blue] = [await of('red', 20), await of('blue', 30)]
    const session = createSession({
      ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`all/cat/${n}.png`, red])),
      ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`all/dog/${n}.png`, blue])),
    })
    const told = await inspected(session, 'all')
    expect(told).toContain('images of 20x20-30x3, in the first of each class')
    expect(told).toMatch(/class train\ncat 6\ndog 6\nall 12\n/)
    const { stderr } = await session.run('data inspect all --samples ten.png')
    expect(stderr).toBe('wrote ten.png\n')
    const { data, info } = await sharp(join(session.folder, 'ten.png'))
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([info.width, info.height, info.channels]).toEqual([320, 128, 3])
    expect([...data.subarray(0, 3)]).toEqual([255, 0, 0])
    expect([...data.subarray(-3)]).toEqual([0, 0, 255])
  })

  it('gives one JSON document where it is asked for', async () => {
    const session = createSession({ 'a.csv': 'a\n1\n' })
    expect(JSON.parse((await session.run('data inspect a.csv --json')).stdout)).toEqual({
      path: 'a.csv',
      kind: 'table',
      facts: ['1 rows, named by the first line'],
      parts: { rows: 1 },
      columns: [{ name: 'a', kind: 'numbers', missing: 0, values: '1 to 1' }],
    })
  })

  it.each<[string, Readonly<Record<string, string | Uint8Array>>, string, RegExp]>([
    ['is missing', {}, 'nothing', /nothing does not exist/],
    ['is of another kind', { 'a.doc': 'text' }, 'a.doc', /a\.doc is of no known format/],
    [
      'lies',
      { 'a.npy': fixture('vector.npy').subarray(0, 140) },
      'a.npy',
      /a\.npy is damaged at byte 128: the header promises 20 bytes/,
    ],
    ['is uneven', { 'a.csv': 'a,b\n1,2\n3\n' }, 'a.csv', /a\.csv has 1 cells in line 3/],
    [
      'lacks images',
      { 'all/cat/a.png': 'x', 'all/dog/a.txt': '' },
      'all',
      /all\/dog holds no images/,
    ],
    [
      'is a broken image',
      { 'all/cat/a.png': 'x', 'all/dog/a.png': 'x' },
      'all',
      /all\/cat\/a\.png is no image that can be read/,
    ],
  ])('of what %s names the file', async (_, files, path, message) => {
    const { exitCode, stderr } = await createSession(files).run(`data inspect ${path}`)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/= help: /)
  })

  it.each([
    ['data inspect', /inspect needs a PATH/],
    ['data inspekt a', /unknown word `inspekt`/],
    ['data --json', /are for `optc data inspect PATH`/],
    ['data inspect a --data b', /--data is for the list of data sets/],
  ])('%s is a mistake that is explained', async (line, message) => {
    const { exitCode, stderr } = await createSession().run(line)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('data', () => {
  it('lists the sets of image files and of words, and where one is wrong', async () => {
    const session = createSession({
      'set/2750/Forest/1.jpg': 'x',
      'set/2750/River/1.jpg': 'x',
      'set/bloodmnist.npz': fixture('medmnist.npz'),
    })
    expect((await session.run('data')).stdout).toMatch(
      /cars196: .*\n {2}missing: no folder is given/,
    )
    const { stdout } = await session.run('data --data set')
    expect(stdout).toMatch(/eurosat: .*\n {2}broken: .*2750 holds 2 \+ 0 \+ 0 images of 2 classes/)
    expect(stdout).toMatch(
      /bloodmnist: .*\n {2}broken: .*holds 4 \+ 2 \+ 3 images of 3x3x3 in 3 classes/,
    )
    expect(stdout).toMatch(
      /flowers102: .*\n {2}missing: .*set holds no imagelabels\.mat and setid\.mat\n/,
    )
    expect(stdout).toMatch(/ptb: .*\n {2}missing: .*set holds no ptb\.train\.txt\n {2}to get it: /)
  })
})
