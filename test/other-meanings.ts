/** Names of operators that mean something else in a file. */
export const OTHER_MEANINGS: Readonly<Record<string, readonly string[]>> = {
  // What the keys of the random streams are called.
  'src/emit/ts/prelude/random.ts': ['dropout', 'normal'],
  // Functions of the prelude.
  'src/emit/ts/prelude-sources.ts': ['erf', 'erfc'],
  // A parameter of emitted functions: whether a leaf is hidden.
  'src/emit/optax/evaluation.ts': ['is_hidden'],
  'src/emit/optax/step.ts': ['is_hidden'],
  // Functions of keras.ops, of the prelude, of jax.numpy and of Python.
  'src/emit/keras/expression.ts': ['where'],
  'src/emit/keras/prelude-sources.ts': ['negative_part'],
  'src/emit/optax/prelude-sources.ts': ['matmul'],
  'src/emit/python/function.ts': ['min'],
  // A name for a variable.
  'src/plan/names.ts': ['power'],
  // Commands of LaTeX.
  'src/report/formula/latex.ts': ['mod', 'sqrt'],
  // The scale of an axis.
  'src/hosts/cli/training/learning-curves.ts': ['log'],
}
