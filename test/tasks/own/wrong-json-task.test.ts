import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { DATA_KINDS } from '../../../src/tasks/own/json/data/table.ts'
import { exampleTaskFile, taskFileJsonSchema } from '../../../src/tasks/own/json/task-file.ts'
import { loadTask } from '../../../src/tasks/own/load-task.ts'
import { isTaskError } from '../../../src/tasks/own/task-error.ts'
import { fileOf, folderOf } from '../formats/files.ts'
import { FLOWERS, idxOf, jsonFolder, npyOf, stripes, turns } from './data-files.ts'

/** What is said to be wrong with a task, and what may help. */
async function wrong(folder: string, data?: string): Promise<readonly string[]> {
  try {
    await loadTask('mine.json', folder, data)
  } catch (error) {
    if (!isTaskError(error)) throw error
    return [error.message, ...(error.help === undefined ? [] : [error.help])]
  }
  throw new Error('nothing is wrong')
}

const TASK = `{
  "data": { "kind": "csv", "file": "flowers.csv", "target": "species" },
  "split": { "validation": 0.2, "test": 0.2 },
  "network": [
    { "kind": "dense", "units": 8 },
    { "kind": "rectifier" },
    { "kind": "dense", "units": "outputs" }
  ],
  "objective": "classification",
  "batchSize": 8
}
`
const files = {
  'flowers.csv': FLOWERS,
  'x.npy': npyOf('float32', [40, 3], stripes(40, [3])),
  'y.npy': npyOf('int32', [40], turns(40)),
  'few.npy': npyOf('int32', [39], turns(39)),
  'nan.npy': npyOf('float32', [40, 3], [1, 2, 3, NaN, ...stripes(40, [3]).slice(4)]),
  'pairs.npy': npyOf('int32', [40, 2], turns(80)),
  'minus.npy': npyOf('int32', [40], [0, 1, -1, ...turns(37)]),
  'images-idx3-ubyte': idxOf([40, 2, 2], stripes(40, [2, 2])),
  'folder/file.txt': '',
}

const written = (from: string, to: string): string => {
  expect(TASK).toContain(from)
  return jsonFolder(TASK.replace(from, to), files)
}

/** The task with data in the place of its own. */
const withData = (data: string): string =>
  written('{ "kind": "csv", "file": "flowers.csv", "target": "species" }', data)

const npy = (inputs: string, targets: string, more = ''): string =>
  withData(`{ "kind": "npy", "inputs": "${inputs}", "targets": "${targets}"${more} }`)

describe('a wrong field of a task in JSON', () => {
  it.each<[string, string, string]>([
    ['"batchSize": 8', '"batchSize": 0', '10:16: batchSize: Too small: expected number to be >=1'],
    ['"batchSize": 8', '"batchsize": 8', '10:3: batchsize: there is no such field'],
    ['"batchSize": 8', '"name": "a b"', '10:11: name: expected letters, digits, - and _'],
    [
      ...(['"batchSize": 8', '"metric": "rmse"'] as const),
      '10:13: metric: expected "accuracy" | "loss" for classification',
    ],
    [
      ...(['"batchSize": 8', '"augmentation": { "pad": 1, "flip": true, "cutout": 0 }'] as const),
      '10:19: augmentation: it changes images in bytes, and the examples are rows',
    ],
    [
      ...(['"batchSize": 8', '"augmentation": { "pad": 1, "flip": true }'] as const),
      '10:19: augmentation.cutout: expected number, but it is missing',
    ],
    [
      ...(['"units": 8', '"units": "some"'] as const),
      '5:33: network[0].units: expected a whole number from 1, or "outputs"',
    ],
    ['"units": 8', '"units": 8, "bias": 1', '5:36: network[0].bias: there is no such field'],
    [
      ...(['{ "kind": "rectifier" }', '{ "kind": "convolution", "filters": 2 }'] as const),
      '6:5: network[1]: layer convolution1 takes images [height, width, channels], not examples of shape [8]',
    ],
    [
      ...(['"units": "outputs"', '"units": 3'] as const),
      '7:5: network[2]: the last layer gives [3] for an example, and [2] are told',
    ],
    [
      ...(['"classification"', '"classify"'] as const),
      `9:16: objective: Invalid option: expected one of "classification"|"nextToken"|"regression"`,
    ],
    [
      '"test": 0.2',
      '"test": 0.8',
      '3:12: split: expected less than 1 for validation and test together',
    ],
    ['"test": 0.2', '"test": 0', '3:41: split.test: Too small: expected number to be >0'],
    ['"test": 0.2', '"test": 0.001', '3:12: split: of 80 examples none is in the test part'],
    ['"kind": "csv"', '"kind": "cvs"', '2:21: data.kind: expected '],
    ['"kind": "csv", ', '', '2:11: data.kind: expected '],
    [
      ...(['"flowers.csv"', '3'] as const),
      '2:36: data.file: expected the path of a file, or {"train": ..., "validation": ..., "test": ...}',
    ],
    [
      ...(['"flowers.csv"', '{ "test": "flowers.csv" }'] as const),
      '2:36: data.file.train: expected string, but it is missing',
    ],
    ['"flowers.csv"', '"flower.csv"', '2:36: data.file: flower.csv does not exist'],
    ['"flowers.csv"', '"folder"', '2:36: data.file: folder is a folder; expected a file'],
    ['"species"', '"specie"', '2:61: data.target: the table has no column "specie"'],
    [
      ...(['"species"', '"species", "columns": ["length", "height"]'] as const),
      '2:94: data.columns[1]: the table has no column "height"',
    ],
    ['"species"', '["species"]', '2:61: data.target: a class is one column; expected its name'],
    [
      ...(['"flowers.csv"', '{ "train": "flowers.csv", "test": "flowers.csv" }'] as const),
      '3:41: split.test: the data has a test part of its own',
    ],
    ['"csv",', '"csv"', '2:27: expected a comma'],
    ['"batchSize": 8', '"batchSize": 8,', '11:1: expected the name of a field in double quotes'],
    ['"batchSize": 8', '// no', '10:3: JSON has no comments'],
    ['"batchSize": 8', '"network": []', '10:3: "network" is there twice'],
  ])('%s as %s is told with its place', async (from, to, message) => {
    const [found = ''] = await wrong(written(from, to))
    expect(found.startsWith(`mine.json:${message}`), found).toBe(true)
  })

  it('is told beside others, a line each', async () => {
    const text = TASK.replace('"units": 8', '"units": 0').replace(
      '"kind": "rectifier"',
      '"kind": 3',
    )
    const [found = ''] = await wrong(jsonFolder(text, files))
    expect(found.split('\n').map((line) => line.split(': ', 2).join(': '))).toEqual([
      'mine.json:5:33: network[0].units',
      'mine.json:6:15: network[1].kind',
    ])
  })

  it('is missing at the place of what should have it', async () => {
    expect(await wrong(jsonFolder('{\n}\n'))).toEqual([
      [
        'mine.json:1:1: data: expected object, but it is missing',
        'mine.json:1:1: network: expected a list of layers, or a network by its name: {"network": "perceptron", ...}',
        'mine.json:1:1: objective: Invalid option: expected one of "classification"|"nextToken"|"regression"',
      ].join('\n'),
    ])
    expect(await wrong(jsonFolder('[1]'))).toEqual([
      'mine.json:1:1: the task: expected object, received array',
    ])
    expect(await wrong(jsonFolder(''))).toEqual(['mine.json:1:1: expected a value'])
    expect((await wrong(jsonFolder('['.repeat(100_000))))[0]).toMatch(/nested too deeply|expected/)
    expect(await wrong(folderOf())).toEqual(['there is no file mine.json'])
  })

  it('gets help where a name is almost one', async () => {
    expect((await wrong(written('"species"', '"specie"')))[1]).toBe('did you mean "species"?')
    expect((await wrong(written('"species"', '"price"')))[1]).toBe('it has length, colour, species')
  })
})

describe('data that does not fit', () => {
  it.each<[string, string, string]>([
    ['x.npy', 'few.npy', '2:58: data.targets: few.npy is int32 [39], and x.npy has 40 examples'],
    ['nan.npy', 'y.npy', '2:38: data.inputs: nan.npy has NaN in example 1'],
    [
      ...(['x.npy', 'pairs.npy'] as const),
      '2:58: data.targets: pairs.npy is int32 [40, 2]; expected one class for an example, or the objective "regression"',
    ],
    [
      ...(['x.npy', 'minus.npy'] as const),
      '2:58: data.targets: minus.npy has -1 for example 2; expected classes from 0 to 99999',
    ],
  ])('%s with %s is told with the place of its name', async (inputs, targets, message) => {
    expect((await wrong(npy(inputs, targets)))[0]).toBe(`mine.json:${message}`)
  })

  it('is told with the field that asks for something else', async () => {
    expect((await wrong(npy('x.npy', 'y.npy', ', "input": [2, 2]')))[0]).toBe(
      'mine.json:2:76: data.input: [2, 2] are 4 numbers, and an example has 3: [3]',
    )
    expect(
      (
        await wrong(
          withData('{ "kind": "npy", "inputs": { "train": "x.npy" }, "targets": "y.npy" }'),
        )
      )[0],
    ).toBe('mine.json:2:71: data.targets: it is one for all parts, and `inputs` has one for each')
  })

  it('names the file and the line, or the byte', async () => {
    const csv = { ...files, 'flowers.csv': 'length,species\n1,a\n2\n' }
    expect((await wrong(jsonFolder(TASK, csv)))[0]).toBe(
      'flowers.csv has 1 cells in line 3, where line 1 has 2; expected rows with as many cells as the first, in UTF-8',
    )
    const empty = { ...files, 'flowers.csv': 'length,species\n1,a\n2,\n3,b\n4,b\n5,a\n' }
    expect((await wrong(jsonFolder(TASK, empty)))[0]).toBe(
      'flowers.csv has no "species" in line 3; expected a value to tell in every row',
    )
    const cut = { ...files, 'x.npy': npyOf('float32', [40, 3], stripes(40, [3])).slice(0, 200) }
    const text = TASK.replace(
      '{ "kind": "csv", "file": "flowers.csv", "target": "species" }',
      '{ "kind": "npy", "inputs": "x.npy", "targets": "y.npy" }',
    )
    expect((await wrong(jsonFolder(text, cut)))[0]).toMatch(/^x\.npy is damaged at byte \d+: /)
  })

  it('stays inside the folder of the file, unless it is given', async () => {
    const outside = fileOf(FLOWERS, 'flowers.csv')
    const place = 'mine.json:2:36: data.file: '
    const climbing = written('"flowers.csv"', '"../flowers.csv"')
    expect(await wrong(climbing)).toEqual([
      `${place}../flowers.csv is not inside ${climbing}`,
      'paths start from the folder of the file, or from --data DIR; others have to be absolute',
    ])
    const linked = jsonFolder(TASK)
    symlinkSync(outside, join(linked, 'flowers.csv'))
    expect((await wrong(linked))[0]).toBe(
      `${place}flowers.csv is a link that leads outside ${linked}`,
    )
    const absolute = jsonFolder(TASK.replace('flowers.csv', outside.replaceAll('\\', '/')))
    expect((await loadTask('mine.json', absolute)).files).toHaveLength(2)
    const given = await loadTask('mine.json', jsonFolder(TASK), join(outside, '..'))
    expect(given.files![1]!.path).toBe('flowers.csv')
  })
})

describe('the schema for editors', () => {
  const schema = z.fromJSONSchema(taskFileJsonSchema() as Parameters<typeof z.fromJSONSchema>[0])

  it.each(Object.keys(DATA_KINDS) as (keyof typeof DATA_KINDS)[])(
    'takes the example of the kind %s',
    (kind) => {
      expect(schema.safeParse(exampleTaskFile(kind)).error).toBeUndefined()
      const { data: _, ...rest } = exampleTaskFile(kind)
      expect(schema.safeParse(rest).success).toBe(false)
      expect(schema.safeParse({ ...rest, data: { kind } }).success).toBe(false)
    },
  )

  it('takes what the reader takes, and nothing that it refuses by the fields alone', () => {
    expect(schema.safeParse(JSON.parse(TASK)).error).toBeUndefined()
    for (const [from, to] of [
      ['"units": 8', '"units": 0'],
      ['"rectifier"', '"rectify"'],
      ['"batchSize"', '"batchsize"'],
      ['"classification"', '"classify"'],
      ['"test": 0.2', '"test": 1'],
    ] as const)
      expect(schema.safeParse(JSON.parse(TASK.replace(from, to))).success, to).toBe(false)
  })
})
