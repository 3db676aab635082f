import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { TENSORFLOW_PACKAGES } from '../../../runtime/tensorflow-package.ts'
import { exitCodes, failure, type ExitCode } from '../failure.ts'
import type { Output } from '../output.ts'
import { createProgress } from '../progress.ts'
import type { World } from '../world.ts'
import { install } from './install.ts'
import { thisMachine, type Machine } from './machine.ts'
import { describePlan, planInstallation } from './plan.ts'
import { runProgram, type ProgramResult } from './run-program.ts'

/**
 * `optc doctor --install tensorflow`: says what it fetches, builds what is missing, and tries it in a process of its own, which a
 * library that does not suit the processor ends. Throws a failure for what stands in the way.
 */
export async function installTensorflow(
  world: World,
  output: Output,
  isDryRun: boolean,
  machine: Machine = thisMachine(world),
): Promise<ExitCode> {
  const { signal } = world
  try {
    const isInstalled = TENSORFLOW_PACKAGES.some((name) =>
      existsSync(join(machine.packages, name, 'package.json')),
    )
    if (isInstalled) {
      const tried = await tryIt(machine, world)
      if (tried.exitCode === exitCodes.done) {
        output.print(`it works already; there is nothing to do\n\n${tried.stdout}`)
        return exitCodes.done
      }
    }
    const plan = await planInstallation(machine, signal)
    const lines = describePlan(plan)
    if (isDryRun) {
      output.print(`${lines.join('\n')}\n`)
      return exitCodes.done
    }
    lines.forEach(output.note)
    await install(plan, machine, {
      signal,
      note: output.note,
      measure: (title, total) => createProgress(world, { title, total, unit: 'MB' }),
    })
    const tried = await tryIt(machine, world)
    if (tried.exitCode !== exitCodes.done) {
      const said = tried.lines.find((line) => line.includes('does not work')) ?? tried.lines.at(-1)
      throw failure('failed', `it is built, but ${said ?? 'does not work'}`)
    }
    output.print(tried.stdout)
    return exitCodes.done
  } catch (error) {
    if (!signal.aborted) throw error
    output.note('interrupted; what was fetched whole is kept')
    return exitCodes.interrupted
  }
}

function tryIt(
  { trial: [program, ...arguments_], env }: Machine,
  { cwd, signal }: World,
): Promise<ProgramResult> {
  return runProgram(program, arguments_, { cwd, env, signal })
}
