import { z } from 'zod'
import { DATA_SOURCES, findDataSource, loadData } from '../../../data-set.ts'
import { dataFilePath } from '../../../data-file.ts'
import type { DataKind } from '../data-kind.ts'
import { imageData } from '../image-parts.ts'

export interface KnownSetSpec {
  readonly kind: 'set'
  readonly name: string
}

export const knownSet: DataKind<KnownSetSpec> = {
  summary: 'a data set that `optc data` lists, from where it usually is or from --data DIR',
  schema: z.strictObject({
    kind: z.literal('set'),
    name: z.enum(DATA_SOURCES.map(({ name }) => name)),
  }),
  example: { kind: 'set', name: 'fashion14' },
  prepare: ({ name }, place) => {
    const source = findDataSource(name)!
    const { directory, train, test } = place.valueOf(loadData(source, place.directory))
    for (const file of source.format.files)
      place.digestedFile(`${name}/${file}`, dataFilePath(directory, file))
    return imageData(
      new Map([
        ['train', train],
        ['test', test],
      ]),
      source.classes,
      place,
    )
  },
}
