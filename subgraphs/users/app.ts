import { newestMigration } from '#kit/newest-migration' with { type: 'macro' }
import { database, systemContext } from '#kit/postgres'
import type { Surroundings } from '#kit/run'
import type { Service } from '#kit/service'
import { createSubgraphService, type DatabaseOptions, poolOf } from '#kit/subgraph-service'
import { createVault } from '#kit/vault'
import { createMailSink } from './alert/sink.mail.ts'
import { type AlertSink, createLogSink } from './alert/sink.ts'
import { startAlertWorker } from './alert/worker.ts'
import { consumeAudited } from './audit/arrival.ts'
import { consumeClients } from './client/arrival.ts'
import type { Config } from './config.ts'
import { contextOf } from './context.ts'
import { consumeLogins } from './login/arrival.ts'
import { consumeLetters } from './mail/account-enqueue.ts'
import { consumeBookings } from './mail/enqueue.ts'
import { createFilesMailer } from './mail/mailer.files.ts'
import { createSmtpMailer } from './mail/mailer.smtp.ts'
import type { Mailer } from './mail/mailer.ts'
import { startMailWorker } from './mail/worker.ts'
import { consumeArrivals } from './person/arrival.ts'
import { schema } from './schema.ts'

type Options = Surroundings & DatabaseOptions & { readonly config: Config }

const mailerOf = ({ mail: { smtp, folder, sender } }: Config): Mailer =>
  smtp ? createSmtpMailer({ server: smtp, sender }) : createFilesMailer({ folder, sender })

/** Who is told of alerts: the log and the metrics always, an address where there is one. */
function sinksOf({ config, log, metrics }: Options, mailer: Mailer): AlertSink[] {
  const { email: address } = config.alerts
  const toLog = createLogSink({ log, metrics })
  const domain = config.mail.sender.address.split('@').at(-1) ?? 'plexus'
  return address ? [toLog, createMailSink({ mailer, address, domain })] : [toLog]
}

/** People, coaches, who is calling, and what people are told by mail. */
export function createUsers(options: Options): Service {
  const { config, log, metrics, now } = options
  const { thresholds } = config.alerts
  const { sender, everyMs } = config.mail
  const vault = createVault(config.mail.letterKeys)
  const house = { sender, publicOrigin: config.publicOrigin, vault }
  const mailer = mailerOf(config)
  const sql = poolOf('users', config, options)
  const sinks = sinksOf(options, mailer)
  return createSubgraphService({
    ...options,
    name: 'users',
    migrations: newestMigration('subgraphs/users/migrations'),
    schema,
    extend: contextOf(database(sql, systemContext)),
    sql,
    parts: ({ bus }) => [
      consumeArrivals({ sql, bus, log }),
      consumeLogins({ sql, bus, log, metrics }),
      consumeAudited({ sql, bus, log, thresholds }),
      startAlertWorker({ sql, log, now, sinks, everyMs }),
      consumeClients({ sql, bus, log }),
      startMailWorker({ sql, log, now, mailer, house, everyMs }),
      consumeBookings({ sql, bus, log, now }),
      consumeLetters({ sql, bus, log, now }),
    ],
  })
}
