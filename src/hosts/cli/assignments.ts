import { value, withDefault, type Option } from './command.ts'

/** Numbers by name. */
export type Assignments = Readonly<Record<string, number>>

/** An option with numbers for names: `lr=0.1,beta1=0.95`. */
export function assignments(summary: string): Option<Assignments | undefined> {
  const parse = (written: string): Assignments => {
    const entries = written.split(',').map((part): [string, number] => {
      const [, name, text] = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(part) ?? []
      const number = Number(text)
      if (name === undefined || text === undefined || Number.isNaN(number))
        throw new Error(
          `\`${part.trim()}\` is not a name, an equals sign and a number, as in lr=0.1`,
        )
      return [name, number]
    })
    const names = entries.map(([name]) => name)
    const repeated = names.find((name, index) => names.indexOf(name) < index)
    if (repeated !== undefined) throw new Error(`${repeated} is set twice`)
    return Object.fromEntries(entries)
  }
  return { ...value('NAME=VALUE,...', summary, parse), holdsSeveral: true }
}

/** The option with a learning rate: a positive number, `auto` to look for a good one, or `default` for the rule's own. */
export function learningRate(): Option<number | 'auto' | 'default'> {
  const option = value(
    'auto|default|VALUE',
    "the learning rate: a search for a good one, the rule's own, or a number",
    (written) => {
      if (written === 'auto' || written === 'default') return written
      const number = Number(written)
      if (!(number > 0 && Number.isFinite(number)))
        throw new Error('it must be auto, default or a positive number')
      return number
    },
  )
  return withDefault<number | 'auto' | 'default'>(option, 'auto')
}
