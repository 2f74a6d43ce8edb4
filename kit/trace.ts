import { context, type Span, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions'

type Attributes = Record<string, string | number | boolean>

type Options = {
  readonly service: string
  /** Tests give an in-memory exporter; it receives each span as it ends. */
  readonly exporter?: SpanExporter
  /**
   * Base URL of an OTLP/HTTP collector, for example http://collector:4318. Without it spans are not
   * sent.
   */
  readonly endpoint?: string
}

const processorsOf = ({ exporter, endpoint }: Options) => {
  if (exporter) return [new SimpleSpanProcessor(exporter)]
  if (!endpoint) return []
  const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`)
  return [new BatchSpanProcessor(new OTLPTraceExporter({ url: url.href }))]
}

/** What a span costs is paid by those who asked for spans; the outermost has the trace id. */
let made: 'none' | 'outermost' | 'all' = 'none'

/**
 * Turns spans on for the whole process, replacing an earlier call. Without an exporter or endpoint
 * nothing is sent, yet trace ids still reach the log and the next service. `stop` flushes what is
 * pending.
 */
export function startTracing(options: Options): { stop(): Promise<void> } {
  const spanProcessors = processorsOf(options)
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: options.service }),
    spanProcessors,
  })
  turnOff()
  made = spanProcessors.length > 0 ? 'all' : 'outermost'
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  return {
    stop: async () => {
      await provider.shutdown()
      turnOff()
    },
  }
}

function turnOff() {
  made = 'none'
  trace.disable()
  context.disable()
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
export const annotateSpan = (attributes: Attributes) =>
  void trace.getActiveSpan()?.setAttributes(attributes)

/** 32 hex digits, or null outside any trace. */
export function traceId(): string | null {
  const active = trace.getSpanContext(context.active())
  return active && trace.isSpanContextValid(active) ? active.traceId : null
}

/** The running span as the header of this name; null outside one. Source: W3C Trace Context. */
export function traceparent(): string | null {
  const active = trace.getSpanContext(context.active())
  if (!active || !trace.isSpanContextValid(active)) return null
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
