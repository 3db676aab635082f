import { resolve } from 'node:path'
import { nearest } from '../../../diagnostics/suggest.ts'
import type { z } from 'zod'
import type { Invocation } from '../command.ts'
import { exitCodes, failure } from '../failure.ts'
import { createSources } from '../sources.ts'
import { baselinesSchema, baselinesStudy, newBaselines } from '../studying/baselines.ts'
import { integritySchema, integrityStudy, newIntegrity } from '../studying/integrity.ts'
import {
  runStudy,
  studyMinutes,
  type Study,
  type StudyConfiguration,
} from '../studying/run-study.ts'
import {
  checkedConfiguration,
  readStudy,
  studyPlace,
  type StudyPlace,
} from '../studying/study-folder.ts'
import {
  CHOICES_OF,
  refuseBesideResume,
  refuseForeign,
  type StudyChoices,
} from '../studying/study-options.ts'
import { newSurrogates, surrogatesSchema, surrogatesStudy } from '../studying/surrogates.ts'

const KINDS = Object.keys(CHOICES_OF)

/** `optc study`. */
export async function run(invocation: Invocation<StudyChoices>): Promise<number> {
  const { operands, options, given, world, output } = invocation
  const { resume, out, seed } = options
  const begun = resume === undefined ? undefined : placeOf(resume, invocation)
  const read = begun && readStudy(begun, KINDS)
  const [named, ...paths] = operands
  const what = read?.what ?? named
  if (what === undefined || !KINDS.includes(what)) throw noSuchStudy(what)
  if (read !== undefined) {
    if (named !== undefined && named !== what)
      throw failure('usage', `${resume} is a study of ${what}, not of ${named}`)
    refuseBesideResume(given, paths)
  }
  refuseForeign(what, given)
  const place = begun ?? placeOf(out ?? `study-${what}-${seed}`, invocation)
  const sources = createSources(world.cwd)

  /** Begins a study of one kind or goes on with it. */
  const carryOut = async <Configuration extends StudyConfiguration, Result>(
    study: Study<Configuration, Result>,
    schema: z.ZodType<Configuration>,
    begin: () => Promise<Configuration | undefined>,
    minutes: number,
  ): Promise<number> => {
    const configuration =
      read === undefined ? await begin() : checkedConfiguration(read.configuration, schema, place)
    if (configuration === undefined) return exitCodes.failed
    const { workers, data } = options
    const isNew = read === undefined
    return runStudy(study, configuration, { place, isNew, workers, data, minutes, world, output })
  }
  switch (what) {
    case 'surrogate':
      return carryOut(
        surrogatesStudy,
        surrogatesSchema,
        () => newSurrogates(paths, options, world, sources, output),
        studyMinutes(options.budget),
      )
    case 'baselines':
      return carryOut(
        baselinesStudy(sources),
        baselinesSchema,
        () => newBaselines(paths, options, world, sources, output),
        studyMinutes(options.budget),
      )
    default:
      if (paths.length > 0)
        throw failure('usage', 'searches begin with random rules', `leave ${paths[0]} out`)
      if (read !== undefined && given.has('budget'))
        throw failure(
          'usage',
          'each search has the budget that the study was begun with',
          'leave --budget out',
        )
      // The searches share the budget out.
      return carryOut(
        integrityStudy(sources),
        integritySchema,
        () => newIntegrity(options, world, sources),
        Infinity,
      )
  }
}

const placeOf = (shown: string, { world }: Invocation<StudyChoices>): StudyPlace =>
  studyPlace(resolve(world.cwd, shown), shown, 'optc study')

function noSuchStudy(what: string | undefined): Error {
  const meant = what === undefined ? undefined : nearest(what, KINDS)
  return failure(
    'usage',
    what === undefined ? 'say which study' : `there is no study ${what}`,
    meant === undefined ? `there is ${KINDS.join(', ')}` : `did you mean ${meant}?`,
  )
}
