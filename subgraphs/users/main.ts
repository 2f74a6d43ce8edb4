import { run } from '#kit/run'
import { createUsers } from './app.ts'
import { configFrom } from './config.ts'

const config = configFrom(process.env)
await run({
  name: 'users',
  settings: config,
  build: async (surroundings) => createUsers({ ...surroundings, config }),
})
