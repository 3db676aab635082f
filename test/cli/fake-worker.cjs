// Keeps to the messages of workers without judging anything: the text of a rule says what to do, and the setup's data
// how to start. The folder `cwd` is shared by all processes of a pool.
const { appendFileSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

let folder = ''
const note = (line) => appendFileSync(join(folder, 'log'), `${line}\n`)
const notes = () => readFileSync(join(folder, 'log'), 'utf8').split('\n')
const count = (line) => notes().filter((other) => other === line).length
const forever = () => {
  for (;;);
}

const starts = {
  well: () => process.send({ kind: 'ready', backend: 'fake' }),
  'settling what auto means': ({ backend }) => {
    note(`asked for ${backend}`)
    process.send({ kind: 'ready', backend: backend === 'auto' ? 'fake' : backend })
  },
  'another each time': () => process.send({ kind: 'ready', backend: `fake ${count('start')}` }),
  unusable: () => process.send({ kind: 'unusable', reason: 'there is no data' }),
  garbled: () => process.send({ kind: 'Ready' }),
  silent: forever,
  ends: () => {
    console.error('no such library')
    process.exit(1)
  },
  'well once': () => (count('start') === 1 ? starts.well() : starts.ends()),
  'well every other time': () => (count('start') % 2 === 1 ? starts.well() : starts.ends()),
}

const rules = {
  good: () => ({ score: 0.5 }),
  'counts threads': () => ({
    score: ['OMP_NUM_THREADS', 'TF_NUM_INTEROP_THREADS', 'TF_NUM_INTRAOP_THREADS']
      .map((name) => Number(process.env[name]))
      .reduce((sum, threads) => sum + threads),
  }),
  hangs: forever,
  exits: () => process.exit(0),
  'is killed': () => process.kill(process.pid, 'SIGKILL'),
  'exits once': () => (count('begin exits once') === 1 ? process.exit(1) : { score: 0.25 }),
  'grows arrays': () => {
    const kept = []
    setInterval(() => kept.push(new Uint8Array(16 * 2 ** 20).fill(1)), 1)
    return new Promise(() => undefined)
  },
  'leaves arrays': () => {
    globalThis.kept = new Uint8Array(100 * 2 ** 20).fill(1)
    return { score: 0.5 }
  },
  'grows its heap': () => {
    for (const kept = []; ;) kept.push({ kept: [kept.length] })
  },
  'is not a number': () => ({ score: NaN }),
  throws: () => {
    throw new Error('no such kernel')
  },
  'meets another': () =>
    new Promise((resolve) => {
      const look = () => count('begin meets another') === 2 && resolve({ score: 0.5 })
      setInterval(look, 5)
    }),
}

process.on('message', async ({ kind, id, request, setup }) => {
  if (kind === 'setup') {
    folder = setup.cwd
    note('start')
    return starts[setup.data](setup)
  }
  const { source, seed, surrogate } = request
  const name = source.text.replace(/ \d+$/, '')
  note(`begin ${source.text}`)
  try {
    const result = await rules[name]()
    note(`end ${source.text}`)
    process.send({
      kind: 'judged',
      id,
      fitness: { surrogate, seed, steps: process.pid, ...result },
    })
  } catch (error) {
    process.send({ kind: 'threw', id, reason: error.message })
  }
})
process.on('disconnect', () => process.exit(0))
