import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSession } from '../cli/session.ts'
import { root } from './pages.ts'

const FOLDER = join(root, 'docs/emitted')
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.py'))
  .map((name) => name.slice(0, -'.py'.length))

test('the rules that docs show are those they say', () => {
  expect(names.toSorted()).toEqual(['adam', 'muon', 'schedule_free_adamw'])
})

test.each(names)('docs/emitted/%s.py is what the command writes for PyTorch', async (name) => {
  const session = createSession()
  const told = await session.run(`compile std/${name} --target pytorch --out here`)
  expect(told).toMatchObject({ exitCode: 0 })
  await expect(session.read(`here/${name}.py`)).toMatchFileSnapshot(join(FOLDER, `${name}.py`))
})
