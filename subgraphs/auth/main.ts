import { run } from '#kit/run'
import { createAuth } from './app.ts'
import { configFrom } from './config.ts'

const config = configFrom(process.env)
await run({
  name: 'auth',
  settings: config,
  build: async (surroundings) => createAuth({ ...surroundings, config }),
})
