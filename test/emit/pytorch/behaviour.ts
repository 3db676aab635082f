import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { printPyTorch } from '../../../src/emit/pytorch/print.ts'
import { library } from '../../stdlib/library.ts'

/** The script that tries what emitted optimizers do beside arithmetic. */
export const BEHAVIOUR = fileURLToPath(new URL('./check_behaviour.py', import.meta.url))

/** Writes the modules that the script uses. */
export async function writeUsed(folder: string): Promise<void> {
  const used = 'adam muon prodigy schedule_free_adamw schedules sgd sgld'.split(' ')
  for (const name of used) {
    const { programs, functions } = library(name)
    const [module] = await printPyTorch(programs, functions, { name })
    writeFileSync(join(folder, module!.path), module!.text)
  }
}
