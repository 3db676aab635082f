import { z } from 'zod'
import { placesOf, surrogatesOf, type Place, type Protocol, type Surrogate } from './protocol.ts'

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
      .array(
        z.strictObject({
          surrogate,
          entrants: count,
          seeds: count,
          task: name.exactOptional(),
        }),
      )
      .min(1)
      .readonly(),
    finals: z
      .array(
        z.strictObject({
          stage: name,
          task: name,
          surrogate,
          isSupplement: z.boolean().exactOptional(),
        }),
      )
      .readonly()
      .exactOptional(),
  })
  .superRefine((value, context) => {
    const { evolution, ladder, finals = [] } = value
    const within = (list: string) => (place: Place, index: number) => ({
      path: [list, index, 'surrogate', 'name'],
      ...place,
    })
    const named = [
      { path: ['evolution', 'name'], surrogate: evolution },
      ...ladder.map(within('ladder')),
      ...finals.map(within('finals')),
    ]
    for (const { path, surrogate: later, task } of named) {
      const first = placesOf(value).find((other) => other.surrogate.name === later.name)!
      const isOther = JSON.stringify(first.surrogate) !== JSON.stringify(later)
      if (isOther || first.task !== task)
        context.addIssue({
          code: 'custom',
          path,
          message: isOther
            ? `two different surrogates are called ${later.name}`
            : `${later.name} is trained on two tasks: each needs a surrogate with a name of its own`,
        })
    }
    for (const [index, { task }] of finals.entries())
      if (finals.findIndex((other) => other.task === task) < index)
        context.addIssue({
          code: 'custom',
          path: ['finals', index, 'task'],
          message: `${task} is there twice`,
        })
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
      ...(data.finals && {
        finals: data.finals.map((each) => ({ ...each, surrogate: only(each.surrogate) })),
      }),
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
