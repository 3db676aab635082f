import type { PythonHost } from './host.ts'

/** The process of a task, started when it is first needed, and again where it has ended. */
export interface Hosts {
  /** Keeps it until `release` is called, also while nothing is asked of it. */
  readonly keep: () => Promise<{ readonly host: PythonHost; readonly release: () => void }>
  /** Keeps it until `work` is done. */
  readonly use: <T>(work: (host: PythonHost) => Promise<T>) => Promise<T>
}

/** How long a process is kept for which there is nothing to do, in milliseconds. */
const IDLE = 5_000

/** Hosts that `start` starts. */
export function hostsOf(start: () => Promise<PythonHost>): Hosts {
  let current: Promise<PythonHost> | undefined
  let kept = 0
  let timer: NodeJS.Timeout | undefined
  const rest = (): void => {
    kept -= 1
    if (kept > 0) return
    const end = (): void => {
      current?.then(
        (host) => host.end(),
        () => undefined,
      )
      current = undefined
    }
    timer = setTimeout(end, IDLE).unref()
  }
  const keep: Hosts['keep'] = async () => {
    kept += 1
    clearTimeout(timer)
    try {
      if (current !== undefined && (await current).isGone()) current = undefined
      current ??= start()
      return { host: await current, release: rest }
    } catch (error) {
      current = undefined
      rest()
      throw error
    }
  }
  return {
    keep,
    use: async (work) => {
      const { host, release } = await keep()
      return work(host).finally(release)
    },
  }
}
