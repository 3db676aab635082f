import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataFolders } from '../../src/hosts/cli/data-folders.ts'
import { findOtherTasks } from '../../src/hosts/cli/evolving/other-tasks.ts'
import { dataOption, type DataFolder } from '../../src/hosts/cli/data-option.ts'
import { findProtocol, type Protocol } from '../../src/tasks/protocol.ts'
import { findTask } from '../../src/tasks/task.ts'
import { createSession } from './session.ts'

const given = (...texts: readonly string[]): readonly DataFolder[] =>
  texts.flatMap((text) => dataOption('').parse(text) ?? [])
const folders = (...texts: readonly string[]): ReturnType<typeof dataFolders> =>
  dataFolders(given(...texts), '/users/ada')

test.each<[string, DataFolder]>([
  ['data', { folder: 'data' }],
  ['cifar10=a/b', { set: 'cifar10', folder: 'a/b' }],
  ['tiny-imagenet-200=/a=b', { set: 'tiny-imagenet-200', folder: '/a=b' }],
  ['./a=b', { folder: './a=b' }],
  ['/data/x=1', { folder: '/data/x=1' }],
])('--data %s', (text, folder) => {
  expect(given(text)).toEqual([folder])
})

test('a folder without a name is for whatever is needed, one with a name for its set alone', () => {
  const { of } = folders('any', 'mnist=/m', 'cifar10=c')
  expect([of('mnist'), of('cifar10'), of('fashion14'), of(undefined)]).toEqual([
    '/m',
    join('/users/ada', 'c'),
    join('/users/ada', 'any'),
    join('/users/ada', 'any'),
  ])
  expect(folders('mnist=/m').of('cifar10')).toBeUndefined()
})

test('of several sets a folder without a name is that of the search, or of the one that it holds', () => {
  const session = createSession({ 'ptb.train.txt': 'a' })
  const { beside } = dataFolders(given('.', 'mnist=m'), session.folder)
  expect(beside('cifar10', 'cifar10')).toBe(session.folder)
  expect(beside('cifar10', 'cifar100')).toBeUndefined()
  expect(beside('cifar10', 'ptb')).toBe(session.folder)
  expect(beside('cifar10', 'mnist')).toBe(join(session.folder, 'm'))
  expect(beside(undefined, undefined)).toBeUndefined()
})

test.each([
  [['--data', 'a', '--data', 'b'], '--data gives two folders'],
  [['--data', 'mnist=a', '--data', 'mnist=b'], '--data gives two folders for mnist'],
  [['--data', 'cifar=a'], 'there is no data set cifar\n  = help: did you mean cifar10?'],
  [['--data', 'mnist='], '--data "mnist=": it must be a folder, or SET=FOLDER'],
])('%s is refused by every command', async (options, message) => {
  const session = createSession()
  for (const line of [
    ['evolve', '--task', 'quadratic'],
    ['train', 'std/adam', '--task', 'quadratic'],
    ['data'],
  ]) {
    const { exitCode, stderr } = await session.run([...line, ...options])
    expect([exitCode, stderr.replace(/\n +/g, '\n  ')]).toEqual([
      2,
      expect.stringContaining(message),
    ])
  }
})

test('the listing looks for each set in its folder', async () => {
  const session = createSession({ 'words/ptb.train.txt': 'a b\n' })
  const { stdout } = await session.run('data --data ptb=words --data flowers102=none')
  expect(stdout).toMatch(/^flowers102:.*\n {2}missing: .*none holds no/m)
  expect(stdout).toMatch(/^ptb:.*\n {2}broken: /m)
})

test('tasks without data are found, those whose data is elsewhere are told of', async () => {
  const quick = findProtocol('quick')!
  const on = (task: string): NonNullable<Protocol['finals']>[number] => ({
    ...{ stage: 'more', task, surrogate: { ...quick.evolution, name: task } },
  })
  const protocol: Protocol = {
    ...quick,
    finals: ['rosenbrock', 'cifar10', 'fashion14-cnn'].map(on),
  }
  const search = findTask('quadratic')!
  const none = dataFolders([], '/')
  const { present, missing } = await findOtherTasks(protocol, search, none, '/')
  expect(present.map(({ name }) => name)).toEqual(['rosenbrock', 'fashion14-cnn'])
  expect(missing).toEqual([expect.stringMatching(/^cifar10 is left out: .*--data cifar10=DIR/)])
  const named = dataFolders(given('cifar10=c'), '/')
  expect((await findOtherTasks(protocol, search, named, '/')).present[1]).toMatchObject({
    ...{ name: 'cifar10', data: '/c' },
  })
})
