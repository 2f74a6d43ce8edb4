/** A gateway over subgraphs of its own process, in front of which the limiter stands, or does not. */

import { answeredInTime } from '../gateway/deadline.ts'
import { exchangeOf } from '../gateway/exchange.ts'
import { createOverload } from '../gateway/overload.ts'
import { overloadDefaults } from '../gateway/policy-config.ts'
import { startHarness } from '../gateway/test/harness.ts'
import { createLog } from '../kit/log.ts'
import { createMetrics } from '../kit/metrics.ts'
import { serve } from '../kit/serve.ts'

const isGuarded = process.argv[2] === 'guarded'
const harness = startHarness({ engine: 'compiled', way: 'http', deadlineMs: 10_000 })
const metrics = createMetrics('gateway')
const overload = createOverload({ settings: overloadDefaults, metrics })
overload.start()
const { url } = await serve({
  ...{ service: 'gateway', port: 0, portSetting: 'PORT', metrics },
  log: createLog({ service: 'gateway', level: 'silent' }),
  ...(isGuarded && { gate: overload }),
  fetch: (request, info) => {
    harness.asked.length = 0
    return answeredInTime(request, 10_000, (signal) =>
      harness.graph(exchangeOf(request, info, signal), async () => new Response()),
    )
  },
})
console.log(url.origin)
