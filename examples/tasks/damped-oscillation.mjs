// A curve of physics: amplitude, damping, frequency and phase of an oscillation, from 40 noisy measurements of one.
const TRUE = [1.5, 0.25, 2, 0.6]
const TIMES = Array.from({ length: 40 }, (_, index) => index / 5)

/** @type {import('optc-lang/search').TaskDefinition} */
export default {
  summary: 'a damped oscillation through 40 measurements',
  steps: 600,
  metric: { name: 'largest error', better: 'smaller' },
  start({ tf, random }) {
    const near = TRUE.map((value) => value * (1 + 0.2 * random.normal()))
    const p = tf.variable(tf.tensor1d(near), true, 'p')
    const curve = (parameters, times) => {
      const [amplitude, damping, frequency, phase] = tf.split(parameters, 4)
      const angle = tf.add(tf.mul(frequency, times), phase)
      return tf.mul(tf.mul(amplitude, tf.exp(tf.neg(tf.mul(damping, times)))), tf.cos(angle))
    }
    const times = tf.tensor1d(TIMES)
    const noise = tf.tensor1d(TIMES.map(() => 0.05 * random.normal()))
    const measured = tf.tidy(() => tf.add(curve(tf.tensor1d(TRUE), times), noise))
    const loss = () => tf.mean(tf.squaredDifference(curve(p, times), measured))
    return {
      parameters: [p],
      loss,
      // Between the measurements, beside the true curve.
      evaluate(part) {
        const others = tf.add(times, part === 'test' ? 0.1 : 0.05)
        const errors = tf.abs(tf.sub(curve(p, others), curve(tf.tensor1d(TRUE), others)))
        return { loss: loss(), metric: tf.max(errors) }
      },
    }
  },
}
