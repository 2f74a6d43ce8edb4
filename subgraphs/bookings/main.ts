import { run } from '#kit/run'
import { createBookings } from './app.ts'
import { configFrom } from './config.ts'

const config = configFrom(process.env)
await run({
  name: 'bookings',
  settings: config,
  build: async (surroundings) => createBookings({ ...surroundings, config }),
})
