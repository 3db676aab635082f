// A tf.LayersModel of one's own: which of two spirals a point is on.
/** @type {import('optc-lang/search').TaskDefinition} */
export default {
  summary: 'two spirals, a LayersModel of two hidden layers',
  steps: 800,
  metric: { name: 'accuracy', better: 'larger', unit: 'share' },
  start({ tf, seed, random, batchSize, width }) {
    const model = tf.sequential()
    for (const [index, units] of [24 * width, 24 * width, 1].entries()) {
      const kernelInitializer = tf.initializers.glorotUniform({ seed: seed + index })
      const activation = units === 1 ? 'linear' : 'tanh'
      const options = { units: Math.round(units), activation, kernelInitializer }
      model.add(tf.layers.dense({ ...options, ...(index === 0 && { inputShape: [2] }) }))
    }
    const points = (count) => {
      const sides = Array.from({ length: count }, (_, index) => index % 2)
      const turns = sides.map(() => 3 * Math.sqrt(random.uniform()))
      const place = (turn, angle) => [turn * Math.cos(angle), turn * Math.sin(angle)]
      const x = turns.map((turn, index) => place(turn, 2 * turn + Math.PI * sides[index]))
      return { x: tf.tensor2d(x), y: tf.tensor2d(sides, [count, 1]) }
    }
    const held = { validation: points(400), test: points(400) }
    const loss = ({ x, y }) => tf.losses.sigmoidCrossEntropy(y, model.apply(x, { training: true }))
    const right = ({ x, y }) => tf.mean(tf.equal(tf.greater(model.apply(x), 0), y))
    return {
      parameters: model.trainableWeights.map((weight) => weight.read()),
      batch: () => points(batchSize),
      loss,
      evaluate: (part) => ({ loss: loss(held[part]), metric: right(held[part]) }),
    }
  },
}
