import { targetCatalog } from '../diagnostics/catalog/target.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Program } from '../ir/graph.ts'
import type { LoweredModule } from '../ir/lowering/lower.ts'
import { featureNames, features } from './features.ts'
import type { Place } from './place.ts'
import type { Target } from './target.ts'
import { targets } from './targets.ts'

type Support = Pick<Target, 'name' | 'supports'>

/** A file's programs, and what they are lowered from, in the same order. */
export interface Printable {
  readonly programs: readonly Program[]
  readonly checked: { readonly lowered: Pick<LoweredModule, 'optimizers'> }
}

const CODE = 'not-on-target'

/**
 * Why a target cannot print the programs: an error for each feature that one of them asks for and the target does not support,
 * at the first place that does. Targets print programs without any. `all`: the targets that may be named instead.
 */
export function unsupportedBy(
  { name, supports }: Support,
  { programs, checked }: Printable,
  all: readonly Support[] = Object.values(targets),
): readonly Diagnostic[] {
  return programs.flatMap((program, at) => {
    const missing = featureNames.filter(
      (feature) => !supports.includes(feature) && features[feature].isUsedBy(program),
    )
    const able = all.filter((other) => missing.every((each) => other.supports.includes(each)))
    const help =
      able.length === 0
        ? 'no target can'
        : `targets that can: ${able.map((other) => other.name).join(', ')}`
    const optimizer = checked.lowered.optimizers[at]!
    return missing.map((feature): Diagnostic => {
      const { path, span, inside }: Place = features[feature].placeIn(optimizer) ?? {
        path: optimizer.body.path,
        span: optimizer.optimizer.declaration?.name.span ?? { start: 0, end: 0 },
      }
      return {
        code: CODE,
        severity: targetCatalog[CODE].severity,
        path,
        span,
        message: `\`${program.name}\` needs ${features[feature].name}, which the target \`${name}\` does not have`,
        label: 'needed from here on',
        help,
        ...(inside && { related: [inside] }),
      }
    })
  })
}
