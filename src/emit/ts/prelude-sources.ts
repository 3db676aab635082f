// Written from the files of prelude by `npm run generate`.

/** The name of a piece of the prelude. */
export type PreludeName =
  | 'Evaluation'
  | 'createEvaluation'
  | 'refuseSwapped'
  | 'evaluationWeights'
  | 'trainedVariables'
  | 'registeredVariable'
  | 'withEvaluationWeights'
  | 'Group'
  | 'Match'
  | 'NamedShape'
  | 'checkedGroup'
  | 'restoredMatch'
  | 'savedMatch'
  | 'fits'
  | 'unmatchedBy'
  | 'checkedNotHidden'
  | 'isHidden'
  | 'serializedNotHidden'
  | 'Hyperparameter'
  | 'Limits'
  | 'valueAt'
  | 'checked'
  | 'within'
  | 'isWithin'
  | 'serialized'
  | 'CpuBackend'
  | 'runOnCpu'
  | 'floatTensor'
  | 'valuesOf'
  | 'ownValues'
  | 'floats'
  | 'doubles'
  | 'usableWasm'
  | 'runOnWasm'
  | 'linkedKernel'
  | 'viewsOf'
  | 'wasmModule'
  | 'addressOf'
  | 'ownValuesThere'
  | 'noteChange'
  | 'usableWebgpu'
  | 'runOnWebgpu'
  | 'tableOf'
  | 'workgroups'
  | 'linkedShader'
  | 'bufferOf'
  | 'newTensor'
  | 'copyOf'
  | 'own'
  | 'KernelExtent'
  | 'Values'
  | 'Made'
  | 'KernelSizes'
  | 'KernelParts'
  | 'Kernel'
  | 'KernelCall'
  | 'WasmMemory'
  | 'LinkedKernel'
  | 'WebgpuBuffer'
  | 'WebgpuBackend'
  | 'WebgpuEncoder'
  | 'WebgpuPass'
  | 'LinkedShader'
  | 'countInputs'
  | 'countOutputs'
  | 'asMatrix'
  | 'tensorTrace'
  | 'tensorInverseRoot'
  | 'tensorEigenvectors'
  | 'tensorOrthonormal'
  | 'SideLimit'
  | 'checkSides'
  | 'optionsOf'
  | 'requiredSteps'
  | 'givenSteps'
  | 'Stream'
  | 'dropout'
  | 'dropoutOf'
  | 'normal'
  | 'normalQuantile'
  | 'tailLogarithm'
  | 'horner'
  | 'streamOf'
  | 'streamKey'
  | 'threefry'
  | 'rotate'
  | 'StepRound'
  | 'takeStepInRounds'
  | 'RunNumbers'
  | 'keptNumber'
  | 'readNumbers'
  | 'disposeNumbers'
  | 'createKernel'
  | 'runsKernels'
  | 'KernelStream'
  | 'runKernel'
  | 'shapeOf'
  | 'NamedTensor'
  | 'SavedRun'
  | 'createSavedRun'
  | 'saveRun'
  | 'disposeRun'
  | 'readWeights'
  | 'isGone'
  | 'softplus'
  | 'logOnePlusExp'
  | 'softsign'
  | 'sigmoidDerivative'
  | 'floorModulo'
  | 'clip'
  | 'power'
  | 'States'
  | 'VariableStates'
  | 'createStates'
  | 'bindStates'
  | 'stateOf'
  | 'saveStates'
  | 'restoreStates'
  | 'disposeStates'
  | 'groupStates'
  | 'matchNames'
  | 'isCopy'
  | 'plainName'
  | 'nextStates'
  | 'giveStates'
  | 'forgetDisposed'
  | 'freeStates'
  | 'checkKind'
  | 'StepOptions'
  | 'Steps'
  | 'Gradient'
  | 'createSteps'
  | 'serializedSteps'
  | 'gradientPairs'
  | 'StepRule'
  | 'PrepareStep'
  | 'takeStep'
  | 'preparedFor'
  | 'addsUp'
  | 'readyVariables'
  | 'endStep'
  | 'leavesOut'
  | 'withSums'
  | 'saveSteps'
  | 'restoreSteps'
  | 'disposeSteps'
  | 'tensorPolynomial'
  | 'tensorErf'
  | 'tensorErfc'
  | 'tensorBesselI1e'
  | 'tensorSoftplus'
  | 'tensorLogOnePlusExp'
  | 'tensorAddEpsilon'
  | 'tensorDamp'
  | 'tensorPower'
  | 'tensorModulo'
  | 'tensorSin'
  | 'tensorNorm'
  | 'inputAxes'
  | 'outputAxes'
  | 'spreadAlong'
  | 'tensorSoftsign'
  | 'tensorTanhDerivative'
  | 'tensorSigmoidDerivative'
  | 'tensorClip'
  | 'tensorSign'
  | 'tensorWhere'
  | 'tensorMaximum'
  | 'tensorMinimum'
  | 'zeroLike'
  | 'tensorLog1p'
  | 'tensorLogAbs'
  | 'Updates'
  | 'updatesState'
  | 'updatesOf'
  | 'countUpdate'
  | 'eigenvectorMatrix'
  | 'inverseRootMatrix'
  | 'orthonormalColumns'
  | 'makeReflection'
  | 'reflect'
  | 'Eigenpairs'
  | 'symmetricEigen'
  | 'unitOf'
  | 'reduceToTridiagonal'
  | 'reflectBothSides'
  | 'accumulateReflections'
  | 'diagonalize'
  | 'sweep'
  | 'turnColumns'
  | 'sortedPairs'
  | 'besselI1e'
  | 'erf'
  | 'erfc'
  | 'polynomial'

/** A function or type of the prelude: its text, the others it uses, and whether it needs tfjs. */
export interface PreludePiece {
  readonly text: string
  readonly uses: readonly PreludeName[]
  readonly usesTensors: boolean
  readonly isType?: true
}

/** The prelude of emitted TypeScript: each piece by its name. */
export const preludeSources: Readonly<Record<PreludeName, PreludePiece>> = {
  Evaluation: {
    text: "/** What an optimizer knows of the weights to evaluate with. */\ninterface Evaluation<Name extends string> {\n  readonly optimizer: { readonly iterations: number }\n  readonly steps: Steps<Name>\n  /** What these weights are under the hyperparameters of a group, for a variable that has made a step. */\n  readonly prepare: (\n    group: Partial<Record<Name, Hyperparameter>>,\n    place: number,\n  ) => (w: tf.Variable) => tf.Tensor\n  /** Whether a variable has states from its first step on. */\n  readonly keepsStates: (w: tf.Variable) => boolean\n  /** Whether they stand in the place of the weights. */\n  isSwapped: boolean\n}",
    uses: ['Hyperparameter', 'Steps'],
    usesTensors: true,
    isType: true,
  },
  createEvaluation: {
    text: "/** The same for an optimizer that has not been evaluated. */\nfunction createEvaluation<Name extends string>(\n  optimizer: Evaluation<Name>['optimizer'],\n  steps: Steps<Name>,\n  prepare: Evaluation<Name>['prepare'],\n  keepsStates: Evaluation<Name>['keepsStates'] = () => true,\n): Evaluation<Name> {\n  return { optimizer, steps, prepare, keepsStates, isSwapped: false }\n}",
    uses: ['Evaluation', 'Steps'],
    usesTensors: false,
  },
  refuseSwapped: {
    text: "/** Throws an Error while the weights to evaluate with stand in the place of the weights. */\nfunction refuseSwapped({ isSwapped }: Pick<Evaluation<string>, 'isSwapped'>): void {\n  if (isSwapped) {\n    throw new Error(\n      'the weights to evaluate with are in place: take steps and ask for them outside of withEvaluationWeights',\n    )\n  }\n}",
    uses: ['Evaluation'],
    usesTensors: false,
  },
  evaluationWeights: {
    text: "/**\n * The weights to evaluate with, a new tensor for each variable: of the given ones, or of all that have been trained. A variable\n * without a step so far has its own value.\n */\nfunction evaluationWeights<Name extends string>(\n  evaluation: Evaluation<Name>,\n  given?: readonly { name: string }[],\n): NamedTensor[] {\n  refuseSwapped(evaluation)\n  const { optimizer, steps, prepare, keepsStates } = evaluation\n  const { groups, seen, states } = steps\n  const pairs = given === undefined ? trainedVariables(steps) : given.map(registeredVariable)\n  bindStates(states, pairs)\n  const own: Partial<Record<Name, Hyperparameter>> = {}\n  const rules = optimizer.iterations > 0 ? [own, ...groups].map(prepare) : []\n  const names = new Set([...seen.keys(), ...pairs.map(({ w }) => w.name)])\n  // A variable without a gradient so far has no states.\n  const isStepped = (w: tf.Variable): boolean =>\n    !keepsStates(w) || states.byVariable.has(w) || states.order !== undefined\n  return pairs.map(({ w }) => {\n    const rule = rules[1 + groups.findIndex(({ match }) => fits(match, w, names))]\n    const tensor = tf.tidy(() => tf.clone(rule !== undefined && isStepped(w) ? rule(w) : w))\n    return { name: w.name, tensor }\n  })\n}",
    uses: ['Evaluation', 'refuseSwapped', 'trainedVariables', 'fits', 'Hyperparameter', 'NamedTensor', 'bindStates'],
    usesTensors: true,
  },
  trainedVariables: {
    text: "/** The variables of all steps so far, and those that states were restored for. */\nfunction trainedVariables<Name extends string>({\n  seen,\n  states,\n}: Steps<Name>): { w: tf.Variable }[] {\n  const { registeredVariables } = tf.engine()\n  const known = [...seen.keys()].flatMap((name) => registeredVariables[name] ?? [])\n  const waiting = states.entries.filter(({ variable }) => variable === undefined)\n  // Once there was a step, what nothing has asked for belongs to variables that are no longer there.\n  const restored = states.isRestored ? waiting.map(({ savedAs }) => ({ name: savedAs })) : []\n  return [...known.map((w) => ({ w })), ...restored.map(registeredVariable)]\n}",
    uses: ['Steps'],
    usesTensors: true,
  },
  registeredVariable: {
    text: "/** The variable of this name. */\nfunction registeredVariable({ name }: { name: string }): { w: tf.Variable } {\n  const w = tf.engine().registeredVariables[name]\n  if (w === undefined) {\n    throw new Error(`there is no variable called ${name}: give the variables to evaluate with`)\n  }\n  return { w }\n}",
    uses: [],
    usesTensors: true,
  },
  withEvaluationWeights: {
    text: "/** Runs `f` with the weights to evaluate with in the place of the weights; these are put back whatever becomes of `f`. */\nfunction withEvaluationWeights<Name extends string, Result>(\n  evaluation: Evaluation<Name>,\n  f: () => Result,\n  given?: readonly { name: string }[],\n): Result {\n  const evaluated = evaluationWeights(evaluation, given)\n  const kept = evaluated.map(({ name, tensor }) => {\n    const { w } = registeredVariable({ name })\n    return { w, tensor: tf.keep(tensor), own: tf.keep(tf.clone(w)) }\n  })\n  const restore = (): void => {\n    for (const { w, tensor, own } of kept) {\n      if (!isGone(w)) w.assign(own)\n      tf.dispose([tensor, own])\n    }\n    evaluation.isSwapped = false\n  }\n  evaluation.isSwapped = true\n  let isPending = false\n  try {\n    for (const { w, tensor } of kept) w.assign(tensor)\n    const result = f()\n    isPending = result instanceof Object && 'then' in result\n    return isPending ? (Promise.resolve(result).finally(restore) as Result) : result\n  } finally {\n    if (!isPending) restore()\n  }\n}",
    uses: ['Evaluation', 'evaluationWeights', 'registeredVariable', 'isGone'],
    usesTensors: true,
  },
  Group: {
    text: "/** Hyperparameters for the variables that `match`; the others are those of the optimizer. */\ntype Group<Name extends string> = { match: Match } & Partial<Record<Name, Hyperparameter>>",
    uses: ['Match', 'Hyperparameter'],
    usesTensors: false,
    isType: true,
  },
  Match: {
    text: "/**\n * Which variables a group has: those whose name fits the RegExp or is in the list, or for which the function is true. Lists\n * and RegExps also have names without the `_1` that layers put behind one there is already.\n */\ntype Match =\n  RegExp | readonly string[] | ((name: string, shape: readonly (number | null)[]) => boolean)",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  NamedShape: {
    text: "/** What tells a group whether a variable is one of its own. */\ntype NamedShape = { name: string; shape: readonly (number | null)[] }",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  checkedGroup: {
    text: "/** A copy of the group. Throws a TypeError for what is none, a RangeError for values outside their intervals. */\nfunction checkedGroup<Name extends string>(\n  group: unknown,\n  place: string,\n  limits: Limits,\n): Group<Name> {\n  const { match: given, ...own } = (group ?? {}) as { match?: unknown }\n  const match = restoredMatch(given)\n  const isName = (name: unknown): boolean => typeof name === 'string' && name !== ''\n  const isList = Array.isArray(match) && match.length > 0 && match.every(isName)\n  if (typeof match !== 'function' && !(match instanceof RegExp) && !isList) {\n    throw new TypeError(`${place}.match must be a RegExp, a list of names or a function`)\n  }\n  const names = Object.keys(limits)\n  for (const [name, value] of Object.entries<Hyperparameter | undefined>(own)) {\n    if (!names.includes(name)) {\n      throw new TypeError(`${place} has no ${name}; there are match, ${names.join(', ')}`)\n    }\n    if (value !== undefined) checked(name, value, limits)\n  }\n  return { ...own, match } as Group<Name>\n}",
    uses: ['Group', 'restoredMatch', 'Hyperparameter', 'Limits', 'checked'],
    usesTensors: false,
  },
  restoredMatch: {
    text: "/** What `savedMatch` made of a list or a RegExp as it was; anything else as it is. */\nfunction restoredMatch(match: unknown): unknown {\n  const nameIn = (x: unknown): unknown => (x instanceof Object && 'name' in x ? x.name : x)\n  if (Array.isArray(match)) return match.map(nameIn)\n  if (typeof match === 'function' || !(match instanceof Object && 'name' in match)) return match\n  return new RegExp(String(match.name), (match as { flags?: string }).flags)\n}",
    uses: [],
    usesTensors: false,
  },
  savedMatch: {
    text: "/** A match as JSON can hold it. tfjs changes letters of texts that it saves, but for those called `name`. */\nfunction savedMatch(match: Match, place: string): tf.serialization.ConfigDictValue {\n  if (typeof match === 'function') {\n    throw new Error(`${place}.match is a function, which cannot be saved: give a RegExp or names`)\n  }\n  return match instanceof RegExp\n    ? { name: match.source, flags: match.flags }\n    : match.map((name) => ({ name }))\n}",
    uses: ['Match'],
    usesTensors: true,
  },
  fits: {
    text: "/** Whether a group with this match has the variable, beside others of the names in `present`. */\nfunction fits(\n  match: Match,\n  { name, shape }: NamedShape,\n  present: { has(name: string): boolean },\n): boolean {\n  if (typeof match === 'function') return match(name, shape)\n  if (match instanceof RegExp) return name.search(match) >= 0 || plainName(name).search(match) >= 0\n  return match.some((each) => each === name || (!present.has(each) && isCopy(each, name)))\n}",
    uses: ['Match', 'NamedShape', 'isCopy', 'plainName'],
    usesTensors: false,
  },
  unmatchedBy: {
    text: "/**\n * The names of variables that no group has, and what groups match that no variable has: names, RegExps, and the places of\n * functions.\n */\nfunction unmatchedBy<Name extends string>(\n  groups: readonly Group<Name>[],\n  variables: readonly NamedShape[],\n): { variables: string[]; matches: string[] } {\n  const present = new Set(variables.map(({ name }) => name))\n  const isUsed = (match: Match): boolean => variables.some((w) => fits(match, w, present))\n  return {\n    variables: variables\n      .filter((w) => !groups.some(({ match }) => fits(match, w, present)))\n      .map(({ name }) => name),\n    matches: groups.flatMap(({ match }, index) => {\n      if (Array.isArray(match)) return match.filter((name: string) => !isUsed([name]))\n      if (isUsed(match)) return []\n      return [typeof match === 'function' ? `groups[${index}]` : String(match)]\n    }),\n  }\n}",
    uses: ['Group', 'Match', 'NamedShape', 'fits'],
    usesTensors: false,
  },
  checkedNotHidden: {
    text: "/** Names of what is in no hidden layer. Throws a TypeError for what is neither RegExp, list of names nor function. */\nfunction checkedNotHidden(given: unknown): Match | undefined {\n  const match = restoredMatch(given)\n  const isName = (name: unknown): boolean => typeof name === 'string' && name !== ''\n  const isMatch =\n    match instanceof RegExp ||\n    typeof match === 'function' ||\n    (Array.isArray(match) && match.length > 0 && match.every(isName))\n  if (match === undefined || isMatch) return match as Match | undefined\n  throw new TypeError('notHidden must be a RegExp, a list of names or a function')\n}",
    uses: ['Match', 'restoredMatch'],
    usesTensors: false,
  },
  isHidden: {
    text: "/** Whether a variable, beside others of the names in `present`, is the matrix of a hidden layer. */\nfunction isHidden(\n  w: tf.Variable,\n  notHidden: Match | undefined,\n  present: { has(name: string): boolean },\n): boolean {\n  return w.rank >= 2 && (notHidden === undefined || !fits(notHidden, w, present))\n}",
    uses: ['Match', 'fits'],
    usesTensors: true,
  },
  serializedNotHidden: {
    text: "/** The same names as JSON can hold them. Throws an Error for a function. */\nfunction serializedNotHidden(notHidden: Match | undefined): tf.serialization.ConfigDict {\n  if (notHidden === undefined) return {}\n  if (typeof notHidden === 'function') {\n    throw new Error('notHidden is a function, which cannot be saved: give a RegExp or names')\n  }\n  return { notHidden: savedMatch(notHidden, 'notHidden') }\n}",
    uses: ['Match', 'savedMatch'],
    usesTensors: true,
  },
  Hyperparameter: {
    text: "/** A number; a function of the steps taken and the number of steps of the run; or a number for each step. */\ntype Hyperparameter = number | ((t: number, T: number) => number) | readonly number[]",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  Limits: {
    text: "/** The interval of each hyperparameter, with square brackets at ends that belong to it. */\ntype Limits = Record<\n  string,\n  readonly [begin: '[' | '(', low: number, high: number, end: ']' | ')']\n>",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  valueAt: {
    text: "/**\n * The value of a hyperparameter at step `t` of `T`. Throws a RangeError where it is outside its interval, a TypeError where\n * it is no number, an Error where it depends on a `T` that is not given.\n */\nfunction valueAt(\n  name: string,\n  hyperparameter: Hyperparameter,\n  t: number,\n  T: number,\n  limits: Limits,\n): number {\n  const value =\n    typeof hyperparameter === 'function'\n      ? hyperparameter(t, T === Infinity ? NaN : T)\n      : Array.isArray(hyperparameter)\n        ? hyperparameter[Math.min(t, hyperparameter.length - 1)]\n        : hyperparameter\n  if (Number.isNaN(value) && T === Infinity) {\n    throw new Error(\n      `${name} is no number at step ${t}; if it depends on the number of steps, give totalSteps`,\n    )\n  }\n  return within(name, value, limits, true)\n}",
    uses: ['Hyperparameter', 'Limits', 'within'],
    usesTensors: false,
  },
  checked: {
    text: "/**\n * `value` itself. Throws a RangeError when it is a number outside its interval, or a list that is empty or holds one; a\n * TypeError when it is nothing of the kind.\n */\nfunction checked(name: string, value: Hyperparameter, limits: Limits): Hyperparameter {\n  if (typeof value === 'function') return value\n  if (!Array.isArray(value)) return within(name, value, limits, false)\n  if (value.length === 0) throw new RangeError(`${name} is an empty list`)\n  for (const x of value) within(name, x, limits, true)\n  return value\n}",
    uses: ['Hyperparameter', 'Limits', 'within'],
    usesTensors: false,
  },
  within: {
    text: "/**\n * `x` itself. Throws a TypeError when it is no number, a RangeError when it is outside the interval that `name` has. What\n * changes from step to step may reach finite ends of it: a learning rate warms up from 0.\n */\nfunction within(name: string, x: unknown, limits: Limits, isScheduled: boolean): number {\n  if (typeof x !== 'number') {\n    throw new TypeError(\n      `${name} must be a number, a function or a list of numbers; it is of type ${typeof x}`,\n    )\n  }\n  const limit = limits[name]\n  if (limit !== undefined && !isWithin(x, limit, isScheduled)) {\n    const [begin, low, high, end] = limit\n    const interval = `${begin}${low}, ${high}${end}`.replaceAll('Infinity', 'inf')\n    throw new RangeError(`${name} is ${x}; it must be in ${interval}`)\n  }\n  return x\n}",
    uses: ['Limits', 'isWithin'],
    usesTensors: false,
  },
  isWithin: {
    text: "/** Whether `x` is in the interval, or where it changes from step to step, at a finite end of it. */\nfunction isWithin(\n  x: number,\n  [begin, low, high, end]: Limits[string],\n  isScheduled: boolean,\n): boolean {\n  const reachesEnd = isScheduled && Number.isFinite(x)\n  const isAbove = x > low || (x === low && (begin === '[' || reachesEnd))\n  const isBelow = x < high || (x === high && (end === ']' || reachesEnd))\n  return isAbove && isBelow\n}",
    uses: ['Limits'],
    usesTensors: false,
  },
  serialized: {
    text: "/**\n * A hyperparameter as JSON can hold it and the constructor takes it: of a function, its values at every step; a number at\n * an end of its interval as a list. Throws as `valueAt` does, and an Error for a function without a number of steps.\n */\nfunction serialized(\n  name: string,\n  value: Hyperparameter,\n  T: number,\n  limits: Limits,\n): number | number[] {\n  if (typeof value === 'function') {\n    if (T === Infinity)\n      throw new Error(`${name} is a function: to save its values, give totalSteps`)\n    return Array.from({ length: T }, (_, t) => valueAt(name, value, t, T, limits))\n  }\n  if (Array.isArray(value)) return value.map((x) => within(name, x, limits, true))\n  // What is set between steps may be at an end, which the constructor takes in a list alone.\n  const x = within(name, value, limits, true)\n  const limit = limits[name]\n  return limit === undefined || isWithin(x, limit, false) ? x : [x]\n}",
    uses: ['Hyperparameter', 'Limits', 'valueAt', 'within', 'isWithin'],
    usesTensors: false,
  },
  CpuBackend: {
    text: "/** The part of the tfjs cpu backend that kernels use, and that its typings leave out. */\ninterface CpuBackend {\n  data: { get(dataId: object): { values: unknown } }\n  refCount(dataId: object): number\n}",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  runOnCpu: {
    text: "/** Runs a kernel on the values of tensors of the cpu backend. */\nfunction runOnCpu(call: KernelCall): tf.Tensor[] {\n  const { kernel, changed, shapes, read, numbers, sizes, keys, step } = call\n  const backend = tf.backend() as unknown as CpuBackend\n  const own = changed.map((variable, index) => ownValues(backend, variable, index === 0))\n  const made = shapes.map((shape) => new Float32Array(tf.util.sizeFromShape(shape)))\n  const given = read.map((tensor) => valuesOf(backend, tensor))\n  const draws = keys.map((key) => (element: number) => threefry(key, step, element)[0])\n  kernel.cpu([...own, ...made, ...given], numbers.map(Math.fround), sizes, draws)\n  for (const [index, variable] of changed.entries()) {\n    if (own[index] !== backend.data.get(variable.dataId).values)\n      variable.assign(floatTensor(own[index]!, variable.shape))\n  }\n  return made.map((values, index) => floatTensor(values, shapes[index]!))\n}",
    uses: ['CpuBackend', 'floatTensor', 'valuesOf', 'ownValues', 'KernelCall', 'threefry'],
    usesTensors: true,
  },
  floatTensor: {
    text: "/** A tensor that holds these values themselves. */\nfunction floatTensor(values: Float32Array, shape: number[]): tf.Tensor {\n  return tf.engine().makeTensor(values, shape, 'float32')\n}",
    uses: [],
    usesTensors: true,
  },
  valuesOf: {
    text: "/** The values of a tensor; those in the backend's memory where they are floats there. */\nfunction valuesOf(backend: CpuBackend, tensor: tf.Tensor): Float32Array {\n  const { values } = backend.data.get(tensor.dataId)\n  return values instanceof Float32Array ? values : Float32Array.from(tensor.dataSync())\n}",
    uses: ['CpuBackend'],
    usesTensors: true,
  },
  ownValues: {
    text: "/**\n * The values of a variable for a kernel that changes them: a copy where another tensor has them too, or `isRead`, since this\n * backend hands out its own arrays to whoever reads weights.\n */\nfunction ownValues(\n  backend: CpuBackend,\n  variable: tf.Variable,\n  isRead: boolean,\n): Float32Array {\n  const values = valuesOf(backend, variable)\n  return isRead || backend.refCount(variable.dataId) > 1 ? values.slice() : values\n}",
    uses: ['CpuBackend', 'valuesOf'],
    usesTensors: true,
  },
  floats: {
    text: "/** As many zeros, for 32-bit numbers. */\nfunction floats(count: number): Values {\n  return new Float32Array(count)\n}",
    uses: ['Values'],
    usesTensors: false,
  },
  doubles: {
    text: "/** As many zeros, for what is added up in 64 bits. */\nfunction doubles(count: number): Values {\n  return new Float64Array(count)\n}",
    uses: ['Values'],
    usesTensors: false,
  },
  usableWasm: {
    text: "/** The wasm backend, where it is in use with SIMD and a memory of one thread. */\nfunction usableWasm(): WasmMemory | undefined {\n  if (tf.getBackend() !== 'wasm' || tf.env().get('WASM_HAS_SIMD_SUPPORT') !== true) return undefined\n  const backend = tf.backend() as unknown as WasmMemory\n  return backend.wasm.asm.memory.buffer instanceof ArrayBuffer ? backend : undefined\n}",
    uses: ['WasmMemory'],
    usesTensors: true,
  },
  runOnWasm: {
    text: "/** Runs a kernel on tensors in the memory of the wasm backend. */\nfunction runOnWasm(call: KernelCall, backend: WasmMemory): tf.Tensor[] {\n  const { kernel, changed, shapes, read, numbers, sizes, keys, step } = call\n  for (const variable of changed) ownValuesThere(backend, variable)\n  const made = shapes.map((shape) =>\n    tf.engine().makeTensorFromTensorInfo(backend.makeOutput(shape, 'float32')),\n  )\n  const tensors = changed.length + made.length + read.length\n  const words = 4 + tensors + numbers.length + 2 * keys.length + 1\n  const room = 4 * (kernel.rows[0] * sizes.outputs + kernel.rows[1] * sizes.inputs)\n  const { run, address, integers, floats } = linkedKernel(kernel, backend, 4 * words + room)\n  // Written number by number: views and lists would be thrown away at each call.\n  let at = address / 4\n  integers[at++] = sizes.elements\n  integers[at++] = sizes.outputs\n  integers[at++] = sizes.inputs\n  integers[at++] = address + 4 * words\n  for (const tensor of changed) integers[at++] = addressOf(backend, tensor)\n  for (const tensor of made) integers[at++] = addressOf(backend, tensor)\n  for (const tensor of read) integers[at++] = addressOf(backend, tensor)\n  for (const number of numbers) floats[at++] = number\n  for (const key of keys) {\n    integers[at++] = key[0]\n    integers[at++] = key[1]\n  }\n  integers[at] = step\n  run(address)\n  for (const variable of changed) noteChange(backend, variable)\n  return made\n}",
    uses: ['linkedKernel', 'addressOf', 'ownValuesThere', 'noteChange', 'KernelCall', 'WasmMemory'],
    usesTensors: true,
  },
  linkedKernel: {
    text: "/** The kernel in the memory of the backend, with a table of that many bytes. */\nfunction linkedKernel(kernel: Kernel, backend: WasmMemory, bytes: number): LinkedKernel {\n  const { memory } = backend.wasm.asm\n  if (kernel.linked?.backend !== backend) {\n    const { exports } = new WebAssembly.Instance(wasmModule(kernel), { env: { memory } })\n    const run = exports['run'] as LinkedKernel['run']\n    kernel.linked = { backend, run, address: 0, bytes: 0, ...viewsOf(memory.buffer) }\n  }\n  const { linked } = kernel\n  if (linked.bytes < bytes) {\n    if (linked.bytes > 0) backend.wasm._free(linked.address)\n    linked.address = backend.wasm._malloc(bytes) >>> 0\n    linked.bytes = bytes\n  }\n  // Memory that has grown is another buffer.\n  const { buffer } = memory\n  if (linked.integers.buffer !== buffer) Object.assign(linked, viewsOf(buffer))\n  return linked\n}",
    uses: ['viewsOf', 'wasmModule', 'Kernel', 'WasmMemory', 'LinkedKernel'],
    usesTensors: false,
  },
  viewsOf: {
    text: "/** A memory as numbers. */\nfunction viewsOf(buffer: ArrayBuffer): Pick<LinkedKernel, 'integers' | 'floats'> {\n  return { integers: new Int32Array(buffer), floats: new Float32Array(buffer) }\n}",
    uses: ['LinkedKernel'],
    usesTensors: false,
  },
  wasmModule: {
    text: "/** The module of a kernel, with relaxed SIMD where the engine has it. */\nfunction wasmModule({ wasm: [plain, relaxed = ''] }: Kernel): WebAssembly.Module {\n  const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))\n  const better = bytesOf(relaxed)\n  const isBetter = better.length > 0 && WebAssembly.validate(better)\n  return new WebAssembly.Module(isBetter ? better : bytesOf(plain!))\n}",
    uses: ['Kernel'],
    usesTensors: false,
  },
  addressOf: {
    text: "/** Where the values of a tensor are. Valid until it is disposed of. */\nfunction addressOf(backend: WasmMemory, tensor: tf.TensorInfo): number {\n  return backend.dataIdMap.get(tensor.dataId).memoryOffset\n}",
    uses: ['WasmMemory'],
    usesTensors: true,
  },
  ownValuesThere: {
    text: "/** Gives a variable whose values another tensor has too a copy of its own. */\nfunction ownValuesThere(backend: WasmMemory, variable: tf.Variable): void {\n  if (backend.refCount(variable.dataId) <= 1) return\n  const shared = addressOf(backend, variable)\n  const copy = tf.engine().makeTensorFromTensorInfo(backend.makeOutput(variable.shape, 'float32'))\n  const bytes = new Uint8Array(backend.wasm.asm.memory.buffer)\n  bytes.copyWithin(addressOf(backend, copy), shared, shared + 4 * variable.size)\n  variable.assign(copy)\n  copy.dispose()\n}",
    uses: ['addressOf', 'WasmMemory'],
    usesTensors: true,
  },
  noteChange: {
    text: "/** Tells the backend that values were changed in place: it keeps weights in an order of its own by their tensor. */\nfunction noteChange(backend: WasmMemory, variable: tf.Variable): void {\n  const { id, memoryOffset } = backend.dataIdMap.get(variable.dataId)\n  backend.wasm.tfjs.disposeData(id)\n  backend.wasm.tfjs.registerTensor(id, variable.size, memoryOffset)\n}",
    uses: ['WasmMemory'],
    usesTensors: true,
  },
  usableWebgpu: {
    text: "/** The WebGPU backend, where it is in use and can bind that many buffers. */\nfunction usableWebgpu(buffers: number): WebgpuBackend | undefined {\n  if (tf.getBackend() !== 'webgpu') return undefined\n  const backend = tf.backend() as unknown as WebgpuBackend\n  return buffers <= backend.device.limits.maxStorageBuffersPerShaderStage ? backend : undefined\n}",
    uses: ['WebgpuBackend'],
    usesTensors: true,
  },
  runOnWebgpu: {
    text: "/** Runs a kernel on tensors of the WebGPU backend, among the commands that it has not submitted. */\nfunction runOnWebgpu(call: KernelCall, backend: WebgpuBackend): tf.Tensor[] {\n  const { kernel, changed, shapes, read, sizes } = call\n  for (const variable of changed) own(backend, variable)\n  const made = shapes.map((shape) => newTensor(backend, shape))\n  const changing = new Set([...changed, ...made].map((tensor) => bufferOf(backend, tensor)))\n  // No buffer may be bound twice where one of the two is written.\n  const others = read.map((tensor) =>\n    changing.has(bufferOf(backend, tensor)) ? copyOf(backend, tensor) : tensor,\n  )\n  const { bytes, rows } = kernel.webgpu.room\n  const floats = bytes / 4 + rows * Math.max(sizes.outputs, sizes.inputs)\n  const room = bytes > 0 ? [newTensor(backend, [floats])] : []\n  const tensors = [...changed, ...made, ...others, ...room]\n  const { layout, pipelines } = linkedShader(kernel, backend, tensors.length)\n  const buffers = tensors.map((tensor) => ({ buffer: bufferOf(backend, tensor) }))\n  const bindings = [backend.makeUniforms(tableOf(call)), ...buffers]\n  const group = backend.device.createBindGroup({\n    layout,\n    entries: bindings.map((resource, binding) => ({ binding, resource })),\n  })\n  for (const tensor of tensors) backend.commandQueueOwnedIds.add(tensor.dataId)\n  backend.ensureCommandEncoderReady()\n  backend.computePassEncoder ??= backend.commandEncoder!.beginComputePass()\n  for (const [index, [, over]] of kernel.webgpu.passes.entries()) {\n    backend.computePassEncoder.setPipeline(pipelines[index]!)\n    backend.computePassEncoder.setBindGroup(0, group)\n    backend.computePassEncoder.dispatchWorkgroups(workgroups(over, call))\n    backend.dispatchCountInPass++\n  }\n  // What was read back is not what is there any more.\n  for (const { dataId } of changed) backend.tensorMap.get(dataId).values = null\n  return made\n}",
    uses: ['tableOf', 'workgroups', 'linkedShader', 'bufferOf', 'newTensor', 'copyOf', 'own', 'KernelCall', 'WebgpuBackend'],
    usesTensors: true,
  },
  tableOf: {
    text: "/** The words of the shader's table, as uniforms of the backend: as many as fill fours. */\nfunction tableOf({ sizes, numbers, keys, step }: KernelCall): {\n  type: string\n  data: number[]\n}[] {\n  const { elements, outputs, inputs } = sizes\n  const whole = (value: number): { type: string; data: number[] } => ({\n    type: 'uint32',\n    data: [value],\n  })\n  const words = [\n    ...[elements, outputs, inputs, 0].map(whole),\n    ...numbers.map((value) => ({ type: 'float32', data: [value] })),\n    ...(keys.length > 0 ? [...keys.flat(), step].map(whole) : []),\n  ]\n  while (words.length % 4 !== 0) words.push(whole(0))\n  return words\n}",
    uses: ['KernelCall'],
    usesTensors: false,
  },
  workgroups: {
    text: "/** How many workgroups of 256 a pass has. */\nfunction workgroups(over: string, { sizes }: KernelCall): number {\n  if (over === 'one') return 1\n  const count =\n    over === 'outputs' ? sizes.outputs : over === 'inputs' ? sizes.inputs : sizes.elements\n  return Math.min(Math.max(1, Math.ceil(count / 256)), over === 'partials' ? 256 : 65_535)\n}",
    uses: ['KernelCall'],
    usesTensors: false,
  },
  linkedShader: {
    text: "/** The kernel's pipelines on the device of the backend. */\nfunction linkedShader(\n  kernel: Kernel,\n  backend: WebgpuBackend,\n  buffers: number,\n): LinkedShader {\n  if (kernel.shader?.backend === backend) return kernel.shader\n  const { device } = backend\n  const { code, passes } = kernel.webgpu\n  const written = kernel.changes + kernel.makes.length\n  const isRead = (index: number): boolean => index >= written && index < kernel.tensors\n  const compute = 4\n  const storage = Array.from({ length: buffers }, (_, index) => ({\n    binding: index + 1,\n    visibility: compute,\n    buffer: { type: isRead(index) ? 'read-only-storage' : 'storage' },\n  }))\n  const uniform = { binding: 0, visibility: compute, buffer: { type: 'uniform' } }\n  const layout = device.createBindGroupLayout({ entries: [uniform, ...storage] })\n  const module = device.createShaderModule({ code })\n  const pipelines = passes.map(([entryPoint]) =>\n    device.createComputePipeline({\n      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),\n      compute: { module, entryPoint },\n    }),\n  )\n  kernel.shader = { backend, layout, pipelines }\n  return kernel.shader\n}",
    uses: ['Kernel', 'WebgpuBackend', 'LinkedShader'],
    usesTensors: false,
  },
  bufferOf: {
    text: "/** The buffer with the values of a tensor. */\nfunction bufferOf(backend: WebgpuBackend, { dataId }: tf.TensorInfo): WebgpuBuffer {\n  backend.uploadToGPU(dataId)\n  return backend.tensorMap.get(dataId).resource!\n}",
    uses: ['WebgpuBuffer', 'WebgpuBackend'],
    usesTensors: true,
  },
  newTensor: {
    text: "/** A tensor of floats whose values are still to be written. */\nfunction newTensor(backend: WebgpuBackend, shape: number[]): tf.Tensor {\n  const info = backend.makeTensorInfo(shape, 'float32')\n  return tf.engine().makeTensorFromTensorInfo(info)\n}",
    uses: ['WebgpuBackend'],
    usesTensors: true,
  },
  copyOf: {
    text: "/** A tensor with the same bits in a buffer of its own. */\nfunction copyOf(backend: WebgpuBackend, tensor: tf.Tensor): tf.Tensor {\n  const copy = newTensor(backend, tensor.shape)\n  const [from, to] = [bufferOf(backend, tensor), bufferOf(backend, copy)]\n  backend.ensureCommandEncoderReady()\n  backend.endComputePassEncoder()\n  backend.commandEncoder!.copyBufferToBuffer(from, 0, to, 0, 4 * tensor.size)\n  for (const { dataId } of [tensor, copy]) backend.commandQueueOwnedIds.add(dataId)\n  return copy\n}",
    uses: ['bufferOf', 'newTensor', 'WebgpuBackend'],
    usesTensors: true,
  },
  own: {
    text: "/** Gives a variable values of its own where another tensor has them too. */\nfunction own(backend: WebgpuBackend, variable: tf.Variable): void {\n  if (backend.refCount(variable.dataId) <= 1) return\n  const copy = copyOf(backend, variable)\n  variable.assign(copy)\n  copy.dispose()\n}",
    uses: ['copyOf', 'WebgpuBackend'],
    usesTensors: true,
  },
  KernelExtent: {
    text: "/** What a tensor has one number for. */\ntype KernelExtent = 'one' | 'per output' | 'per input' | 'element'",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  Values: {
    text: "/** Floats by their places, which the loops of kernels keep to: nothing has to look whether there is one. */\n// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any other element may be undefined under strict settings.\ntype Values = any",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  Made: {
    text: "/** What there is of a kernel's making: a tensor for each extent. */\ntype Made<Makes extends readonly KernelExtent[]> = {\n  -readonly [Index in keyof Makes]: tf.Tensor\n}",
    uses: ['KernelExtent'],
    usesTensors: true,
    isType: true,
  },
  KernelSizes: {
    text: "/** How many numbers there are. */\ninterface KernelSizes {\n  /** Inputs by outputs, row after row. */\n  elements: number\n  inputs: number\n  outputs: number\n}",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  KernelParts: {
    text: "/** A part of a step in one piece, for tensors of 32-bit floats: first those that it changes, then those that it makes, then others. */\ninterface KernelParts<Makes extends readonly KernelExtent[] = readonly KernelExtent[]> {\n  /** How many tensors it changes. */\n  changes: number\n  /** What each tensor that it makes has one number for. */\n  makes: Makes\n  /** The operators that draw random numbers, each with its place in the rule. */\n  draws: [name: string, site: number][]\n  /** In JavaScript, on the values of the tensors; `draws` are functions that give the random words of elements. */\n  cpu: (tensors: Values[], numbers: Values, sizes: KernelSizes, draws: Values) => void\n  /** As WebAssembly: a module in base64, and one with relaxed SIMD where that makes a difference. */\n  wasm: string[]\n  /** How many rows of floats it needs room for there that have one for each output, and for each input. */\n  rows: [outputs: number, inputs: number]\n  /**\n   * As a shader of WGSL: its entry points in turn with what their invocations are for; the bytes of room that they need, and\n   * rows of floats behind them that are as long as the longer axis.\n   */\n  webgpu: {\n    code: string\n    passes: [entry: string, over: string][]\n    room: { bytes: number; rows: number }\n  }\n  /** How many tensors it is given and makes. */\n  tensors: number\n}",
    uses: ['KernelExtent', 'Values', 'KernelSizes'],
    usesTensors: false,
    isType: true,
  },
  Kernel: {
    text: "/** A kernel that is linked to a backend once it is run there. */\ninterface Kernel<\n  Makes extends readonly KernelExtent[] = readonly KernelExtent[],\n> extends KernelParts<Makes> {\n  linked: LinkedKernel | undefined\n  shader: LinkedShader | undefined\n}",
    uses: ['KernelExtent', 'LinkedKernel', 'LinkedShader'],
    usesTensors: false,
    isType: true,
  },
  KernelCall: {
    text: "/** A kernel with what it is run on. */\ninterface KernelCall {\n  kernel: Kernel\n  changed: tf.Variable[]\n  /** The shapes of the tensors that it makes. */\n  shapes: number[][]\n  read: tf.Tensor[]\n  numbers: number[]\n  sizes: KernelSizes\n  /** The keys of the random numbers, and the step. */\n  keys: (readonly [number, number])[]\n  step: number\n}",
    uses: ['KernelSizes', 'Kernel'],
    usesTensors: true,
    isType: true,
  },
  WasmMemory: {
    text: "/** The parts of the tfjs wasm backend that kernels use, and that its typings leave out. */\ninterface WasmMemory {\n  wasm: {\n    asm: { memory: WebAssembly.Memory }\n    _malloc: (bytes: number) => number\n    _free: (address: number) => void\n    tfjs: {\n      registerTensor: (id: number, size: number, address: number) => void\n      disposeData: (id: number) => void\n    }\n  }\n  dataIdMap: { get(dataId: object): { id: number; memoryOffset: number } }\n  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo\n  refCount(dataId: object): number\n}",
    uses: [],
    usesTensors: true,
    isType: true,
  },
  LinkedKernel: {
    text: "/** A kernel in the memory of a backend. */\ninterface LinkedKernel {\n  backend: WasmMemory\n  run: (table: number) => void\n  /** Where its table and the room behind it are, and how large. */\n  address: number\n  bytes: number\n  /** All of the memory. */\n  integers: Int32Array\n  floats: Float32Array\n}",
    uses: ['WasmMemory'],
    usesTensors: false,
    isType: true,
  },
  WebgpuBuffer: {
    text: "/** A buffer of WebGPU, whose own types need a library that not every project has. */\ntype WebgpuBuffer = object",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  WebgpuBackend: {
    text: "/** The parts of WebGPU and of its tfjs backend that kernels use, and that its typings leave out. */\ninterface WebgpuBackend {\n  device: {\n    limits: { maxStorageBuffersPerShaderStage: number }\n    createBindGroupLayout(of: { entries: object[] }): object\n    createPipelineLayout(of: { bindGroupLayouts: object[] }): object\n    createShaderModule(of: { code: string }): object\n    createComputePipeline(of: object): object\n    createBindGroup(of: { layout: object; entries: object[] }): object\n  }\n  tensorMap: { get(dataId: object): { resource?: WebgpuBuffer; values: unknown } }\n  commandQueueOwnedIds: Set<object>\n  dispatchCountInPass: number\n  commandEncoder: WebgpuEncoder | null\n  computePassEncoder: WebgpuPass | null\n  uploadToGPU(dataId: object): void\n  makeTensorInfo(shape: number[], dtype: 'float32'): tf.TensorInfo\n  makeUniforms(words: { type: string; data: number[] }[]): object\n  ensureCommandEncoderReady(): void\n  endComputePassEncoder(): void\n  refCount(dataId: object): number\n}",
    uses: ['WebgpuBuffer', 'WebgpuEncoder', 'WebgpuPass'],
    usesTensors: true,
    isType: true,
  },
  WebgpuEncoder: {
    text: "/** What takes the commands of a device. */\ninterface WebgpuEncoder {\n  beginComputePass(): WebgpuPass\n  copyBufferToBuffer(\n    from: WebgpuBuffer,\n    at: number,\n    to: WebgpuBuffer,\n    place: number,\n    bytes: number,\n  ): void\n}",
    uses: ['WebgpuBuffer', 'WebgpuPass'],
    usesTensors: false,
    isType: true,
  },
  WebgpuPass: {
    text: "/** What takes the shaders that are run. */\ninterface WebgpuPass {\n  setPipeline(pipeline: object): void\n  setBindGroup(index: number, group: object): void\n  dispatchWorkgroups(count: number): void\n}",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  LinkedShader: {
    text: "/** A kernel on the device of a backend. */\ninterface LinkedShader {\n  backend: WebgpuBackend\n  layout: object\n  pipelines: object[]\n}",
    uses: ['WebgpuBackend'],
    usesTensors: false,
    isType: true,
  },
  countInputs: {
    text: "/** How many inputs a parameter has: all its axes but the last, multiplied. */\nfunction countInputs({ shape }: tf.Tensor): number {\n  return shape.slice(0, -1).reduce((count, length) => count * length, 1)\n}",
    uses: [],
    usesTensors: true,
  },
  countOutputs: {
    text: "/** How many outputs a parameter has: the length of its last axis. */\nfunction countOutputs({ shape }: tf.Tensor): number {\n  return shape.at(-1) ?? 1\n}",
    uses: [],
    usesTensors: true,
  },
  asMatrix: {
    text: "/** What there is one of for each element of `w`, as a matrix of inputs and outputs. */\nfunction asMatrix(x: tf.Tensor, w: tf.Tensor): tf.Tensor2D {\n  return tf.reshape(x, [countInputs(w), countOutputs(w)])\n}",
    uses: ['countInputs', 'countOutputs'],
    usesTensors: true,
  },
  tensorTrace: {
    text: "/** The sum of the numbers on the diagonal of a square matrix. */\nfunction tensorTrace(x: tf.Tensor): tf.Tensor {\n  const [rows = 0] = x.shape\n  // Each number of the diagonal stands as many places behind the one before as a row has, and one more.\n  const diagonal = tf.stridedSlice(tf.reshape(x, [x.size]), [0], [x.size], [rows + 1])\n  return tf.sum(diagonal)\n}",
    uses: [],
    usesTensors: true,
  },
  tensorInverseRoot: {
    text: "/** A symmetric, positive semidefinite matrix to the power -1/p, on the host in 64 bits. */\nfunction tensorInverseRoot(x: tf.Tensor, p: number): tf.Tensor2D {\n  const [rows = 0] = x.shape\n  return tf.tensor2d(Float32Array.from(inverseRootMatrix(x.dataSync(), rows, p)), [rows, rows])\n}",
    uses: ['inverseRootMatrix'],
    usesTensors: true,
  },
  tensorEigenvectors: {
    text: "/** The eigenvectors of a symmetric matrix as columns, that of the largest eigenvalue first, on the host in 64 bits. */\nfunction tensorEigenvectors(x: tf.Tensor): tf.Tensor2D {\n  const [rows = 0] = x.shape\n  return tf.tensor2d(Float32Array.from(eigenvectorMatrix(x.dataSync(), rows)), [rows, rows])\n}",
    uses: ['eigenvectorMatrix'],
    usesTensors: true,
  },
  tensorOrthonormal: {
    text: "/** Q of the QR decomposition of a matrix, on the host in 64 bits. */\nfunction tensorOrthonormal(x: tf.Tensor): tf.Tensor2D {\n  const [rows = 0, columns = 0] = x.shape\n  const values = orthonormalColumns(x.dataSync(), rows, columns)\n  return tf.tensor2d(Float32Array.from(values), [rows, columns])\n}",
    uses: ['orthonormalColumns'],
    usesTensors: true,
  },
  SideLimit: {
    text: "/** How long an axis of a parameter may be, and for the sake of what. */\ntype SideLimit = readonly [axis: 'inputs' | 'outputs', longest: number, reason: string]",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  checkSides: {
    text: "/** Throws an Error, before anything is changed, where an axis of a variable is longer than the rule takes. */\nfunction checkSides(\n  owner: string,\n  gradients: tf.NamedTensorMap | NamedTensor[],\n  limitsOf: (w: tf.Variable) => readonly SideLimit[],\n): void {\n  for (const { w } of gradientPairs(gradients)) {\n    for (const [axis, longest, reason] of limitsOf(w)) {\n      const length = axis === 'inputs' ? countInputs(w) : countOutputs(w)\n      if (length > longest) {\n        throw new Error(\n          `${w.name} has ${length} ${axis}, and ${owner} takes at most ${longest}, ${reason}`,\n        )\n      }\n    }\n  }\n}",
    uses: ['countInputs', 'countOutputs', 'SideLimit', 'NamedTensor', 'gradientPairs'],
    usesTensors: true,
  },
  optionsOf: {
    text: "/**\n * The options of a class; a number is the learning rate, as in tf.train. Throws a TypeError for what is neither, and for an\n * option that is neither one of its `own` nor of all classes; a RangeError for a seed that is no whole number.\n */\nfunction optionsOf<Options extends object>(\n  options: Options | number,\n  own: readonly string[],\n): Options {\n  const names = [...own, 'groups', 'onNonFinite', 'accumulate']\n  if (typeof options === 'number' && names.includes('lr')) return { lr: options } as Options\n  const given: unknown = options ?? {}\n  if (typeof given !== 'object' || given === null || Array.isArray(given)) {\n    throw new TypeError(`the options must be an object with some of ${names.join(', ')}`)\n  }\n  for (const name of Object.keys(given)) {\n    // A loaded model adds its custom objects. One seed is given to several rules, also to those that draw nothing.\n    if (!names.includes(name) && name !== 'customObjects' && name !== 'seed') {\n      throw new TypeError(`there is no option ${name}; there are ${names.join(', ')}`)\n    }\n  }\n  if ('seed' in given && given.seed !== undefined && !Number.isSafeInteger(given.seed)) {\n    throw new RangeError(`seed is ${String(given.seed)}; it must be a whole number`)\n  }\n  return given as Options\n}",
    uses: [],
    usesTensors: false,
  },
  requiredSteps: {
    text: "/** The option `totalSteps`. Throws a RangeError when it is missing or no whole number. */\nfunction requiredSteps({ totalSteps }: { totalSteps: number }): number {\n  if (totalSteps === undefined || !Number.isInteger(totalSteps) || totalSteps < 1) {\n    throw new RangeError(\n      `totalSteps is ${totalSteps}; the rule needs the number of steps of the whole run`,\n    )\n  }\n  return totalSteps\n}",
    uses: [],
    usesTensors: false,
  },
  givenSteps: {
    text: "/** The option `totalSteps`, Infinity when it is not given. Throws a RangeError when it is no positive whole number. */\nfunction givenSteps({ totalSteps }: { totalSteps?: number | null }): number {\n  // JSON has null for the Infinity of a saved optimizer.\n  const steps = totalSteps ?? Infinity\n  if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {\n    throw new RangeError(`totalSteps is ${steps}; it must be a positive whole number`)\n  }\n  return steps\n}",
    uses: [],
    usesTensors: false,
  },
  Stream: {
    text: "/** What tells a stream of random numbers from others: the seed, the place in the rule, the parameter's index, the step. */\ntype Stream = readonly [seed: number, site: number, parameter: number, step: number]",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  dropout: {
    text: "/**\n * x / (1 - rate), or 0 with probability `rate`. The random numbers follow from the stream and the element alone, so that\n * equal runs draw equal numbers.\n */\nfunction dropout(x: tf.Tensor, rate: number, stream: Stream): tf.Tensor {\n  const words = streamOf('dropout', stream)\n  const kept = new Uint8Array(x.size)\n  const rounded = Math.fround(rate)\n  const threshold = rounded * 2 ** 24\n  for (let element = 0; element < x.size; element++) {\n    kept[element] = words(element) >>> 8 >= threshold ? 1 : 0\n  }\n  return tf.where(tf.tensor(kept, x.shape, 'bool'), tf.div(x, 1 - rounded), tf.zerosLike(x))\n}",
    uses: ['Stream', 'streamOf'],
    usesTensors: true,
  },
  dropoutOf: {
    text: "/** x / (1 - rate), or 0 where the random 32-bit word says so, for 32-bit floats. */\nfunction dropoutOf(word: number, x: number, rate: number): number {\n  return word >>> 8 >= rate * 2 ** 24 ? x / Math.fround(1 - rate) : 0\n}",
    uses: [],
    usesTensors: false,
  },
  normal: {
    text: "/** Standard normal numbers, one for each element of `w`, which follow from the stream and the element alone. */\nfunction normal(w: tf.Tensor, stream: Stream): tf.Tensor {\n  const words = streamOf('normal', stream)\n  const values = new Float32Array(w.size)\n  for (let element = 0; element < values.length; element++) {\n    values[element] = normalQuantile(words(element))\n  }\n  return tf.tensor(values, w.shape)\n}",
    uses: ['Stream', 'normalQuantile', 'streamOf'],
    usesTensors: true,
  },
  normalQuantile: {
    text: "/** The quantile of the normal distribution at (word + 0.5) / 2^32: PPND16, Wichura, 1988, Algorithm AS 241. */\nfunction normalQuantile(word: number): number {\n  const q = (word + 0.5) * 2 ** -32 - 0.5\n  if (Math.abs(q) <= 0.425) {\n    const r = 0.180625 - q * q\n    const numerator = horner(\n      [\n        2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987,\n        13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665,\n      ],\n      r,\n    )\n    const denominator = horner(\n      [\n        5226.495278852855, 28729.085735721943, 39307.89580009271, 21213.794301586597,\n        5394.196021424751, 687.1870074920579, 42.31333070160091, 1,\n      ],\n      r,\n    )\n    return (q * numerator) / denominator\n  }\n  const r = Math.sqrt(tailLogarithm(q < 0 ? word : 2 ** 32 - 1 - word)) - 1.6\n  const numerator = horner(\n    [\n      7.745450142783414e-4, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684,\n      3.6478483247632045, 5.769497221460691, 4.630337846156546, 1.4234371107496835,\n    ],\n    r,\n  )\n  const denominator = horner(\n    [\n      1.0507500716444169e-9, 5.475938084995345e-4, 0.015198666563616457, 0.14810397642748008,\n      0.6897673349851, 1.6763848301838038, 2.053191626637759, 1,\n    ],\n    r,\n  )\n  return (Math.sign(q) * numerator) / denominator\n}",
    uses: ['tailLogarithm', 'horner'],
    usesTensors: false,
  },
  tailLogarithm: {
    text: "/** -log((word + 0.5) / 2^32), the same in every JavaScript engine, which `Math.log` is not. */\nfunction tailLogarithm(word: number): number {\n  const halves = 2 * word + 1\n  let exponent = 32 - Math.clz32(halves)\n  let factor = halves / 2 ** exponent\n  if (factor < Math.SQRT1_2) {\n    factor *= 2\n    exponent -= 1\n  }\n  const s = (factor - 1) / (factor + 1)\n  let sum = 0\n  for (let power = 19; power > 0; power -= 2) sum = sum * s * s + 1 / power\n  return (33 - exponent) * Math.LN2 - 2 * s * sum\n}",
    uses: [],
    usesTensors: false,
  },
  horner: {
    text: "/** The polynomial with these coefficients, the highest power first. */\nfunction horner(coefficients: readonly number[], x: number): number {\n  let sum = 0\n  for (const coefficient of coefficients) sum = sum * x + coefficient\n  return sum\n}",
    uses: [],
    usesTensors: false,
  },
  streamOf: {
    text: "/** A random 32-bit word for each element, from the stream of that name. */\nfunction streamOf(\n  name: string,\n  [seed, site, parameter, step]: Stream,\n): (element: number) => number {\n  const key = streamKey(name, seed, site, parameter)\n  return (element) => threefry(key, step, element)[0]\n}",
    uses: ['Stream', 'streamKey', 'threefry'],
    usesTensors: false,
  },
  streamKey: {
    text: "/** The key of the stream of that name: two 32-bit words. */\nfunction streamKey(\n  name: string,\n  seed: number,\n  site: number,\n  parameter: number,\n): readonly [number, number] {\n  let key: readonly [number, number] = [Math.floor(seed / 2 ** 32), seed]\n  for (const letter of name) key = threefry(key, letter.charCodeAt(0), 1)\n  for (const number of [site, parameter]) key = threefry(key, number, 0)\n  return key\n}",
    uses: ['threefry'],
    usesTensors: false,
  },
  threefry: {
    text: "/** Two random 32-bit words for a key and a counter: Threefry-2x32-20, Salmon and others, SC 2011. */\nfunction threefry(\n  [high, low]: readonly [number, number],\n  first: number,\n  second: number,\n): readonly [number, number] {\n  let next = low | 0\n  let afterNext = 0x1bd11bda ^ high ^ low\n  let last = high | 0\n  let a = (first + high) | 0\n  let b = (second + low) | 0\n  for (let group = 1; group <= 5; group++) {\n    const isOdd = group % 2 === 1\n    a = (a + b) | 0\n    b = rotate(b, isOdd ? 13 : 17) ^ a\n    a = (a + b) | 0\n    b = rotate(b, isOdd ? 15 : 29) ^ a\n    a = (a + b) | 0\n    b = rotate(b, isOdd ? 26 : 16) ^ a\n    a = (a + b) | 0\n    b = rotate(b, isOdd ? 6 : 24) ^ a\n    a = (a + next) | 0\n    b = (b + afterNext + group) | 0\n    const used = next\n    next = afterNext\n    afterNext = last\n    last = used\n  }\n  return [a >>> 0, b >>> 0]\n}",
    uses: ['rotate'],
    usesTensors: false,
  },
  rotate: {
    text: "/** The 32-bit word with its bits moved up, those pushed out coming back below. */\nfunction rotate(word: number, bits: number): number {\n  return (word << bits) | (word >>> (32 - bits))\n}",
    uses: [],
    usesTensors: false,
  },
  StepRound: {
    text: "/** A round of a step, which finds numbers over all variables and changes nothing. */\ninterface StepRound {\n  /** What a variable adds to each of them. */\n  add(variable: { w: tf.Variable; g: tf.Tensor; index: number }): tf.Tensor[]\n  /** How what all add becomes one number. */\n  totals: ((parts: tf.Tensor) => tf.Tensor)[]\n  /** What the step does once they are known. */\n  then(...totals: tf.Tensor[]): StepRound | StepRule\n}",
    uses: ['StepRule'],
    usesTensors: true,
    isType: true,
  },
  takeStepInRounds: {
    text: "/** The same as `takeStep` for a rule with numbers over all variables that have a gradient. */\nfunction takeStepInRounds<Name extends string>(\n  steps: Steps<Name>,\n  gradients: tf.NamedTensorMap | NamedTensor[],\n  prepare: PrepareStep<Name, StepRound | StepRule>,\n): boolean {\n  const pairs = gradientPairs(gradients)\n  if (leavesOut(steps, pairs) || addsUp(steps, pairs)) return false\n  tf.tidy(() => {\n    let parts = preparedFor(steps, prepare)\n    const variables = readyVariables(steps, pairs)\n    const isRound = (part: StepRound | StepRule): part is StepRound => typeof part !== 'function'\n    for (let rounds = parts.filter(isRound); rounds.length > 0; rounds = parts.filter(isRound)) {\n      const added = variables.flatMap(({ w, index, place, mean }) =>\n        tf.tidy(() => {\n          const g = mean()\n          // There is no largest of no elements.\n          return g === null || g.size === 0 ? [] : [rounds[place]!.add({ w, g, index })]\n        }),\n      )\n      const found = rounds[0]!.totals.map((total, index) =>\n        total(tf.stack([tf.scalar(0), ...added.map((each) => each[index]!)])),\n      )\n      parts = rounds.map((round) => round.then(...found))\n    }\n    const rules = parts.filter((part): part is StepRule => !isRound(part))\n    for (const { w, index, place, mean } of variables) {\n      tf.tidy(() => rules[place]!({ w, g: mean(), index }))\n    }\n  })\n  endStep(steps)\n  return true\n}",
    uses: ['StepRound', 'NamedTensor', 'Steps', 'gradientPairs', 'StepRule', 'PrepareStep', 'preparedFor', 'addsUp', 'readyVariables', 'endStep', 'leavesOut'],
    usesTensors: true,
  },
  RunNumbers: {
    text: "/** Numbers that are kept for the run, by name: of the host, or 32-bit ones in tensors. */\ntype RunNumbers = Readonly<Record<string, number | tf.Tensor>>",
    uses: [],
    usesTensors: true,
    isType: true,
  },
  keptNumber: {
    text: "/** A copy of a number of the run that lasts beyond the step. */\nfunction keptNumber(x: tf.Tensor): tf.Tensor {\n  return tf.keep(tf.clone(x))\n}",
    uses: [],
    usesTensors: true,
  },
  readNumbers: {
    text: "/** The values of numbers of the run. */\nfunction readNumbers(run: readonly RunNumbers[]): Promise<Record<string, number>[]> {\n  const read = async (x: number | tf.Tensor): Promise<number> =>\n    typeof x === 'number' ? x : (await x.data())[0]!\n  return Promise.all(\n    run.map(async (numbers) => {\n      const entries = Object.entries(numbers)\n      const values = await Promise.all(\n        entries.map(async ([name, x]) => [name, await read(x)] as const),\n      )\n      return Object.fromEntries(values)\n    }),\n  )\n}",
    uses: ['RunNumbers'],
    usesTensors: true,
  },
  disposeNumbers: {
    text: "/** Frees the tensors among numbers of the run. */\nfunction disposeNumbers(run: readonly RunNumbers[]): void {\n  for (const numbers of run) {\n    for (const x of Object.values(numbers)) if (typeof x !== 'number') x.dispose()\n  }\n}",
    uses: ['RunNumbers'],
    usesTensors: false,
  },
  createKernel: {
    text: "/** A kernel that has not been run. */\nfunction createKernel<const Makes extends readonly KernelExtent[]>(\n  parts: KernelParts<Makes>,\n): Kernel<Makes> {\n  return { ...parts, linked: undefined, shader: undefined }\n}",
    uses: ['KernelExtent', 'KernelParts', 'Kernel'],
    usesTensors: false,
  },
  runsKernels: {
    text: "/**\n * Whether the backend in use runs kernels, for a variable and its gradient; `buffers`: the most tensors, and room beside them,\n * that one of the kernels has.\n */\nfunction runsKernels(w: tf.Variable, g: tf.Tensor, buffers: number): boolean {\n  if (w.dtype !== 'float32' || g.dtype !== 'float32') return false\n  // Buffers of WebGPU have at least one number.\n  if (w.size > 0 && usableWebgpu(buffers) !== undefined) return true\n  return tf.getBackend() === 'cpu' || usableWasm() !== undefined\n}",
    uses: ['usableWasm', 'usableWebgpu'],
    usesTensors: true,
  },
  KernelStream: {
    text: "/** What random numbers are drawn for: the seed, the index of the parameter, the step. */\ntype KernelStream = [seed: number, parameter: number, step: number]",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  runKernel: {
    text: "/**\n * Runs a kernel for a variable on the backend in use, with numbers in the place of conditions; gives the tensors that it makes.\n * A tensor that it changes whose values others have too gets values of its own.\n */\nfunction runKernel<Makes extends readonly KernelExtent[]>(\n  kernel: Kernel<Makes>,\n  w: tf.Variable,\n  tensors: tf.Tensor[],\n  numbers: (number | boolean)[],\n  [seed, parameter, step]: KernelStream = [0, 0, 0],\n): Made<Makes> {\n  const outputs = w.shape.at(-1) ?? 1\n  const inputs = w.shape.slice(0, -1).reduce((count, length) => count * length, 1)\n  const call: KernelCall = {\n    kernel,\n    changed: tensors.slice(0, kernel.changes) as tf.Variable[],\n    shapes: kernel.makes.map((extent) => shapeOf(extent, w.shape)),\n    read: tensors.slice(kernel.changes),\n    numbers: numbers.map((number) => Number(number)),\n    sizes: { elements: w.size, inputs, outputs },\n    keys: kernel.draws.map(([name, site]) => streamKey(name, seed, site, parameter)),\n    step,\n  }\n  const wasm = usableWasm()\n  if (wasm !== undefined) return runOnWasm(call, wasm) as Made<Makes>\n  const webgpu = usableWebgpu(0)\n  return (webgpu === undefined ? runOnCpu(call) : runOnWebgpu(call, webgpu)) as Made<Makes>\n}",
    uses: ['runOnCpu', 'usableWasm', 'runOnWasm', 'usableWebgpu', 'runOnWebgpu', 'KernelExtent', 'Made', 'Kernel', 'KernelCall', 'streamKey', 'KernelStream', 'shapeOf'],
    usesTensors: true,
  },
  shapeOf: {
    text: "/** The shape of a tensor with one number for each of what `extent` says, for a variable of that shape. */\nfunction shapeOf(extent: KernelExtent, shape: number[]): number[] {\n  if (extent === 'element') return shape\n  if (extent === 'one') return []\n  const isOutput = (axis: number): boolean => axis === shape.length - 1\n  return shape.map((length, axis) => (isOutput(axis) === (extent === 'per output') ? length : 1))\n}",
    uses: ['KernelExtent'],
    usesTensors: false,
  },
  NamedTensor: {
    text: "/** A weight or gradient, as tf.Optimizer takes and gives them; tfjs-core uses this type and does not export it. */\ntype NamedTensor = { name: string; tensor: tf.Tensor }",
    uses: [],
    usesTensors: true,
    isType: true,
  },
  SavedRun: {
    text: "/**\n * The weights that an optimizer of the class `owner` saves first: `iter`, the steps it has taken; `OWNER/run`, the numbers\n * it keeps for the whole run, as the bits of 64-bit numbers, which also tells whose weights these are; and `OWNER/calls`, what\n * it has counted of calls, unless that is nothing.\n */\ninterface SavedRun {\n  readonly owner: string\n  /** Their tensors, once they were saved. */\n  readonly tensors: Map<string, tf.Variable>\n}",
    uses: [],
    usesTensors: true,
    isType: true,
  },
  createSavedRun: {
    text: "/** The same for an optimizer that has not saved anything. */\nfunction createSavedRun(owner: string): SavedRun {\n  return { owner, tensors: new Map() }\n}",
    uses: ['SavedRun'],
    usesTensors: false,
  },
  saveRun: {
    text: "/** These weights. The tensors stay the optimizer's: the next call changes them, `disposeRun` frees them. */\nfunction saveRun(\n  { owner, tensors }: SavedRun,\n  iterations: number,\n  numbers: readonly number[],\n  calls: readonly number[],\n): NamedTensor[] {\n  const keep = (name: string, values: ArrayLike<number>, shape?: number[]): NamedTensor => {\n    const value = tf.tensor(Int32Array.from(values), shape, 'int32')\n    let tensor = tensors.get(name)\n    if (tensor !== undefined && !isGone(tensor) && tensor.size === value.size) tensor.assign(value)\n    else {\n      // There are no numbers of the run before its first step.\n      tensor?.dispose()\n      tensor = tf.variable(value, false)\n    }\n    tensors.set(name, tensor)\n    return { name, tensor }\n  }\n  return tf.tidy(() => [\n    keep('iter', [iterations], []),\n    keep(`${owner}/run`, new Int32Array(new Float64Array(numbers).buffer)),\n    ...(calls.some((count) => count > 0) ? [keep(`${owner}/calls`, calls)] : []),\n  ])\n}",
    uses: ['NamedTensor', 'SavedRun', 'isGone'],
    usesTensors: true,
  },
  disposeRun: {
    text: "/** Frees the tensors. */\nfunction disposeRun({ tensors }: SavedRun): void {\n  for (const tensor of tensors.values()) tensor.dispose()\n  tensors.clear()\n}",
    uses: ['SavedRun'],
    usesTensors: false,
  },
  readWeights: {
    text: "/**\n * What the weights of an optimizer of the class `owner` hold: the steps, the numbers of the run, the counts of calls, and all\n * that stands behind; 0 steps and nothing else in none. Throws an Error for those of another class.\n */\nasync function readWeights(\n  owner: string,\n  weights: readonly NamedTensor[],\n): Promise<{ iterations: number; numbers: number[]; calls: number[]; named: NamedTensor[] }> {\n  const [iter, ...others] = weights\n  if (iter === undefined) return { iterations: 0, numbers: [], calls: [], named: [] }\n  if (iter.name !== 'iter' || iter.tensor.size !== 1) {\n    throw new Error(`the first weight is the number of steps, iter; here it is ${iter.name}`)\n  }\n  // Classes without numbers of the run used to save no second weight. States are never integers.\n  const take = (end: string): tf.Tensor | undefined => {\n    const [first] = others\n    if (first?.tensor.dtype !== 'int32' || !first.name.endsWith(end)) return undefined\n    const saver = first.name.slice(0, -end.length)\n    if (saver !== owner) {\n      throw new Error(`these weights were saved by ${saver}; ${owner} cannot take them`)\n    }\n    return others.shift()!.tensor\n  }\n  const [run, counts] = [take('/run'), take('/calls')]\n  const [iterations = NaN] = await iter.tensor.data()\n  if (!Number.isInteger(iterations) || iterations < 0) {\n    throw new RangeError(`iter is ${iterations}; it must be a number of steps`)\n  }\n  const bits = (await run?.data())?.slice().buffer ?? new ArrayBuffer(0)\n  return {\n    iterations,\n    numbers: [...new Float64Array(bits)],\n    calls: [...((await counts?.data()) ?? [])],\n    named: others,\n  }\n}",
    uses: ['NamedTensor'],
    usesTensors: true,
  },
  isGone: {
    text: "/** Whether the variable is disposed; tf.disposeVariables does not mark those it disposes. */\nfunction isGone(variable: tf.Variable): boolean {\n  return tf.engine().registeredVariables[variable.name] !== variable\n}",
    uses: [],
    usesTensors: true,
  },
  softplus: {
    text: "/** log(1 + exp(x)), without overflow. */\nfunction softplus(x: number): number {\n  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))\n}",
    uses: [],
    usesTensors: false,
  },
  logOnePlusExp: {
    text: "/** log(1 + exp(x) + 1e-7), without overflow. */\nfunction logOnePlusExp(x: number): number {\n  const above = Math.max(x, 0)\n  return above + Math.log1p(Math.exp(-Math.abs(x)) + 1e-7 * Math.exp(-above))\n}",
    uses: [],
    usesTensors: false,
  },
  softsign: {
    text: "/** x / (1 + |x|). */\nfunction softsign(x: number): number {\n  return x / (1 + Math.abs(x))\n}",
    uses: [],
    usesTensors: false,
  },
  sigmoidDerivative: {
    text: "/** The derivative of the logistic function. */\nfunction sigmoidDerivative(x: number): number {\n  const e = Math.exp(-Math.abs(x))\n  return e / (1 + e) ** 2\n}",
    uses: [],
    usesTensors: false,
  },
  floorModulo: {
    text: "/** The remainder of a floored division: it has the sign of the divisor, also where it is 0. */\nfunction floorModulo(a: number, b: number): number {\n  const rest = a % b\n  if (rest === 0) return b < 0 ? -0 : 0\n  return rest < 0 !== b < 0 ? rest + b : rest\n}",
    uses: [],
    usesTensors: false,
  },
  clip: {
    text: "/** x limited to [-|bound|, |bound|]. */\nfunction clip(x: number, bound: number): number {\n  return Math.min(Math.max(x, -Math.abs(bound)), Math.abs(bound))\n}",
    uses: [],
    usesTensors: false,
  },
  power: {
    text: "/** IEEE 754's power: 1 to any power is 1, and so is -1 to an infinite one, which JavaScript's `**` does not promise. */\nfunction power(base: number, exponent: number): number {\n  const isOne = base === 1 || (base === -1 && Math.abs(exponent) === Infinity)\n  return isOne ? 1 : base ** exponent\n}",
    uses: [],
    usesTensors: false,
  },
  States: {
    text: "/**\n * The states that an optimizer keeps for each variable it trains. They belong to the variable, whatever its place among the\n * gradients, and go when it is disposed. They are saved as `VARIABLE/STATE`.\n */\ninterface States {\n  readonly saved: SavedRun\n  /** The names of the states of one variable. */\n  readonly names: readonly string[]\n  entries: VariableStates[]\n  readonly byVariable: Map<tf.Variable, VariableStates>\n  /** Whether there was no step since states were restored. */\n  isRestored: boolean\n  /** In a step that takes restored states in their order: those that are left. */\n  order: VariableStates[] | undefined\n}",
    uses: ['SavedRun', 'VariableStates'],
    usesTensors: true,
    isType: true,
  },
  VariableStates: {
    text: "/** The states of one variable. */\ninterface VariableStates {\n  /** Undefined for restored states whose variable has not come yet. */\n  variable: tf.Variable | undefined\n  /** The name of the variable they were first kept for. */\n  readonly savedAs: string\n  readonly states: Map<string, tf.Variable>\n  /** Restored states that were not asked for yet; undefined where nothing was restored. */\n  readonly restored: Map<string, tf.Variable> | undefined\n}",
    uses: [],
    usesTensors: true,
    isType: true,
  },
  createStates: {
    text: "/** No states yet, for an optimizer of the class `owner`; each variable will have those of these names. */\nfunction createStates(owner: string, names: readonly string[]): States {\n  return {\n    saved: createSavedRun(owner),\n    names,\n    entries: [],\n    byVariable: new Map(),\n    isRestored: false,\n    order: undefined,\n  }\n}",
    uses: ['createSavedRun', 'States'],
    usesTensors: false,
  },
  bindStates: {
    text: "/**\n * The gradients of a step, once their variables have the states that were restored for them: those saved under a variable's\n * name, or under one that differs only in the `_1` that layers put behind a name there is already. If no name is known in\n * the first step after states were restored, variables take them in the order they were saved in. Throws an Error where that\n * leaves states over, or where only some are known of the numbers that tfjs gives for names.\n */\nfunction bindStates<Pair extends { readonly w: tf.Variable }>(\n  states: States,\n  pairs: Pair[],\n): Pair[] {\n  states.order = undefined\n  forgetDisposed(states)\n  const waiting = states.entries.filter(({ variable }) => variable === undefined)\n  const fresh = pairs.map(({ w }) => w).filter((w) => !states.byVariable.has(w))\n  if (waiting.length === 0 || fresh.length === 0) return pairs\n  const matches = matchNames(fresh, waiting, new Set(pairs.map(({ w }) => w.name)))\n  if (states.isRestored) {\n    const left = waiting.filter((entry) => !matches.includes(entry))\n    const unknown = fresh.filter((_, index) => matches[index] === undefined)\n    const isCounted = (name: string): boolean => /^\\d+$/.test(name)\n    const isByOrder = left.length === waiting.length\n    const isUnclear = isByOrder\n      ? left.length > unknown.length\n      : unknown.some(({ name }) => isCounted(name)) &&\n        left.some((entry) => isCounted(entry.savedAs))\n    if (isUnclear) {\n      const saved = left.map(({ savedAs }) => savedAs).join(', ')\n      const wanted = unknown.map(({ name }) => name).join(', ')\n      throw new Error(\n        `states were saved for ${saved}; which are for ${wanted} is unclear: give variables names`,\n      )\n    }\n    if (isByOrder) states.order = left\n    states.isRestored = false\n  }\n  fresh.forEach((w, index) => {\n    const entry = matches[index]\n    if (entry !== undefined) giveStates(states, w, entry)\n  })\n  return pairs\n}",
    uses: ['States', 'matchNames', 'giveStates', 'forgetDisposed'],
    usesTensors: true,
  },
  stateOf: {
    text: "/**\n * The state `name` of `w`, which starts as `initial()`. Throws an Error when a restored one has another shape, or when it was\n * disposed from outside.\n */\nfunction stateOf(\n  states: States,\n  w: tf.Variable,\n  name: string,\n  initial: () => tf.Tensor,\n): tf.Variable {\n  const entry = states.byVariable.get(w) ?? giveStates(states, w, nextStates(states, w))\n  let state = entry.states.get(name)\n  if (state === undefined) {\n    const start = initial()\n    if (entry.restored === undefined) {\n      state = tf.variable(start, false)\n    } else {\n      const place = `${entry.savedAs}/${name}`\n      state = entry.restored.get(name)\n      if (state === undefined)\n        throw new Error(`${place} was not saved; ${states.saved.owner} wants it`)\n      checkKind(entry.savedAs === w.name ? place : `${place}, for ${w.name},`, state, start)\n      entry.restored.delete(name)\n    }\n    entry.states.set(name, state)\n  }\n  if (isGone(state))\n    throw new Error(`the state ${name} of ${w.name} was disposed; getWeights does not give copies`)\n  return state\n}",
    uses: ['isGone', 'States', 'nextStates', 'giveStates', 'checkKind'],
    usesTensors: true,
  },
  saveStates: {
    text: "/** All states. The tensors stay the optimizer's: steps change them. */\nfunction saveStates(states: States): NamedTensor[] {\n  forgetDisposed(states)\n  return states.entries.flatMap(({ variable, savedAs, ...entry }) =>\n    [...entry.states, ...(entry.restored ?? [])].map(([name, tensor]) => ({\n      name: `${variable?.name ?? savedAs}/${name}`,\n      tensor,\n    })),\n  )\n}",
    uses: ['NamedTensor', 'States', 'forgetDisposed'],
    usesTensors: false,
  },
  restoreStates: {
    text: "/** Takes copies of saved states, grouped by `groupStates`, in the place of what there is. */\nfunction restoreStates(\n  states: States,\n  saved: ReadonlyMap<string, ReadonlyMap<string, tf.Tensor>>,\n): void {\n  const entries = Array.from(saved, ([savedAs, tensors]): VariableStates => {\n    const copies = Array.from(tensors, ([name, x]) => [name, tf.variable(x, false)] as const)\n    return { variable: undefined, savedAs, states: new Map(), restored: new Map(copies) }\n  })\n  disposeStates(states)\n  states.entries = entries\n  states.isRestored = true\n}",
    uses: ['States', 'VariableStates', 'disposeStates'],
    usesTensors: true,
  },
  disposeStates: {
    text: "/** Frees all states. What comes later starts anew. */\nfunction disposeStates(states: States): void {\n  disposeRun(states.saved)\n  for (const entry of states.entries) freeStates(entry)\n  states.entries = []\n  states.byVariable.clear()\n}",
    uses: ['disposeRun', 'States', 'freeStates'],
    usesTensors: false,
  },
  groupStates: {
    text: "/** Saved states by their variable's name and their own. Throws an Error for those that the optimizer cannot take. */\nfunction groupStates(\n  states: States,\n  named: readonly NamedTensor[],\n): Map<string, Map<string, tf.Tensor>> {\n  const saved = new Map<string, Map<string, tf.Tensor>>()\n  for (const { name, tensor } of named) {\n    const end = name.lastIndexOf('/')\n    const variable = name.slice(0, Math.max(end, 0))\n    const state = name.slice(end + 1)\n    if (end < 0 || !states.names.includes(state)) {\n      const kept = states.names.join(', ') || 'no states of variables'\n      throw new Error(`${name} was saved; ${states.saved.owner} keeps ${kept}`)\n    }\n    if (tensor.isDisposed) throw new Error(`the tensor of ${name} is disposed`)\n    const group = saved.get(variable) ?? new Map<string, tf.Tensor>()\n    if (group.has(state)) throw new Error(`${name} was saved twice`)\n    saved.set(variable, group.set(state, tensor))\n  }\n  forgetDisposed(states)\n  for (const [{ name }, entry] of states.byVariable) {\n    for (const [state, present] of entry.states) {\n      const tensor = saved.get(name)?.get(state)\n      if (tensor !== undefined) checkKind(`${name}/${state}`, tensor, present)\n    }\n  }\n  return saved\n}",
    uses: ['NamedTensor', 'States', 'forgetDisposed', 'checkKind'],
    usesTensors: true,
  },
  matchNames: {
    text: "/**\n * The restored states of each variable, undefined where there are none: those of its name, or the only ones of a name that\n * is equal but for a number behind it. No two variables get the same.\n */\nfunction matchNames(\n  variables: readonly tf.Variable[],\n  waiting: readonly VariableStates[],\n  present: ReadonlySet<string>,\n): (VariableStates | undefined)[] {\n  const found = variables.map(({ name }) => {\n    const own = waiting.find(({ savedAs }) => savedAs === name)\n    if (own !== undefined) return own\n    const like = waiting.filter(({ savedAs }) => !present.has(savedAs) && isCopy(savedAs, name))\n    return like.length === 1 ? like[0] : undefined\n  })\n  return found.map((entry) => (found.filter((e) => e === entry).length === 1 ? entry : undefined))\n}",
    uses: ['VariableStates', 'isCopy'],
    usesTensors: true,
  },
  isCopy: {
    text: "/** Whether the names are equal but for a number that layers put behind them. */\nfunction isCopy(a: string, b: string): boolean {\n  return plainName(a) === b || a === plainName(b) || plainName(a) === plainName(b)\n}",
    uses: ['plainName'],
    usesTensors: false,
  },
  plainName: {
    text: "/** A name without the number that layers put behind one there is already. */\nfunction plainName(name: string): string {\n  // Names of layers' weights have slashes. Others that end in numbers are names of their own.\n  return name.replace(/^(.*\\/.*)_\\d+$/, '$1')\n}",
    uses: [],
    usesTensors: false,
  },
  nextStates: {
    text: "/** The states for a variable without any: the next ones where they go by order, else new ones. */\nfunction nextStates(states: States, w: tf.Variable): VariableStates {\n  if (states.order !== undefined) {\n    const next = states.order.shift()\n    if (next === undefined) {\n      throw new Error(`no states were saved for a variable such as ${w.name}: give variables names`)\n    }\n    return next\n  }\n  const entry = { variable: w, savedAs: w.name, states: new Map(), restored: undefined }\n  states.entries.push(entry)\n  return entry\n}",
    uses: ['States', 'VariableStates'],
    usesTensors: true,
  },
  giveStates: {
    text: "/** Makes these the states of `w`. */\nfunction giveStates(states: States, w: tf.Variable, entry: VariableStates): VariableStates {\n  entry.variable = w\n  states.byVariable.set(w, entry)\n  return entry\n}",
    uses: ['States', 'VariableStates'],
    usesTensors: true,
  },
  forgetDisposed: {
    text: "/** Frees the states of variables that are disposed. */\nfunction forgetDisposed(states: States): void {\n  for (const [variable, entry] of states.byVariable) {\n    if (!isGone(variable)) continue\n    freeStates(entry)\n    states.byVariable.delete(variable)\n    states.entries = states.entries.filter((other) => other !== entry)\n  }\n}",
    uses: ['isGone', 'States', 'freeStates'],
    usesTensors: false,
  },
  freeStates: {
    text: "/** Frees the states of one variable. */\nfunction freeStates({ states, restored }: VariableStates): void {\n  for (const state of [...states.values(), ...(restored?.values() ?? [])]) state.dispose()\n}",
    uses: ['VariableStates'],
    usesTensors: false,
  },
  checkKind: {
    text: "/** Throws an Error unless what was saved has the type and the shape of what is wanted. */\nfunction checkKind(name: string, saved: tf.Tensor, wanted: tf.Tensor): void {\n  const kindOf = ({ dtype, shape }: tf.Tensor): string => `${dtype} [${shape.join(', ')}]`\n  if (kindOf(saved) !== kindOf(wanted)) {\n    throw new Error(`${name} was saved as ${kindOf(saved)}; wanted is ${kindOf(wanted)}`)\n  }\n}",
    uses: [],
    usesTensors: true,
  },
  StepOptions: {
    text: "/** What every optimizer can be told about its steps, beside the hyperparameters of its rule. */\ninterface StepOptions<Name extends string> {\n  /** Variables with hyperparameters of their own; the first group that matches a variable has it. */\n  groups?: readonly Group<Name>[]\n  /**\n   * What to do when a gradient holds NaN or an infinite number: `keep` it, which is the default, `skip` the step and count\n   * it, or `throw` an Error. The last two read all gradients before anything is changed.\n   */\n  onNonFinite?: 'keep' | 'skip' | 'throw'\n  /** The number of calls whose mean gradient makes one update, 1 when not given; `totalSteps` counts updates. */\n  accumulate?: number\n}",
    uses: ['Group'],
    usesTensors: false,
    isType: true,
  },
  Steps: {
    text: "/** What an optimizer knows of its steps. */\ninterface Steps<Name extends string> {\n  readonly states: States\n  readonly groups: readonly Group<Name>[]\n  readonly onNonFinite: 'keep' | 'skip' | 'throw'\n  readonly accumulate: number\n  /** The sums of the gradients since the last update, and of how many calls they are. */\n  readonly sums: States\n  pending: number\n  /** The calls that were left out for a gradient that was not finite. */\n  skipped: number\n  /** The variables of all updates so far, by their names. */\n  readonly seen: Map<string, NamedShape>\n}",
    uses: ['Group', 'NamedShape', 'States'],
    usesTensors: false,
    isType: true,
  },
  Gradient: {
    text: "/** A variable and its gradient, null where the loss does not depend on it. */\ntype Gradient = { w: tf.Variable; g: tf.Tensor | null }",
    uses: [],
    usesTensors: true,
    isType: true,
  },
  createSteps: {
    text: "/**\n * What an optimizer with these states and limits knows before its first step. Throws a TypeError or a RangeError for what an\n * option cannot be.\n */\nfunction createSteps<Name extends string>(\n  states: States,\n  { groups = [], onNonFinite = 'keep', accumulate = 1 }: StepOptions<Name>,\n  limits: Limits,\n): Steps<Name> {\n  if (!Array.isArray(groups)) throw new TypeError('groups must be a list')\n  if (!['keep', 'skip', 'throw'].includes(onNonFinite)) {\n    throw new TypeError(`onNonFinite is ${String(onNonFinite)}; it must be keep, skip or throw`)\n  }\n  if (!Number.isSafeInteger(accumulate) || accumulate < 1) {\n    throw new RangeError(`accumulate is ${String(accumulate)}; it must be a positive whole number`)\n  }\n  return {\n    states,\n    groups: groups.map((group, index) => checkedGroup<Name>(group, `groups[${index}]`, limits)),\n    onNonFinite,\n    accumulate,\n    // No state of a rule can be called g.\n    sums: createStates(states.saved.owner, ['g']),\n    pending: 0,\n    skipped: 0,\n    seen: new Map(),\n  }\n}",
    uses: ['checkedGroup', 'Limits', 'States', 'createStates', 'StepOptions', 'Steps'],
    usesTensors: false,
  },
  serializedSteps: {
    text: "/** The step options that were given, as JSON can hold them. Throws an Error for a match that is a function. */\nfunction serializedSteps<Name extends string>(\n  { groups, onNonFinite, accumulate }: Steps<Name>,\n  T: number,\n  limits: Limits,\n): tf.serialization.ConfigDict {\n  const saved = groups.map(({ match, ...own }, index) => {\n    const given = Object.entries<Hyperparameter | undefined>(own)\n    const values = given.flatMap(([name, value]) =>\n      value === undefined ? [] : [[name, serialized(name, value, T, limits)] as const],\n    )\n    return { match: savedMatch(match, `groups[${index}]`), ...Object.fromEntries(values) }\n  })\n  return {\n    ...(saved.length > 0 && { groups: saved }),\n    ...(onNonFinite !== 'keep' && { onNonFinite }),\n    ...(accumulate > 1 && { accumulate }),\n  }\n}",
    uses: ['savedMatch', 'Hyperparameter', 'Limits', 'serialized', 'Steps'],
    usesTensors: true,
  },
  gradientPairs: {
    text: "/** The gradients of a call, each variable once. Throws an Error for a gradient that is not one of its variable. */\nfunction gradientPairs(gradients: tf.NamedTensorMap | NamedTensor[]): Gradient[] {\n  const named = Array.isArray(gradients)\n    ? gradients\n    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }))\n  // A layer that stands twice in a model has its variables twice, each time with the whole gradient.\n  const byName = new Map(named.map(({ name, tensor }) => [name, tensor]))\n  const twice = named.find(({ name, tensor }) => byName.get(name) !== tensor)\n  if (twice !== undefined) throw new Error(`${twice.name} has two gradients`)\n  return Array.from(byName, ([name, tensor]) => {\n    const w = tf.engine().registeredVariables[name]\n    if (w === undefined) throw new Error(`there is no variable called ${name}`)\n    const g = tensor ?? null\n    // As a matrix a gradient of another shape would be taken for one of this shape.\n    if (g !== null && !tf.util.arraysEqual(g.shape, w.shape)) {\n      throw new Error(`the gradient of ${name} has the shape [${g.shape}], ${name} [${w.shape}]`)\n    }\n    return { w, g }\n  })\n}",
    uses: ['NamedTensor', 'Gradient'],
    usesTensors: true,
  },
  StepRule: {
    text: "/** What one step does to a variable, which stands at `index` among the gradients. */\ntype StepRule = (variable: Gradient & { index: number }) => void",
    uses: ['Gradient'],
    usesTensors: false,
    isType: true,
  },
  PrepareStep: {
    text: "/** What a step does under the hyperparameters of a group, which has that place among them; 0 stands for the optimizer's own. */\ntype PrepareStep<Name extends string, Prepared> = (\n  group: Partial<Record<Name, Hyperparameter>>,\n  place: number,\n) => Prepared",
    uses: ['Hyperparameter'],
    usesTensors: false,
    isType: true,
  },
  takeStep: {
    text: "/**\n * Takes a step unless it is left out or gradients are still added up, and says whether it did. Nothing is changed before\n * `prepare` was called for the optimizer's hyperparameters and those of each group.\n */\nfunction takeStep<Name extends string>(\n  steps: Steps<Name>,\n  gradients: tf.NamedTensorMap | NamedTensor[],\n  prepare: PrepareStep<Name, StepRule>,\n): boolean {\n  const pairs = gradientPairs(gradients)\n  if (leavesOut(steps, pairs) || addsUp(steps, pairs)) return false\n  const rules = preparedFor(steps, prepare)\n  for (const { w, index, place, mean } of readyVariables(steps, pairs)) {\n    tf.tidy(() => rules[place]!({ w, g: mean(), index }))\n  }\n  endStep(steps)\n  return true\n}",
    uses: ['NamedTensor', 'Steps', 'gradientPairs', 'StepRule', 'PrepareStep', 'preparedFor', 'addsUp', 'readyVariables', 'endStep', 'leavesOut'],
    usesTensors: true,
  },
  preparedFor: {
    text: "/** What `prepare` gives for the optimizer's hyperparameters, then for those of each group. */\nfunction preparedFor<Name extends string, Prepared>(\n  { groups }: Steps<Name>,\n  prepare: PrepareStep<Name, Prepared>,\n): Prepared[] {\n  const own: Partial<Record<Name, Hyperparameter>> = {}\n  return [own, ...groups].map(prepare)\n}",
    uses: ['Hyperparameter', 'Steps', 'PrepareStep'],
    usesTensors: false,
  },
  addsUp: {
    text: "/** Whether the gradients of a call are only added to those before it. */\nfunction addsUp<Name extends string>(steps: Steps<Name>, pairs: Gradient[]): boolean {\n  const { sums, accumulate } = steps\n  if (steps.pending + 1 >= accumulate) return false\n  for (const { w, g, sum } of withSums(sums, pairs)) {\n    if (g === null) continue\n    // A new sum starts as the gradient.\n    if (sum === null) stateOf(sums, w, 'g', () => g)\n    else tf.tidy(() => sum.assign(tf.add(sum, g)))\n  }\n  steps.pending++\n  return true\n}",
    uses: ['stateOf', 'Steps', 'Gradient', 'withSums'],
    usesTensors: true,
  },
  readyVariables: {
    text: "/**\n * The variables of an update with the places of their groups, once they have the states that were restored for them. `mean`\n * gives the mean gradient of all calls since the last update, null where there is none; the caller disposes of it.\n */\nfunction readyVariables<Name extends string>(\n  { groups, sums, seen, states, pending }: Steps<Name>,\n  pairs: Gradient[],\n): { w: tf.Variable; index: number; place: number; mean: () => tf.Tensor | null }[] {\n  const all = withSums(sums, pairs)\n  for (const { w } of all) seen.set(w.name, { name: w.name, shape: w.shape })\n  const ready = all.map(({ w, g, sum }, index) => ({\n    w,\n    index,\n    place: 1 + groups.findIndex(({ match }) => fits(match, w, seen)),\n    mean: () => {\n      const total = sum === null ? g : g === null ? sum : tf.add(sum, g)\n      return total === null || pending === 0 ? total : tf.div(total, pending + 1)\n    },\n  }))\n  return bindStates(states, ready)\n}",
    uses: ['fits', 'bindStates', 'Steps', 'Gradient', 'withSums'],
    usesTensors: true,
  },
  endStep: {
    text: "/** Forgets the gradients that an update was made of. */\nfunction endStep<Name extends string>(steps: Steps<Name>): void {\n  disposeStates(steps.sums)\n  steps.pending = 0\n}",
    uses: ['disposeStates', 'Steps'],
    usesTensors: false,
  },
  leavesOut: {
    text: "/** Whether a call is left out, or an Error, since a gradient holds a number that is not finite. All are read at once. */\nfunction leavesOut<Name extends string>(steps: Steps<Name>, pairs: Gradient[]): boolean {\n  // Backends do not agree about no elements, which are all finite.\n  const given = pairs.filter(({ g }) => g !== null && g.size > 0)\n  if (steps.onNonFinite === 'keep' || given.length === 0) return false\n  const finite = given.map(({ g }) => tf.tidy(() => tf.all(tf.isFinite(g!))))\n  const areFinite = tf.tidy(() => tf.stack(finite).dataSync())\n  tf.dispose(finite)\n  const wrong = given.filter((_, index) => !areFinite[index]).map(({ w }) => w.name)\n  if (wrong.length === 0) return false\n  if (steps.onNonFinite === 'throw') {\n    throw new Error(`the gradient of ${wrong.join(', ')} holds NaN or an infinite number`)\n  }\n  steps.skipped++\n  return true\n}",
    uses: ['Steps', 'Gradient'],
    usesTensors: true,
  },
  withSums: {
    text: "/** The gradients, each with the sum of those before it; behind them the sums of variables that are not among these. */\nfunction withSums(\n  sums: States,\n  pairs: Gradient[],\n): (Gradient & { sum: tf.Variable | null })[] {\n  bindStates(sums, pairs)\n  if (sums.order !== undefined) {\n    const saved = sums.order.map(({ savedAs }) => savedAs).join(', ')\n    throw new Error(\n      `gradients were added up for ${saved}, which are not there: give variables names`,\n    )\n  }\n  const others = new Set(sums.byVariable.keys())\n  for (const { w } of pairs) others.delete(w)\n  return [...pairs, ...Array.from(others, (w) => ({ w, g: null }))].map(({ w, g }) => {\n    const isNew = !sums.byVariable.has(w)\n    return { w, g, sum: isNew ? null : tf.tidy(() => stateOf(sums, w, 'g', () => tf.zerosLike(w))) }\n  })\n}",
    uses: ['States', 'bindStates', 'stateOf', 'Gradient'],
    usesTensors: true,
  },
  saveSteps: {
    text: "/**\n * The weights of the run, then all states and sums. `run` holds the numbers of the run, for the optimizer's hyperparameters\n * and for each group. The tensors stay the optimizer's: steps change them.\n */\nfunction saveSteps<Name extends string>(\n  { states, sums, pending, skipped }: Steps<Name>,\n  iterations: number,\n  run: readonly Readonly<Record<string, number>>[] = [],\n): NamedTensor[] {\n  const numbers = run.flatMap((each) => Object.values(each))\n  return [\n    ...saveRun(states.saved, iterations, numbers, [pending, skipped]),\n    ...saveStates(states),\n    ...saveStates(sums),\n  ]\n}",
    uses: ['NamedTensor', 'saveRun', 'saveStates', 'Steps'],
    usesTensors: false,
  },
  restoreSteps: {
    text: "/**\n * Takes copies of what `saveSteps` gave in the place of what there is; gives the steps and the numbers of the run, which are\n * called `names`. Throws an Error, and changes nothing, for weights of another class or shape.\n */\nasync function restoreSteps<Name extends string, Key extends string = never>(\n  steps: Steps<Name>,\n  weights: readonly NamedTensor[],\n  names: readonly Key[] = [],\n): Promise<{ iterations: number; run: Record<Key, number>[] }> {\n  const { states, sums, groups } = steps\n  const { owner } = states.saved\n  const { iterations, numbers, calls, named } = await readWeights(owner, weights)\n  const wanted = names.length * (1 + groups.length)\n  // Before the first step there are none. Saved without groups, each group goes on from the same.\n  const [count, isBegun] = [numbers.length, iterations > 0]\n  if (count !== wanted && count !== names.length && (count > 0 || isBegun)) {\n    throw new Error(`${count} numbers of the run were saved; ${owner} keeps ${wanted}`)\n  }\n  const isSum = ({ name }: NamedTensor): boolean => name.endsWith('/g')\n  const ofStates = groupStates(\n    states,\n    named.filter((each) => !isSum(each)),\n  )\n  const ofSums = groupStates(sums, named.filter(isSum))\n  restoreStates(states, ofStates)\n  restoreStates(sums, ofSums)\n  steps.pending = calls[0] ?? 0\n  steps.skipped = calls[1] ?? 0\n  const places = isBegun && count > 0 ? 1 + groups.length : 0\n  const run = Array.from({ length: places }, (_, place) => {\n    const start = (place * names.length) % count\n    const entries = names.map((name, index) => [name, numbers[start + index]] as const)\n    return Object.fromEntries(entries) as Record<Key, number>\n  })\n  return { iterations, run }\n}",
    uses: ['NamedTensor', 'readWeights', 'restoreStates', 'groupStates', 'Steps'],
    usesTensors: false,
  },
  disposeSteps: {
    text: "/** Frees all states and sums. What comes later starts anew. */\nfunction disposeSteps<Name extends string>(steps: Steps<Name>): void {\n  disposeStates(steps.states)\n  disposeStates(steps.sums)\n  steps.pending = 0\n  steps.skipped = 0\n}",
    uses: ['disposeStates', 'Steps'],
    usesTensors: false,
  },
  tensorPolynomial: {
    text: "/** The polynomial with these coefficients, lowest power first, by Horner's rule. */\nfunction tensorPolynomial(x: tf.Tensor, coefficients: readonly number[]): tf.Tensor {\n  return coefficients.reduceRight<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, x), c), tf.zerosLike(x))\n}",
    uses: [],
    usesTensors: true,
  },
  tensorErf: {
    text: "/** The error function to about 1e-7: tf.erf is good to 1e-7 of 1 only, not of small values. */\nfunction tensorErf(x: tf.Tensor): tf.Tensor {\n  const near = [\n    1.12837917, -0.376126385, 0.112837825, -0.0268654307, 0.00522103181, -0.000848408041,\n    0.00011265959, -9.66704457e-6,\n  ]\n  const size = tf.abs(x)\n  const small = tf.mul(x, tensorPolynomial(tf.square(tf.minimum(size, 1)), near))\n  return tf.where(tf.less(size, 1), small, tf.mul(tf.sign(x), tf.sub(1, tensorErfc(size))))\n}",
    uses: ['tensorPolynomial', 'tensorErfc'],
    usesTensors: true,
  },
  tensorErfc: {
    text: "/** The complement of the error function to about 1e-6, relative to its value however small. */\nfunction tensorErfc(x: tf.Tensor): tf.Tensor {\n  const logScaled = [\n    -1.26552837, 1.00049582, 0.368519333, 0.130923186, -0.301566454, 0.474128235, -1.16856715,\n    0.959429459, 0.264539023, -0.865216751, 0.503167285, -0.100323616,\n  ]\n  const size = tf.minimum(tf.abs(x), 12)\n  const t = tf.reciprocal(tf.add(1, tf.div(size, 2)))\n  // exp(-x^2) = exp(-h^2) exp((h - x)(h + x)) with h so short that h^2 is exact.\n  const h = tf.div(tf.floor(tf.mul(size, 16)), 16)\n  const rest = tf.mul(tf.sub(h, size), tf.add(h, size))\n  const scaled = tf.mul(t, tf.exp(tf.add(rest, tensorPolynomial(t, logScaled))))\n  const positive = tf.mul(tf.exp(tf.neg(tf.square(h))), scaled)\n  return tf.where(tf.less(x, 0), tf.sub(2, positive), positive)\n}",
    uses: ['tensorPolynomial'],
    usesTensors: true,
  },
  tensorBesselI1e: {
    text: "/** The modified Bessel function of order 1 times exp(-|x|), to about 1e-6. */\nfunction tensorBesselI1e(x: tf.Tensor): tf.Tensor {\n  const near = [\n    0.5, 0.0625, 0.00260416667, 5.42534705e-5, 6.78168786e-7, 5.6513539e-9, 3.36432736e-11,\n    1.49971724e-13, 5.28123932e-16, 1.31398209e-18, 4.77702796e-21,\n  ]\n  const far = [\n    0.398942279, -0.149601922, -0.0469237957, -0.0333099554, -0.212271133, 1.45001833, -7.5975669,\n    10.5454645,\n  ]\n  const size = tf.abs(x)\n  const close = tf.minimum(size, 6)\n  const small = tf.mul(tf.mul(x, tensorPolynomial(tf.square(close), near)), tf.exp(tf.neg(close)))\n  const distance = tf.maximum(size, 6)\n  const scaled = tensorPolynomial(tf.reciprocal(distance), far)\n  const large = tf.mul(tf.sign(x), tf.div(scaled, tf.sqrt(distance)))\n  return tf.where(tf.less(size, 6), small, large)\n}",
    uses: ['tensorPolynomial'],
    usesTensors: true,
  },
  tensorSoftplus: {
    text: "/** log(1 + exp(x)), without overflow. */\nfunction tensorSoftplus(x: tf.Tensor): tf.Tensor {\n  return tf.add(tf.relu(x), tensorLog1p(tf.exp(tf.neg(tf.abs(x)))))\n}",
    uses: ['tensorLog1p'],
    usesTensors: true,
  },
  tensorLogOnePlusExp: {
    text: "/** log(1 + exp(x) + 1e-7), without overflow. */\nfunction tensorLogOnePlusExp(x: tf.Tensor): tf.Tensor {\n  const above = tf.relu(x)\n  const epsilon = tf.mul(1e-7, tf.exp(tf.neg(above)))\n  return tf.add(above, tensorLog1p(tf.add(tf.exp(tf.neg(tf.abs(x))), epsilon)))\n}",
    uses: ['tensorLog1p'],
    usesTensors: true,
  },
  tensorAddEpsilon: {
    text: "/** x + 1e-7 with the rest of 1e-7 that 32 bits do not hold, which counts where the sum is close to 0. */\nfunction tensorAddEpsilon(x: tf.Tensor): tf.Tensor {\n  return tf.add(tf.add(x, 1e-7), 1e-7 - Math.fround(1e-7))\n}",
    uses: [],
    usesTensors: true,
  },
  tensorDamp: {
    text: "/** a / sqrt(1 + b^2), also where b^2 overflows. */\nfunction tensorDamp(a: tf.Tensor | number, b: tf.Tensor): tf.Tensor {\n  const size = tf.abs(b)\n  const root = tf.sqrt(tf.add(1, tf.square(tf.minimum(size, 1e9))))\n  return tf.div(a, tf.maximum(root, size))\n}",
    uses: [],
    usesTensors: true,
  },
  tensorPower: {
    text: "/** IEEE 754's power: 1 to any power is 1, and so is -1 to an infinite one, which tf.pow does not promise on every backend. */\nfunction tensorPower(base: tf.Tensor | number, exponent: tf.Tensor | number): tf.Tensor {\n  const endless = tf.equal(tf.abs(exponent), Infinity)\n  const isOne = tf.logicalOr(tf.equal(base, 1), tf.logicalAnd(tf.equal(base, -1), endless))\n  const power = tf.pow(base, exponent)\n  return tf.where(isOne, tf.onesLike(power), power)\n}",
    uses: [],
    usesTensors: true,
  },
  tensorModulo: {
    text: "/** The remainder of a floored division, with the sign of `b`; exact, unlike tf.mod where the signs differ. */\nfunction tensorModulo(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {\n  const negative = tf.less(b, 0)\n  const size = tf.abs(b)\n  const rest = tf.mod(tf.abs(a), size)\n  const isOpposed = tf.logicalAnd(tf.logicalXor(tf.less(a, 0), negative), tf.notEqual(rest, 0))\n  const value = tf.where(isOpposed, tf.sub(size, rest), rest)\n  return tf.where(negative, tf.neg(value), value)\n}",
    uses: [],
    usesTensors: true,
  },
  tensorSin: {
    text: "/** The sine; small angles by its series, since tf.sin is good to 1e-7 of 1 only on some backends. */\nfunction tensorSin(x: tf.Tensor): tf.Tensor {\n  const series = tensorPolynomial(tf.square(x), [1, -1 / 6, 1 / 120, -1 / 5040])\n  return tf.where(tf.less(tf.abs(x), 0.5), tf.mul(x, series), tf.sin(x))\n}",
    uses: ['tensorPolynomial'],
    usesTensors: true,
  },
  tensorNorm: {
    text: "/**\n * The euclidean norm of all elements, or over some axes, which it keeps; unlike in tf.norm, squares neither overflow nor\n * vanish.\n */\nfunction tensorNorm(x: tf.Tensor, axes?: number[]): tf.Tensor {\n  const keepsAxes = axes !== undefined\n  const largest = tf.max(tf.abs(x), axes, keepsAxes)\n  // A smaller divisor would be taken for 0 where subnormal numbers are.\n  const unit = tf.where(tf.isFinite(largest), tf.maximum(largest, 2 ** -126), 1)\n  return tf.mul(unit, tf.sqrt(tf.sum(tf.square(tf.div(x, unit)), axes, keepsAxes)))\n}",
    uses: [],
    usesTensors: true,
  },
  inputAxes: {
    text: "/** The axes of the inputs of a parameter: all but the last. */\nfunction inputAxes({ rank }: tf.Tensor): number[] {\n  return Array.from({ length: Math.max(0, rank - 1) }, (_, axis) => axis)\n}",
    uses: [],
    usesTensors: true,
  },
  outputAxes: {
    text: "/** The axis of the outputs of a parameter, the last; a number has none. */\nfunction outputAxes({ rank }: tf.Tensor): number[] {\n  return rank === 0 ? [] : [rank - 1]\n}",
    uses: [],
    usesTensors: true,
  },
  spreadAlong: {
    text: "/** One number for each output or input of `w`: its shape with length 1 along the axes of the others. */\nfunction spreadAlong(w: tf.Tensor, axes: number[], x: tf.Tensor | number): tf.Tensor {\n  const shape = w.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))\n  return typeof x === 'number' ? tf.fill(shape, x) : tf.broadcastTo(x, shape)\n}",
    uses: [],
    usesTensors: true,
  },
  tensorSoftsign: {
    text: "/** x / (1 + |x|). */\nfunction tensorSoftsign(x: tf.Tensor): tf.Tensor {\n  return tf.div(x, tf.add(1, tf.abs(x)))\n}",
    uses: [],
    usesTensors: true,
  },
  tensorTanhDerivative: {
    text: "/** 1 - tanh(x)^2, also where tanh(x) rounds to 1. */\nfunction tensorTanhDerivative(x: tf.Tensor): tf.Tensor {\n  return tf.mul(4, tensorSigmoidDerivative(tf.mul(2, x)))\n}",
    uses: ['tensorSigmoidDerivative'],
    usesTensors: true,
  },
  tensorSigmoidDerivative: {
    text: "/** The derivative of the logistic function. */\nfunction tensorSigmoidDerivative(x: tf.Tensor): tf.Tensor {\n  const e = tf.exp(tf.neg(tf.abs(x)))\n  return tf.div(e, tf.square(tf.add(1, e)))\n}",
    uses: [],
    usesTensors: true,
  },
  tensorClip: {
    text: "/** x limited to [-|bound|, |bound|]. */\nfunction tensorClip(x: tf.Tensor | number, bound: tf.Tensor | number): tf.Tensor {\n  const limit = tf.abs(bound)\n  return tensorMinimum(tf.maximum(x, tf.neg(limit)), limit)\n}",
    uses: ['tensorMinimum'],
    usesTensors: true,
  },
  tensorSign: {
    text: "/** The sign of each element. tf.sign makes 0 of NaN, and on the wasm backend of sizes below 1e-7. */\nfunction tensorSign(x: tf.Tensor): tf.Tensor {\n  // So large a multiple of any number but 0 is beyond 1.\n  const large = tf.mul(tf.mul(x, 2 ** 126), 2 ** 126)\n  return tf.where(tf.isNaN(x), x, tf.clipByValue(large, -1, 1))\n}",
    uses: [],
    usesTensors: true,
  },
  tensorWhere: {
    text: "/** `a` where the condition holds, else `b`. Numbers are spread out first, which tf.where is slow at on the wasm backend. */\nfunction tensorWhere(\n  condition: tf.Tensor,\n  a: tf.Tensor | number,\n  b: tf.Tensor | number,\n): tf.Tensor {\n  const spread = (x: tf.Tensor | number): tf.Tensor =>\n    typeof x === 'number' ? tf.fill(condition.shape, x) : x\n  return tf.where(condition, spread(a), spread(b))\n}",
    uses: [],
    usesTensors: true,
  },
  tensorMaximum: {
    text: "/**\n * The larger of two: NaN if either is, and 0 rather than -0. Of two zeros tf.maximum takes the first on some backends and the\n * second on others, and on some it drops a second that is NaN.\n */\nfunction tensorMaximum(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {\n  const larger = tf.maximum(a, b)\n  if (typeof b === 'number' && Math.abs(b) > 0) return larger\n  if (Object.is(b, 0) || Number.isNaN(b)) return tf.add(larger, b)\n  return tf.add(larger, zeroLike(tf.maximum(b, a)))\n}",
    uses: ['zeroLike'],
    usesTensors: true,
  },
  tensorMinimum: {
    text: "/** The smaller of two: NaN if either is, and -0 rather than 0. */\nfunction tensorMinimum(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {\n  if (typeof b === 'number' && Math.abs(b) > 0) return tf.minimum(a, b)\n  const negated = (x: tf.Tensor | number): tf.Tensor | number =>\n    typeof x === 'number' ? -x : tf.neg(x)\n  return tf.neg(tensorMaximum(negated(a), negated(b)))\n}",
    uses: ['tensorMaximum'],
    usesTensors: true,
  },
  zeroLike: {
    text: "/** NaN where x is, else the zero of its sign. */\nfunction zeroLike(x: tf.Tensor): tf.Tensor {\n  return tf.mul(0, tf.maximum(tf.minimum(x, 1), -1))\n}",
    uses: [],
    usesTensors: true,
  },
  tensorLog1p: {
    text: "/** log(1 + x), exact for small x on every backend: what 1 + x loses to rounding is made up for. */\nfunction tensorLog1p(x: tf.Tensor): tf.Tensor {\n  const sum = tf.add(1, x)\n  const log = tf.log(sum)\n  const lost = tf.sub(x, tf.sub(sum, 1))\n  return tf.where(tf.isFinite(log), tf.add(log, tf.div(lost, sum)), log)\n}",
    uses: [],
    usesTensors: true,
  },
  tensorLogAbs: {
    text: "/** log(|x| + 1e-7), also where the sum is so close to 1 that 32 bits lose what is added. */\nfunction tensorLogAbs(x: tf.Tensor): tf.Tensor {\n  const size = tf.abs(x)\n  const isNear = tf.less(tf.abs(tf.sub(size, 1)), 0.5)\n  const above = tf.add(tf.sub(size, 1), 1e-7)\n  return tf.where(isNear, tensorLog1p(above), tf.log(tf.add(size, 1e-7)))\n}",
    uses: ['tensorLog1p'],
    usesTensors: true,
  },
  Updates: {
    text: "/** How many updates each variable has had, by the state that keeps it. */\ntype Updates = WeakMap<tf.Variable, number>",
    uses: [],
    usesTensors: true,
    isType: true,
  },
  updatesState: {
    text: "/** The state that keeps how many updates `w` has had; all `taken` steps where that was not saved. */\nfunction updatesState(states: States, w: tf.Variable, taken: number): tf.Variable {\n  const entry = states.byVariable.get(w)\n  const isKnown = entry?.states.has('steps') === true || entry?.restored?.has('steps') === true\n  if (entry?.restored !== undefined && !isKnown) {\n    entry.restored.set('steps', tf.variable(tf.scalar(taken), false))\n  }\n  return stateOf(states, w, 'steps', () => tf.scalar(0))\n}",
    uses: ['States', 'stateOf'],
    usesTensors: true,
  },
  updatesOf: {
    text: "/** How many updates `w` has had after `taken` steps. */\nfunction updatesOf(updates: Updates, states: States, w: tf.Variable, taken: number): number {\n  const state = updatesState(states, w, taken)\n  // Read once: a graphics card would have to be waited for.\n  const known = updates.get(state) ?? state.dataSync()[0] ?? 0\n  updates.set(state, known)\n  return known\n}",
    uses: ['States', 'Updates', 'updatesState'],
    usesTensors: true,
  },
  countUpdate: {
    text: "/** Counts an update of `w`. */\nfunction countUpdate(updates: Updates, states: States, w: tf.Variable, taken: number): void {\n  const state = updatesState(states, w, taken)\n  const count = updatesOf(updates, states, w, taken) + 1\n  state.assign(tf.scalar(count))\n  updates.set(state, count)\n}",
    uses: ['States', 'Updates', 'updatesState', 'updatesOf'],
    usesTensors: true,
  },
  eigenvectorMatrix: {
    text: "/**\n * The eigenvectors of a symmetric matrix of `n` x `n` numbers, row after row, as the columns of such a matrix: that of the largest\n * eigenvalue first. All NaN where a number of the matrix is not finite.\n */\nfunction eigenvectorMatrix(matrix: ArrayLike<number>, n: number): Float64Array {\n  const pairs = symmetricEigen(matrix, n)\n  const result = new Float64Array(n * n)\n  if (pairs === undefined) return result.fill(NaN)\n  for (let row = 0; row < n; row++)\n    for (let column = 0; column < n; column++)\n      result[row * n + column] = pairs.vectors[column * n + row]!\n  return result\n}",
    uses: ['symmetricEigen'],
    usesTensors: false,
  },
  inverseRootMatrix: {
    text: "/**\n * A symmetric, positive semidefinite matrix to the power -1/p. An eigenvalue that may be 0, as it is above it by less than what is\n * known of it (n 2^-52 of the largest) or below it by no more than what rounding numbers to 32 bits makes of one (n 2^-23), counts\n * for nothing, as in a pseudoinverse; all numbers are NaN where one is further below, or where a number of the matrix is not finite.\n */\nfunction inverseRootMatrix(matrix: ArrayLike<number>, n: number, p: number): Float64Array {\n  const pairs = symmetricEigen(matrix, n)\n  const result = new Float64Array(n * n)\n  if (pairs === undefined) return result.fill(NaN)\n  const { values, vectors } = pairs\n  const size = n * (values[0] ?? 0)\n  if (values.some((value) => value < -(2 ** -23) * size)) return result.fill(NaN)\n  const factors = values.map((value) => (value > 2 ** -52 * size ? value ** (-1 / p) : 0))\n  for (let k = 0; k < n; k++) {\n    const vector = vectors.subarray(k * n, (k + 1) * n)\n    if (factors[k] === 0) continue\n    for (let row = 0; row < n; row++) {\n      const scaled = factors[k]! * vector[row]!\n      for (let column = row; column < n; column++) {\n        const place = row * n + column\n        result[place] = result[place]! + scaled * vector[column]!\n      }\n    }\n  }\n  for (let row = 0; row < n; row++)\n    for (let column = 0; column < row; column++)\n      result[row * n + column] = result[column * n + row]!\n  return result\n}",
    uses: ['symmetricEigen'],
    usesTensors: false,
  },
  orthonormalColumns: {
    text: "/**\n * Q of the QR decomposition of a matrix, row after row, whose R has no negative number on its diagonal: orthonormal columns, the\n * first of which span what the first of the matrix span. Columns that depend on those before them give any that are orthonormal;\n * of a matrix with more columns than rows the columns beyond are 0. All NaN where a number is not finite. By Householder's\n * reflections: what is missing to orthonormality is below 4 n 2^-52.\n */\nfunction orthonormalColumns(\n  matrix: ArrayLike<number>,\n  rows: number,\n  columns: number,\n): Float64Array {\n  const result = new Float64Array(rows * columns)\n  const unit = unitOf(matrix)\n  if (!Number.isFinite(unit)) return result.fill(NaN)\n  const width = Math.min(rows, columns)\n  const a = new Float64Array(rows * width)\n  for (let row = 0; row < rows; row++)\n    for (let column = 0; column < width; column++)\n      a[column * rows + row] = matrix[row * columns + column]! / unit\n  const signs = new Float64Array(width)\n  for (let k = 0; k < width; k++) signs[k] = makeReflection(a, k, rows, width)\n  for (let column = 0; column < width; column++) {\n    const q = new Float64Array(rows)\n    q[column] = signs[column]!\n    // Reflections that begin below its only number do nothing to it.\n    for (let k = column; k >= 0; k--) reflect(q, 0, a, k, rows)\n    for (let row = 0; row < rows; row++) result[row * columns + column] = q[row]!\n  }\n  return result\n}",
    uses: ['makeReflection', 'reflect', 'unitOf'],
    usesTensors: false,
  },
  makeReflection: {
    text: "/**\n * Makes column `k`, from its diagonal down, the unit vector of the reflection that leaves nothing below there, and reflects the\n * columns behind it. Gives the sign of what is left on the diagonal, 1 for nothing.\n */\nfunction makeReflection(a: Float64Array, k: number, rows: number, width: number): number {\n  const start = k * rows\n  let largest = 0\n  for (let row = k; row < rows; row++) largest = Math.max(largest, Math.abs(a[start + row]!))\n  let squares = 0\n  if (largest > 0)\n    for (let row = k; row < rows; row++) {\n      a[start + row] = a[start + row]! / largest\n      squares += a[start + row]! * a[start + row]!\n    }\n  const first = a[start + k]!\n  const isReduced = squares === first * first\n  const sign = first > 0 && !isReduced ? -1 : first < 0 && isReduced ? -1 : 1\n  if (isReduced) {\n    a.fill(0, start + k, start + rows)\n    return sign\n  }\n  a[start + k] = first - sign * Math.sqrt(squares)\n  let rest = 0\n  for (let row = k; row < rows; row++) rest += a[start + row]! * a[start + row]!\n  const length = Math.sqrt(rest)\n  for (let row = k; row < rows; row++) a[start + row] = a[start + row]! / length\n  for (let column = k + 1; column < width; column++) reflect(a, column * rows, a, k, rows)\n  return sign\n}",
    uses: ['reflect'],
    usesTensors: false,
  },
  reflect: {
    text: "/** Reflects the column that begins at `start` by the unit vector in column `k` of `a`. */\nfunction reflect(\n  column: Float64Array,\n  start: number,\n  a: Float64Array,\n  k: number,\n  rows: number,\n): void {\n  let product = 0\n  for (let row = k; row < rows; row++) product += a[k * rows + row]! * column[start + row]!\n  for (let row = k; row < rows; row++)\n    column[start + row] = column[start + row]! - 2 * product * a[k * rows + row]!\n}",
    uses: [],
    usesTensors: false,
  },
  Eigenpairs: {
    text: "/** Eigenvalues from the largest down, and their eigenvectors one after the other, each of as many numbers. */\ninterface Eigenpairs {\n  readonly values: Float64Array\n  readonly vectors: Float64Array\n}",
    uses: [],
    usesTensors: false,
    isType: true,
  },
  symmetricEigen: {
    text: "/**\n * The eigenvalues and orthonormal eigenvectors of a symmetric matrix of `n` x `n` numbers, row after row: of the mean of it and\n * its transpose. The residual |A v - lambda v| and what is missing to orthonormality are below 4 n 2^-52 of the largest\n * eigenvalue, and of 1. Undefined where a number is not finite. EISPACK's tred2 and tql2: Bowdler, Martin, Reinsch and Wilkinson,\n * 1968, and Martin, Reinsch and Wilkinson, 1968, in the Handbook for Automatic Computation II.\n */\nfunction symmetricEigen(matrix: ArrayLike<number>, n: number): Eigenpairs | undefined {\n  const unit = unitOf(matrix)\n  if (!Number.isFinite(unit)) return undefined\n  const vectors = new Float64Array(n * n)\n  for (let column = 0; column < n; column++)\n    for (let row = 0; row < n; row++) {\n      const half = matrix[row * n + column]! / unit / 2\n      vectors[column * n + row] = half + matrix[column * n + row]! / unit / 2\n    }\n  const values = new Float64Array(n)\n  const beside = new Float64Array(n)\n  if (n > 0) {\n    reduceToTridiagonal(vectors, values, beside, n)\n    accumulateReflections(vectors, values, n)\n    diagonalize(vectors, values, beside, n)\n  }\n  return sortedPairs(values, vectors, unit, n)\n}",
    uses: ['Eigenpairs', 'unitOf', 'reduceToTridiagonal', 'accumulateReflections', 'diagonalize', 'sortedPairs'],
    usesTensors: false,
  },
  unitOf: {
    text: "/** The largest size of a number as a power of two, by which dividing loses nothing; 1 for zeros, NaN or infinite as they are. */\nfunction unitOf(matrix: ArrayLike<number>): number {\n  let largest = 0\n  for (let index = 0; index < matrix.length; index++)\n    largest = Math.max(largest, Math.abs(matrix[index]!))\n  if (largest === 0 || !Number.isFinite(largest)) return largest === 0 ? 1 : largest\n  return 2 ** Math.max(-1000, Math.floor(Math.log2(largest)))\n}",
    uses: [],
    usesTensors: false,
  },
  reduceToTridiagonal: {
    text: "/**\n * Householder's reduction, from the last row up. The lower triangle of `a` becomes reflections, `diagonal` their squared lengths,\n * `beside` the numbers beside the diagonal. Columns stand one after the other.\n */\nfunction reduceToTridiagonal(\n  a: Float64Array,\n  diagonal: Float64Array,\n  beside: Float64Array,\n  n: number,\n): void {\n  for (let j = 0; j < n; j++) diagonal[j] = a[j * n + n - 1]!\n  for (let i = n - 1; i > 0; i--) {\n    let size = 0\n    for (let k = 0; k < i; k++) size += Math.abs(diagonal[k]!)\n    let squares = 0\n    if (size === 0) {\n      beside[i] = diagonal[i - 1]!\n      for (let j = 0; j < i; j++) {\n        diagonal[j] = a[j * n + i - 1]!\n        a[j * n + i] = 0\n        a[i * n + j] = 0\n      }\n    } else {\n      for (let k = 0; k < i; k++) {\n        diagonal[k] = diagonal[k]! / size\n        squares += diagonal[k]! * diagonal[k]!\n      }\n      const last = diagonal[i - 1]!\n      const root = last > 0 ? -Math.sqrt(squares) : Math.sqrt(squares)\n      beside[i] = size * root\n      squares -= last * root\n      diagonal[i - 1] = last - root\n      reflectBothSides(a, diagonal, beside, i, squares, n)\n    }\n    diagonal[i] = squares\n  }\n}",
    uses: ['reflectBothSides'],
    usesTensors: false,
  },
  reflectBothSides: {
    text: "/** Applies the reflection in `diagonal` to the first `i` rows and columns, from both sides. */\nfunction reflectBothSides(\n  a: Float64Array,\n  diagonal: Float64Array,\n  beside: Float64Array,\n  i: number,\n  squares: number,\n  n: number,\n): void {\n  beside.fill(0, 0, i)\n  for (let j = 0; j < i; j++) {\n    const column = j * n\n    const own = diagonal[j]!\n    a[i * n + j] = own\n    let sum = beside[j]! + a[column + j]! * own\n    for (let k = j + 1; k < i; k++) {\n      sum += a[column + k]! * diagonal[k]!\n      beside[k] = beside[k]! + a[column + k]! * own\n    }\n    beside[j] = sum\n  }\n  let product = 0\n  for (let j = 0; j < i; j++) {\n    beside[j] = beside[j]! / squares\n    product += beside[j]! * diagonal[j]!\n  }\n  const share = product / (2 * squares)\n  for (let j = 0; j < i; j++) beside[j] = beside[j]! - share * diagonal[j]!\n  for (let j = 0; j < i; j++) {\n    const column = j * n\n    const [own, other] = [diagonal[j]!, beside[j]!]\n    for (let k = j; k < i; k++)\n      a[column + k] = a[column + k]! - (own * beside[k]! + other * diagonal[k]!)\n    diagonal[j] = a[column + i - 1]!\n    a[column + i] = 0\n  }\n}",
    uses: [],
    usesTensors: false,
  },
  accumulateReflections: {
    text: "/** Puts the reflections of the reduction together: `a` becomes their product, `diagonal` the diagonal of what is reduced. */\nfunction accumulateReflections(a: Float64Array, diagonal: Float64Array, n: number): void {\n  for (let i = 0; i < n - 1; i++) {\n    const next = (i + 1) * n\n    a[i * n + n - 1] = a[i * n + i]!\n    a[i * n + i] = 1\n    const squares = diagonal[i + 1]!\n    if (squares !== 0) {\n      for (let k = 0; k <= i; k++) diagonal[k] = a[next + k]! / squares\n      for (let j = 0; j <= i; j++) {\n        const column = j * n\n        let sum = 0\n        for (let k = 0; k <= i; k++) sum += a[next + k]! * a[column + k]!\n        for (let k = 0; k <= i; k++) a[column + k] = a[column + k]! - sum * diagonal[k]!\n      }\n    }\n    a.fill(0, next, next + i + 1)\n  }\n  for (let j = 0; j < n; j++) {\n    diagonal[j] = a[j * n + n - 1]!\n    a[j * n + n - 1] = 0\n  }\n  a[n * n - 1] = 1\n}",
    uses: [],
    usesTensors: false,
  },
  diagonalize: {
    text: "/** The implicit QL method on a tridiagonal matrix. `diagonal` becomes eigenvalues, the columns of `vectors` turn with them. */\nfunction diagonalize(\n  vectors: Float64Array,\n  diagonal: Float64Array,\n  beside: Float64Array,\n  n: number,\n): void {\n  beside.copyWithin(0, 1)\n  beside[n - 1] = 0\n  let shift = 0\n  let largest = 0\n  for (let l = 0; l < n; l++) {\n    largest = Math.max(largest, Math.abs(diagonal[l]!) + Math.abs(beside[l]!))\n    const small = 2 ** -52 * largest\n    let m = l\n    while (m < n - 1 && Math.abs(beside[m]!) > small) m++\n    // A handful of rounds is usual; more than 60 have never been seen.\n    for (let round = 0; m > l && Math.abs(beside[l]!) > small && round < 60; round++)\n      shift += sweep(vectors, diagonal, beside, l, m, n)\n    diagonal[l] = diagonal[l]! + shift\n    beside[l] = 0\n  }\n}",
    uses: ['sweep'],
    usesTensors: false,
  },
  sweep: {
    text: "/** One round of the QL method between rows `l` and `m`; gives by how much eigenvalues were shifted. */\nfunction sweep(\n  vectors: Float64Array,\n  diagonal: Float64Array,\n  beside: Float64Array,\n  l: number,\n  m: number,\n  n: number,\n): number {\n  const first = diagonal[l]!\n  const ratio = (diagonal[l + 1]! - first) / (2 * beside[l]!)\n  const root = ratio < 0 ? -Math.sqrt(ratio * ratio + 1) : Math.sqrt(ratio * ratio + 1)\n  diagonal[l] = beside[l]! / (ratio + root)\n  diagonal[l + 1] = beside[l]! * (ratio + root)\n  const next = diagonal[l + 1]!\n  const moved = first - diagonal[l]!\n  for (let i = l + 2; i < n; i++) diagonal[i] = diagonal[i]! - moved\n  let p = diagonal[m]!\n  let [c, c2, c3] = [1, 1, 1]\n  let [s, s2] = [0, 0]\n  const second = beside[l + 1]!\n  for (let i = m - 1; i >= l; i--) {\n    c3 = c2\n    c2 = c\n    s2 = s\n    const g = c * beside[i]!\n    const h = c * p\n    const r = Math.sqrt(p * p + beside[i]! * beside[i]!)\n    beside[i + 1] = s * r\n    s = beside[i]! / r\n    c = p / r\n    p = c * diagonal[i]! - s * g\n    diagonal[i + 1] = h + s * (c * g + s * diagonal[i]!)\n    turnColumns(vectors, i, c, s, n)\n  }\n  p = (-s * s2 * c3 * second * beside[l]!) / next\n  beside[l] = s * p\n  diagonal[l] = c * p\n  return moved\n}",
    uses: ['turnColumns'],
    usesTensors: false,
  },
  turnColumns: {
    text: "/** Turns the columns `i` and `i + 1` by the angle with that cosine and sine. */\nfunction turnColumns(\n  vectors: Float64Array,\n  i: number,\n  c: number,\n  s: number,\n  n: number,\n): void {\n  const [left, right] = [i * n, (i + 1) * n]\n  for (let k = 0; k < n; k++) {\n    const a = vectors[left + k]!\n    const b = vectors[right + k]!\n    vectors[right + k] = s * a + c * b\n    vectors[left + k] = c * a - s * b\n  }\n}",
    uses: [],
    usesTensors: false,
  },
  sortedPairs: {
    text: "/** The pairs from the largest eigenvalue down, of each vector the first of its largest numbers positive. */\nfunction sortedPairs(\n  values: Float64Array,\n  vectors: Float64Array,\n  unit: number,\n  n: number,\n): Eigenpairs {\n  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b)\n  const sorted = new Float64Array(n * n)\n  for (const [place, from] of order.entries()) {\n    const vector = vectors.subarray(from * n, (from + 1) * n)\n    const largest = vector.reduce((size, number) => Math.max(size, Math.abs(number)), 0)\n    // Numbers that differ by rounding count as equal, so that rounding decides no sign.\n    const leading = vector.find((number) => Math.abs(number) >= 0.999 * largest) ?? 1\n    const sign = leading < 0 ? -1 : 1\n    for (let k = 0; k < n; k++) sorted[place * n + k] = sign * vector[k]!\n  }\n  return { values: Float64Array.from(order, (from) => unit * values[from]!), vectors: sorted }\n}",
    uses: ['Eigenpairs'],
    usesTensors: false,
  },
  besselI1e: {
    text: "/** exp(-|x|) I1(x), I1 the modified Bessel function of the first kind of order 1; within 2 units in the last place. */\nfunction besselI1e(x: number): number {\n  // i1e(x) / x - 0.3125 in powers of x - 0.5, for 0 <= x <= 1.\n  const small = [\n    -1.6735667828350472e-10, 1.3857874217910209e-9, -1.0617883913149256e-8, 7.718907337002434e-8,\n    -5.226867413738982e-7, 3.278207818215809e-6, -1.892471629279249e-5, 9.980789894849256e-5,\n    -0.0004765767845346078, 0.0020377169161055796, -0.0076945077687570855, 0.02520132336444367,\n    -0.06985466405742914, 0.15802514469243717, -0.27413749095041684, 0.00034160636974339426,\n  ]\n  // i1e(x) - 0.171875 in powers of x - 4.5, for 1 <= x <= 8.\n  const middle = [\n    -1.944605102081048e-26, 2.861244501577915e-25, -2.3481088221365235e-24, 3.072090147346203e-23,\n    -4.538998550464956e-22, 5.624252105316609e-21, -6.535364067374883e-20, 7.416319362244236e-19,\n    -8.072649097360361e-18, 8.369142641762454e-17, -8.261485463748354e-16, 7.75018478839818e-15,\n    -6.88978295446268e-14, 5.786798005920491e-13, -4.577056685406659e-12, 3.39656472812943e-11,\n    -2.354841838210462e-10, 1.5178072155581896e-9, -9.041602107875657e-9, 4.9410511340244557e-8,\n    -2.45187526349385e-7, 1.0870808807350256e-6, -4.172495384355806e-6, 1.2739879430211714e-5,\n    -2.0121165997943055e-5, -0.00011196764777588062, 0.001616218643052865, -0.01475139406855252,\n    -0.0009161777025078863,\n  ]\n  // sqrt(x) i1e(x) - 0.390625 in powers of 16 / x - 1, for x >= 8.\n  const large = [\n    -1.9677083272584384e-11, 6.135932778393812e-11, 1.417650842869536e-10, -4.6561597954216946e-10,\n    -4.798751536934023e-10, 1.657764699456319e-9, 1.0715528639398075e-9, -3.75344338735913e-9,\n    -1.992076551203188e-9, 6.202984113000443e-9, 3.803814960536081e-9, -7.863004697555056e-9,\n    -7.816968266767898e-9, 5.963645798166707e-9, 1.408852075202545e-8, 6.737493433374833e-9,\n    -8.43880090582137e-9, -2.337446787242448e-8, -4.312778920167609e-8, -1.0001282610189342e-7,\n    -3.4838567401229716e-7, -1.8349101357991557e-6, -1.5038547197358572e-5, -0.00021923576383382282,\n    -0.009749577193235768, -0.0012265409741276717,\n  ]\n  const size = Math.abs(x)\n  if (size <= 1) return x * (0.3125 + polynomial(small, size - 0.5))\n  const value =\n    size <= 8\n      ? 0.171875 + polynomial(middle, size - 4.5)\n      : (0.390625 + polynomial(large, 16 / size - 1)) / Math.sqrt(size)\n  return x < 0 ? -value : value\n}",
    uses: ['polynomial'],
    usesTensors: false,
  },
  erf: {
    text: "/** The error function, 2 / sqrt(pi) times the integral of exp(-u^2) from 0 to `x`; within 2 units in the last place. */\nfunction erf(x: number): number {\n  // erf(x) / x - 1 in powers of x^2, for |x| <= 0.75.\n  const near = [\n    -8.727804892971983e-10, 1.4147272175166887e-8, -1.6293444273884912e-7, 1.6457013907764837e-6,\n    -1.4925411533551613e-5, 0.00012055325494924972, -0.0008548326868599297, 0.00522397762340871,\n    -0.026866170644973524, 0.11283791670954493, -0.3761263890318374, 0.1283791670955126,\n  ]\n  if (Math.abs(x) <= 0.75) return x + x * polynomial(near, x * x)\n  return x > 0 ? 1 - erfc(x) : erfc(-x) - 1\n}",
    uses: ['erfc', 'polynomial'],
    usesTensors: false,
  },
  erfc: {
    text: "/** 1 - erf(x) without cancellation; within 2 units in the last place, also where the result is tiny. */\nfunction erfc(x: number): number {\n  if (x < 0.5) return x < -0.75 ? 2 - erfc(-x) : 1 - erf(x)\n  if (x > 28) return 0\n  // The square of `near` is exact, so exp(-x^2) loses nothing to the rounding of x^2.\n  const near = Math.fround(x)\n  const inSquare = Math.expm1((near - x) * (near + x))\n  const inDivisor = (2 * (near - x)) / (1 + 2 * x)\n  const correction = inSquare + inDivisor + inSquare * inDivisor\n  // (1 + 2x) exp(x^2) erfc(x) - 1.25 in powers of (x - 3) / (x + 3), for 0.5 <= x <= 28 (after Shepherd and Laframboise, 1981).\n  const scaled = [\n    -4.325370719107278e-9, -1.0659628807393203e-8, 3.42329907978226e-8, 9.877438074940672e-8,\n    -1.3432312409451292e-7, -6.146346341425417e-7, 3.52693258412998e-7, 3.471616676593574e-6,\n    -7.300550882569987e-7, -2.0100376113106087e-5, 4.9491714476033325e-6, 0.00012509932758636072,\n    -0.00010515976008945177, -0.0007798322714918795, 0.0018886903564002055, 0.002529391816335117,\n    -0.02377051491853638, 0.06830802734394434, -0.11927366341531179, 0.12964515870276203,\n    -0.0475622943534507, -0.1356211061245812, 0.003008058269729652,\n  ]\n  const rest = polynomial(scaled, (x - 3) / (x + 3))\n  // (1.25 + rest) / divisor as head + tail, and the exponential as high + low: their larger parts have products without rounding.\n  const divisor = 1 + 2 * near\n  const head = Math.fround(1.25 / divisor)\n  const tail = (1.25 - head * divisor + (rest + (1.25 + rest) * correction)) / divisor\n  const exponential = Math.exp(-near * near)\n  const shifted = exponential * (2 ** 27 + 1)\n  const high = shifted - (shifted - exponential)\n  return high * head + ((exponential - high) * head + exponential * tail)\n}",
    uses: ['erf', 'polynomial'],
    usesTensors: false,
  },
  polynomial: {
    text: "/** The value at `x` of the polynomial with these coefficients, the highest power first (Horner). */\nfunction polynomial(coefficients: readonly number[], x: number): number {\n  let sum = 0\n  for (let index = 0; index < coefficients.length; index++) sum = sum * x + coefficients[index]!\n  return sum\n}",
    uses: [],
    usesTensors: false,
  },
}
