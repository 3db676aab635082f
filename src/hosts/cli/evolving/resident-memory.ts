import { readFile } from 'node:fs/promises'

/**
 * Mebibytes of memory that a process really takes, tensors and compiled code included; undefined when it is gone, and on
 * systems other than Linux, which have no file that tells.
 */
export async function residentMemory(pid: number): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(status) ?? []
    return kibibytes === undefined ? undefined : Number(kibibytes) / 1024
  } catch {
    return undefined
  }
}
