import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { useText } from '../../../i18n/text.ts'
import type { ActionOutcome } from '../../../ui/action-notice.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { SelectField } from '../../../ui/field.tsx'
import { ErrorState } from '../../../ui/states.tsx'
import { ListSkeleton } from '../list-parts.tsx'
import { type Plan, Plans, SetClientPlan } from './query.ts'

/** The program whose plan is changed, and the name of the one it has now. */
export type Planned = { id: string; name: string; plan: string | null }

type PlanDialogProps = {
  program: Planned
  onDone: (outcome: ActionOutcome) => void
  onClose: () => void
}

function useOptionText() {
  const { t, tag } = useText()
  const numbers = new Intl.NumberFormat(tag)
  return ({ name, pointsPerMinute, costMax }: Plan) =>
    t('admin.plan.option', {
      ...{ name, points: numbers.format(pointsPerMinute), cost: numbers.format(costMax) },
    })
}

/** Which plan a program has; none is a choice as well. */
export function PlanDialog({ program, onDone, onClose }: PlanDialogProps) {
  const { t } = useText()
  const optionText = useOptionText()
  const { id: clientId, name } = program
  const [chosen, setChosen] = useState(program.plan ?? '')
  const [{ data, error }, ask] = useQuery({ query: Plans })
  const [saving, run] = useMutation(SetClientPlan)

  async function save(): Promise<void> {
    const { data: saved, error: failure } = await run({ input: { clientId, plan: chosen || null } })
    const answer = saved?.setClientPlan
    if (!answer) return onDone({ kind: 'failed', error: failure })
    const done = answer.__typename === 'ClientPlanSet'
    const text = done ? 'admin.plan.saved' : 'admin.plan.refused'
    onDone({ kind: done ? 'done' : 'refused', text, values: { name } })
  }

  const actions = (
    <>
      <Button variant="secondary" onClick={onClose}>
        {t('admin.keep')}
      </Button>
      <Button busy={saving.fetching} onClick={() => void save()}>
        {t('admin.plan.save')}
      </Button>
    </>
  )
  return (
    <Dialog title={t('admin.plan.title', { name })} onClose={onClose} actions={actions}>
      <p>{t('admin.plan.body')}</p>
      <div className="mt-4">
        {data ? (
          <SelectField
            label={t('admin.plan')}
            value={chosen}
            onChange={({ target }) => setChosen(target.value)}
          >
            <option value="">{t('admin.plan.none')}</option>
            {data.plans.map((plan) => (
              <option key={plan.name} value={plan.name}>
                {optionText(plan)}
              </option>
            ))}
          </SelectField>
        ) : error ? (
          <ErrorState error={error} retry={() => ask({ requestPolicy: 'network-only' })} />
        ) : (
          <ListSkeleton />
        )}
      </div>
    </Dialog>
  )
}
