import { element } from '../draw/svg-element.ts'
import { metricOf, scoreMeasure, valueText } from '../study/measure.ts'
import { escapeText, paragraph, table, tag, type Cell, type Section } from './html.ts'
import type { Frame, Page } from './page.ts'
import { bestRules, configuredText } from './run.ts'
import { canResume, progressText, rulesDone, stateText, type RunStatus } from './run-status.ts'

/** What a served page needs beside itself. */
export interface Served {
  /** What its script sends along with what it posts. */
  readonly token: string
}

/** Where a server has what its pages share. */
export const PATHS = {
  list: '/',
  run: '/run',
  comparison: '/compare',
  script: '/page.js',
  style: '/style.css',
  events: '/events',
  resume: '/resume',
  end: '/end',
} as const

/** The address of a run's page. */
export function runPath(name: string): string {
  return `${PATHS.run}?${new URLSearchParams({ name }).toString()}`
}

/** What stands around every page that refreshes itself, with `bar` on top. */
export function watchedFrame(bar: string, { token }: Served): Frame {
  return {
    head: [
      element('link', { rel: 'stylesheet', href: PATHS.style }),
      // Without one, browsers ask for it and complain.
      element('link', { rel: 'icon', href: 'data:,' }),
      element('meta', { name: 'optc-token', content: token }),
      tag('script', { src: PATHS.script, defer: 'defer' }),
    ].join('\n'),
    bar: tag(
      'div',
      { class: 'live', id: 'live', role: 'status' },
      bar,
      tag('span', { class: 'fresh', id: 'fresh' }, ''),
    ),
  }
}

/** The line above the report of a run: how it stands, and what can be done about it. */
export function runBar(status: RunStatus, isAlone: boolean): string {
  return [
    ...(isAlone ? [] : [tag('a', { href: PATHS.list }, 'All runs')]),
    stateMark(status),
    tag('span', { class: 'progress' }, escapeText(progressText(status))),
    ...actionsOn(status),
  ].join('\n')
}

/** The line above the pages of several runs. */
export function listBar(statuses: readonly RunStatus[], isList: boolean): string {
  const running = statuses.filter(({ state }) => state.kind === 'running').length
  return [
    ...(isList ? [] : [tag('a', { href: PATHS.list }, 'All runs')]),
    tag(
      'span',
      { class: `state ${running > 0 ? 'running' : 'ended'}` },
      `${running} of ${statuses.length} running`,
    ),
  ].join('\n')
}

function stateMark({ state }: RunStatus): string {
  return tag('span', { class: `state ${state.kind}` }, escapeText(stateText(state)))
}

function actionsOn({ name, state, resumeCommand, failure, canEnd }: RunStatus): readonly string[] {
  const button = (path: string, ...content: readonly string[]): string =>
    tag('button', { type: 'button', 'data-post': path, 'data-name': name }, ...content)
  return [
    ...(canResume(state)
      ? [button(PATHS.resume, 'Go on: ', tag('code', {}, escapeText(resumeCommand)))]
      : []),
    ...(canEnd ? [button(PATHS.end, 'End it (it can go on later)')] : []),
    ...(failure === undefined
      ? []
      : [tag('p', { class: 'warning' }, escapeText(`It could not go on: ${failure}`))]),
  ]
}

/** All runs, to be opened, compared and resumed. */
export function runList(statuses: readonly RunStatus[], places: readonly string[]): Page {
  const section: Section = {
    id: 'runs',
    title: 'Runs',
    body:
      statuses.length === 0
        ? paragraph(
            `There is no run of optc evolve in ${places.join(', ')} yet; one that begins appears here.`,
          )
        : tag(
            'form',
            { action: PATHS.comparison, method: 'get' },
            runTable(statuses),
            statuses.length > 1
              ? tag('button', { type: 'submit' }, 'Compare those that are chosen')
              : '',
          ),
  }
  return {
    title: 'optc evolve: runs',
    top: tag(
      'header',
      {},
      tag('p', { class: 'kicker' }, 'optc evolve'),
      tag('h1', {}, 'Searches for optimizers'),
      tag('p', { class: 'lead' }, escapeText(places.join(', '))),
    ),
    sections: [section],
    maker: 'optc report --watch',
    source: 'the journals of the runs',
  }
}

function runTable(statuses: readonly RunStatus[]): string {
  const rows = statuses.map((status): readonly Cell[] => {
    const { name, run } = status
    const box = element('input', {
      ...{ type: 'checkbox', name: 'name', value: name, 'aria-label': `compare ${name}` },
    })
    const link = tag('a', { href: runPath(name) }, escapeText(name))
    return [
      { markup: `${run === undefined ? '' : box} ${run === undefined ? escapeText(name) : link}` },
      { markup: [stateMark(status), ...actionsOn(status)].join(' ') },
      run === undefined ? '–' : configuredText(run, 'task'),
      { markup: run === undefined ? '–' : progressCell(status) },
      bestText(status),
    ]
  })
  return table(
    [
      { title: 'Run' },
      { title: 'State' },
      { title: 'Task' },
      { title: 'Progress' },
      { title: 'Best score', isNumber: true },
    ],
    rows,
  )
}

function progressCell(status: RunStatus): string {
  const { done, total } = rulesDone(status.run!)
  return [
    tag('progress', { value: done, max: Math.max(total, 1), 'aria-label': 'rules judged' }),
    tag('small', {}, escapeText(progressText(status))),
  ].join(' ')
}

function bestText({ run }: RunStatus): string {
  if (run === undefined) return '–'
  const [best] = bestRules(run, 1)
  return valueText(best?.score, scoreMeasure(run.works, metricOf(run.configuration)))
}

/** A page that says why there is nothing else. */
export function noticePage(title: string, text: string): Page {
  return {
    title: `optc evolve: ${title}`,
    top: tag('header', {}, tag('h1', {}, escapeText(title)), paragraph(text)),
    sections: [],
    maker: 'optc report --watch',
    source: 'the journals of the runs',
  }
}

/** What pages that refresh themselves have beside the styles of every report. */
export const WATCHED_STYLE = `
.live {
  position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1.1rem;
  margin: -3rem 0 2rem; padding: .6rem 0; background: var(--ground); border-bottom: 1px solid var(--line);
  box-shadow: 0 0 0 100vmax var(--ground); clip-path: inset(0 -100vmax);
}
.live::after { content: ''; position: absolute; bottom: -1px; left: -100vmax; right: -100vmax; border-bottom: 1px solid var(--line); }
html { overflow-x: clip; }
.live, .live button, form button, td button { font: .86rem/1.4 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif; }
.live .progress { color: var(--quiet); }
.live .warning { flex-basis: 100%; margin: 0; }
.fresh { margin-left: auto; color: var(--quiet); }
.state { font-weight: 600; white-space: nowrap; }
.state::before { content: ''; display: inline-block; width: .6em; height: .6em; margin-right: .5em; border-radius: 50%; background: var(--quiet); }
.state.running::before { background: #009e73; animation: beat 2s ease-in-out infinite; }
.state.ended::before { background: #0072b2; }
.state.interrupted::before, .state.killed::before { background: #d55e00; }
.state.damaged { white-space: normal; } .state.damaged::before { background: #c4569b; }
@keyframes beat { 50% { opacity: .25; } }
@media (prefers-reduced-motion: reduce) { .state.running::before { animation: none; } }
button { padding: .25rem .8rem; border: 1px solid var(--line); border-radius: 6px; color: var(--ink); background: var(--raised); cursor: pointer; }
button:hover:not(:disabled) { border-color: var(--accent); }
button:disabled { opacity: .6; cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
section { scroll-margin-top: 3.5rem; } .rule { scroll-margin-top: 4rem; }
progress { width: 6rem; height: .6rem; margin-right: .6em; accent-color: var(--accent); vertical-align: baseline; }
#runs table { width: 100%; } #runs td { vertical-align: baseline; } #runs td small { margin: 0; }
#runs td:first-child { white-space: nowrap; }
.away .state::before { background: var(--quiet); animation: none; }
button code { overflow-wrap: normal; white-space: nowrap; }
@media screen and (max-width: 46rem) { #runs td { flex-wrap: wrap; gap: .2rem 1rem; } .live { margin: -1.5rem 0 1.5rem; } .fresh { margin-left: 0; } }
@media print { .live { display: none; } }
`
