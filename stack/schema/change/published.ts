import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Contract, contracts } from '#schema/contracts'

/** SDL by contract. */
export type ContractSdl = ReadonlyMap<Contract, string>

const pathIn = (folder: string, contract: Contract) => join(folder, `${contract}.graphql`)

/** Rejects when one of them is not there. */
export const contractsIn = async (folder: string): Promise<ContractSdl> =>
  new Map(
    await Promise.all(
      contracts.map(
        async (contract) => [contract, await readFile(pathIn(folder, contract), 'utf8')] as const,
      ),
    ),
  )

export async function writeContracts(folder: string, sdl: ContractSdl): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [contract, text] of sdl) await writeFile(pathIn(folder, contract), text)
}
