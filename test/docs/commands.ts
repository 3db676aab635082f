import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { optionName } from '../../src/hosts/cli/command.ts'
import { commands } from '../../src/hosts/cli/command-table.ts'
import { root } from './pages.ts'

/** What a shell would start: the words of one command, without comments and quotes. */
export type Words = readonly string[]

/** The commands of a text for a shell, in order. Knows comments, quotes, `\` at ends of lines, `&&`, `;` and pipes. */
export function wordsOf(text: string): readonly Words[] {
  const found: string[][] = [[]]
  const pattern = /\\\n|(#[^\n]*)|(\n|&&|\|\||[|;])|(?:'[^']*'|"[^"]*"|[^\s'"|;&\\]|\\.|&(?!&))+/g
  for (const [match, comment, end] of text.matchAll(pattern)) {
    if (match === '\\\n' || comment !== undefined) continue
    if (end !== undefined) found.push([])
    else found.at(-1)!.push(match.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'))
  }
  return found.filter((words) => words.length > 0)
}

/** The words behind `optc` where a command runs that: by itself, through npx, or as a module of Python. */
export function ofOptc(words: Words): Words | undefined {
  const [program, ...rest] = words
  if (program === 'optc') return rest
  if (/^python3?$/.test(program ?? '') && rest[0] === '-m' && rest[1] === 'optc')
    return rest.slice(2)
  if (program !== 'npx') return undefined
  const [called, ...more] = rest.filter((word) => !/^--package=/.test(word))
  return called === 'optc' ? more : undefined
}

const scripts = (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>
  }
).scripts

/** Programs of others, whose options are not looked at. */
const OTHERS = ['cd', 'code', 'echo', 'git', 'hx', 'hyperfine', 'nvim']

/**
 * What is wrong with a command in documentation: a command, an option, a script or a file that is not there. Words in capitals are to be
 * replaced by the reader.
 */
export function problemOf(words: Words): string | undefined {
  const called = ofOptc(words)
  if (called !== undefined) return problemOfOptc(called)
  const [program = '', ...rest] = words.filter((word) => !/^[A-Z_]+=/.test(word))
  if (program === '') return undefined
  const files = rest.filter((word) => /^[\w.-]+\/[\w./-]*$/.test(word) && !/[A-Z]{2}/.test(word))
  const missing = files.find((file) => !existsSync(join(root, file)))
  if (program === 'npm') return problemOfNpm(rest)
  if (program === 'npx' && ['prettier', 'tsc', 'vitest', 'eslint'].includes(rest[0] ?? ''))
    return missing === undefined ? undefined : `${missing} is not there`
  if (['node', 'python3'].includes(program) || /\.py$/.test(program))
    return missing === undefined ? undefined : `${missing} is not there`
  return OTHERS.includes(program) ? undefined : `${program} is not known`
}

function problemOfNpm([command = '', script = '']: Words): string | undefined {
  if (command === 'run') return script in scripts ? undefined : `there is no script ${script}`
  return ['ci', 'install', 'pack', 'test'].includes(command) ? undefined : `npm ${command}?`
}

function problemOfOptc([name = '', ...rest]: Words): string | undefined {
  if (/^(--version|--help|[A-Z]+|help)$/.test(name) || name === '') return undefined
  const row = commands.find((other) => other.name === name)
  if (row === undefined) return `there is no command ${name}`
  const known = new Set([...Object.keys(row.options).map(optionName), '--help'])
  const unknown = rest
    .map((word) => word.split('=')[0]!)
    .find((word) => {
      return word.startsWith('-') && !known.has(word) && !/^-?$/.test(word)
    })
  return unknown === undefined ? undefined : `optc ${name} has no ${unknown}`
}
