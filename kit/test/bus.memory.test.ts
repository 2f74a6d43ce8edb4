import { busContract } from '../bus.contract.ts'
import { memoryStream } from './bus.memory.ts'

busContract(async () => {
  const busOf = memoryStream()
  return { first: busOf('users'), second: busOf('bookings') }
})
