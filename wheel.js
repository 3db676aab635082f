// Builds the wheel for Python: `npm run wheel`, or `node wheel.js FOLDER` for another place than .cache/wheel. It holds the
// modules of src/python and, under optc/node, what `npm run build` makes, the standard library and, since pip cannot install them, the
// packages that training needs. $PYTHON names a Python with pip.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { layTrainingPackages } from './build/training-packages.js'

const SOURCE = 'src/python'
const STAGE = '.cache/wheel-stage'
const [out = '.cache/wheel'] = process.argv.slice(2)

const { name, version, license, type, imports, files, peerDependencies, devDependencies } =
  JSON.parse(readFileSync('package.json', 'utf8'))

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
// Commands tell and write down which versions of other packages belong to this one.
const kept = { name, version, license, type, imports, peerDependencies, devDependencies }
writeFileSync(join(packaged, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`)
await layTrainingPackages(join(packaged, 'node_modules'))
cpSync('LICENSE', join(STAGE, 'LICENSE'))

mkdirSync(out, { recursive: true })
execFileSync(
  process.env.PYTHON ?? 'python3',
  ['-m', 'pip', 'wheel', '--no-deps', '--quiet', '--wheel-dir', out, STAGE],
  { stdio: 'inherit', env: { ...process.env, OPTC_VERSION: version } },
)
