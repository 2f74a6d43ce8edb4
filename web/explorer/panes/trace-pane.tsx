import { lastRun, type Trace, type TracedFetch } from '../last-run.ts'
import { useStore } from '../store.ts'
import type { TextId } from '../texts.en.ts'
import { useText } from '../use-text.ts'
import { Pane } from './pane.tsx'

const statusTexts: Record<TracedFetch['status'], TextId> = {
  ok: 'ok',
  partial: 'partial',
  failed: 'failedFetch',
}

/** Where it lies in the whole run, in percent; never so short that nobody sees it. */
export const barOf = (
  { startMs, durationMs }: Pick<TracedFetch, 'startMs' | 'durationMs'>,
  totalMs: number,
): { left: string; width: string } => {
  const share = (ms: number) => (totalMs > 0 ? Math.min(100, (ms / totalMs) * 100) : 0)
  const left = Math.min(99, share(startMs))
  return { left: `${left}%`, width: `${Math.max(1, Math.min(100 - left, share(durationMs)))}%` }
}

function FetchRow({ fetch, totalMs }: { fetch: TracedFetch; totalMs: number }) {
  const { t, number } = useText()
  const { id, subgraph, path, startMs, durationMs, bytes, entities, status, cost } = fetch
  const facts = [
    t('traceFetch', {
      ...{ start: number(startMs), end: number(startMs + durationMs), bytes: number(bytes) },
    }),
    ...(entities === null ? [] : [t('traceEntities', { count: number(entities) })]),
    ...(cost === null ? [] : [t('traceCost', { cost: number(cost) })]),
    t(statusTexts[status]),
  ]
  return (
    <li>
      <p>
        <span className="number">{id + 1}</span> <b>{subgraph}</b>{' '}
        <code>{path.filter((one) => one !== '').join(', ') || t('planRoot')}</code>
      </p>
      <div className={`bar-line ${status}`} aria-hidden="true">
        <span style={barOf(fetch, totalMs)} />
      </div>
      <p className="soft">{facts.join(' · ')}</p>
    </li>
  )
}

function Waterfall({ trace: { totalMs, fetches } }: { trace: Trace }) {
  const { t } = useText()
  if (fetches.length === 0) return <p>{t('traceNone')}</p>
  return (
    <ol className="waterfall">
      {fetches.map((fetch) => (
        <FetchRow key={`${fetch.id} ${fetch.startMs}`} fetch={fetch} totalMs={totalMs} />
      ))}
    </ol>
  )
}

/** Which service took how long in the last run: bars for the eye, and the same in words. */
export function TracePane() {
  const { t, number } = useText()
  const run = useStore(lastRun)
  const trace = run?.trace
  return (
    <Pane title="trace">
      {!trace && <p className="soft">{t('traceEmpty')}</p>}
      {trace && (
        <>
          <p>
            {t('traceTotal', {
              name: run.operationName ?? t('traceUnnamed'),
              ms: number(trace.totalMs),
              count: number(trace.fetches.length),
            })}
          </p>
          {run.cost && (
            <p>
              {t('planCost', { estimated: number(run.cost.estimated), max: number(run.cost.max) })}{' '}
              · {t('planActual', { actual: number(run.cost.actual) })}
            </p>
          )}
          <Waterfall trace={trace} />
        </>
      )}
    </Pane>
  )
}
