// The licences of what is bundled, which have to come along with it.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What packages call such files; those of what they bundle themselves among them. */
const NOTICE = /^(licen[cs]e|notice|copying|third-?party-?notice)/i

/** Packages that others bundle, by those. */
const INSIDE = {
  'node_modules/@ts-morph/common': 'node_modules/typescript',
  'node_modules/@tensorflow/tfjs-core': 'node_modules/long',
}

/** One text for all packages that went into the results of esbuild, which has to have been asked for a `metafile`. */
export function noticesOf(results) {
  const folders = new Set(
    results.flatMap(({ metafile }) => Object.keys(metafile.inputs)).flatMap(packageFolder),
  )
  for (const [folder, inside] of Object.entries(INSIDE))
    if (folders.has(folder)) folders.add(inside)
  return [...folders]
    .sort()
    .map(noticeOf)
    .join(`\n${'='.repeat(80)}\n\n`)
}

/** The folder of the package that a module belongs to; none for one of ours. */
function packageFolder(path) {
  const [folder] =
    /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.replace(/^[\w-]+:/, '')) ?? []
  return folder === undefined ? [] : [folder]
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = readdirSync(folder).filter((file) => NOTICE.test(file))
  if (files.length === 0 && license === undefined)
    throw new Error(`${folder} says nowhere what its licence is`)
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim())
  return [`${name} ${version} (${license})`, ...texts].join('\n\n') + '\n'
}
