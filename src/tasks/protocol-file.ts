import { z } from 'zod'
import { surrogatesOf, type Protocol, type Surrogate } from './protocol.ts'

const name = z.string().min(1)
const count = z.int().min(1)
const steps = z.int().min(0)
const accuracy = z.number().min(0).max(1)

const stop = z.strictObject({ afterEpoch: count, below: accuracy })

const probeRound = z.strictObject({
  learningRates: z.array(z.number().positive()).min(1).readonly(),
  epochs: count,
  epochSteps: count.exactOptional(),
  stop,
  failBelow: accuracy,
})

/** Changes of training images as a file says them. */
export const augmentationSchema = z.strictObject({ pad: steps, flip: z.boolean(), cutout: steps })

const surrogate = z
  .strictObject({
    name,
    width: z.union(
      [z.strictObject({ times: z.number().positive() }), z.strictObject({ base: count })],
      { error: 'expected {"times": FACTOR} or {"base": CHANNELS}' },
    ),
    batchSize: count,
    epochSteps: count,
    totalSteps: count,
    warmupSteps: steps,
    holdSteps: steps,
    probe: z.array(probeRound).min(1).readonly(),
    epochs: count,
    stop,
    augmentation: augmentationSchema.exactOptional(),
  })
  .refine(({ warmupSteps, holdSteps, totalSteps }) => warmupSteps + holdSteps <= totalSteps, {
    path: ['totalSteps'],
    error: 'expected at least the steps of warm-up and hold together',
  })
  .refine(({ epochs, epochSteps, totalSteps }) => epochs * epochSteps <= totalSteps, {
    path: ['totalSteps'],
    error: 'expected at least as many steps as a run has, epochs times epochSteps',
  })
  .superRefine(({ probe, epochSteps, totalSteps }, context) => {
    for (const [index, round] of probe.entries())
      if (round.epochs * (round.epochSteps ?? epochSteps) > totalSteps)
        context.addIssue({
          code: 'custom',
          path: ['probe', index, 'epochs'],
          message: 'expected no more steps than totalSteps, epochs times epochSteps',
        })
  })

/** The fields of {@link Protocol} and no others. */
export const protocolSchema = z
  .strictObject({
    name,
    summary: z.string(),
    initial: surrogate,
    evolution: surrogate,
    ladder: z
      .array(z.strictObject({ surrogate, entrants: count, seeds: count }))
      .min(1)
      .readonly(),
  })
  .superRefine((value, context) => {
    const named = [
      { path: ['evolution', 'name'], surrogate: value.evolution },
      ...value.ladder.map((rung, index) => ({
        path: ['ladder', index, 'surrogate', 'name'],
        surrogate: rung.surrogate,
      })),
    ]
    for (const { path, surrogate: later } of named) {
      const first = surrogatesOf(value).find((other) => other.name === later.name)
      if (JSON.stringify(first) !== JSON.stringify(later))
        context.addIssue({
          code: 'custom',
          path,
          message: `two different surrogates are called ${later.name}`,
        })
    }
    for (const [index, { entrants }] of value.ladder.entries())
      if (entrants > (value.ladder[index - 1]?.entrants ?? Infinity))
        context.addIssue({
          code: 'custom',
          path: ['ladder', index, 'entrants'],
          message: 'expected no more than on the rung before',
        })
  })

/** A protocol, or what is wrong with its text: one line for each wrong field, with the field's path. */
export type ReadProtocol =
  { readonly ok: true; readonly value: Protocol } | { readonly ok: false; readonly problem: string }

/**
 * Reads a protocol from JSON, the fields of {@link Protocol} and no others. Surrogates of one name must be equal, and become
 * one object, as in the presets.
 */
export function readProtocol(text: string): ReadProtocol {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return { ok: false, problem: `it is no JSON: ${String(error)}` }
  }
  const { data, error } = protocolSchema.safeParse(json)
  if (error !== undefined)
    return {
      ok: false,
      problem: error.issues.map((issue) => describeIssue(issue, 'the protocol')).join('\n'),
    }
  const shared = new Map(surrogatesOf(data).map((one) => [one.name, one]))
  const only = (one: Surrogate): Surrogate => shared.get(one.name) ?? one
  return {
    ok: true,
    value: {
      ...data,
      initial: only(data.initial),
      evolution: only(data.evolution),
      ladder: data.ladder.map((rung) => ({ ...rung, surrogate: only(rung.surrogate) })),
    },
  }
}

/** `FIELD: what is wrong`, with the field's path; `whole` names what has no path. */
export function describeIssue(
  { path, message }: Pick<z.core.$ZodIssue, 'message'> & { readonly path: readonly PropertyKey[] },
  whole: string,
): string {
  const place = path.reduce<string>(
    (text, key) =>
      typeof key === 'number'
        ? `${text}[${key}]`
        : `${text}${text === '' ? '' : '.'}${String(key)}`,
    '',
  )
  const problem = message
    .replace(/^Invalid (input: |discriminator value\. (?=Expected))/, '')
    .replace(/^Expected/, 'expected')
    .replace(/, received undefined$/, ', but it is missing')
  return `${place === '' ? whole : place}: ${problem}`
}
