import type * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as MetricKey from "effect/MetricKey"
import * as MetricLabel from "effect/MetricLabel"

/** `countOf` counts something under its name, and by its tags. */
export const countOf = (
  name: string,
  description: string
): ((tags: Readonly<Record<string, string>>, count?: number) => Effect.Effect<void>) => {
  const counter = Metric.counter(name, { description, incremental: true })
  return (tags, count = 1) => Metric.incrementBy(Metric.taggedWithLabels(counter, labelsOf(tags)), count)
}

const labelsOf = (tags: Readonly<Record<string, string>>): ReadonlyArray<MetricLabel.MetricLabel> =>
  Object.entries(tags).map(([tag, value]) => MetricLabel.make(tag, value))

/** `login` counts the logins that a device has taken. */
export const login = countOf("sallyport.logins", "Logins that a device has taken")

/** `failure` counts requests, logins and refreshes that came to no answer in the end, by the tag of their error. */
export const failure = countOf(
  "sallyport.failures",
  "Requests, logins and refreshes that came to no answer in the end"
)

const requests = MetricKey.counter("sallyport.requests", {
  description: "Requests that were sent, each repeat and each login too",
  incremental: true
})

const waits = Metric.histogram(
  "sallyport.rate_limit.wait",
  MetricBoundaries.fromIterable([0.1, 0.5, 1, 5, 10, 30, 60]),
  "How long requests have waited for a device's rate limit, in seconds"
)

/** `TargetMetrics` are those of one target, with its name on them. */
export interface TargetMetrics {
  /**
   * `sent` counts a request, by the status that it was answered with; without one, it was not answered. `labels` are
   * those of the fiber that sends.
   */
  readonly sent: (labels: ReadonlyArray<MetricLabel.MetricLabel>, status?: number) => void
  /** `waited` notes that a request has waited for its turn so many milliseconds. */
  readonly waited: (millis: number) => Effect.Effect<void>
}

/**
 * `make` makes them once for all requests. By their keys: a metric that is tagged afterwards is looked for by its tags
 * each time that it is counted.
 */
export const make = (target: string): TargetMetrics => {
  const byStatus = new Map<number | undefined, Metric.Metric.Counter<number>>()
  const counterOf = (status: string) =>
    Metric.fromMetricKey(MetricKey.taggedWithLabels(requests, labelsOf({ target, status })))
  return {
    sent: (labels, code) => {
      const known = byStatus.get(code) ?? counterOf(code === undefined ? "none" : String(code))
      byStatus.set(code, known)
      known.unsafeUpdate(1, labels)
    },
    waited: (millis) => Metric.update(Metric.tagged(waits, "target", target), millis / 1000)
  }
}
