import { value, type Option } from './command.ts'

/** Variables whose learning rate is a multiple of the others'. */
export interface RateGroup {
  readonly match: RegExp
  readonly times: number
}

/** An option with a pattern of names. */
export function pattern(summary: string): Option<RegExp | undefined> {
  return value('PATTERN', summary, patternOf)
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, 'u')
  } catch {
    throw new Error(`\`${text}\` is no regular expression`)
  }
}

/** An option with multiples of the learning rate for patterns of names: `classes=10,head=3`. */
export function rateGroups(summary: string): Option<readonly RateGroup[] | undefined> {
  const parse = (written: string): readonly RateGroup[] =>
    written.split(',').map((part) => {
      const [, match, text] = /^(.+)=([^=]+)$/.exec(part.trim()) ?? []
      const times = Number(text)
      if (match === undefined || !(times > 0 && Number.isFinite(times)))
        throw new Error(
          `\`${part.trim()}\` is not a pattern, an equals sign and a positive number, as in classes=10`,
        )
      return { match: patternOf(match), times }
    })
  return { ...value('PATTERN=TIMES,...', summary, parse), holdsSeveral: true }
}
