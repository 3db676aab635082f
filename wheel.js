// Builds the wheel for Python: `npm run wheel`, or `node wheel.js FOLDER` for another place than .cache/wheel. It holds the
// modules of src/python and, under optc/node, what `npm run build` makes and the standard library. $PYTHON names a Python with pip.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SOURCE = 'src/python'
const STAGE = '.cache/wheel-stage'
const [out = '.cache/wheel'] = process.argv.slice(2)

const { name, version, type, imports, files } = JSON.parse(readFileSync('package.json', 'utf8'))

rmSync(STAGE, { recursive: true, force: true })
cpSync(SOURCE, STAGE, { recursive: true, filter: (path) => !path.includes('__pycache__') })

const packaged = join(STAGE, 'optc/node')
const left = files.filter((each) => each.startsWith('!')).map((each) => each.slice(1))
/** Declarations are for TypeScript; the rest of what npm gets comes along. */
const isLeftOut = (path) =>
  path.startsWith(join('dist', 'types')) ||
  left.some((glob) => path.endsWith(glob.replace(/^.*\*/, '')))
for (const folder of files.filter((each) => !each.startsWith('!')))
  cpSync(folder, join(packaged, folder), { recursive: true, filter: (path) => !isLeftOut(path) })
writeFileSync(
  join(packaged, 'package.json'),
  `${JSON.stringify({ name, version, type, imports }, null, 2)}\n`,
)

mkdirSync(out, { recursive: true })
execFileSync(
  process.env.PYTHON ?? 'python3',
  ['-m', 'pip', 'wheel', '--no-deps', '--quiet', '--wheel-dir', out, STAGE],
  { stdio: 'inherit', env: { ...process.env, OPTC_VERSION: version } },
)
