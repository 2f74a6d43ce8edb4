import { useState } from 'react'
import { type Plan, planOf, type Refusal } from '../api.ts'
import { lastRun, type Run } from '../last-run.ts'
import { useStore } from '../store.ts'
import { useText } from '../use-text.ts'
import { Notice, Pane, Refused, refusalFrom } from './pane.tsx'
import { type Branch, treeOf } from './plan-tree.ts'
import { useEditor, variablesFrom } from './use-editor.ts'

type Fetch = NonNullable<Plan['fetches']>[number]

function FetchFacts({ fetch, run }: { fetch: Fetch; run: Run | null }) {
  const { t, number } = useText()
  const { cost } = fetch
  const actual = run?.trace?.fetches.find(({ id }) => id === fetch.id)?.cost ?? null
  return (
    <span className="facts">
      {cost && (
        <span>
          {t(cost.per === 'entity' ? 'planPerEntity' : 'planPerRequest', {
            cost: number(cost.estimated),
          })}
        </span>
      )}
      {actual !== null && <span>{t('planFetchActual', { cost: number(actual) })}</span>}
    </span>
  )
}

function FetchNode({ branch: { fetch, next }, run }: { branch: Branch<Fetch>; run: Run | null }) {
  const { t } = useText()
  const { id, subgraph, paths, entities, waitsFor, variables, document } = fetch
  return (
    <li>
      <details>
        <summary>
          <span className="number">{id + 1}</span> <b>{subgraph}</b>{' '}
          <code>{paths.filter((path) => path !== '').join(', ') || t('planRoot')}</code>{' '}
          <FetchFacts fetch={fetch} run={run} />
        </summary>
        {waitsFor.length > 0 && (
          <p>{t('planAfter', { fetches: waitsFor.map((one) => one + 1).join(', ') })}</p>
        )}
        {entities.length > 0 && <p>{entities.join(', ')}</p>}
        {variables.length > 0 && <p>{t('planVariables', { names: variables.join(', ') })}</p>}
        <p>{t('planDocument', { subgraph })}</p>
        <pre>{document}</pre>
      </details>
      {next.length > 0 && <Branches branches={next} run={run} />}
    </li>
  )
}

const Branches = ({ branches, run }: { branches: readonly Branch<Fetch>[]; run: Run | null }) => (
  <ul className="tree">
    {branches.map((branch) => (
      <FetchNode key={branch.fetch.id} branch={branch} run={run} />
    ))}
  </ul>
)

function CostLine({ cost, run }: { cost: NonNullable<Plan['cost']>; run: Run | null }) {
  const { t, number } = useText()
  const { estimated, max, faults } = cost
  return (
    <>
      <p>
        <b>{t('planCost', { estimated: number(estimated), max: number(max) })}</b>
        {run?.cost && <> · {t('planActual', { actual: number(run.cost.actual) })}</>}
      </p>
      {estimated > max && <p className="bad">{t('planTooDear')}</p>}
      {faults.map((fault) => (
        <p key={fault} lang="en" className="bad">
          {fault}
        </p>
      ))}
    </>
  )
}

function PlanView({ plan, query }: { plan: Plan; query: string }) {
  const { t } = useText()
  const last = useStore(lastRun)
  const run = last?.query === query ? last : null
  const { cost, denied, withheld, fetches } = plan
  return (
    <>
      {cost && <CostLine cost={cost} run={run} />}
      {withheld.length > 0 && (
        <p className="soft">{t('planWithheld', { scopes: withheld.join(', ') })}</p>
      )}
      {denied.length > 0 && (
        <>
          <h3>{t('planDenied')}</h3>
          <ul>
            {denied.map((field) => (
              <li key={field}>
                <code>{field}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{t('planTree')}</h3>
      {!fetches && <p>{t('planNoPlan')}</p>}
      {fetches?.length === 0 && <p>{t('planNone')}</p>}
      {fetches && <Branches branches={treeOf(fetches)} run={run} />}
    </>
  )
}

type Shown =
  | { state: 'nothing' | 'planning' | 'empty' | 'bad-variables' }
  | { state: 'plan'; plan: Plan; query: string }
  | { state: 'refused'; refusal: Refusal }

function usePlan() {
  const [shown, setShown] = useState<Shown>({ state: 'nothing' })
  const { read, operationName } = useEditor()
  const plan = async () => {
    const { document: query, variables: text } = read()
    const variables = variablesFrom(text)
    if (query.trim() === '') return setShown({ state: 'empty' })
    if (variables === undefined) return setShown({ state: 'bad-variables' })
    setShown({ state: 'planning' })
    try {
      setShown({ state: 'plan', plan: await planOf({ query, operationName, variables }), query })
    } catch (error) {
      setShown({ state: 'refused', refusal: refusalFrom(error) })
    }
  }
  return { shown, plan }
}

/** What an operation would ask of whom, and what it would cost, before it runs. */
export function PlanPane() {
  const { t } = useText()
  const { shown, plan } = usePlan()
  return (
    <Pane title="plan" intro="planIntro">
      <button type="button" className="primary" onClick={() => void plan()}>
        {t('planNow')}
      </button>
      <div aria-live="polite" className="told">
        {shown.state === 'planning' && <p>{t('planning')}</p>}
        {shown.state === 'plan' && <PlanView plan={shown.plan} query={shown.query} />}
      </div>
      {shown.state === 'empty' && <Notice tone="bad">{t('planEmpty')}</Notice>}
      {shown.state === 'bad-variables' && <Notice tone="bad">{t('badVariables')}</Notice>}
      {shown.state === 'refused' && <Refused refusal={shown.refusal} />}
    </Pane>
  )
}
