import { html } from '#kit/html'
import type { Mailer } from '../mail/mailer.ts'
import type { AlertKind, AlertRow } from './queries.ts'
import type { AlertSink } from './sink.ts'

const subjectOf: Readonly<Record<AlertKind, string>> = {
  FAILURE_BURST: 'Beaucoup de connexions refusées / Many refused sign-ins',
  NEW_ADMIN: 'Nouvel administrateur / New administrator',
  NEW_COUNTRY: 'Connexion depuis un nouveau pays / Sign-in from a new country',
  FOREIGN_AUDIT: "Audit : un service parle pour un autre / A service speaks for another's audit",
}

type Options = { readonly mailer: Mailer; readonly address: string; readonly domain: string }

/** To the people who watch over the system, who read both languages; the same mail at each try. */
export const createMailSink = ({ mailer, address, domain }: Options): AlertSink => ({
  tell: ({ id, kind, summary, raisedAt }: AlertRow) => {
    const lines = [summary, raisedAt.toISOString(), `${kind} ${id}`]
    return mailer.send({
      messageId: `${id}@${domain}`,
      to: { name: 'Plexus', address },
      language: 'en',
      subject: `[Plexus] ${subjectOf[kind]}`,
      text: `${lines.join('\n')}\n`,
      html: html`${lines.map((line) => html`<p>${line}</p>`)}`.markup,
      calendar: null,
    })
  },
})
