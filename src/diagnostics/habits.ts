/** What people type who come from Python, MATLAB, Julia, TypeScript or a paper, and what it is called here. */

/** What a sign of another language means here: what is written instead, or what there is to say where that is not one sign. */
export interface Meaning {
  readonly write?: string
  readonly help?: string
}

const LIMITS = '`optc explain limits` says what the language lacks, and what to do instead'
const FUNCTION = 'a function is written `fn name(x) = expression`'

/** Signs of other languages. */
export const SIGNS: Readonly<Record<string, Meaning>> = {
  '**': { write: '^' },
  ':=': { write: '=' },
  '===': { write: '==' },
  '!==': { write: '!=' },
  '~=': { write: '!=' },
  '&&': { write: 'and' },
  '&': { write: 'and' },
  '||': { write: 'or' },
  '|': { write: 'or' },
  '!': { write: 'not' },
  '~': { write: 'not' },
  '=>': { help: FUNCTION },
  '->': { help: FUNCTION },
  '%': { help: 'the remainder is written `mod(a, b)`' },
  '?': { help: 'a choice is written `where(condition, a, b)`' },
  '@': {
    help: 'the product of two matrices is written `matmul(a, b)`; `optc explain matrices` tells more',
  },
  '++': { help: 'assign the new value: `n = n + 1`' },
  '.': { help: 'functions are called by their name alone: `sqrt(x)`' },
  '`': { help: 'names and values stand without quotes' },
}

/** Characters of typeset mathematics, and how they are typed here. */
export const CHARACTERS: Readonly<Record<string, string>> = {
  '−': '-',
  '–': '-',
  '‐': '-',
  '×': '*',
  '·': '*',
  '⋅': '*',
  '∗': '*',
  '•': '*',
  '⊙': '*',
  '∘': '*',
  '÷': '/',
  '∕': '/',
  '⁄': '/',
  '⊘': '/',
  '≤': '<=',
  '⩽': '<=',
  '≥': '>=',
  '⩾': '>=',
  '≠': '!=',
  '≈': '==',
  '≡': '==',
  '←': '=',
  '≔': '=',
  '∧': 'and',
  '∨': 'or',
  '¬': 'not',
  '∈': 'in',
  '∞': 'inf',
  '∇': 'g',
  '∂': 'g',
  '½': '0.5',
  '¼': '0.25',
  '¾': '0.75',
  '⅓': '(1 / 3)',
  '“': '"',
  '”': '"',
  '„': '"',
  '’': "'",
  '‘': "'",
  '（': '(',
  '）': ')',
  '，': ',',
  '：': ':',
}

/** Signs that stand before what they are applied to, and signs on both sides of it, by the function that is meant. */
export const PREFIX_FUNCTIONS: Readonly<Record<string, string>> = {
  '√': 'sqrt',
  '∑': 'sum',
  Σ: 'sum',
}
export const FENCE_FUNCTIONS: Readonly<Record<string, string>> = {
  '|': 'abs',
  '||': 'norm',
  '‖': 'norm',
  '`': '',
}

/** Greek letters and others that papers use, by the name a program gives them. */
export const LETTERS: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'epsilon',
  ϵ: 'epsilon',
  ζ: 'zeta',
  η: 'eta',
  θ: 'theta',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  µ: 'mu',
  ν: 'nu',
  ξ: 'xi',
  π: 'pi',
  ρ: 'rho',
  σ: 'sigma',
  τ: 'tau',
  φ: 'phi',
  χ: 'chi',
  ψ: 'psi',
  ω: 'omega',
}

/** Marks above a letter, as ends of names: `m̂` is `m_hat`. */
export const MARKS: Readonly<Record<string, string>> = {
  '\u0302': '_hat',
  '\u0303': '_tilde',
  '\u0304': '_bar',
  '\u0305': '_bar',
  '\u0307': '_dot',
}

/** Raised characters, by what follows the `^`. */
export const RAISED: Readonly<Record<string, string>> = {
  '⁰': '0',
  '¹': '1',
  '²': '2',
  '³': '3',
  '⁴': '4',
  '⁵': '5',
  '⁶': '6',
  '⁷': '7',
  '⁸': '8',
  '⁹': '9',
  '⁻': '-',
  ᵗ: 't',
}

/** Lowered characters, which are part of a name; the step `ₜ` is none. */
export const LOWERED: Readonly<Record<string, string>> = {
  '₀': '0',
  '₁': '1',
  '₂': '2',
  '₃': '3',
  '₄': '4',
  '₅': '5',
  '₆': '6',
  '₇': '7',
  '₈': '8',
  '₉': '9',
  ₜ: '',
}

/** Commands of LaTeX that are signs here; those of functions and Greek letters are their names. */
export const LATEX: Readonly<Record<string, string>> = {
  cdot: '*',
  times: '*',
  odot: '*',
  circ: '*',
  div: '/',
  le: '<=',
  leq: '<=',
  ge: '>=',
  geq: '>=',
  ne: '!=',
  neq: '!=',
  land: 'and',
  lor: 'or',
  lnot: 'not',
  in: 'in',
  infty: 'inf',
  gets: '=',
  leftarrow: '=',
  nabla: 'g',
  ln: 'log',
  arctan: 'atan',
  operatorname: '',
  mathrm: '',
  mathbf: '',
  text: '',
  left: '',
  right: '',
  quad: '',
}

/** Commands of LaTeX that mark the letter in the braces behind them. */
export const LATEX_MARKS: Readonly<Record<string, string>> = {
  hat: '_hat',
  widehat: '_hat',
  bar: '_bar',
  overline: '_bar',
  tilde: '_tilde',
  widetilde: '_tilde',
}

/** Words that start statements in other languages, by the word that does here. */
export const STATEMENT_WORDS: Readonly<Record<string, string>> = {
  var: 'let',
  const: 'let',
  val: 'let',
  float: 'let',
  double: 'let',
  tensor: 'let',
  static: 'state',
  buffer: 'state',
  slot: 'state',
  def: 'fn',
  function: 'fn',
  func: 'fn',
  class: 'optimizer',
  include: 'import',
  require: 'import',
}

/** Words that start loops. */
export const LOOPS: ReadonlySet<string> = new Set(['for', 'while', 'loop', 'repeat', 'do'])

/** Words that start a line that does nothing here: what there is to say of each. */
export const IDLE_WORDS: Readonly<Record<string, string>> = {
  assert: `conditions are not asserted; an interval says which values a hyperparameter takes. ${LIMITS}`,
  export: 'everything that a file declares can be imported',
  pub: 'everything that a file declares can be imported',
  pass: 'a statement that does nothing is left out',
  global: 'a `state` is known everywhere below its declaration',
  nonlocal: 'a `state` is known everywhere below its declaration',
  persistent: 'a `state` is declared with its first value: `state m = 0`',
  raise: `nothing is thrown; an interval says which values a hyperparameter takes. ${LIMITS}`,
  throw: `nothing is thrown; an interval says which values a hyperparameter takes. ${LIMITS}`,
}

/** Functions that print, whose calls are statements. */
export const PRINTING: ReadonlySet<string> = new Set([
  'print',
  'println',
  'printf',
  'fprintf',
  'disp',
  'display',
  'console',
  'log_scalar',
])

/** Tensors of one number, by that number. */
export const FILLED: Readonly<Record<string, string>> = {
  zeros: '0',
  zeros_like: '0',
  zerosLike: '0',
  ones: '1',
  ones_like: '1',
  onesLike: '1',
}

/** Calls that draw normal numbers: those without arguments too, and those that only do so with arguments. */
export const DRAWING: Readonly<Record<string, 'always' | 'with arguments'>> = {
  randn: 'always',
  randn_like: 'always',
  standard_normal: 'always',
  random_normal: 'always',
  random_normal_like: 'always',
  randomNormal: 'always',
  normal_like: 'always',
  normrnd: 'always',
  gaussian: 'always',
  gauss: 'always',
  normal: 'with arguments',
}

/** Arguments that say over which axis a tensor is reduced by its position. */
export const AXIS_WORDS: ReadonlySet<string> = new Set(['axis', 'axes', 'dim', 'dims'])

/** Arguments that keep the dimensions that are reduced. */
export const KEEPING: ReadonlySet<string> = new Set([
  'keepdim',
  'keepdims',
  'keep_dims',
  'keepDims',
])

/** Second arguments that are the position of an axis, by the reduction. */
export const POSITIONAL_AXES: Readonly<Record<string, readonly string[]>> = {
  sum: ['0', '1', '-1', '-2'],
  mean: ['0', '1', '-1', '-2'],
  max_abs: ['0', '1', '-1', '-2'],
  // A positive one is the order of the norm elsewhere.
  norm: ['-1', '-2'],
}

/** What a rule's own values hang on in other languages. */
export const OWNERS: ReadonlySet<string> = new Set([
  'self',
  'this',
  'cls',
  'group',
  'param_group',
  'state',
])

/** Modules whose functions are operators here. */
export const LIBRARIES: ReadonlySet<string> = new Set([
  'torch',
  'np',
  'numpy',
  'tf',
  'jnp',
  'jax',
  'math',
  'Math',
  'cmath',
  'F',
  'nn',
  'K',
  'keras',
  'optax',
  'scipy',
  'special',
  'linalg',
  'functional',
])

/** Members that are the value itself, or a fact about it: what is written for `x.name`. */
export const MEMBERS: Readonly<Record<string, (value: string) => string>> = {
  grad: () => 'g',
  gradient: () => 'g',
  data: (value) => value,
  value: (value) => value,
  ndim: () => 'rank(w)',
  rank: () => 'rank(w)',
}

/** Members and methods that give a matrix with its axes exchanged, whatever their arguments, by the operator. */
export const TRANSPOSES: Readonly<Record<string, string>> = {
  T: 'transpose',
  mT: 'transpose',
  t: 'transpose',
  transpose: 'transpose',
  permute: 'transpose',
  swapaxes: 'transpose',
}

/** The operator that the sign for products of matrices stands for. */
export const MATRIX_PRODUCT = 'matmul'

/** What is called in a training loop, and why a rule does not: by the last name of the call. */
export const TRAINING_CALLS: Readonly<Record<string, string>> = {
  zero_grad: 'every step has a gradient of its own, and nothing is to be cleared',
  backward: 'the gradient is there already: it is `g`',
  step: 'one step subtracts what `update = ...` gives',
  train: 'the weights a model is evaluated with are given by `evaluate = ...`',
  eval: 'the weights a model is evaluated with are given by `evaluate = ...`',
  no_grad: 'a rule is never differentiated',
}

/** Methods that give the value itself. */
export const PLAIN_METHODS: ReadonlySet<string> = new Set([
  'detach',
  'clone',
  'float',
  'item',
  'numpy',
  'contiguous',
  'copy',
  'copy_',
])

/** Functions of other libraries that have another name here, among the operators or in the standard library. */
export const FUNCTIONS: Readonly<Record<string, string>> = {
  mm: 'matmul',
  bmm: 'matmul',
  qr: 'orthonormal',
  // All parameters share one norm there; that of each parameter is another.
  clip_grad_norm: 'clip_by_global_norm',
  clip_grad_norm_: 'clip_by_global_norm',
  adaptive_grad_clip: 'adaptive_clip',
  zeropower: 'orthogonalize',
  zeropower_via_newtonschulz5: 'orthogonalize',
  newtonschulz5: 'orthogonalize',
  newton_schulz: 'orthogonalize',
  eig: 'eigenvectors',
  eigh: 'eigenvectors',
  absolute: 'abs',
  fabs: 'abs',
  arctan: 'atan',
  arcsinh: 'asinh',
  ln: 'log',
  loge: 'log',
  maximum: 'max',
  minimum: 'min',
  fmax: 'max',
  fmin: 'min',
  amax: 'max',
  clamp: 'clip',
  clamp_: 'clip',
  clip_by_value: 'clip',
  clipByValue: 'clip',
  ifelse: 'where',
  cond: 'where',
  select: 'where',
  choose: 'where',
  iif: 'where',
  average: 'mean',
  reduce_sum: 'sum',
  reduce_mean: 'mean',
  reduceSum: 'sum',
  reduceMean: 'mean',
  inner: 'dot',
  vdot: 'dot',
  sgn: 'sign',
  signum: 'sign',
  logistic: 'sigmoid',
  sqr: 'square',
  inverse: 'reciprocal',
  remainder: 'mod',
  fmod: 'mod',
  rem: 'mod',
  ndims: 'rank',
  ndim: 'rank',
  dim: 'rank',
  numel: 'size',
  len: 'size',
  length: 'size',
  count: 'size',
  cosine_decay: 'decay_cosine',
  cosine_annealing: 'decay_cosine',
  cosineDecay: 'decay_cosine',
  linear_decay: 'decay_linear',
  linearDecay: 'decay_linear',
  exponential_moving_average: 'ema',
  moving_average: 'ema',
  running_average: 'ema',
  ewma: 'ema',
  momentum: 'heavy_ball',
  prev: 'previous',
  lag: 'previous',
  max_norm: 'max_abs',
  infinity_norm: 'max_abs',
}

/** Operators of two values that reduce one tensor elsewhere: the reduction that is meant for the sizes `of` its elements. */
export const REDUCTIONS: Readonly<Record<string, { readonly of: string; readonly write: string }>> =
  { max: { of: 'abs', write: 'max_abs' } }

/** Functions of two arguments that are operators between them here. */
export const INFIX_FUNCTIONS: Readonly<Record<string, string>> = {
  pow: '^',
  power: '^',
  mul: ' * ',
  multiply: ' * ',
  times: ' * ',
  add: ' + ',
  plus: ' + ',
  sub: ' - ',
  subtract: ' - ',
  minus: ' - ',
  div: ' / ',
  divide: ' / ',
  greater: ' > ',
  less: ' < ',
  equal: ' == ',
  logical_and: ' and ',
  logical_or: ' or ',
}

/** What people used to other libraries call names that are always there. */
export const NAMES: Readonly<Record<string, string>> = {
  grad: 'g',
  grads: 'g',
  gradient: 'g',
  gradients: 'g',
  dw: 'g',
  dW: 'g',
  dx: 'g',
  weight: 'w',
  weights: 'w',
  param: 'w',
  params: 'w',
  parameter: 'w',
  parameters: 'w',
  theta: 'w',
  p: 'w',
  W: 'w',
  step: 't',
  steps: 't',
  step_count: 't',
  global_step: 't',
  iteration: 't',
  iter: 't',
  total_steps: 'T',
  totalSteps: 'T',
  max_steps: 'T',
  num_steps: 'T',
  learning_rate: 'lr',
  learningRate: 'lr',
  learnrate: 'lr',
  step_size: 'lr',
  stepSize: 'lr',
  stepsize: 'lr',
  eta: 'lr',
  alpha: 'lr',
  rate: 'lr',
  infinity: 'inf',
  Infinity: 'inf',
  Inf: 'inf',
  PI: 'pi',
  Pi: 'pi',
}

const NO_CLOSURE = `a rule is given the gradient \`g\` of every step and cannot ask for the loss again; ${LIMITS}`
const NO_LOSS = `a rule sees the gradient \`g\` and not the loss; ${LIMITS}`
const NO_SECOND = `there are no second derivatives: a rule sees the gradient \`g\` of every step; ${LIMITS}`
const NO_AXES = `axes have names instead of positions: \`over = inputs\` or \`over = outputs\`, as in \`mean(x, over = inputs)\`, or all elements without it; \`optc explain axes\` tells more`
const NO_EPOCHS = `a rule knows the step \`t\` of \`T\`, and neither epochs nor batches; ${LIMITS}`
const NO_TRUTH = `there are no constants of conditions: a choice is made by a comparison, such as \`t < 100\`; ${LIMITS}`
const NO_NOTHING = `every name has a value; ${LIMITS}`
const NO_LAYERS = `a rule knows a parameter's shape, and neither its name nor its layer: \`rank(w)\`, \`size(w)\`, \`fan_in(w)\`, \`fan_out(w)\`; ${LIMITS}`
const NO_RANDOM = `the random operators are \`normal()\` and \`dropout(x, rate)\`: a uniform number is \`(1 + erf(normal() / sqrt(2))) / 2\`; ${LIMITS}`
const MATRICES = '`optc explain matrices` tells more'

/** What the language lacks: what there is to say where it is asked for. */
export const LACKING: Readonly<Record<string, string>> = {
  closure: NO_CLOSURE,
  loss: NO_LOSS,
  losses: NO_LOSS,
  cost: NO_LOSS,
  loss_value: NO_LOSS,
  accuracy: NO_LOSS,
  hessian: NO_SECOND,
  Hessian: NO_SECOND,
  hvp: NO_SECOND,
  jacobian: NO_SECOND,
  fisher: NO_SECOND,
  axis: NO_AXES,
  axes: NO_AXES,
  dim: NO_AXES,
  dims: NO_AXES,
  keepdim: NO_AXES,
  keepdims: NO_AXES,
  epoch: NO_EPOCHS,
  epochs: NO_EPOCHS,
  batch: NO_EPOCHS,
  batch_size: NO_EPOCHS,
  true: NO_TRUTH,
  false: NO_TRUTH,
  True: NO_TRUTH,
  False: NO_TRUTH,
  null: NO_NOTHING,
  undefined: NO_NOTHING,
  None: NO_NOTHING,
  nothing: NO_NOTHING,
  nil: NO_NOTHING,
  layer: NO_LAYERS,
  name: NO_LAYERS,
  names: NO_LAYERS,
  bias: NO_LAYERS,
  module: NO_LAYERS,
  rand: NO_RANDOM,
  random: NO_RANDOM,
  uniform: NO_RANDOM,
  bernoulli: NO_RANDOM,
  svd: `singular vectors of \`x\` are \`eigenvectors(matmul(x, transpose(x)))\`, and \`orthogonalize(x)\` of std/wrappers brings singular values close to 1; ${MATRICES}`,
  inv: `the inverse of a symmetric, positive matrix is \`inverse_root(a, 1)\`; ${MATRICES}`,
  outer: `what there is one of for each output times what there is one of for each input is an outer product; ${MATRICES}`,
  einsum: `products of matrices are written \`matmul(a, b)\` and \`transpose(a)\`; ${MATRICES}`,
}

/** Types that are written behind a name elsewhere. */
export const TYPES: ReadonlySet<string> = new Set([
  'number',
  'float',
  'float32',
  'double',
  'int',
  'Tensor',
  'tensor',
  'Array',
  'ndarray',
  'any',
  'bool',
  'boolean',
  'string',
  'str',
  'Float64',
  'Float32',
  'Real',
  'Number',
  'Int',
  'AbstractArray',
  'Optional',
  'Callable',
])
