import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Protocol } from '../tasks/protocol.ts'
import type { FilterStatistics } from '../evolve/filter-report.ts'
import type { Context } from './context.ts'
import { page, type Page } from './page.ts'
import { bestRules, configuredText, type Run } from './run.ts'
import { ablationsSection } from './sections/ablations.ts'
import { bestRulesSection } from './sections/best-rules.ts'
import { configurationSection } from './sections/configuration.ts'
import { correlationsSection } from './sections/correlations.ts'
import { curvesSection } from './sections/curves.ts'
import { familySection } from './sections/family.ts'
import { filtersSection } from './sections/filters.ts'
import { finalTableSection } from './sections/final-table.ts'
import { head } from './sections/head.ts'
import { otherTasksSection } from './sections/other-tasks.ts'
import { progressSection } from './sections/progress.ts'
import { rejectionsSection } from './sections/rejections.ts'
import { showRule } from './shown-rule.ts'
import { writtenFrom } from './written-rule.ts'

/** What a report needs beside the run. */
export interface ReportSurroundings {
  /** Finds what rules import. */
  readonly loader: ModuleLoader
  /** The run's protocol, where it is known: schedules are drawn for its lengths. */
  readonly protocol?: Protocol
  /** What filters before training would have done to the run, where that was measured. */
  readonly filters?: readonly FilterStatistics[]
}

/** How many rules are shown of a search that has no finalists yet. */
const BEST_SO_FAR = 3

/**
 * A search as one HTML page that needs nothing else: no scripts, fonts or pictures from elsewhere. It is well-formed XML
 * too. Equal runs give equal pages.
 */
export async function renderReport(run: Run, surroundings: ReportSurroundings): Promise<string> {
  return page(await makeReport(run, surroundings))
}

/** The page of a search, before it is written as HTML. */
export async function makeReport(
  run: Run,
  { loader, protocol, filters }: ReportSurroundings,
): Promise<Page> {
  const from = writtenFrom(run, protocol, loader)
  const best = await Promise.all(bestRules(run, BEST_SO_FAR).map((rule) => showRule(rule, from)))
  const colors = [
    ...best.map(({ name }) => name),
    ...run.finals.filter(({ of }) => of === undefined).map(({ name }) => name),
  ]
  const context: Context = {
    run,
    best,
    protocol,
    filters,
    test: from.test,
    score: from.score,
    colorOf: (name) => colorAt(colors.indexOf(name), best.length),
  }
  const sections = [
    finalTableSection,
    otherTasksSection,
    bestRulesSection,
    progressSection,
    familySection,
    curvesSection,
    ablationsSection,
    correlationsSection,
    rejectionsSection,
    filtersSection,
    configurationSection,
  ].flatMap((make) => make(context) ?? [])
  return {
    title: `optc evolve: ${configuredText(run, 'task')}`,
    top: head(context),
    sections,
    maker: 'optc report',
    source: 'the journal of the run',
  }
}

/** Finalists have the strong colours in turn, baselines all the quiet one. */
function colorAt(index: number, finalists: number): number {
  if (index < 0 || index >= finalists) return 7
  return [1, 0, 2, 3, 4, 5, 6][index % 7]!
}
