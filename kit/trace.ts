import {
  context,
  type Span,
  type SpanContext,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'

type Attributes = Record<string, string | number | boolean>

/** What a span costs is paid by those who asked for spans; the outermost has the trace id. */
let made: 'none' | 'outermost' | 'all' = 'none'

/** Which spans are made from now on; `tracing.ts` says so, with what receives them. */
export const makeSpans = (which: typeof made): void => {
  made = which
}

/** Runs `work` inside a span named `name`; a throw marks the span as failed and passes on. */
export function span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  if (made === 'none' || (made === 'outermost' && trace.getActiveSpan())) return work()
  return trace.getTracer('plexus').startActiveSpan(name, { attributes }, async (active) => {
    try {
      return await work()
    } catch (error) {
      markFailed(active, error)
      throw error
    } finally {
      active.end()
    }
  })
}

function markFailed(active: Span, error: unknown) {
  const cause = error instanceof Error ? error : new Error(String(error))
  active.recordException(cause)
  active.setStatus({ code: SpanStatusCode.ERROR, message: cause.message })
}

/** Adds attributes to the span that is running here; does nothing outside one. */
export const annotateSpan = (attributes: Attributes): void => {
  if (made !== 'none') trace.getActiveSpan()?.setAttributes(attributes)
}

/** Looked for only while spans are made. */
function activeContext(): SpanContext | null {
  const active = made === 'none' ? undefined : trace.getSpanContext(context.active())
  return active && trace.isSpanContextValid(active) ? active : null
}

/** 32 hex digits, or null outside any trace. */
export const traceId = (): string | null => activeContext()?.traceId ?? null

/** The running span as the header of this name; null outside one. Source: W3C Trace Context. */
export function traceparent(): string | null {
  const active = activeContext()
  if (!active) return null
  const flags = active.traceFlags.toString(16).padStart(2, '0')
  return `00-${active.traceId}-${active.spanId}-${flags}`
}

/** Writes the running span into the headers; leaves them alone outside one. */
export function injectTrace(headers: Headers): void {
  const parent = traceparent()
  if (parent !== null) headers.set('traceparent', parent)
}

const traceparentFormat = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/

/**
 * Runs `work` as a part of the caller's trace. A missing or malformed `traceparent`, or one of the
 * trace that is already running here (a subgraph in the same process), changes nothing.
 */
export function withRemoteTrace<T>(headers: Headers, work: () => T): T {
  if (made === 'none') return work()
  const [, id, parentId, flags] = traceparentFormat.exec(headers.get('traceparent') ?? '') ?? []
  if (!id || !parentId || !flags || id === traceId()) return work()
  const remote = {
    traceId: id,
    spanId: parentId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  }
  if (!trace.isSpanContextValid(remote)) return work()
  return context.with(trace.setSpanContext(context.active(), remote), work)
}
