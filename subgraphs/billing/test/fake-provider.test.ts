import { describe } from 'bun:test'
import { type ContractCard, paymentContract } from '../payment/provider.contract.ts'
import { FakeProvider } from './fake-provider.ts'

const codes: Readonly<Partial<Record<ContractCard, string>>> = {
  poor: 'insufficient_funds',
  declined: 'generic_decline',
}

describe('the provider in memory', () => {
  paymentContract(async () => {
    const now = () => new Date('2027-06-07T06:00:00.000Z')
    const provider = new FakeProvider(now)
    return {
      ...{ provider, now },
      pay: async (url, card) => {
        const checkoutId = url.split('/').at(-1) ?? ''
        const code = codes[card]
        if (code) provider.decline(checkoutId, code)
        else provider.pay(checkoutId)
      },
      told: async () => provider.told,
    }
  })
})
