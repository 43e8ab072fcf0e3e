import * as Tracer from "effect/Tracer"

interface RecordedSpan {
  readonly name: string
  readonly attributes: ReadonlyMap<string, unknown>
  /** The names of those that it is in, the innermost first. */
  readonly within: ReadonlyArray<string>
}

/** A tracer that remembers each span. */
export const spanRecorder = () => {
  const spans: Array<RecordedSpan> = []
  const withinOf = new Map<string, ReadonlyArray<string>>()
  const tracer = Tracer.make({
    span: (name, parent, context, links, startTime, kind) => {
      const attributes = new Map<string, unknown>()
      const spanId = String(spans.length)
      const span: Tracer.Span = {
        _tag: "Span",
        name,
        spanId,
        traceId: "one",
        parent,
        context,
        status: { _tag: "Started", startTime },
        attributes,
        links,
        sampled: true,
        kind,
        end: () => {},
        attribute: (key, value) => void attributes.set(key, value),
        event: () => {},
        addLinks: () => {}
      }
      const within = parent._tag === "Some" ? (withinOf.get(parent.value.spanId) ?? []) : []
      withinOf.set(spanId, [name, ...within])
      spans.push({ name, attributes, within })
      return span
    },
    context: (use) => use()
  })
  return { spans, tracer }
}
