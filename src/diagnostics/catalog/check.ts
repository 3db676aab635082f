import type { CatalogEntry } from '../diagnostic.ts'
import { stageCatalog } from './stage.ts'
import { statementCatalog } from './statement.ts'

/** What can be wrong with names, arguments, statements and stages. */
export const checkCatalog = {
  'reserved-name': {
    severity: 'error',
    title: 'a declaration of a name that the language uses',
    explanation:
      'The names `g`, `w`, `t`, `T`, `update`, `evaluate`, the constants `pi`, `e` and `inf`, and the names of the operators always mean the same, so that a rule can be read without looking for its declarations. Only a parameter of a `fn`, `schedule` or `decay` may be called `g`, `w`, `t` or `T`.\n\nChoose another name.',
    wrong: 'let norm = max_abs(g)\nupdate = lr * g / (norm + 1e-8)\n',
    right: 'let largest = max_abs(g)\nupdate = lr * g / (largest + 1e-8)\n',
  },
  'duplicate-name': {
    severity: 'error',
    title: 'a name that is declared twice',
    explanation:
      'Within one optimizer or function a name is declared once: as a parameter, with `let` or with `state`, and not again inside an `if`.\n\nRename one of them. A state is changed by an assignment without `state`.',
    wrong: 'let m = sign(g)\nlet m = lr * m\nupdate = m\n',
    right: 'let m = sign(g)\nlet scaled = lr * m\nupdate = scaled\n',
  },
  'unknown-name': {
    severity: 'error',
    title: 'a name that nothing declares',
    explanation:
      'The name is neither a parameter, a `let` or a `state` that stands above, nor one of `g`, `w`, `t`, `T`, `pi`, `e` and `inf`.\n\nCheck the spelling, or declare it: a hyperparameter in the brackets behind the name of the optimizer, a value with `let`.',
    wrong:
      'state m = 0\nm = 0.9 * m + g\nlet m_hat = m / (1 - 0.9^(t + 1))\nupdate = lr * moment_hat\n',
    right: 'state m = 0\nm = 0.9 * m + g\nlet m_hat = m / (1 - 0.9^(t + 1))\nupdate = lr * m_hat\n',
  },
  'unknown-function': {
    severity: 'error',
    title: 'a call of a function that nothing declares',
    explanation:
      'What is called is neither an operator, nor a function of the prelude, nor declared in the file or imported.\n\nCheck the spelling, or import it.',
    wrong: 'update = lr * sing(g)\n',
    right: 'update = lr * sign(g)\n',
  },
  'not-a-function': {
    severity: 'error',
    title: 'a call of something that is a value',
    explanation:
      'Only operators and functions can be called; a value followed by brackets is not a product.\n\nWrite the multiplication sign: `lr * (g + w)`.',
    wrong: 'update = lr(g + w)\n',
    right: 'update = lr * (g + w)\n',
  },
  'function-as-value': {
    severity: 'error',
    title: 'a function that is not called',
    explanation:
      'A function, a schedule or a decay has a value only when it is called, even where every argument has a default.\n\nAdd the brackets and the arguments.',
    wrong: 'update = lr * g * decay_cosine\n',
    right: 'update = lr * g * decay_cosine(t)\n',
  },
  'used-before-declaration': {
    severity: 'error',
    title: 'a name that is used above its declaration',
    explanation:
      'Statements run from top to bottom, so a `let` or `state` can be used only below the line that declares it.\n\nMove the declaration up. For the value of the previous step use a `state`.',
    wrong: 'update = lr * m\nlet m = sign(g)\n',
    right: 'let m = sign(g)\nupdate = lr * m\n',
  },
  'unknown-argument': {
    severity: 'error',
    title: 'an argument for a parameter that does not exist',
    explanation:
      'A named argument has the name of one of the parameters of the function.\n\nCheck the spelling; the parameters are shown with the message.',
    wrong: 'update = lr * ema(g, bta = 0.9)\n',
    right: 'update = lr * ema(g, beta = 0.9)\n',
  },
  'duplicate-argument': {
    severity: 'error',
    title: 'two arguments for one parameter',
    explanation:
      'Each parameter takes one argument, by its place or by its name.\n\nRemove one of the two.',
    wrong: 'update = lr * ema(g, 0.9, beta = 0.99)\n',
    right: 'update = lr * ema(g, beta = 0.99)\n',
  },
  'missing-argument': {
    severity: 'error',
    title: 'a call without an argument that has no default',
    explanation:
      'A parameter without a default needs an argument in every call, the step of a schedule or decay among them. Parameters of a `fn` called `t`, `T`, `g` or `w` stand for the builtin of that name when nothing else is given.\n\nAdd the argument, or give the parameter a default.',
    wrong: 'update = lr * ema()\n',
    right: 'update = lr * ema(g)\n',
  },
  'schedule-without-step': {
    severity: 'error',
    title: 'a schedule or decay that does not take the step first',
    explanation:
      'The first parameter of every schedule and every decay is the step `t`, the number of steps already taken. It is declared and passed: `decay fall(t, power = 2)` is called `fall(t, 3)`, or `fall(t + 5)` for a later step. The step takes neither a range nor a default, and `T` is there without being declared.\n\nMake `t` the first parameter.',
    wrong: 'schedule rise(steps = 100) = min(t / steps, 1)\n',
    right: 'schedule rise(t, steps = 100) = min(t / steps, 1)\n',
  },
  'step-argument': {
    severity: 'error',
    title: 'a schedule or decay that is called without the step in its place',
    explanation:
      'The first argument of every schedule and every decay is the step: `t`, or an expression that depends on it such as `t + 5` or `max(t - warmup, 0)`. A number or a hyperparameter there is the same on every step, and `t` anywhere else is meant to be there.\n\nPass `t` first.',
    wrong: 'schedule rise(t, steps = 100) = min(t / steps, 1)\n\nupdate = lr * rise(20) * g\n',
    right: 'schedule rise(t, steps = 100) = min(t / steps, 1)\n\nupdate = lr * rise(t, 20) * g\n',
  },
  'too-many-arguments': {
    severity: 'error',
    title: 'more arguments than parameters',
    explanation: 'The function takes fewer arguments than the call gives.\n\nRemove the rest.',
    wrong: 'update = lr * ema(g, 0.9, 0.99)\n',
    right: 'update = lr * ema(g, 0.9)\n',
  },
  'argument-order': {
    severity: 'error',
    title: 'an argument without a name behind a named one',
    explanation:
      'Arguments are matched to parameters from left to right until the first one that has a name; behind it all need one.\n\nMove the arguments without a name to the front.',
    wrong: 'update = lr * ema(beta = 0.9, g)\n',
    right: 'update = lr * ema(g, beta = 0.9)\n',
  },
  'wrong-argument-count': {
    severity: 'error',
    title: 'an operator with the wrong number of arguments',
    explanation:
      'Every argument of an operator must be given. The message shows how it is called.\n\nAdd what is missing or remove the rest.',
    wrong: 'update = lr * clip(g)\n',
    right: 'update = lr * clip(g, 1)\n',
  },
  'shape-argument': {
    severity: 'error',
    title: 'a fact about a shape of something other than `w`',
    explanation:
      'Facts about shapes are known per parameter before the first step, and everything in a program has the shape of the parameter or is one number. So there is one thing to ask about: `w`.\n\nWrite `w` as the argument.',
    wrong: 'let scale = sqrt(size(g))\nupdate = lr * g / scale\n',
    right: 'let scale = sqrt(size(w))\nupdate = lr * g / scale\n',
  },
  'missing-default': {
    severity: 'error',
    title: 'a hyperparameter without a default',
    explanation:
      'Everyone who builds the optimizer gets the defaults, so that `new Adam()` works and results can be compared.\n\nGive it the value from the paper, or one that works.',
    wrong: 'optimizer Sgd(lr) {\n  update = lr * g\n}\n',
    right: 'optimizer Sgd(lr = 0.01) {\n  update = lr * g\n}\n',
  },
  'unused-variable': {
    severity: 'warning',
    title: 'a `let` that is never used',
    explanation:
      'Nothing reads the value, so computing it has no effect.\n\nRemove it, or use it where it was meant to be used. A name that starts with `_` says that this is on purpose.',
    wrong: 'let scaled = lr * sign(g)\nupdate = lr * g\n',
    right: 'let scaled = lr * sign(g)\nupdate = scaled\n',
  },
  'unused-parameter': {
    severity: 'warning',
    title: 'a parameter that is never used',
    explanation:
      'A hyperparameter that nothing reads can be set and tuned without any effect, which costs whoever uses the optimizer time.\n\nRemove it, or use it. A name that starts with `_` says that this is on purpose.',
    wrong: 'optimizer Sgd(lr = 0.1, momentum = 0.9) {\n  update = lr * g\n}\n',
    right:
      'optimizer Sgd(lr = 0.1, momentum = 0.9) {\n  update = lr * heavy_ball(g, momentum)\n}\n',
  },
  ...statementCatalog,
  ...stageCatalog,
} satisfies Record<string, CatalogEntry>
