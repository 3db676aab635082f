// A plain function: the banana valley of four variables, from a corner of it.
/** @type {import('optc-lang/search').TaskDefinition} */
export default {
  summary: "Rosenbrock's valley in four variables",
  steps: 1000,
  isFunction: true,
  start({ tf }) {
    const x = tf.variable(tf.tensor1d([-1.2, 1, -1.2, 1]), true, 'x')
    return {
      parameters: [x],
      loss() {
        const [head, tail] = [tf.slice(x, 0, 3), tf.slice(x, 1, 3)]
        const along = tf.square(tf.sub(1, head))
        const across = tf.square(tf.sub(tail, tf.square(head)))
        return tf.sum(tf.add(along, tf.mul(100, across)))
      },
    }
  },
}
