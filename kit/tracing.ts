import { context, trace } from '@opentelemetry/api'
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
import { makeSpans } from './trace.ts'

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
  makeSpans(spanProcessors.length > 0 ? 'all' : 'outermost')
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
  makeSpans('none')
  trace.disable()
  context.disable()
}
