import { Worker } from 'node:worker_threads'

/** How often it is looked whether the parent is there, in milliseconds. */
const INTERVAL = 200

/** What the thread runs. A process whose parent ends gets another; on Windows it keeps the number of one that is gone. */
const WATCH = `
const parent = require('node:worker_threads').workerData
const isThere = () => {
  if (process.ppid !== parent) return false
  try {
    process.kill(parent, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
setInterval(() => {
  if (!isThere()) process.kill(process.pid, 'SIGKILL')
}, ${INTERVAL})
`

/**
 * Ends this process when the one that started it is gone, however that ended: from a thread of its own, since a rule may
 * keep this one busy for ever. Does not keep the process alive.
 */
export function endWithParent(): void {
  const watch = new Worker(WATCH, {
    eval: true,
    // Asked here: the parent may be gone when the thread begins.
    workerData: process.ppid,
    // Those of the process are meant for its rules.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  })
  watch.unref()
}
