import { readBlocks } from '../../src/reference/markdown/blocks.ts'

/** A program on a page, and what the page says of it. */
export interface Example {
  readonly text: string
  /** The codes it is to be reported with; none where it is right. */
  readonly codes: readonly string[]
  /** The library file that it is a part of. */
  readonly from: string | undefined
  /** Whether it is no program by itself, and says so. */
  readonly isPart: boolean
}

/** The programs on a page. */
export function examplesOn(markdown: string): readonly Example[] {
  return readBlocks(markdown).flatMap((block) => {
    if (block.kind !== 'code') return []
    const [language, ...settings] = block.info.split(',')
    if (language !== 'opt') return []
    const valueOf = (key: string): string | undefined =>
      settings.find((setting) => setting.startsWith(`${key}=`))?.slice(key.length + 1)
    return [
      {
        text: `${block.text}\n`,
        codes: valueOf('error')?.split('+') ?? [],
        from: valueOf('from'),
        isPart: settings.includes('part'),
      },
    ]
  })
}
