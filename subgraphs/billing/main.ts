import { run } from '#kit/run'
import { createBilling } from './app.ts'
import { configFrom } from './config.ts'

const config = configFrom(process.env)
await run({
  name: 'billing',
  settings: config,
  build: async (surroundings) => createBilling({ ...surroundings, config }),
})
