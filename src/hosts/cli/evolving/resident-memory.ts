import { readdir, readFile } from 'node:fs/promises'

/**
 * Mebibytes of memory that a process and those it has started really take, tensors and compiled code included; undefined when it
 * is gone, and on systems other than Linux, which have no file that tells.
 */
export async function residentMemory(pid: number): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(status) ?? []
    if (kibibytes === undefined) return undefined
    const others = await Promise.all((await childrenOf(pid)).map(residentMemory))
    return others.reduce<number>((sum, each) => sum + (each ?? 0), Number(kibibytes) / 1024)
  } catch {
    return undefined
  }
}

/** The processes that a process has started; none where the system does not tell. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`)
  const lists = await Promise.all(
    threads.map((thread) =>
      readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''),
    ),
  )
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number))
}
