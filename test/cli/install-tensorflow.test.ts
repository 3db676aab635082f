import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { packagesFolder, type Machine } from '../../src/hosts/cli/installing/machine.ts'
import { BINDING, createScene, isTidy, MANIFEST, PACKAGE, WHEEL } from './installation.ts'
import { createSession } from './session.ts'

const FETCHED = ['pip --version', 'pip download', 'unpack', `npm ${PACKAGE}@4.22.0`]
const BUILT = 'g++ -DNAPI_VERSION=8 true'

describe('optc doctor --install tensorflow', () => {
  it('says what it fetches, fetches and builds it, and tries it', async () => {
    const scene = createScene()
    const { exitCode, stdout, stderr } = await scene.install()
    expect(exitCode).toBe(0)
    expect(scene.calls()).toEqual([...FETCHED, BUILT])
    expect(stderr).toMatch(
      /fetch 75 MB from npm: @tensorflow\/tfjs-node-gpu 4\.22\.0 .* in .*\/node_modules/,
    )
    expect(stderr).toMatch(
      /fetch 207 MB from PyPI: the wheel of tensorflow-cpu 2\.15\.1; 615 MB in .*\/kept/,
    )
    expect(stdout).toMatch(/^tensorflow: works$/m)
    expect(readFileSync(join(scene.machine.packages, BINDING), 'utf8')).toBe('binding')
    expect(isTidy(scene)).toBe(true)
  })

  it('leaves what the packages around it have in the same version to them', async () => {
    const scene = createScene()
    await scene.install()
    const inside = join(scene.machine.packages, PACKAGE, 'node_modules')
    expect(readdirSync(join(inside, '@tensorflow'))).toEqual(['tfjs'])
    expect(readdirSync(inside).sort()).toEqual(['.bin', '@tensorflow', 'long', 'seedrandom'])
  })

  it('does nothing again where it works, on any machine', async () => {
    const scene = createScene()
    await scene.install()
    scene.calls()
    const again = await scene.install({ machine: { platform: 'darwin', arch: 'arm64' } })
    expect(again).toMatchObject({ exitCode: 0, stderr: '' })
    expect(again.stdout).toMatch(/works already/)
    expect(scene.calls()).toEqual([''])
  })

  it('does not fetch the library again for another project', async () => {
    const scene = createScene()
    await scene.install()
    scene.calls()
    const packages = join(scene.folder, 'other/node_modules')
    const trial = [
      ...scene.machine.trial.slice(0, -1),
      join(packages, BINDING),
    ] as unknown as Machine['trial']
    expect(await scene.install({ machine: { packages, trial } })).toMatchObject({ exitCode: 0 })
    expect(scene.calls()).toEqual([`npm ${PACKAGE}@4.22.0`, BUILT])
  })

  it('builds the binding of a package that is there without one', async () => {
    const scene = createScene()
    scene.write({
      [`node_modules/${PACKAGE}/package.json`]: MANIFEST,
      [`node_modules/${PACKAGE}/binding/tfjs_binding.cc`]: '',
    })
    const { exitCode, stderr } = await scene.install()
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/there already: @tensorflow\/tfjs-node-gpu 4\.22\.0/)
    expect(scene.calls()).toEqual([...FETCHED.slice(0, 3), BUILT])
  })

  it("fetches Node's headers where they did not come with it", async () => {
    const scene = createScene()
    rmSync(scene.machine.headers, { recursive: true })
    expect(await scene.install()).toMatchObject({ exitCode: 0 })
    expect(scene.calls()).toEqual([
      ...FETCHED.slice(0, 3),
      'npm node-api-headers@1',
      FETCHED[3],
      BUILT,
    ])
    rmSync(join(scene.machine.packages, PACKAGE), { recursive: true })
    expect(await scene.install()).toMatchObject({ exitCode: 0 })
    expect(scene.calls()).toEqual([FETCHED[3], BUILT])
  })

  it("asks the registry that the project's settings name", async () => {
    const scene = createScene()
    scene.write({ '.npmrc': 'registry=https://mirror.example/\n' })
    await scene.install()
    expect(scene.calls()).toEqual([...FETCHED, '.npmrc', BUILT])
  })

  it('only says it with --dry-run', async () => {
    const scene = createScene()
    const { exitCode, stdout } = await scene.install({ isDryRun: true })
    expect(exitCode).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(3)
    expect(scene.calls()).toEqual(['pip --version'])
    expect(existsSync(scene.machine.home)).toBe(false)
    expect(readdirSync(join(scene.machine.packages, '@tensorflow'))).toEqual(['tfjs-core'])
  })
})

describe('what stands in the way is told, with exit code 1', () => {
  it.each([
    ['darwin arm64', { platform: 'darwin', arch: 'arm64' }],
    ['win32 x64', { platform: 'win32' }],
    ['linux arm64', { arch: 'arm64' }],
    ['linux x64 without glibc', { hasGlibc: false }],
  ])('the machine is %s', async (name, machine) => {
    const scene = createScene()
    const { exitCode, stderr } = await scene.install({ machine })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`on Linux with x86-64 and glibc only, and this is ${name}\n`)
    expect(scene.calls()).toEqual([''])
  })

  it.each([
    [['npm', 'python3'], /needs a C\+\+ compiler \(g\+\+ or clang\+\+\)\n.*apt-get install/],
    [['g++', 'npm'], /needs python3 with pip\n/],
    [['python3', 'g++'], /needs npm\n/],
    [[], /needs a C\+\+ compiler .* and npm and python3 with pip\n/],
  ] as const)('only %j is there', async (programs, message) => {
    const scene = createScene(programs)
    const { exitCode, stderr } = await scene.install()
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(message)
    expect(scene.calls().filter((call) => call !== 'pip --version')).toEqual(
      programs.length > 0 && programs.includes('python3' as never) ? [] : [''],
    )
  })

  it('Python has no pip', async () => {
    const { exitCode, stderr } = await createScene().install({ env: { FAILS: 'pip --version' } })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/needs pip for python3\n/)
  })

  it.each([
    ['pip download', 'pip could not fetch tensorflow-cpu==2.15.1', 'PIP_INDEX_URL'],
    ['npm', 'npm could not fetch @tensorflow/tfjs-node-gpu@4.22.0', 'NPM_CONFIG_REGISTRY'],
    ['g++', 'g++ could not compile the binding', ''],
  ])('%s fails, and goes on from there the next time', async (program, message, help) => {
    const scene = createScene()
    const { exitCode, stderr } = await scene.install({ env: { FAILS: program } })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`${message}: ERROR: no luck\n${help}`)
    expect(isTidy(scene)).toBe(true)
    expect(existsSync(join(scene.machine.packages, PACKAGE))).toBe(false)
    scene.calls()
    expect(await scene.install()).toMatchObject({ exitCode: 0 })
    expect(scene.calls().includes('pip download')).toBe(program === 'pip download')
  })

  it.each([
    [
      'pip download',
      "WARNING: Retrying after connection broken by 'NewConnectionError(...)'\nERROR: No matching distribution found",
    ],
    ['npm', 'npm error code ECONNREFUSED\nnpm error A complete log of this run can be found in: x'],
  ])('%s reaches nobody', async (program, says) => {
    const { stderr } = await createScene().install({ env: { FAILS: program, SAYS: says } })
    expect(stderr).toMatch(/^\w+ could not fetch \S+: there is no connection\n/)
  })

  it('a wheel is damaged: it is fetched anew the next time', async () => {
    const scene = createScene()
    scene.write({ [`kept/${WHEEL}`]: 'half a wh' })
    const { exitCode, stderr } = await scene.install()
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/whl could not be unpacked: .*File is not a zip file/)
    expect(await scene.install()).toMatchObject({ exitCode: 0 })
  })

  it('a wheel that was not unpacked is not fetched again', async () => {
    const scene = createScene()
    scene.write({ [`kept/${WHEEL}`]: 'wheel' })
    const { exitCode, stderr } = await scene.install()
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/unpack 615 MB of .*\.whl in /)
    expect(scene.calls()).not.toContain('pip download')
    expect(readdirSync(scene.machine.home)).toEqual(['tensorflow-cpu-2.15.1'])
  })

  it('the packages cannot be written to: nothing is fetched', async () => {
    const scene = createScene()
    // Where nobody makes folders, whatever their rights.
    const { exitCode, stderr } = await scene.install({ machine: { packages: '/sys' } })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^\/sys cannot be written to: \w+/)
    expect(scene.calls()).toEqual(['pip --version'])
  })

  it('what is built does not work', async () => {
    const { exitCode, stderr } = await createScene().install({ env: { UNFIT: '1' } })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      /is built, but tensorflow: does not work; it is not for this processor\n/,
    )
  })
})

describe('interrupted', () => {
  it.each(['pip --version', 'pip download', 'unpack', 'npm', 'g++'])(
    'in %s it ends that, leaves nothing half done, and goes on the next time',
    async (program) => {
      const scene = createScene()
      const stop = new AbortController()
      const isReached = async (): Promise<void> => {
        while (!readFileSync(join(scene.folder, 'log'), 'utf8').includes('pid '))
          await new Promise((resolve) => setTimeout(resolve, 10))
        stop.abort()
      }
      const [result] = await Promise.all([
        scene.install({ env: { HANGS: program }, signal: stop.signal }),
        isReached(),
      ])
      expect(result.exitCode).toBe(130)
      const pid = Number(/^pid (\d+)$/m.exec(scene.calls().join('\n'))![1])
      expect(() => process.kill(pid, 0)).toThrow(/ESRCH/)
      expect(isTidy(scene)).toBe(true)
      expect(existsSync(join(scene.machine.packages, PACKAGE))).toBe(false)
      expect(await scene.install()).toMatchObject({ exitCode: 0 })
      expect(scene.calls().includes('pip download')).toBe(program.startsWith('pip'))
    },
  )

  it('takes away what processes have left that are no more, and leaves those of others alone', async () => {
    const scene = createScene()
    const gone = '.optc-stage-999999999'
    const running = `.optc-stage-${process.ppid}`
    for (const place of ['node_modules', 'kept'])
      scene.write({ [`${place}/${gone}/part`]: '', [`${place}/${running}/part`]: '' })
    await scene.install()
    for (const place of ['node_modules', 'kept']) {
      expect(existsSync(join(scene.folder, place, gone))).toBe(false)
      expect(existsSync(join(scene.folder, place, running, 'part'))).toBe(true)
    }
  })
})

describe('where optc finds its packages', () => {
  it.each([
    ['in a project', 'node_modules/optc-lang', 'node_modules'],
    ['in its own repository', '', 'node_modules'],
    [
      'as an installation for all',
      'lib/node_modules/optc-lang',
      'lib/node_modules/optc-lang/node_modules',
    ],
  ])('%s', (_, root, packages) => {
    const folder = mkdtempSync(join(tmpdir(), 'optc-packages-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    mkdirSync(join(folder, packages, '@tensorflow/tfjs-core'), { recursive: true })
    writeFileSync(join(folder, packages, '@tensorflow/tfjs-core/package.json'), '{}')
    expect(packagesFolder(join(folder, root))).toBe(join(folder, packages))
  })
})

describe('the command line', () => {
  it.each([
    ['doctor tensorflow --install tensorflow', '--install takes no other backends'],
    ['doctor --dry-run', '--dry-run is for --install'],
    ['doctor wasn', 'there is no backend wasn'],
    ['doctor --install wasm', '--install "wasm": it must be tensorflow'],
  ])('refuses `optc %s`', async (line, message) => {
    const { exitCode, stderr } = await createSession().run(line)
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`error: ${message}`)
  })

  it('tries the backends that are named', async () => {
    const { exitCode, stdout } = await createSession().run('doctor cpu wasm')
    expect(exitCode).toBe(0)
    expect(stdout.match(/^\w+: works$/gm)).toEqual(['wasm: works', 'cpu: works'])
  })

  it('says what auto takes', async () => {
    const { exitCode, stdout } = await createSession().run('doctor')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^`--backend auto` takes \w+/m)
  })
})
