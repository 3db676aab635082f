import { describe, expect, it, test } from 'vitest'
import { parseBudget } from '../../src/hosts/cli/budget.ts'
import { createSymbols } from '../../src/report/formula/symbols.ts'
import { createSession } from './session.ts'

/** What every object of JavaScript answers to, and `__proto__`, which is no member like others. */
const NAMES = Object.getOwnPropertyNames(Object.prototype)

const RULES = NAMES.map(
  (name, index) =>
    `optimizer rule${index}(${name} = 0.5) {\n  update = ${name} * g\n}\n\nschedule schedule${index}(t, ${name}) = ${name} * (t + 1)\n`,
).join('\n')

describe.each(NAMES)('%s', (name) => {
  const index = NAMES.indexOf(name)

  it.each(['evaluator', 'ts'])('is a hyperparameter as others are, target %s', async (target) => {
    const trace = { shape: [1], w0: [1], gradients: [[1]] }
    const session = createSession({
      'rules.opt': RULES,
      'default.json': JSON.stringify(trace),
      'given.json': `{"hyperparameters": {"${name}": 0.25}, ${JSON.stringify(trace).slice(1)}`,
      'wrong.json': `{"hyperparameters": {"${name}": "1"}, ${JSON.stringify(trace).slice(1)}`,
    })
    const simulate = async (file: string): Promise<unknown> => {
      const line = `simulate rules.opt --name rule${index} --trace ${file} --json --target ${target}`
      const { stdout, stderr } = await session.run(line)
      return stdout === '' ? stderr : (JSON.parse(stdout) as { w: unknown }).w
    }
    expect(await simulate('default.json')).toEqual([[0.5]])
    expect(await simulate('given.json')).toEqual([[0.75]])
    expect(await simulate('wrong.json')).toContain(
      `hyperparameters.${name}: expected number, received string`,
    )
  })

  it('is an argument as others are', async () => {
    const session = createSession({ 'rules.opt': RULES })
    const plot = (more: string): ReturnType<typeof session.run> =>
      session.run(`plot rules.opt --name schedule${index} --steps 2 --json${more}`)
    expect((await plot('')).stderr).toContain(`schedule${index} needs a value for ${name}`)
    expect((await plot(` --set ${name}=2`)).stdout).toContain('"values":[2,4]')
  })

  it('is no command, bench or task', async () => {
    const session = createSession({ 'rules.opt': RULES })
    expect((await session.run([name])).stderr).toBe(
      `error: there is no command ${name}\n  = help: \`optc --help\` lists the commands\n`,
    )
    expect((await session.run(`bench ${name}`)).stderr).toContain(`there is no bench ${name}`)
    expect((await session.run(`train rules.opt --task ${name}`)).stderr).toContain(
      `there is no task ${name}`,
    )
    expect(() => parseBudget(`3${name}`)).toThrow('30m, 2h or 500000steps')
  })

  test('is written as it is in formulas', () => {
    expect(createSymbols([name]).markup(name)).toContain(name)
    expect(createSymbols([name]).isCustomary(name)).toBe(false)
  })
})

it('a table of hyperparameters is a table', async () => {
  const session = createSession({
    'rules.opt': RULES,
    'trace.json': '{"shape": [1], "w0": [1], "gradients": [[1]], "hyperparameters": [1]}',
  })
  const { stderr } = await session.run('simulate rules.opt --name rule0 --trace trace.json')
  expect(stderr).toContain('hyperparameters: expected record, received array')
})
