import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSession } from './session.ts'

const RULE = 'update = lr * sign(g) * decay_cosine(t)\n'

describe('compile', () => {
  it('prints one module', async () => {
    const { exitCode, stdout, stderr } = await createSession({ 'my-rule.opt': RULE }).run(
      'compile my-rule.opt',
    )
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^\/\/ Compiled by optc from my-rule\.opt\n/)
    expect(stdout).toContain('export class MyRule extends tf.Optimizer')
  })

  it('writes a module for each file, and only over its own', async () => {
    const session = createSession({
      'rule.opt': RULE,
      'functions.opt': 'fn f(x) = x\n',
      'out/adam.ts': 'mine',
    })
    const first = await session.run('compile rule.opt functions.opt std/adam std/lr1 --out out')
    expect(first.exitCode).toBe(1)
    expect(first.stderr).toContain('out/adam.ts exists and was not written by optc')
    expect(first.stderr).toContain('functions.opt declares no optimizer, schedule or decay')
    expect(readdirSync(join(session.folder, 'out')).sort()).toEqual([
      'adam.ts',
      'lr1.ts',
      'rule.ts',
    ])
    expect(session.read('out/adam.ts')).toBe('mine')
    session.write({ 'rule.opt': 'update = lr * tanh(g)\n' })
    expect((await session.run('compile rule.opt --out out')).exitCode).toBe(0)
    expect(session.read('out/rule.ts')).toContain('tanh')
  })

  it('refuses two files that would become one', async () => {
    const session = createSession({ 'a/rule.opt': RULE, 'b/rule.opt': RULE })
    expect(await session.run('compile a b --out out')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        'a/rule.opt and b/rule.opt would both be written to out/rule.ts',
      ),
    })
  })

  it('refuses a folder that is a file', async () => {
    const session = createSession({ 'rule.opt': RULE, out: 'a file' })
    expect(await session.run('compile rule.opt --out out')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('cannot write'),
    })
  })

  it('writes over what came from the same file, and over nothing else but by force', async () => {
    const other = 'update = lr * tanh(g)\n'
    const session = createSession({ 'a/rule.opt': RULE, 'b/rule.opt': other })
    expect((await session.run('compile a/rule.opt --out out')).exitCode).toBe(0)
    const first = session.read('out/rule.ts')
    expect(first).toMatch(/^\/\/ Compiled by optc from \.\.\/a\/rule\.opt\n/)
    session.write({ 'a/rule.opt': 'update = lr * g\n' })
    expect((await session.run('compile a --out ./out/')).exitCode).toBe(0)
    const second = session.read('out/rule.ts')
    expect(second).not.toBe(first)
    for (const more of ['', ' --runtime import']) {
      expect(await session.run(`compile b/rule.opt --out out${more}`)).toMatchObject({
        exitCode: 1,
        stderr:
          'error: out/rule.ts was compiled from a/rule.opt\n  = help: give another --out DIR, move it away, or overwrite it with --force\n',
      })
      expect(readdirSync(join(session.folder, 'out'))).toEqual(['rule.ts'])
      expect(session.read('out/rule.ts')).toBe(second)
    }
    expect((await session.run('compile b/rule.opt --out out --force')).exitCode).toBe(0)
    expect(session.read('out/rule.ts')).toContain('tanh')
    session.write({ 'out/rule.ts': 'mine' })
    expect((await session.run('compile b/rule.opt --out out')).exitCode).toBe(1)
    expect((await session.run('compile b/rule.opt --out out --force')).exitCode).toBe(0)
    expect(session.read('out/rule.ts')).toContain('tanh')
    expect((await session.run('compile std/adam --out out')).exitCode).toBe(0)
    expect((await session.run('compile std/adam --out out')).exitCode).toBe(0)
    session.write({ 'adam.opt': RULE })
    expect((await session.run('compile adam.opt --out out')).stderr).toContain(
      'out/adam.ts was compiled from std/adam',
    )
  })

  it('takes the same program from standard input again, but not another one', async () => {
    const session = createSession()
    const compile = async (stdin: string): Promise<number> =>
      (await session.run('compile - --out out', { stdin })).exitCode
    const program = (value: string): string =>
      `optimizer Rule(lr = 0.1) {\n  update = ${value}\n}\n`
    expect(await compile(program('lr * g'))).toBe(0)
    expect(await compile(program('lr * g'))).toBe(0)
    expect(await compile(program('lr * tanh(g)'))).toBe(1)
    expect(session.read('out/rule.ts')).not.toContain('tanh')
  })

  it('keeps the name of a file in its one line', async () => {
    const session = createSession({ 'a\nb.opt': RULE })
    expect((await session.run(['compile', 'a\nb.opt'])).stdout).toMatch(
      /^\/\/ Compiled by optc from a\\u\{a\}b\.opt\nimport /,
    )
    expect((await session.run(['compile', 'a\nb.opt', '--out', 'out'])).exitCode).toBe(0)
    expect((await session.run(['compile', 'a\nb.opt', '--out', 'out'])).exitCode).toBe(0)
  })
})

describe('compile --runtime import', () => {
  const RUNTIME = 'optc-runtime.ts'

  it('writes one runtime for all modules of a folder, also for later ones', async () => {
    const session = createSession({ 'rule.opt': RULE })
    const line = 'compile rule.opt std/adam std/opt6 --out out --runtime import'
    const { exitCode, stderr } = await session.run(line)
    expect(exitCode).toBe(0)
    expect(stderr.match(/-> out\/.*/g)).toEqual([
      '-> out/rule.ts',
      `-> out/${RUNTIME}`,
      '-> out/adam.ts',
      '-> out/opt6.ts',
    ])
    const runtime = session.read(`out/${RUNTIME}`)
    expect(runtime).toMatch(/^\/\/ Compiled by optc: what the modules beside this one share\n/)
    for (const name of ['rule', 'adam', 'opt6']) {
      const text = session.read(`out/${name}.ts`)
      expect(text).toContain(`from './optc-runtime.js'`)
      expect(text).not.toContain('function valueAt')
    }
    expect((await session.run('compile std/lion --out out --runtime import')).exitCode).toBe(0)
    expect(session.read(`out/${RUNTIME}`)).toBe(runtime)
  })

  it('prints a module and says what it needs', async () => {
    const { exitCode, stdout, stderr } = await createSession().run(
      'compile std/adam --runtime import',
    )
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`from './optc-runtime.js'`)
    expect(stderr).toBe('the module imports optc-runtime.ts, which --out DIR writes beside it\n')
  })

  it('writes nothing where the runtime would take the place of another file', async () => {
    const session = createSession({ 'rule.opt': RULE, 'optc_runtime.opt': RULE })
    session.write({ [`out/${RUNTIME}`]: 'mine' })
    expect(await session.run('compile rule.opt --out out --runtime import')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`out/${RUNTIME} exists and was not written by optc`),
    })
    expect(readdirSync(join(session.folder, 'out'))).toEqual([RUNTIME])
    for (const [line, message] of [
      [
        'compile optc_runtime.opt --out a --runtime import',
        `optc_runtime.opt and what modules share would both be written to a/${RUNTIME}`,
      ],
      [
        'compile rule.opt optc_runtime.opt --out b --runtime import',
        `what modules share and optc_runtime.opt would both be written to b/${RUNTIME}`,
      ],
      [
        'compile optc_runtime.opt --out b',
        `b/${RUNTIME} is what modules compiled with --runtime import share`,
      ],
    ] as const)
      expect(await session.run(line)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining(message),
      })
  })

  it('shares nothing where there is nothing to share', async () => {
    const session = createSession({ 'half.opt': 'decay half(t) = 0.5\n' })
    expect((await session.run('compile half.opt --out out --runtime import')).exitCode).toBe(0)
    expect(readdirSync(join(session.folder, 'out'))).toEqual(['half.ts'])
  })
})
